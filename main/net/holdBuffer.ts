// The bytes one lane of a gate holds: a list of the chunks as they arrived. Nothing is copied to hold or to release.

export interface HoldBuffer {
  /** Bytes held. */
  readonly length: number
  push(bytes: Uint8Array): void
  /** Takes the first `count` bytes out, as parts of the chunks they arrived in. */
  take(count: number): Uint8Array[]
  /** At `at` bytes from the first held one, takes `remove` bytes away and puts `insert` there. */
  splice(at: number, remove: number, insert: Uint8Array): void
}

export function createHoldBuffer(): HoldBuffer {
  let chunks: Uint8Array[] = []
  // Chunks before `first` have been taken; they are dropped in bulk, so that taking stays linear.
  let first = 0
  let length = 0

  function push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    chunks.push(bytes)
    length += bytes.length
  }

  function compact(): void {
    if (first * 2 < chunks.length) return
    chunks = chunks.slice(first)
    first = 0
  }

  function takeSome(most: number): Uint8Array {
    const chunk = chunks[first]!
    const part = chunk.subarray(0, most)
    if (part.length < chunk.length) chunks[first] = chunk.subarray(part.length)
    else first += 1
    length -= part.length
    return part
  }

  function take(count: number): Uint8Array[] {
    if (count > length) throw new Error(`asked for ${count} of ${length} held bytes`)
    const parts: Uint8Array[] = []
    for (let left = count; left > 0; ) {
      const part = takeSome(left)
      parts.push(part)
      left -= part.length
    }
    compact()
    return parts
  }

  function splice(at: number, remove: number, insert: Uint8Array): void {
    if (at < 0 || at + remove > length) throw new Error(`asked to edit ${at}..${at + remove} of ${length} held bytes`)
    const before = take(at)
    take(remove)
    const after = take(length)
    for (const part of [...before, insert, ...after]) push(part)
  }

  return {
    get length() {
      return length
    },
    push,
    take,
    splice,
  }
}
