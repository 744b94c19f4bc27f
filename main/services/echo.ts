import { defineService } from './service.ts'

/** Sends every message back as it came. */
export const echo = defineService({
  rawMessage: (session, message) => session.send(message),
})
