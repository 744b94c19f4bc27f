import { defineService } from './service.ts'

/** Sends every message back as it came. */
export const echo = defineService({
  message: (session, data) => session.send(data),
})
