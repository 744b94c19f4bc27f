// What happens at a gate, as records of the log.
import { type Lane, laneFrom, laneTo, type Role } from '../../shared/bytes/lanes.ts'
import type { LogEntry, RecordOf, StreamEnd, Time } from '../../shared/capture/record.ts'
import type { SocketListener } from './endpointSocket.ts'
import type { GateListener } from './gate.ts'
import { type TlsFacts, tlsSentence } from './tls/facts.ts'

export type Log = (entry: LogEntry) => void

/** A listener that writes one connection's gate into a log as it happens. */
export function recordGate(log: Log, connection: number, now: () => Time): GateListener {
  const stamp = () => ({ time: now(), connection })
  return {
    arrived: (lane, bytes) => log({ kind: 'sent', ...stamp(), lane, bytes }),
    arrivedEnd: (lane, how) => log({ kind: 'sentEnd', ...stamp(), lane, how }),
    released: (lane, bytes) => log({ kind: 'delivered', ...stamp(), lane, bytes }),
    passed: (lane, bytes) => log({ kind: 'passed', ...stamp(), lane, bytes }),
    releasedEnd: (lane, how) => log({ kind: 'deliveredEnd', ...stamp(), lane, how }),
    edited: (lane, at, remove, insert, label) => log({ kind: 'edit', ...stamp(), lane, at, remove, insert, label }),
  }
}

/** A listener that writes what crosses one connection's socket into a log. No gate is there: what is sent is delivered. */
export function recordSocket(log: Log, connection: number, now: () => Time, peer: Role): SocketListener {
  const stamp = () => ({ time: now(), connection })
  const end = (lane: Lane, how: StreamEnd) => {
    log({ kind: 'sentEnd', ...stamp(), lane, how })
    log({ kind: 'deliveredEnd', ...stamp(), lane, how })
  }
  return {
    read: (bytes) => log({ kind: 'passed', ...stamp(), lane: laneFrom(peer), bytes }),
    readEnd: (how) => end(laneFrom(peer), how),
    written: (bytes) => log({ kind: 'passed', ...stamp(), lane: laneTo(peer), bytes }),
    writtenEnd: (how) => end(laneTo(peer), how),
  }
}

/** Writes down how a side of the gate speaks TLS: the recording itself holds what it says in plain. */
export function recordTls(log: Log, connection: number, now: () => Time, facts: TlsFacts): void {
  log({ kind: 'note', time: now(), connection, text: tlsSentence(facts) })
}

/** Writes down an accepted connection whose server could not be reached: why, and that the client was reset. */
export function recordRefusal(log: Log, opened: RecordOf<'open'>, sentence: string): void {
  const { time, connection } = opened
  const stamp = { time, connection, lane: 'serverToClient', how: 'reset' } as const
  log(opened)
  log({ kind: 'note', time, connection, text: sentence })
  log({ kind: 'sentEnd', ...stamp })
  log({ kind: 'deliveredEnd', ...stamp })
}
