// Whether a client masks every frame with a key of its own. RFC 6455 §5.3: the key is fresh for each frame and cannot be
// foreseen. A stream can only show the contrary: here, that a key is one of the two before it, or as far from the last as
// that is from the one before. No more than these two are kept; random keys look like that three times in 4,294,967,296.
import { toHex } from '../bytes/hex.ts'
import { maskingKeyLength, maskingKeyWord } from '../framing/header.ts'
import { type Finding, finding } from './findings.ts'
import type { Receiver } from './receiverState.ts'

/**
 * Takes in the key of the frame at `bytes[at]`, whose header was read. True when the two before would have let one foresee
 * it, which is worth saying once a connection; then it is not taken in. Allocates nothing.
 */
export function isForeseen(receiver: Receiver, bytes: Uint8Array, at: number): boolean {
  if (receiver.role === 'client' || receiver.keyForeseen) return false
  const key = maskingKeyWord(bytes, at, receiver.framing, receiver.header)
  if (key < 0) return false
  const { lastKey, keyBefore } = receiver
  if (key === lastKey || key === keyBefore || isNextStep(keyBefore, lastKey, key)) return true
  receiver.keyBefore = lastKey
  receiver.lastKey = key
  return false
}

/** Keys that count, up or down, by any step, and past the largest. */
function isNextStep(first: number, second: number, third: number): boolean {
  return first >= 0 && ((third - second) | 0) === ((second - first) | 0)
}

/** What is wrong with the key of the frame at `bytes[at]`. `start`: the lane offset of that frame. */
export function foreseenKey(receiver: Receiver, bytes: Uint8Array, at: number, start: number): Finding {
  const { header, framing, lastKey, keyBefore } = receiver
  const keyAt = header.keyInFront > 0 ? 0 : header.headerLength - maskingKeyLength
  const span = { start: start + keyAt, end: start + keyAt + maskingKeyLength }
  const hex = toHex(bytes.subarray(at + keyAt, at + keyAt + maskingKeyLength))
  const key = maskingKeyWord(bytes, at, framing, header)
  if (key === lastKey) return finding('mask.repeated', span, `${hex} again`)
  if (key === keyBefore) return finding('mask.repeated', span, `${hex} again, two frames later`)
  return finding('mask.counted', span, `${wordHex(keyBefore)}, ${wordHex(lastKey)}, ${hex}`)
}

function wordHex(word: number): string {
  return word.toString(16).padStart(2 * maskingKeyLength, '0')
}
