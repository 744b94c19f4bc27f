// What is kept in memory of every record: some 10 bytes in columns, and the bytes themselves stay in the store.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { createF64Column, createU8Column, createU16Column, createU32Column } from './columns.ts'
import type { Flow } from './packets.ts'
import type { LogEntry, LogRecord, PassedBytes, RecordKind, StreamEnd, Time } from './record.ts'
import type { RecordHead } from './types.ts'

export interface RecordIndex {
  readonly length: number
  /** Adds a record whose bytes begin at `start` of their stream and at `offset` of the store. Returns its index. */
  add(record: LogRecord, start: number, offset: number): number
  /** Adds one of the two records that `entry` is. */
  addBytes(side: Flow['side'], entry: PassedBytes, start: number, offset: number): void
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

export function createRecordIndex(): RecordIndex {
  const codesOf = createU8Column()
  const connections = createU32Column()
  const times = createF64Column(timeUnit)
  const sizes = createU16Column()
  const starts = createF64Column()
  const offsets = createF64Column()
  const kind = (index: number): RecordKind => kinds[codesOf.get(index) >>> 3]!

  function push(code: number, { connection, time }: LogEntry, size: number, start: number, offset: number): void {
    codesOf.push(code)
    connections.push(connection)
    times.push(time)
    sizes.push(size)
    starts.push(start)
    offsets.push(offset)
  }

  return {
    get length() {
      return codesOf.length
    },
    add(record, start, offset) {
      const size = record.kind === 'sent' || record.kind === 'delivered' ? record.bytes.length : 0
      push(packedOf(record), record, size, start, offset)
      return codesOf.length - 1
    },
    addBytes: (side, entry, start, offset) => push(packed(side, entry.lane), entry, entry.bytes.length, start, offset),
    head: (index) => ({
      kind: kind(index),
      connection: connections.get(index),
      lane: lanes[((codesOf.get(index) >>> 1) & 3) - 1] ?? null,
      time: times.get(index),
      size: sizes.get(index),
      start: starts.get(index),
    }),
    kind,
    time: (index) => times.get(index),
    size: (index) => sizes.get(index),
    start: (index) => starts.get(index),
    offset: (index) => offsets.get(index),
    how: (index) => (codesOf.get(index) & 1 ? 'reset' : 'fin'),
  }
}
