// One of the four byte streams of a connection, as the records it came in.
import { countWhile, createU32Column } from './columns.ts'
import type { ByteStore, Cursor, StreamEnd } from './record.ts'
import type { RecordIndex } from './recordIndex.ts'
import { createWindow } from './window.ts'

export interface Stream {
  /** Bytes of it so far. A field, as it is asked for with every record. */
  readonly length: number
  /** How it has ended so far: a FIN may still be followed by a reset. */
  readonly end: StreamEnd | null
  /** Adds record `index`, which carries `size` bytes. */
  add(index: number, size: number): void
  addEnd(index: number, how: StreamEnd): void
  /** Bytes of it as of the cursor. A cursor inside one of its records counts that record's first bytes. */
  lengthAt(cursor: Cursor): number
  endAt(cursor: Cursor): StreamEnd | null
  /** Log index of the record that carried the byte at `offset`, or -1. */
  recordHolding(offset: number): number
  /** Bytes [from, to), as far as they exist. */
  read(from: number, to: number): Uint8Array
}

const readAhead = 65536

export function createStream(index: RecordIndex, store: ByteStore): Stream {
  const records = createU32Column()
  const ends: { readonly record: number; readonly how: StreamEnd }[] = []

  /** Place in `records` of the one that holds `offset`, which must exist. */
  const placeHolding = (offset: number): number =>
    countWhile(records.length, (place) => index.start(records.get(place)) <= offset) - 1

  function endAt(cursor: Cursor): StreamEnd | null {
    return ends.filter(({ record }) => record < cursor.record).at(-1)?.how ?? null
  }

  const stream: { -readonly [K in keyof Stream]: Stream[K] } = {
    length: 0,
    end: null,
    add(record, size) {
      records.push(record)
      stream.length += size
    },
    addEnd(record, how) {
      ends.push({ record, how })
      stream.end = how
    },
    lengthAt(cursor) {
      const whole = countWhile(records.length, (place) => records.get(place) < cursor.record)
      if (whole === records.length) return stream.length
      const next = records.get(whole)
      const part = next === cursor.record ? Math.min(cursor.bytes, index.size(next)) : 0
      return index.start(next) + part
    },
    endAt,
    recordHolding: (offset) => (offset < 0 || offset >= stream.length ? -1 : records.get(placeHolding(offset))),
    read(from, to) {
      const end = Math.min(to, stream.length)
      if (from >= end) return new Uint8Array(0)
      const bytes = new Uint8Array(end - from)
      let place = placeHolding(from)
      let window = createWindow(store, 0)
      for (let at = from; at < end; place += 1) {
        const record = records.get(place)
        const skipped = at - index.start(record)
        const count = Math.min(index.size(record) - skipped, end - at)
        bytes.set(window(index.offset(record) + skipped, count), at - from)
        at += count
        if (at - from === count) window = createWindow(store, readAhead) // it takes more than one record
      }
      return bytes
    },
  }
  return stream
}
