// One connection of a capture: its four streams, its gate, and what they say. Fed once, in log order.
//
// The dialect is stated by the record that opens the connection, or told from the request as the client sent it. Until
// that is there it is read as the newest, and from then on from the beginning as what it is.
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialectById, newestDialect } from '../dialects/registry.ts'
import { createDetector, type Detection, type Detector } from '../endpoint/detect.ts'
import type { NonceBook } from '../endpoint/nonceBook.ts'
import { type Column, countWhile, createAscendingColumn } from './columns.ts'
import {
  arrivedBy,
  createLaneLogs,
  editCountAt,
  gateLengthAt,
  gatePlaceOf,
  type InsertedBy,
  type LaneLog,
  objectionToBytes,
  objectionToEdit,
  objectionToEnd,
  objectionToPassing,
  readGate,
  sentPlaceOf,
} from './laneLog.ts'
import { createTemplates, type WrittenConnection } from './logWriter.ts'
import { createReading, type Reading } from './reading.ts'
import {
  type ByteStore,
  type Cursor,
  type LogEntry,
  type LogRecord,
  type PassedSlice,
  passedBytesOf,
  type RecordOf,
  recordsOf,
} from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import { type ConnectionCapture, type Naming, namedIn } from './types.ts'

export interface ConnectionLog extends ConnectionCapture, WrittenConnection {
  /** What is wrong with an entry as the next one of this connection, in words that follow "byte 12: "; or null. */
  objection(entry: LogEntry): string | null
  /** Takes in the record that is number `index` of the log. */
  take(record: LogRecord, index: number): void
  /** Takes in bytes that passed, which are at `offset` of the store, as the next two records of the log. */
  pass(slice: PassedSlice, offset: number): void
  /** What is wrong with `length` bytes that pass as the next ones of the lane, in the same words; or null. */
  objectionToPassing(lane: Lane, length: number): string | null
  /**
   * Where the entry's bytes begin in their stream, or the end it tells of stands; 0 for what is in no stream. The stream
   * of what passes is what is delivered.
   */
  next(entry: LogEntry): number
}

/** What is kept of a connection. */
interface Kept {
  readonly opened: RecordOf<'open'>
  readonly log: LogParts
  readonly lanes: Readonly<Record<Lane, LaneLog>>
  /** Log indices of its records. */
  readonly records: Column
  /** Log indices of its edits and notes. */
  readonly asides: number[]
  reading: Reading
  /** Null when the dialect was stated, or has been told. */
  detector: Detector | null
  detection: Detection | null
}

/** What a connection needs of the log it is part of. */
export interface LogParts {
  readonly index: RecordIndex
  readonly store: ByteStore
  readonly nonces: NonceBook
  readonly insertedBy: InsertedBy
  record(number: number): LogRecord
  readonly naming: Naming
}

export function createConnectionLog(opened: RecordOf<'open'>, log: LogParts): ConnectionLog {
  const { index, store, insertedBy } = log
  const stated = opened.dialect === undefined ? null : dialectById(opened.dialect)
  const first = stated ?? (opened.unseen ? untoldDialect(log, opened) : newestDialect)
  const kept: Kept = {
    opened,
    log,
    lanes: createLaneLogs(index, store),
    records: createAscendingColumn(),
    asides: [],
    reading: createReading(first, opened, log),
    detector: stated || opened.unseen ? null : createDetector(),
    detection: null,
  }
  const { lanes, records, asides } = kept
  const rows = () => kept.reading.rows
  const watch = () => kept.reading.watch
  return {
    id: opened.connection,
    opened,
    get dialect() {
      return kept.reading.dialect
    },
    get detection() {
      return kept.detection
    },
    templates: createTemplates(opened.connection, opened.topology),
    position: ({ lane, side }) => positionIn(lanes[lane][side]),
    next: (entry) => nextOf(lanes, entry),
    objection: (entry) => objectionTo(lanes, entry),
    take: (record, number) => take(kept, record, number),
    pass: (slice, offset) => pass(kept, slice, offset),
    objectionToPassing: (lane, length) => objectionToPassing(lanes[lane], length),
    get rowCount() {
      return rows().count
    },
    row: (number) => rows().row(number),
    rowCountAt: (cursor) => rows().countAt(cursor),
    rowHolding: (lane, offset) => rows().holding(lane, offset),
    get messageCount() {
      return rows().messageCount
    },
    message: (number) => rows().message(number),
    messageCountAt: (cursor) => rows().messageCountAt(cursor),
    messageOpenBefore: (lane, before) => rows().messageOpenBefore(lane, before),
    sentLengthAt: (lane, cursor) => lanes[lane].sent.lengthAt(cursor),
    deliveredLengthAt: (lane, cursor) => lanes[lane].delivered.lengthAt(cursor),
    sentEndAt: (lane, cursor) => lanes[lane].sent.endAt(cursor),
    deliveredEndAt: (lane, cursor) => lanes[lane].delivered.endAt(cursor),
    boundaryAt: (lane, cursor) => rows().boundary(lane, rows().countAt(cursor)),
    readSent: (lane, from, to) => lanes[lane].sent.read(from, to),
    readDelivered: (lane, from, to) => lanes[lane].delivered.read(from, to),
    heldLengthAt: (lane, cursor) => gateLengthAt(lanes[lane], cursor) - lanes[lane].delivered.lengthAt(cursor),
    readGate: (lane, cursor, from, to) => readGate(lanes[lane], insertedBy, cursor, from, to),
    deliveredBy: (lane, offset) => lanes[lane].delivered.recordHolding(offset),
    editsAt: (lane, cursor) => lanes[lane].gate.spans(editCountAt(lanes[lane], cursor)),
    arrivedBy: (lane, cursor, offset) => arrivedBy(lanes[lane], cursor, offset),
    gatePlaceOf: (lane, cursor, sent) => gatePlaceOf(lanes[lane], cursor, sent),
    sentPlaceOf: (lane, cursor, offset) => sentPlaceOf(lanes[lane], cursor, offset),
    recordCountAt(cursor) {
      // A record entered part-way counts.
      const end = cursor.record + (cursor.bytes > 0 ? 1 : 0)
      return countWhile(records.length, (place) => records.get(place) < end)
    },
    recordAt: (place) => records.get(place),
    asides,
    stateAt: (role, cursor) => watch().stateAt(role, settled(index, cursor)),
    observerOf: (role) => watch().observerOf(role),
    get transitions() {
      return watch().transitions
    },
    get faults() {
      return watch().faults
    },
    faultsOn: (lane, span) => watch().faultsOn(lane, span),
  }
}

/** An end takes the place of a byte. */
function positionIn({ length, end }: LaneLog['sent']): number {
  return length + (end === null ? 0 : 1)
}

function nextOf(lanes: Kept['lanes'], record: LogEntry): number {
  switch (record.kind) {
    case 'sent':
    case 'sentEnd':
      return positionIn(lanes[record.lane].sent)
    case 'delivered':
    case 'passed':
    case 'deliveredEnd':
      return positionIn(lanes[record.lane].delivered)
    default:
      return 0
  }
}

function objectionTo(lanes: Kept['lanes'], record: LogEntry): string | null {
  switch (record.kind) {
    case 'open':
      return `connection ${record.connection} opens twice`
    case 'sent':
    case 'delivered':
      return objectionToBytes(lanes[record.lane], record)
    case 'passed':
      return objectionToPassing(lanes[record.lane], record.bytes.length)
    case 'sentEnd':
    case 'deliveredEnd':
      return objectionToEnd(lanes[record.lane], record)
    case 'edit':
      return objectionToEdit(lanes[record.lane], record)
    case 'action':
    case 'note':
      return null
    default:
      return unreachable(record)
  }
}

function take(kept: Kept, record: LogRecord, number: number): void {
  kept.records.push(number)
  takeIntoLanes(kept, record, number)
  const found = tell(kept, record)
  if (found === null || (found.dialect === kept.reading.dialect && !found.policy)) kept.reading.take(record, number)
  else readAs(kept, found)
}

function pass(kept: Kept, slice: PassedSlice, offset: number): void {
  const { lanes, records, detector, log } = kept
  const { sent, delivered } = lanes[slice.lane]
  const number = log.index.length
  log.index.addPassed(slice, sent.length, delivered.length, offset)
  // What tells the dialect is told between the two.
  if (detector !== null) {
    for (const [place, record] of recordsOf(passedBytesOf(slice)).entries()) take(kept, record, number + place)
    return
  }
  const length = slice.end - slice.start
  records.push(number)
  records.push(number + 1)
  sent.add(number, length)
  delivered.add(number + 1, length)
  kept.reading.pass(slice, number)
}

/** What the request's head says of the dialect, once, with the record that completes it. */
function tell(kept: Kept, record: LogRecord): Detection | null {
  if (kept.detector === null || record.kind !== 'sent' || record.lane !== 'clientToServer') return null
  const found = kept.detector.feed(record.bytes)
  if (found === null) return null
  kept.detector = null
  const isExplained = found.refusal === null || found.policy
  kept.detection = isExplained ? found : { ...found, dialect: untoldDialect(kept.log, kept.opened) }
  return kept.detection
}

/** What a connection that does not tell its dialect is read as. */
function untoldDialect({ naming }: LogParts, { connection }: RecordOf<'open'>): Dialect {
  const named = namedIn(naming, connection)
  return named === undefined ? newestDialect : dialectById(named)
}

/** Reads all records so far again, as what they are. They are few: a client waits for the answer to its request. */
function readAs(kept: Kept, { dialect, policy }: Detection): void {
  const { records, log, opened } = kept
  kept.reading = createReading(dialect, opened, log, policy)
  for (let place = 0; place < records.length; place++) {
    const number = records.get(place)
    kept.reading.take(log.record(number), number)
  }
}

function takeIntoLanes({ lanes, asides }: Kept, record: LogRecord, number: number): void {
  switch (record.kind) {
    case 'sent':
    case 'delivered':
      lanes[record.lane][record.kind].add(number, record.bytes.length)
      break
    case 'sentEnd':
      lanes[record.lane].sent.addEnd(number, record.how)
      break
    case 'deliveredEnd':
      lanes[record.lane].delivered.addEnd(number, record.how)
      break
    case 'edit':
      takeEdit(lanes[record.lane], record, number)
      asides.push(number)
      break
    case 'note':
      asides.push(number)
      break
    case 'open':
    case 'action':
      break
    default:
      unreachable(record)
  }
}

function takeEdit({ gate, delivered }: LaneLog, record: RecordOf<'edit'>, number: number): void {
  const { at, remove, insert, label } = record
  gate.add({ record: number, at, remove, inserted: insert.length, label }, delivered.length)
}

/** A cursor at the end of a record is the same world as the one at the start of the next. */
function settled(index: RecordIndex, cursor: Cursor): Cursor {
  const atEnd = cursor.bytes > 0 && cursor.bytes >= index.size(cursor.record)
  return atEnd ? { record: cursor.record + 1, bytes: 0 } : cursor
}
