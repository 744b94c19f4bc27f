// Whether a client masks every frame with a key of its own. RFC 6455 §5.3: the key is fresh for each frame and cannot be
// foreseen. A stream can only show the contrary: here, that a key is the one of the frame before.
import { toHex } from '../bytes/hex.ts'
import { maskingKeyLength, maskingKeyWord } from '../framing/header.ts'
import { type Finding, finding } from './findings.ts'
import type { Receiver } from './receiverState.ts'

/**
 * Takes in the key of the frame at `bytes[at]`, whose header was read. True when it is that of the frame before, which is
 * worth saying once a connection. Allocates nothing.
 */
export function repeatsKey(receiver: Receiver, bytes: Uint8Array, at: number): boolean {
  if (receiver.role === 'client' || receiver.keyRepeated) return false
  const key = maskingKeyWord(bytes, at, receiver.framing, receiver.header)
  if (key < 0) return false
  if (key === receiver.lastKey) return true
  receiver.lastKey = key
  return false
}

/** `start`: the lane offset of the frame at `bytes[at]`. */
export function repeatedKey({ header }: Receiver, bytes: Uint8Array, at: number, start: number): Finding {
  const keyAt = header.keyInFront > 0 ? 0 : header.headerLength - maskingKeyLength
  const span = { start: start + keyAt, end: start + keyAt + maskingKeyLength }
  return finding('mask.repeated', span, `${toHex(bytes.subarray(at + keyAt, at + keyAt + maskingKeyLength))} again`)
}
