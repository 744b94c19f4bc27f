// Room for byte strings. A typed array with a buffer of its own costs more than a small frame does, so small ones share
// buffers. Nobody's bytes overlap; one that is kept keeps at most `shared` bytes.

const shared = 8192
const most = shared / 2
/** Up to so many bytes the engine keeps an array's bytes in the array itself, which costs least. */
const cheapByItself = 64

export const none = new Uint8Array(0)

let buffer = new Uint8Array(shared)
let used = 0

/**
 * An array of `size` zeros. Its `buffer` may hold more than it. Even the smallest shares it: a socket asks for the buffer of
 * what it writes, and an array that keeps its bytes in itself has to be moved out for that.
 */
export function roomFor(size: number): Uint8Array {
  if (size > most) return new Uint8Array(size)
  if (used + size > shared) {
    buffer = new Uint8Array(shared)
    used = 0
  }
  const room = buffer.subarray(used, used + size)
  used += (size + 7) & ~7 // words are read and written faster where they are aligned
  return room
}

/** The same bytes, in room of their own, whatever kind of array holds them: a slice of a Buffer of Node is no copy. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= cheapByItself || bytes.length > most) return new Uint8Array(bytes)
  const copy = roomFor(bytes.length)
  copy.set(bytes)
  return copy
}
