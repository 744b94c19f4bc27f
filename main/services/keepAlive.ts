// The clocks of an open session: pings at an interval, and the end of one that says nothing.
import type { HostOptions } from './hostService.ts'
import type { Session } from './service.ts'

export interface KeepAlive {
  start(session: Pick<Session, 'ping' | 'close'>): void
  /** `received`: all bytes that came from the client so far. */
  heard(received: number): void
  stop(): void
}

/** Any byte counts as a sign of life, so an idle time-out longer than the ping interval ends only dead sessions. */
export function keepAlive({ idleTimeout, pingInterval }: Pick<HostOptions, 'idleTimeout' | 'pingInterval'>): KeepAlive {
  let idle: NodeJS.Timeout | undefined
  let pings: NodeJS.Timeout | undefined
  let known = 0
  return {
    start: (session) => {
      if (idleTimeout !== undefined) idle = setTimeout(() => session.close(1001, 'idle for too long'), idleTimeout)
      // What a dialect without pings answers changes nothing.
      if (pingInterval !== undefined) pings = setInterval(() => session.ping(), pingInterval)
    },
    heard: (received) => {
      if (received !== known) idle?.refresh()
      known = received
    },
    stop: () => {
      clearTimeout(idle)
      clearInterval(pings)
      idle = undefined // a refresh would set it going again
    },
  }
}
