// What a connection's streams say when they are read as one dialect: its units, and what its two ends make of them. Fed
// the connection's records in log order.
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { createLaneScanner, type LaneScanner } from '../endpoint/laneScanner.ts'
import type { Cursor, LogRecord, RecordOf } from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import { createUnitRows, type UnitRows } from './unitRows.ts'
import { createWatch, type Watch } from './watch.ts'

export interface Reading {
  readonly dialect: Dialect
  readonly rows: UnitRows
  readonly watch: Watch
  /** Takes in the record that is number `index` of the log. */
  take(record: LogRecord, index: number): void
}

interface Parts {
  readonly scanners: Readonly<Record<Lane, LaneScanner>>
  readonly rows: UnitRows
  readonly watch: Watch
}

export function createReading(dialect: Dialect, opened: RecordOf<'open'>, index: RecordIndex): Reading {
  const rows = createUnitRows(dialect, index.size)
  const watch = createWatch(dialect, opened)
  const scanners = {
    clientToServer: createLaneScanner(dialect, 'clientToServer'),
    serverToClient: createLaneScanner(dialect, 'serverToClient'),
  }
  return { dialect, rows, watch, take: (record, number) => take({ scanners, rows, watch }, record, number) }
}

function take(parts: Parts, record: LogRecord, number: number): void {
  switch (record.kind) {
    case 'sent':
      parts.watch.sent(senderOf(record.lane), record.bytes, record.time, after(number))
      break
    case 'delivered':
      takeDelivered(parts, record, number)
      break
    case 'sentEnd':
      parts.watch.sentEnd(senderOf(record.lane), record.time, after(number))
      break
    case 'deliveredEnd':
      takeDeliveredEnd(parts, record, number)
      break
    case 'edit':
      takeEdit(parts, record, number)
      break
    case 'open':
    case 'action':
    case 'note':
      break
    default:
      unreachable(record)
  }
}

function after(number: number): Cursor {
  return { record: number + 1, bytes: 0 }
}

function takeDelivered(parts: Parts, { lane, bytes, time }: RecordOf<'sent' | 'delivered'>, number: number): void {
  const { rows, watch } = parts
  const scanner = parts.scanners[lane]
  const start = scanner.position
  scanner.push(bytes, (kind, from, to, opcode, final) => {
    // Bytes given up as junk are complete units only once that is decided, which is after the last of them.
    const at = { record: number, bytes: Math.max(to, scanner.position) - start }
    rows.add(kind, lane, from, to, opcode, final, at)
  })
  watch.received(receiverOf(lane), bytes, time, number, start)
}

function takeDeliveredEnd(
  { rows, watch, scanners }: Parts,
  { lane, how, time }: RecordOf<'sentEnd' | 'deliveredEnd'>,
  number: number,
): void {
  const { position } = scanners[lane]
  rows.add(how, lane, position, position, -1, true, after(number))
  watch.receivedEnd(receiverOf(lane), time, after(number))
}

function takeEdit({ rows }: Parts, { at, remove, label, lane }: RecordOf<'edit'>, number: number): void {
  if (label === 'dropped') rows.add('dropped', lane, at, at + remove, -1, true, after(number))
}
