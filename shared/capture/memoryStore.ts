// A ByteStore in memory: for tests, for files that came in whole, and as the fallback when a disk fails.
import type { LogStore } from './record.ts'
import { createTail } from './tail.ts'

/** A store that starts with a copy of `initial`. Grows by doubling, so appending costs amortised O(1) a byte. */
export function createMemoryStore(initial: Uint8Array = new Uint8Array(0)): LogStore {
  const tail = createTail(Math.max(1024, initial.length))
  tail.append(initial)
  return {
    get size() {
      return tail.length
    },
    append: tail.append,
    extend: tail.extend,
    read: (offset, length) => tail.block.slice(Math.min(offset, tail.length), Math.min(offset + length, tail.length)),
  }
}
