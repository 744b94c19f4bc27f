// One connection of a capture: its four streams, its gate, its rows and its two observers. Fed once, in log order.
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { dialectById } from '../dialects/registry.ts'
import { createLaneScanner } from '../endpoint/laneScanner.ts'
import { countWhile, createU32Column } from './columns.ts'
import { createGateStream, type GateStream, type Piece } from './gateStream.ts'
import { createTemplates, type WrittenConnection } from './logWriter.ts'
import type { Flow } from './packets.ts'
import type { ByteStore, Cursor, LogRecord } from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import { createStream, type Stream } from './stream.ts'
import type { ConnectionCapture } from './types.ts'
import { createUnitRows } from './unitRows.ts'
import { createWatch } from './watch.ts'

export type OpenRecord = Extract<LogRecord, { kind: 'open' }>

type BytesRecord = Extract<LogRecord, { kind: 'sent' | 'delivered' }>

export interface ConnectionLog extends ConnectionCapture, WrittenConnection {
  /** What is wrong with a record as the next one of this connection, in words that follow "byte 12: "; or null. */
  objection(record: LogRecord): string | null
  /** Takes in the record that is number `index` of the log. */
  take(record: LogRecord, index: number): void
}

interface LaneLog {
  readonly sent: Stream
  readonly delivered: Stream
  readonly gate: GateStream
}

/** `insertedBy` reads what the edit that is record `index` of the log put in. */
export function createConnectionLog(
  opened: OpenRecord,
  index: RecordIndex,
  store: ByteStore,
  insertedBy: (record: number) => Uint8Array,
): ConnectionLog {
  const dialect = dialectById(opened.dialect)
  const templates = createTemplates(opened.connection, opened.topology)
  const createLane = (): LaneLog => ({
    sent: createStream(index, store),
    delivered: createStream(index, store),
    gate: createGateStream(),
  })
  const laneLogs: Record<Lane, LaneLog> = { clientToServer: createLane(), serverToClient: createLane() }
  const scanners = {
    clientToServer: createLaneScanner(dialect, 'clientToServer'),
    serverToClient: createLaneScanner(dialect, 'serverToClient'),
  }
  const rows = createUnitRows(dialect, index.size)
  const watch = createWatch(opened)
  const records = createU32Column()
  const asides: number[] = []

  function objection(record: LogRecord): string | null {
    switch (record.kind) {
      case 'open':
        return `connection ${record.connection} opens twice`
      case 'sent':
      case 'delivered':
        return objectionToBytes(laneLogs[record.lane], record)
      case 'sentEnd':
      case 'deliveredEnd': {
        const { end } = streamOf(record.lane, record.kind === 'sentEnd' ? 'sent' : 'delivered')
        return end === null || (end === 'fin' && record.how === 'reset') ? null : 'a stream ends twice'
      }
      case 'edit':
        return objectionToEdit(laneLogs[record.lane], record)
      case 'action':
      case 'note':
        return null
      default:
        return unreachable(record)
    }
  }

  function streamOf(lane: Lane, side: Flow['side']): Stream {
    return laneLogs[lane][side]
  }

  function takeDelivered({ lane, bytes, time }: BytesRecord, number: number): void {
    const scanner = scanners[lane]
    const start = scanner.position
    laneLogs[lane].delivered.add(number, bytes.length)
    scanner.push(bytes, (kind, from, to, opcode, final) => {
      // Bytes given up as junk are complete units only once that is decided, which is after the last of them.
      const at = { record: number, bytes: Math.max(to, scanner.position) - start }
      rows.add(kind, lane, from, to, opcode, final, at)
    })
    watch.received(receiverOf(lane), bytes, time, number, start)
  }

  function take(record: LogRecord, number: number): void {
    records.push(number)
    const after: Cursor = { record: number + 1, bytes: 0 }
    switch (record.kind) {
      case 'sent':
        laneLogs[record.lane].sent.add(number, record.bytes.length)
        watch.sent(senderOf(record.lane), record.bytes, record.time, after)
        return
      case 'delivered':
        takeDelivered(record, number)
        return
      case 'sentEnd':
        laneLogs[record.lane].sent.addEnd(number, record.how)
        watch.sentEnd(senderOf(record.lane), record.time, after)
        return
      case 'deliveredEnd': {
        const { delivered } = laneLogs[record.lane]
        delivered.addEnd(number, record.how)
        rows.add(record.how, record.lane, delivered.length, delivered.length, -1, true, after)
        watch.receivedEnd(receiverOf(record.lane), record.time, after)
        return
      }
      case 'edit': {
        const { at, remove, insert, label, lane } = record
        const { gate, delivered } = laneLogs[lane]
        gate.add({ record: number, at, remove, inserted: insert.length, label }, delivered.length)
        if (label === 'dropped') rows.add('dropped', lane, at, at + remove, -1, true, after)
        asides.push(number)
        return
      }
      case 'note':
        asides.push(number)
        return
      case 'open':
      case 'action':
        return
      default:
        unreachable(record)
    }
  }

  const editCountAt = ({ gate }: LaneLog, cursor: Cursor): number =>
    countWhile(gate.edits.length, (edit) => gate.edits[edit]!.record < cursor.record)

  function gateLengthAt(log: LaneLog, cursor: Cursor): number {
    return log.sent.lengthAt(cursor) + log.gate.growth(editCountAt(log, cursor))
  }

  function readPiece(log: LaneLog, piece: Piece, from: number, to: number): Uint8Array {
    const start = piece.from + from - piece.at
    const end = piece.from + to - piece.at
    return piece.edit < 0
      ? log.sent.read(start, end)
      : insertedBy(log.gate.edits[piece.edit]!.record).subarray(start, end)
  }

  function readGate(lane: Lane, cursor: Cursor, from: number, to: number): Uint8Array {
    const log = laneLogs[lane]
    const end = Math.min(to, gateLengthAt(log, cursor))
    const bytes = new Uint8Array(Math.max(0, end - from))
    const held = Math.max(from, Math.min(end, log.delivered.lengthAt(cursor)))
    bytes.set(log.delivered.read(from, held))
    for (const piece of log.gate.pieces(editCountAt(log, cursor))) {
      const start = Math.max(held, piece.at)
      const stop = Math.min(end, piece.at + piece.length)
      if (start < stop) bytes.set(readPiece(log, piece, start, stop), start - from)
    }
    return bytes
  }

  function arrivedBy(lane: Lane, cursor: Cursor, offset: number): number {
    const log = laneLogs[lane]
    const piece = log.gate
      .pieces(editCountAt(log, cursor))
      .find(({ at, length }) => offset >= at && offset < at + length)
    if (!piece) throw new RangeError(`byte ${offset} of ${lane} is not held at record ${cursor.record}`)
    if (piece.edit >= 0) return log.gate.edits[piece.edit]!.record
    return log.sent.recordHolding(piece.from + offset - piece.at)
  }

  return {
    id: opened.connection,
    opened,
    templates,
    position: ({ lane, side }) => streamOf(lane, side).length + (streamOf(lane, side).end === null ? 0 : 1),
    objection,
    take,
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
    sentLengthAt: (lane, cursor) => laneLogs[lane].sent.lengthAt(cursor),
    deliveredLengthAt: (lane, cursor) => laneLogs[lane].delivered.lengthAt(cursor),
    sentEndAt: (lane, cursor) => laneLogs[lane].sent.endAt(cursor),
    deliveredEndAt: (lane, cursor) => laneLogs[lane].delivered.endAt(cursor),
    boundaryAt: (lane, cursor) => rows.boundary(lane, rows.countAt(cursor)),
    readSent: (lane, from, to) => laneLogs[lane].sent.read(from, to),
    readDelivered: (lane, from, to) => laneLogs[lane].delivered.read(from, to),
    heldLengthAt: (lane, cursor) => gateLengthAt(laneLogs[lane], cursor) - laneLogs[lane].delivered.lengthAt(cursor),
    readGate,
    deliveredBy: (lane, offset) => laneLogs[lane].delivered.recordHolding(offset),
    editsAt: (lane, cursor) => laneLogs[lane].gate.spans(editCountAt(laneLogs[lane], cursor)),
    arrivedBy,
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

/** A cursor at the end of a record is the same world as the one at the start of the next. */
function settled(index: RecordIndex, cursor: Cursor): Cursor {
  const atEnd = cursor.bytes > 0 && cursor.bytes >= index.size(cursor.record)
  return atEnd ? { record: cursor.record + 1, bytes: 0 } : cursor
}

function objectionToBytes({ sent, delivered, gate }: LaneLog, { kind, bytes }: BytesRecord): string | null {
  if (bytes.length === 0) return 'a record of bytes has none'
  if ((kind === 'sent' ? sent : delivered).end !== null) return 'bytes follow the end of their stream'
  if (kind === 'sent') return null
  const held = sent.length + gate.growth(gate.edits.length) - delivered.length
  return bytes.length > held ? `${bytes.length} bytes are delivered where the gate holds ${held}` : null
}

function objectionToEdit(
  { sent, delivered, gate }: LaneLog,
  { at, remove }: Extract<LogRecord, { kind: 'edit' }>,
): string | null {
  const end = sent.length + gate.growth(gate.edits.length)
  if (at >= delivered.length && remove >= 0 && at + remove <= end) return null
  return `an edit of bytes ${at} to ${at + remove} is outside what the gate holds, ${delivered.length} to ${end}`
}
