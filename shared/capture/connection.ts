// One connection of a capture: its four streams, its gate, its rows and its two observers. Fed once, in log order.
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { dialectById } from '../dialects/registry.ts'
import { createLaneScanner, type LaneScanner } from '../endpoint/laneScanner.ts'
import { type Column, countWhile, createU32Column } from './columns.ts'
import {
  arrivedBy,
  createLaneLogs,
  editCountAt,
  gateLengthAt,
  type InsertedBy,
  type LaneLog,
  objectionToBytes,
  objectionToEdit,
  objectionToEnd,
  readGate,
} from './laneLog.ts'
import { createTemplates, type WrittenConnection } from './logWriter.ts'
import type { ByteStore, Cursor, LogRecord, RecordOf } from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import type { ConnectionCapture } from './types.ts'
import { createUnitRows, type UnitRows } from './unitRows.ts'
import { createWatch, type Watch } from './watch.ts'

export interface ConnectionLog extends ConnectionCapture, WrittenConnection {
  /** What is wrong with a record as the next one of this connection, in words that follow "byte 12: "; or null. */
  objection(record: LogRecord): string | null
  /** Takes in the record that is number `index` of the log. */
  take(record: LogRecord, index: number): void
}

/** What is kept of a connection. */
interface Kept {
  readonly lanes: Readonly<Record<Lane, LaneLog>>
  readonly scanners: Readonly<Record<Lane, LaneScanner>>
  readonly rows: UnitRows
  readonly watch: Watch
  /** Log indices of its records. */
  readonly records: Column
  /** Log indices of its edits and notes. */
  readonly asides: number[]
}

export function createConnectionLog(
  opened: RecordOf<'open'>,
  index: RecordIndex,
  store: ByteStore,
  insertedBy: InsertedBy,
): ConnectionLog {
  const dialect = dialectById(opened.dialect)
  const kept: Kept = {
    lanes: createLaneLogs(index, store),
    scanners: {
      clientToServer: createLaneScanner(dialect, 'clientToServer'),
      serverToClient: createLaneScanner(dialect, 'serverToClient'),
    },
    rows: createUnitRows(dialect, index.size),
    watch: createWatch(opened),
    records: createU32Column(),
    asides: [],
  }
  const { lanes, rows, watch, records, asides } = kept
  return {
    id: opened.connection,
    opened,
    templates: createTemplates(opened.connection, opened.topology),
    position({ lane, side }) {
      const { length, end } = lanes[lane][side]
      return length + (end === null ? 0 : 1)
    },
    objection: (record) => objectionTo(lanes, record),
    take: (record, number) => take(kept, record, number),
    get rowCount() {
      return rows.count
    },
    row: rows.row,
    rowCountAt: rows.countAt,
    rowHolding: rows.holding,
    get messageCount() {
      return rows.messageCount
    },
    message: rows.message,
    messageCountAt: rows.messageCountAt,
    sentLengthAt: (lane, cursor) => lanes[lane].sent.lengthAt(cursor),
    deliveredLengthAt: (lane, cursor) => lanes[lane].delivered.lengthAt(cursor),
    sentEndAt: (lane, cursor) => lanes[lane].sent.endAt(cursor),
    deliveredEndAt: (lane, cursor) => lanes[lane].delivered.endAt(cursor),
    boundaryAt: (lane, cursor) => rows.boundary(lane, rows.countAt(cursor)),
    readSent: (lane, from, to) => lanes[lane].sent.read(from, to),
    readDelivered: (lane, from, to) => lanes[lane].delivered.read(from, to),
    heldLengthAt: (lane, cursor) => gateLengthAt(lanes[lane], cursor) - lanes[lane].delivered.lengthAt(cursor),
    readGate: (lane, cursor, from, to) => readGate(lanes[lane], insertedBy, cursor, from, to),
    deliveredBy: (lane, offset) => lanes[lane].delivered.recordHolding(offset),
    editsAt: (lane, cursor) => lanes[lane].gate.spans(editCountAt(lanes[lane], cursor)),
    arrivedBy: (lane, cursor, offset) => arrivedBy(lanes[lane], cursor, offset),
    recordCountAt(cursor) {
      // A record entered part-way counts.
      const end = cursor.record + (cursor.bytes > 0 ? 1 : 0)
      return countWhile(records.length, (place) => records.get(place) < end)
    },
    recordAt: records.get,
    asides,
    stateAt: (role, cursor) => watch.stateAt(role, settled(index, cursor)),
    observerOf: watch.observerOf,
    transitions: watch.transitions,
    faults: watch.faults,
  }
}

function objectionTo(lanes: Kept['lanes'], record: LogRecord): string | null {
  switch (record.kind) {
    case 'open':
      return `connection ${record.connection} opens twice`
    case 'sent':
    case 'delivered':
      return objectionToBytes(lanes[record.lane], record)
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
  switch (record.kind) {
    case 'sent':
      takeSent(kept, record, number)
      break
    case 'delivered':
      takeDelivered(kept, record, number)
      break
    case 'sentEnd':
      takeSentEnd(kept, record, number)
      break
    case 'deliveredEnd':
      takeDeliveredEnd(kept, record, number)
      break
    case 'edit':
      takeEdit(kept, record, number)
      break
    case 'note':
      kept.asides.push(number)
      break
    case 'open':
    case 'action':
      break
    default:
      unreachable(record)
  }
}

function after(number: number): Cursor {
  return { record: number + 1, bytes: 0 }
}

function takeSent({ lanes, watch }: Kept, { lane, bytes, time }: RecordOf<'sent' | 'delivered'>, number: number): void {
  lanes[lane].sent.add(number, bytes.length)
  watch.sent(senderOf(lane), bytes, time, after(number))
}

function takeDelivered(kept: Kept, { lane, bytes, time }: RecordOf<'sent' | 'delivered'>, number: number): void {
  const { lanes, rows, watch } = kept
  const scanner = kept.scanners[lane]
  const start = scanner.position
  lanes[lane].delivered.add(number, bytes.length)
  scanner.push(bytes, (kind, from, to, opcode, final) => {
    // Bytes given up as junk are complete units only once that is decided, which is after the last of them.
    const at = { record: number, bytes: Math.max(to, scanner.position) - start }
    rows.add(kind, lane, from, to, opcode, final, at)
  })
  watch.received(receiverOf(lane), bytes, time, number, start)
}

function takeSentEnd(
  { lanes, watch }: Kept,
  { lane, how, time }: RecordOf<'sentEnd' | 'deliveredEnd'>,
  number: number,
): void {
  lanes[lane].sent.addEnd(number, how)
  watch.sentEnd(senderOf(lane), time, after(number))
}

function takeDeliveredEnd(
  { lanes, rows, watch }: Kept,
  { lane, how, time }: RecordOf<'sentEnd' | 'deliveredEnd'>,
  number: number,
): void {
  const { delivered } = lanes[lane]
  delivered.addEnd(number, how)
  rows.add(how, lane, delivered.length, delivered.length, -1, true, after(number))
  watch.receivedEnd(receiverOf(lane), time, after(number))
}

function takeEdit({ lanes, rows, asides }: Kept, record: RecordOf<'edit'>, number: number): void {
  const { at, remove, insert, label, lane } = record
  const { gate, delivered } = lanes[lane]
  gate.add({ record: number, at, remove, inserted: insert.length, label }, delivered.length)
  if (label === 'dropped') rows.add('dropped', lane, at, at + remove, -1, true, after(number))
  asides.push(number)
}

/** A cursor at the end of a record is the same world as the one at the start of the next. */
function settled(index: RecordIndex, cursor: Cursor): Cursor {
  const atEnd = cursor.bytes > 0 && cursor.bytes >= index.size(cursor.record)
  return atEnd ? { record: cursor.record + 1, bytes: 0 } : cursor
}
