// The index of one connection: a row for every delivered unit, stream end and drop, in the order they became complete,
// and the messages that its frames make up. Some 10 bytes a row.
import { type Lane, lanes } from '../bytes/lanes.ts'
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'
import {
  type Column,
  countWhile,
  createAscendingColumn,
  createF64Column,
  createU16Column,
  createU32Column,
} from './columns.ts'
import type { Cursor } from './record.ts'
import type { IndexRow, MessageRows } from './types.ts'

export type RowKind = IndexRow['kind']

export interface UnitRows {
  readonly count: number
  /** `record` and `bytes`: the first `bytes` of delivered record `record` had to pass, or none and all before it. */
  add(
    kind: RowKind,
    lane: Lane,
    start: number,
    end: number,
    opcode: number,
    final: boolean,
    record: number,
    bytes: number,
  ): void
  row(index: number): IndexRow
  countAt(cursor: Cursor): number
  /** The unit of `lane` whose span holds `offset`, or -1. */
  holding(lane: Lane, offset: number): number
  /** End of the last unit of `lane` among the first `count` rows. */
  boundary(lane: Lane, count: number): number
  readonly messageCount: number
  message(index: number): MessageRows
  messageCountAt(cursor: Cursor): number
  /** The row that begins the fragmented message of `lane` which is not ended before row `before`; -1 when none is open. */
  messageOpenBefore(lane: Lane, before: number): number
}

/** The rows that begin messages of several frames, and for each but the last open one the row that ends it. */
interface Fragmented {
  readonly begun: Column
  readonly ended: Column
}

const rowKinds: readonly RowKind[] = ['request', 'response', 'challenge', 'frame', 'junk', 'fin', 'reset', 'dropped']
const kindCodes = Object.fromEntries(rowKinds.map((kind, code) => [kind, code])) as Readonly<Record<RowKind, number>>
/** Opcode of rows that have none, in the 9 bits kept for it: no opcode, no type byte, nor what `closeTypeWithData` is. */
const noOpcode = 0x100

/** `sizeOf` tells the length of a delivered record: cursors at its end are given as the start of the next one. */
export function createUnitRows(dialect: Dialect, sizeOf: (record: number) => number): UnitRows {
  const starts = createF64Column()
  const ends = createF64Column()
  const packed = createU16Column() // kind 3 bits, lane 1, final 1, opcode 9
  const records = createU32Column()
  const bytes = createU16Column()
  const messages = createAscendingColumn() // the row that completes each
  const units: Record<Lane, Column> = { clientToServer: createU32Column(), serverToClient: createU32Column() }
  const newFragmented = (): Fragmented => ({ begun: createU32Column(), ended: createU32Column() })
  const fragmented: Record<Lane, Fragmented> = { clientToServer: newFragmented(), serverToClient: newFragmented() }

  const kindOf = (index: number): RowKind => rowKinds[packed.get(index) >>> 11]!
  const laneOf = (index: number): Lane => lanes[(packed.get(index) >>> 10) & 1]!
  const opcodeOf = (index: number): number => packed.get(index) & 0x1ff
  const nameOf = (index: number) => (kindOf(index) === 'frame' ? dialect.opcodes[opcodeOf(index)] : undefined)

  function completed(index: number): Cursor {
    const record = records.get(index)
    const count = bytes.get(index)
    return count > 0 && count === sizeOf(record) ? { record: record + 1, bytes: 0 } : { record, bytes: count }
  }

  function countAt(cursor: Cursor): number {
    return countWhile(starts.length, (index) => {
      const record = records.get(index)
      return record < cursor.record || (record === cursor.record && bytes.get(index) <= cursor.bytes)
    })
  }

  /** Called with each new frame: a message is complete with its final fragment. */
  function noteFrame(index: number, lane: Lane, name: OpcodeName | undefined, final: boolean): void {
    const begins = name === 'text' || name === 'binary'
    const { begun, ended } = fragmented[lane]
    const isOpen = begun.length > ended.length
    if (!begins && !(name === 'continuation' && isOpen)) return
    // A message that begins inside another ends that one.
    if (isOpen && (final || begins)) ended.push(index)
    if (begins && !final) begun.push(index)
    if (final) messages.push(index)
  }

  /** The fragments of the message that row `last` completes: back from it to the frame that names the type. */
  function fragments(last: number): number[] {
    const column = units[laneOf(last)]
    const rows = [last]
    let place = countWhile(column.length, (entry) => column.get(entry) < last)
    while (nameOf(rows.at(-1)!) === 'continuation') {
      place -= 1
      const row = column.get(place)
      const name = nameOf(row)
      if (name === 'continuation' || name === 'text' || name === 'binary') rows.push(row)
    }
    return rows.reverse()
  }

  return {
    get count() {
      return starts.length
    },
    add(kind, lane, start, end, opcode, final, record, passed) {
      const index = starts.length
      starts.push(start)
      ends.push(end)
      const code = opcode < 0 ? noOpcode : opcode
      packed.push((kindCodes[kind] << 11) | (lane === lanes[0] ? 0 : 0x400) | (final ? 0x200 : 0) | code)
      records.push(record)
      bytes.push(passed)
      if (kind === 'fin' || kind === 'reset' || kind === 'dropped') return
      units[lane].push(index)
      if (kind === 'frame') noteFrame(index, lane, dialect.opcodes[opcode], final)
    },
    row(index) {
      const opcode = opcodeOf(index)
      return {
        lane: laneOf(index),
        kind: kindOf(index),
        opcode: opcode === noOpcode ? -1 : opcode,
        final: (packed.get(index) & 0x200) !== 0,
        span: { start: starts.get(index), end: ends.get(index) },
        completed: completed(index),
      }
    },
    countAt,
    holding(lane, offset) {
      const column = units[lane]
      const place = countWhile(column.length, (entry) => ends.get(column.get(entry)) <= offset)
      return offset >= 0 && place < column.length ? column.get(place) : -1
    },
    boundary(lane, count) {
      const column = units[lane]
      const place = countWhile(column.length, (entry) => column.get(entry) < count)
      return place === 0 ? 0 : ends.get(column.get(place - 1))
    },
    get messageCount() {
      return messages.length
    },
    message(index) {
      const rows = fragments(messages.get(index))
      const first = rows[0]!
      return { lane: laneOf(first), type: nameOf(first) === 'text' ? 'text' : 'binary', rows }
    },
    messageOpenBefore(lane, before) {
      const { begun, ended } = fragmented[lane]
      const last = countWhile(begun.length, (place) => begun.get(place) < before) - 1
      const isEnded = last < 0 || (last < ended.length && ended.get(last) < before)
      return isEnded ? -1 : begun.get(last)
    },
    messageCountAt(cursor) {
      const rows = countAt(cursor)
      return countWhile(messages.length, (index) => messages.get(index) < rows)
    },
  }
}
