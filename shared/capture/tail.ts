// Bytes at the end of a store, in one block that grows when it has to and is used again when they have gone.
import type { Extent } from './record.ts'

export interface Tail {
  readonly length: number
  /** The block; the first `length` bytes of it count. */
  readonly block: Uint8Array
  append(bytes: Uint8Array): void
  /** Makes room for `length` more. */
  extend(length: number): Extent
  /** Forgets the first `count`. */
  drop(count: number): void
}

/** An empty one, which goes back to a block of `least` bytes whenever it is empty. */
export function createTail(least: number): Tail {
  let block = new Uint8Array(least)
  let view = new DataView(block.buffer)
  let length = 0
  let at = 0

  function replace(size: number): void {
    const other = new Uint8Array(size)
    other.set(block.subarray(0, length))
    block = other
    view = new DataView(block.buffer)
  }

  function extend(more: number): Extent {
    if (length + more > block.length) replace(Math.max(length + more, block.length * 2))
    at = length
    length += more
    return extent
  }

  const extent: Extent = {
    get bytes() {
      return block
    },
    get view() {
      return view
    },
    get at() {
      return at
    },
  }
  return {
    get length() {
      return length
    },
    get block() {
      return block
    },
    append(bytes) {
      extend(bytes.length)
      block.set(bytes, at)
    },
    extend,
    drop(count) {
      block.copyWithin(0, count, length)
      length -= count
      if (length === 0 && block.length > least) replace(least)
    },
  }
}
