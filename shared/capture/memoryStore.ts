// A ByteStore in memory: for tests, for files that came in whole, and as the fallback when a disk fails.
import type { ByteStore } from './record.ts'

/** A store that starts with a copy of `initial`. Grows by doubling, so appending costs amortised O(1) a byte. */
export function createMemoryStore(initial: Uint8Array = new Uint8Array(0)): ByteStore {
  let bytes: Uint8Array = initial.slice()
  let size = initial.length
  return {
    get size() {
      return size
    },
    append(more) {
      if (size + more.length > bytes.length) bytes = enlarged(bytes, size + more.length)
      bytes.set(more, size)
      size += more.length
    },
    read: (offset, length) => bytes.slice(Math.min(offset, size), Math.min(offset + length, size)),
  }
}

function enlarged(bytes: Uint8Array, least: number): Uint8Array {
  const larger = new Uint8Array(Math.max(least, bytes.length * 2, 1024))
  larger.set(bytes)
  return larger
}
