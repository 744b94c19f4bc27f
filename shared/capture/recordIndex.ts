// What is kept in memory of every record: some 10 bytes in columns, and the bytes themselves stay in the store.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { countWhile, createF64Column, createU8Column, createU16Column, createU32Column } from './columns.ts'
import type { LogRecord, PassedSlice, RecordKind, StreamEnd, Time } from './record.ts'
import type { RecordHead } from './types.ts'

export interface RecordIndex {
  /** Records so far: bytes that passed are two. A field, as it is asked for with every record. */
  readonly length: number
  /** Adds a record whose bytes begin at `start` of their stream and at `offset` of the store. Returns its index. */
  add(record: LogRecord, start: number, offset: number): number
  /** Adds the two records of bytes that passed: where they begin in what was sent and what was delivered, and in the store. */
  addPassed(passed: PassedSlice, sentStart: number, deliveredStart: number, offset: number): void
  head(index: number): RecordHead
  kind(index: number): RecordKind
  time(index: number): Time
  size(index: number): number
  start(index: number): number
  offset(index: number): number
  /** How an end record says the stream ended. */
  how(index: number): StreamEnd
}

const kinds: readonly RecordKind[] = ['open', 'sent', 'delivered', 'sentEnd', 'deliveredEnd', 'action', 'edit', 'note']
const codes = Object.fromEntries(kinds.map((kind, code) => [kind, code])) as Readonly<Record<RecordKind, number>>

/** Milliseconds between one double and the next, for times of these decades. */
const timeUnit = 2 ** -12

/** Kind 3 bits, lane + 1 2 bits, reset 1 bit. */
function packedOf(record: LogRecord): number {
  switch (record.kind) {
    case 'sent':
    case 'delivered':
    case 'edit':
      return packed(record.kind, record.lane)
    case 'sentEnd':
    case 'deliveredEnd':
      return packed(record.kind, record.lane) | (record.how === 'reset' ? 1 : 0)
    case 'open':
    case 'action':
    case 'note':
      return codes[record.kind] << 3
    default:
      return unreachable(record)
  }
}

function packed(kind: RecordKind, lane: Lane): number {
  return (codes[kind] << 3) | (lane === 'clientToServer' ? 2 : 4)
}

/** A row is a record, or the two of bytes that passed: most of a long session is these. */
export function createRecordIndex(): RecordIndex {
  const codesOf = createU8Column()
  const connections = createU32Column()
  const times = createF64Column(timeUnit)
  const sizes = createU16Column()
  const starts = createF64Column()
  const offsets = createF64Column()
  /** Number of a row's first record. */
  const firsts = createU32Column()
  /** How much further a row's second record begins in its stream: as far as edits have made that longer. */
  const ahead = createF64Column()
  /** Records are mostly asked for one after the other. */
  let last = 0

  function push(
    code: number,
    { connection, time }: Pick<LogRecord, 'connection' | 'time'>,
    size: number,
    start: number,
    offset: number,
  ): void {
    codesOf.push(code)
    connections.push(connection)
    times.push(time)
    sizes.push(size)
    starts.push(start)
    offsets.push(offset)
    firsts.push(records.length)
  }

  /** The row that has record `index`. */
  function rowOf(index: number): number {
    if (!(index >= 0 && index < records.length))
      throw new RangeError(`an index of ${records.length} records has no record ${index}`)
    if (!isIn(last, index)) last = countWhile(firsts.length, (row) => firsts.get(row) <= index) - 1
    return last
  }

  function isIn(row: number, index: number): boolean {
    return firsts.get(row) <= index && (row + 1 === firsts.length || firsts.get(row + 1) > index)
  }

  /** Whether record `index` is the second of its row. */
  const isDelivered = (row: number, index: number): boolean => index > firsts.get(row)

  function kind(index: number): RecordKind {
    const row = rowOf(index)
    return isDelivered(row, index) ? 'delivered' : kinds[codesOf.get(row) >>> 3]!
  }

  function start(index: number): number {
    const row = rowOf(index)
    return starts.get(row) + (isDelivered(row, index) ? ahead.get(row) : 0)
  }

  const records: { -readonly [K in keyof RecordIndex]: RecordIndex[K] } = {
    length: 0,
    add(record, start, offset) {
      const size = record.kind === 'sent' || record.kind === 'delivered' ? record.bytes.length : 0
      push(packedOf(record), record, size, start, offset)
      ahead.push(0)
      records.length += 1
      return records.length - 1
    },
    addPassed(passed, sentStart, deliveredStart, offset) {
      push(packed('sent', passed.lane), passed, passed.end - passed.start, sentStart, offset)
      ahead.push(deliveredStart - sentStart)
      records.length += 2
    },
    head: (index) => ({
      kind: kind(index),
      connection: connections.get(rowOf(index)),
      lane: lanes[((codesOf.get(rowOf(index)) >>> 1) & 3) - 1] ?? null,
      time: times.get(rowOf(index)),
      size: sizes.get(rowOf(index)),
      start: start(index),
    }),
    kind,
    time: (index) => times.get(rowOf(index)),
    size: (index) => sizes.get(rowOf(index)),
    start,
    offset: (index) => offsets.get(rowOf(index)),
    how: (index) => (codesOf.get(rowOf(index)) & 1 ? 'reset' : 'fin'),
  }
  return records
}
