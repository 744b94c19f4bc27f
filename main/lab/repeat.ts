// Repeating the recorded history of a lab run over new sockets: the same actions, releases and edits in the same
// order. Whatever the ends send must be what the record says, byte for byte.
import { type Lane, senderOf } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import type { LogRecord, RecordOf, StreamEnd } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { LaneGate } from '../net/gate.ts'
import type { HoldBuffer } from '../net/holdBuffer.ts'
import type { LabConnection, LabTopology } from './topology.ts'

/** What came to the gate and is not in the log yet. */
export interface Arrivals {
  readonly bytes: HoldBuffer
  end: StreamEnd | null
}

export type LaneArrivals = Readonly<Record<Lane, Arrivals>>

/** How far the repeating has come, and what it has to look at. */
export interface Repeat {
  /** By number of the connection. */
  readonly arrivals: ReadonlyMap<number, LaneArrivals>
  /** What a gate let through last. */
  released: Uint8Array
  done: boolean
}

/** Does the history again and logs it; fails with a sentence at the first record that comes out differently. */
export async function repeatHistory(
  topology: LabTopology,
  repeat: Repeat,
  history: Iterable<LogRecord>,
  log: (record: LogRecord) => void,
): Promise<Result<void>> {
  let index = topology.connections.length
  for (const record of history) {
    const connection = topology.connections.find(({ id }) => id === record.connection)
    const problem = connection ? repeatRecord(topology, connection, repeat, record) : noSuchConnection
    if (problem !== null) return failure(`Record ${index} cannot be repeated: ${problem}.`)
    const settled = await topology.settle()
    if (!settled.ok) return settled
    log(record)
    index += 1
  }
  return success(undefined)
}

const noSuchConnection = 'it is of another connection'

/** Does again what the record says was done. Answers what differs, or null. */
function repeatRecord(
  { endpoints }: LabTopology,
  { id, gate }: LabConnection,
  repeat: Repeat,
  record: LogRecord,
): string | null {
  const arrivals = repeat.arrivals.get(id)!
  switch (record.kind) {
    case 'open':
      return 'it opens a connection that is open'
    case 'note':
      return null
    case 'action': {
      const done = endpoints[record.end].socket.act(record.action)
      return done.ok ? null : `the ${record.end} refuses: ${done.error}`
    }
    case 'sent':
      return expectBytes(arrivals[record.lane], record)
    case 'sentEnd':
      return expectEnd(arrivals[record.lane], record)
    case 'delivered':
      return releaseAgain(gate.lanes[record.lane], repeat, record)
    case 'deliveredEnd':
      return releaseEndAgain(gate.lanes[record.lane], record)
    case 'edit':
      return editAgain(gate.lanes[record.lane], record)
    default:
      return unreachable(record)
  }
}

type BytesRecord = RecordOf<'sent' | 'delivered'>
type EndRecord = RecordOf<'sentEnd' | 'deliveredEnd'>

function expectBytes({ bytes }: Arrivals, record: BytesRecord): string | null {
  const arrived = Buffer.concat(bytes.take(Math.min(record.bytes.length, bytes.length)))
  return differenceFrom(record, arrived)
}

function expectEnd(arrivals: Arrivals, { lane, how }: EndRecord): string | null {
  const { end } = arrivals
  arrivals.end = null
  return end === how ? null : `the ${senderOf(lane)} does not end its stream there`
}

function releaseAgain(lane: LaneGate, repeat: Repeat, record: BytesRecord): string | null {
  if (lane.held < record.bytes.length) return 'the gate does not hold that many bytes there'
  lane.release(record.bytes.length)
  return differenceFrom(record, repeat.released)
}

function releaseEndAgain(lane: LaneGate, { how }: EndRecord): string | null {
  if (lane.held > 0 || lane.arrivedEnd !== how) return 'the gate does not hold the end of the stream there'
  lane.releaseEnd()
  return null
}

function editAgain(lane: LaneGate, { at, remove, insert, label }: RecordOf<'edit'>): string | null {
  const isHeld = at >= lane.released && at + remove <= lane.released + lane.held
  if (!isHeld) return 'the gate does not hold the bytes that were changed there'
  lane.edit(at, remove, insert, label)
  return null
}

function differenceFrom({ bytes, lane }: BytesRecord, now: Uint8Array): string | null {
  return Buffer.compare(bytes, now) === 0 ? null : `the ${senderOf(lane)} sends other bytes now than were recorded`
}
