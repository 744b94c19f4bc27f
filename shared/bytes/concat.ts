// Joining and comparing byte strings.
import { roomFor } from './room.ts'

/** All parts in order, in an array with a buffer of its own. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return joinedIn(new Uint8Array(lengthOf(parts)), parts)
}

/** The same in room that may share its buffer: for what is small, often, and soon gone. */
export function concatInRoom(...parts: readonly Uint8Array[]): Uint8Array {
  return joinedIn(roomFor(lengthOf(parts)), parts)
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0
  for (const part of parts) length += part.length
  return length
}

function joinedIn(joined: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Whether both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false
  }
  return true
}
