// What a capture offers to whoever derives something from it. `capture.ts` implements it over a ByteStore.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect, DialectId } from '../dialects/dialect.ts'
import type { Detection } from '../endpoint/detect.ts'
import type { Observer } from '../endpoint/observer.ts'
import type { StateName, Transition } from '../endpoint/types.ts'
import type { Fault } from '../faults/fault.ts'
import type { UnitKind } from '../framing/unit.ts'
import type { Cursor, EditLabel, LogRecord, RecordKind, RecordOf, StreamEnd, Time } from './record.ts'

/** A record without its bytes: read from the index alone. */
export interface RecordHead {
  readonly kind: RecordKind
  readonly connection: number
  readonly lane: Lane | null
  readonly time: Time
  /** Bytes carried by a sent or delivered record; 0 for the rest. */
  readonly size: number
  /** Offset of its first byte in the lane's sent or delivered stream; 0 for the rest. */
  readonly start: number
}

/** What a person says connections are that do not tell it: no dialect explains their request, or that is not there. */
export interface Naming {
  /** By their numbers. */
  readonly some?: ReadonlyMap<number, DialectId>
  /** All others. */
  readonly all?: DialectId | undefined
}

export function namedIn({ some, all }: Naming, connection: number): DialectId | undefined {
  return some?.get(connection) ?? all
}

/** One row of a connection's index: a delivered unit, the delivered end of a lane, or bytes dropped at the gate. */
export interface IndexRow {
  readonly lane: Lane
  readonly kind: UnitKind | StreamEnd | 'dropped'
  readonly opcode: number
  readonly final: boolean
  /** Gate-stream span. For `dropped`: where the bytes were, as long as they were. */
  readonly span: Span
  /** The world in which it became complete: the row exists as of every cursor at or after this one. */
  readonly completed: Cursor
}

export interface LocatedTransition extends Transition {
  readonly connection: number
  readonly time: Time
  readonly cursor: Cursor
}

export interface LocatedFault extends Fault {
  readonly connection: number
  readonly time: Time
  readonly cursor: Cursor
}

export interface MessageRows {
  readonly lane: Lane
  readonly type: 'text' | 'binary'
  /** Row indices of its fragments, in order; control frames in between are not part of it. */
  readonly rows: readonly number[]
}

/** One connection's index. Everything `…At(cursor)` is exact as of that cursor. */
export interface ConnectionCapture {
  readonly id: number
  readonly opened: RecordOf<'open'>
  /**
   * What it is read as: as stated, else as its request tells; while that is not whole, and where no dialect explains it,
   * the newest. Rows, states and faults are of this dialect, also as of cursors before it was told.
   */
  readonly dialect: Dialect
  /** What its request tells of the dialect; null when it was stated, and while the request is not whole. */
  readonly detection: Detection | null
  readonly rowCount: number
  row(index: number): IndexRow
  /** How many rows are complete as of the cursor. They are rows [0, count). */
  rowCountAt(cursor: Cursor): number
  /** The row of `lane` whose span holds `offset`, or -1. */
  rowHolding(lane: Lane, offset: number): number
  readonly messageCount: number
  message(index: number): MessageRows
  messageCountAt(cursor: Cursor): number
  /** The row that begins the fragmented message of `lane` which is not ended before row `before`; -1 when none is open. */
  messageOpenBefore(lane: Lane, before: number): number
  sentLengthAt(lane: Lane, cursor: Cursor): number
  deliveredLengthAt(lane: Lane, cursor: Cursor): number
  sentEndAt(lane: Lane, cursor: Cursor): StreamEnd | null
  deliveredEndAt(lane: Lane, cursor: Cursor): StreamEnd | null
  /** End of the last unit wholly delivered as of the cursor: where the lane's unfinished unit begins. */
  boundaryAt(lane: Lane, cursor: Cursor): number
  /** Bytes of the as-sent stream. */
  readSent(lane: Lane, from: number, to: number): Uint8Array
  /** Bytes of the as-delivered stream. */
  readDelivered(lane: Lane, from: number, to: number): Uint8Array
  /** Length of what the gate holds as of the cursor, edits applied. */
  heldLengthAt(lane: Lane, cursor: Cursor): number
  /** Bytes of the gate stream (delivered ++ held) as of the cursor. */
  readGate(lane: Lane, cursor: Cursor, from: number, to: number): Uint8Array
  /** Record index by which the gate-stream byte at `offset` was delivered; -1 while it is held. */
  deliveredBy(lane: Lane, offset: number): number
  /** Edited places as of the cursor, in gate-stream offsets, in order. */
  editsAt(lane: Lane, cursor: Cursor): readonly (Span & { readonly label: EditLabel })[]
  stateAt(role: Role, cursor: Cursor): StateName
  /** In the order they happened: cursors never go down. */
  readonly transitions: readonly LocatedTransition[]
  /** In the order they happened: cursors never go down. */
  readonly faults: readonly LocatedFault[]
  /** Those of the faults that are on a place of a lane, in the order they happened. */
  faultsOn(lane: Lane, span: Span): readonly LocatedFault[]
  /** Record index by which the gate-stream byte at `offset`, held as of the cursor, came: a `sent` or an `edit`. */
  arrivedBy(lane: Lane, cursor: Cursor, offset: number): number
  /** Where bytes of the as-sent stream are in the gate stream as of the cursor; null where an edit touched them. */
  gatePlaceOf(lane: Lane, cursor: Cursor, sent: Span): number | null
  /** The first byte of the as-sent stream at or behind the gate-stream byte at `offset`, held as of the cursor. */
  sentPlaceOf(lane: Lane, cursor: Cursor, offset: number): number
  /** How many of the log's records are this connection's as of the cursor; a record entered part-way counts. */
  recordCountAt(cursor: Cursor): number
  /** Log index of this connection's record number `index`. */
  recordAt(index: number): number
  /** Log indices of this connection's `edit` and `note` records, in order: as many as a person made. */
  readonly asides: readonly number[]
  /** What a passive observer of this end knows at the end of the log. A copy: feeding it changes nothing here. */
  observerOf(role: Role): Observer
}

export interface CaptureReader {
  /** Records in the log. */
  readonly length: number
  readonly end: Cursor
  /** What was wrong with the file, as sentences: cut short, unknown packets skipped. */
  readonly problems: readonly string[]
  readonly connections: readonly ConnectionCapture[]
  connection(id: number): ConnectionCapture
  head(index: number): RecordHead
  record(index: number): LogRecord
}
