// One lane of a connection: what was sent, what was delivered, and what the gate makes of the one before it is the
// other. Offsets are gate-stream offsets unless said otherwise.
import { type Lane, lanes } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { countWhile } from './columns.ts'
import { createGateStream, type GateStream, type Piece } from './gateStream.ts'
import type { ByteStore, Cursor, RecordOf } from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import { createStream, type Stream } from './stream.ts'

export interface LaneLog {
  readonly sent: Stream
  readonly delivered: Stream
  readonly gate: GateStream
}

/** Reads what the edit that is record `record` of the log put in. */
export type InsertedBy = (record: number) => Uint8Array

export function createLaneLogs(index: RecordIndex, store: ByteStore): Readonly<Record<Lane, LaneLog>> {
  const create = (): LaneLog => ({
    sent: createStream(index, store),
    delivered: createStream(index, store),
    gate: createGateStream(),
  })
  return Object.fromEntries(lanes.map((lane) => [lane, create()])) as Record<Lane, LaneLog>
}

/** How many of the lane's edits are made as of the cursor. */
export function editCountAt({ gate }: LaneLog, cursor: Cursor): number {
  return countWhile(gate.edits.length, (edit) => gate.edits[edit]!.record < cursor.record)
}

/** Bytes of the gate stream as of the cursor. */
export function gateLengthAt(log: LaneLog, cursor: Cursor): number {
  return log.sent.lengthAt(cursor) + log.gate.growth(editCountAt(log, cursor))
}

/** Bytes [from, to) of the gate stream as of the cursor, fewer where it ends. */
export function readGate(log: LaneLog, insertedBy: InsertedBy, cursor: Cursor, from: number, to: number): Uint8Array {
  const end = Math.min(to, gateLengthAt(log, cursor))
  const bytes = new Uint8Array(Math.max(0, end - from))
  const held = Math.max(from, Math.min(end, log.delivered.lengthAt(cursor)))
  bytes.set(log.delivered.read(from, held))
  for (const piece of log.gate.pieces(editCountAt(log, cursor))) {
    const start = Math.max(held, piece.at)
    const stop = Math.min(end, piece.at + piece.length)
    if (start < stop) bytes.set(readPiece(log, insertedBy, piece, start, stop), start - from)
  }
  return bytes
}

function readPiece(
  { sent, gate }: LaneLog,
  insertedBy: InsertedBy,
  piece: Piece,
  from: number,
  to: number,
): Uint8Array {
  const start = piece.from + from - piece.at
  const end = piece.from + to - piece.at
  return piece.edit < 0 ? sent.read(start, end) : insertedBy(gate.edits[piece.edit]!.record).subarray(start, end)
}

/** Where bytes [from, to) of the sent stream are in the gate stream; null where an edit took or parted some of them. */
export function gatePlaceOf(log: LaneLog, cursor: Cursor, { start, end }: Span): number | null {
  const pieces = log.gate.pieces(editCountAt(log, cursor))
  const piece = pieces.find(({ edit, from, length }) => edit < 0 && start >= from && end <= from + length)
  return piece ? piece.at + start - piece.from : null
}

/** The first byte of the sent stream that is at or behind byte `offset` of the gate stream, which must be held. */
export function sentPlaceOf(log: LaneLog, cursor: Cursor, offset: number): number {
  const pieces = log.gate.pieces(editCountAt(log, cursor))
  const { at, from } = pieces.find((piece) => piece.edit < 0 && offset < piece.at + piece.length)!
  return from + Math.max(0, offset - at)
}

/** Log index of the record, sent or edit, that brought the byte at `offset`, which must be held as of the cursor. */
export function arrivedBy(log: LaneLog, cursor: Cursor, offset: number): number {
  const { sent, gate } = log
  const piece = gate.pieces(editCountAt(log, cursor)).find(({ at, length }) => offset >= at && offset < at + length)
  if (!piece) throw new RangeError(`byte ${offset} is not held at record ${cursor.record}`)
  return piece.edit >= 0 ? gate.edits[piece.edit]!.record : sent.recordHolding(piece.from + offset - piece.at)
}

/** What is wrong with bytes as the lane's next record; null when nothing is. */
export function objectionToBytes(lane: LaneLog, record: RecordOf<'sent' | 'delivered'>): string | null {
  const { kind, bytes } = record
  if (bytes.length === 0) return 'a record of bytes has none'
  if (lane[kind].end !== null) return 'bytes follow the end of their stream'
  if (kind === 'sent') return null
  const held = heldIn(lane)
  return bytes.length > held ? `${bytes.length} bytes are delivered where the gate holds ${held}` : null
}

/** What is wrong with `length` bytes that pass as the lane's next; null when nothing is. */
export function objectionToPassing(lane: LaneLog, length: number): string | null {
  if (length === 0) return 'a record of bytes has none'
  if (lane.sent.end !== null || lane.delivered.end !== null) return 'bytes follow the end of their stream'
  const held = heldIn(lane)
  return held > 0 ? `${length} bytes pass where the gate holds ${held}` : null
}

function heldIn({ sent, delivered, gate }: LaneLog): number {
  return sent.length + gate.growth(gate.edits.length) - delivered.length
}

export function objectionToEnd(
  { sent, delivered }: LaneLog,
  { kind, how }: RecordOf<'sentEnd' | 'deliveredEnd'>,
): string | null {
  const { end } = kind === 'sentEnd' ? sent : delivered
  return end === null || (end === 'fin' && how === 'reset') ? null : 'a stream ends twice'
}

export function objectionToEdit({ sent, delivered, gate }: LaneLog, { at, remove }: RecordOf<'edit'>): string | null {
  const end = sent.length + gate.growth(gate.edits.length)
  if (at >= delivered.length && remove >= 0 && at + remove <= end) return null
  return `an edit of bytes ${at} to ${at + remove} is outside what the gate holds, ${delivered.length} to ${end}`
}
