// What is kept in memory of every record: some 10 bytes in columns, and the bytes themselves stay in the store.
import { lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { createF64Column, createU8Column, createU16Column, createU32Column } from './columns.ts'
import type { LogRecord, RecordKind, StreamEnd, Time } from './record.ts'
import type { RecordHead } from './types.ts'

export interface RecordIndex {
  readonly length: number
  /** Adds a record whose bytes begin at `start` of their stream and at `offset` of the store. Returns its index. */
  add(record: LogRecord, start: number, offset: number): number
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
      return (codes[record.kind] << 3) | ((lanes.indexOf(record.lane) + 1) << 1)
    case 'sentEnd':
    case 'deliveredEnd':
      return (codes[record.kind] << 3) | ((lanes.indexOf(record.lane) + 1) << 1) | (record.how === 'reset' ? 1 : 0)
    case 'open':
    case 'action':
    case 'note':
      return codes[record.kind] << 3
    default:
      return unreachable(record)
  }
}

export function createRecordIndex(): RecordIndex {
  const packed = createU8Column()
  const connections = createU32Column()
  const times = createF64Column(timeUnit)
  const sizes = createU16Column()
  const starts = createF64Column()
  const offsets = createF64Column()
  const kind = (index: number): RecordKind => kinds[packed.get(index) >>> 3]!
  return {
    get length() {
      return packed.length
    },
    add(record, start, offset) {
      packed.push(packedOf(record))
      connections.push(record.connection)
      times.push(record.time)
      sizes.push(record.kind === 'sent' || record.kind === 'delivered' ? record.bytes.length : 0)
      starts.push(start)
      offsets.push(offset)
      return packed.length - 1
    },
    head: (index) => ({
      kind: kind(index),
      connection: connections.get(index),
      lane: lanes[((packed.get(index) >>> 1) & 3) - 1] ?? null,
      time: times.get(index),
      size: sizes.get(index),
      start: starts.get(index),
    }),
    kind,
    time: times.get,
    size: sizes.get,
    start: starts.get,
    offset: offsets.get,
    how: (index) => (packed.get(index) & 1 ? 'reset' : 'fin'),
  }
}
