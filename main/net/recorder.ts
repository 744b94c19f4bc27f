// What happens at a gate, as records of the log.
import { type Lane, laneFrom, laneTo, type Role } from '../../shared/bytes/lanes.ts'
import { longestChunk } from '../../shared/capture/logWriter.ts'
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

/**
 * A listener that writes what crosses one connection's socket into a log. No gate is there: what is sent is delivered.
 * What is written in one go, as answers to all that one read brings are, is one record.
 */
export function recordSocket(log: Log, connection: number, now: () => Time, peer: Role): SocketListener {
  const stamp = () => ({ time: now(), connection })
  const written = createParts((bytes) => log({ kind: 'passed', ...stamp(), lane: laneTo(peer), bytes }))
  const end = (lane: Lane, how: StreamEnd) => {
    written.flush()
    log({ kind: 'sentEnd', ...stamp(), lane, how })
    log({ kind: 'deliveredEnd', ...stamp(), lane, how })
  }
  return {
    read(bytes) {
      written.flush()
      log({ kind: 'passed', ...stamp(), lane: laneFrom(peer), bytes })
    },
    readEnd: (how) => end(laneFrom(peer), how),
    written: written.add,
    writtenEnd: (how) => end(laneTo(peer), how),
  }
}

/** Joins parts until `flush`, or until whoever adds them is done; never to more than a record holds. */
function createParts(take: (bytes: Uint8Array) => void) {
  const parts: Uint8Array[] = []
  let length = 0
  function flush(): void {
    if (length === 0) return
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    parts.length = 0
    length = 0
    take(bytes)
  }
  function add(bytes: Uint8Array): void {
    if (length + bytes.length > longestChunk) flush()
    if (length === 0) queueMicrotask(flush)
    parts.push(bytes)
    length += bytes.length
  }
  return { add, flush }
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
