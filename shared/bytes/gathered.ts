// Bytes that come piece by piece, in one array. A value, although the array goes on being filled: bytes that are in it
// never change, and whoever adds to a value that has been added to already gets an array of its own.
import { none, roomFor } from './room.ts'

export interface Gathered {
  readonly size: number
  readonly room: Room
}

interface Room {
  readonly bytes: Uint8Array
  /** How many of them are taken, by whichever value has gone on furthest. */
  taken: number
}

export const nothingGathered: Gathered = { size: 0, room: { bytes: none, taken: 0 } }

/** Room is made for so many times what has come, if as much is announced. */
const trust = 8

/** With `bytes` behind what there is. `announced`: how many are to be expected in all, which anybody may say. */
export function gather(before: Gathered, bytes: Uint8Array, announced: number): Gathered {
  const size = before.size + bytes.length
  const room = hasRoom(before, size) ? before.room : moved(before, Math.max(size, Math.min(announced, trust * size)))
  room.bytes.set(bytes, before.size)
  room.taken = size
  return { size, room }
}

function hasRoom({ size, room }: Gathered, wanted: number): boolean {
  return room.taken === size && wanted <= room.bytes.length
}

function moved({ size, room }: Gathered, capacity: number): Room {
  const bytes = roomFor(capacity)
  if (size > 0) bytes.set(room.bytes.subarray(0, size))
  return { bytes, taken: size }
}

/** What the last step from `before` to `after` has added, in place: whoever gathered it may still change it. */
export function added(before: Gathered, after: Gathered): Uint8Array {
  const { bytes } = after.room
  return before.size === 0 && after.size === bytes.length ? bytes : bytes.subarray(before.size, after.size)
}

/** All of it, in an array that is no longer. */
export function allGathered({ size, room }: Gathered): Uint8Array {
  return size === room.bytes.length ? room.bytes : room.bytes.slice(0, size)
}
