import type { Service } from './service.ts'

/** Sends every message back as it came. */
export const echo: Service = {
  message: (session, message) => {
    session.send(message)
  },
}
