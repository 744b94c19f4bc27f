// XOR masking of payloads, RFC 6455 §5.3.
import { copyOf } from '../bytes/room.ts'

/** Below this many bytes setting up the word-wise loop costs more than it saves. */
const wordWiseFrom = 32

/**
 * A copy of `bytes` with `key[(phase + i) mod key.length]` XORed onto byte i; masking and unmasking are the same. `phase` is
 * how many payload bytes came before. `bytes` stays as it is.
 */
export function applyMask(bytes: Uint8Array, key: Uint8Array, phase = 0): Uint8Array {
  const masked = copyOf(bytes)
  maskInPlace(masked, 0, key, phase)
  return masked
}

/** The same in room that is used again and again: it holds until the next call. For bytes that are only looked at. */
export function applyMaskBriefly(bytes: Uint8Array, key: Uint8Array, phase = 0): Uint8Array {
  if (bytes.length > brief.length) return applyMask(bytes, key, phase)
  const masked = brief.subarray(0, bytes.length)
  masked.set(bytes)
  maskInPlace(masked, 0, key, phase)
  return masked
}

/** As much as one read brings. */
const brief = new Uint8Array(65536)

/** XORs `key[(phase + i) mod key.length]` onto byte `from + i` of `bytes`, to its end. */
export function maskInPlace(bytes: Uint8Array, from: number, key: Uint8Array, phase = 0): void {
  const size = key.length
  const end = bytes.length
  if (end - from < wordWiseFrom || size % 4 !== 0) {
    maskSingly(bytes, from, end, key, phase)
    return
  }
  const first = from + (-(bytes.byteOffset + from) & 7)
  const words = new BigInt64Array(bytes.buffer, bytes.byteOffset + first, (end - first) >> 3)
  const last = first + words.length * 8
  maskSingly(bytes, from, first, key, phase)
  maskWords(words, key, phase + first - from)
  maskSingly(bytes, last, end, key, phase + last - from)
}

/** Twice the longest key there is: the hash of hybi-04 §4.2. */
const turned = new Uint8Array(40)
const turnedWords = new BigInt64Array(turned.buffer)

/** Words of 64 bits, which a key fills when it is there twice. In the machine's byte order, so that it does not matter. */
function maskWords(words: BigInt64Array, key: Uint8Array, phase: number): void {
  const stride = key.length >> 2
  for (let i = 0; i < 2 * key.length; i++) turned[i] = key[(phase + i) % key.length]!
  for (let k = 0; k < stride; k++) maskEvery(stride, words, k, turnedWords[k]!)
}

/** Four at a time, which takes half as long as one. */
function maskEvery(stride: number, words: BigInt64Array, from: number, word: bigint): void {
  let i = from
  for (; i + 3 * stride < words.length; i += 4 * stride) {
    words[i]! ^= word
    words[i + stride]! ^= word
    words[i + 2 * stride]! ^= word
    words[i + 3 * stride]! ^= word
  }
  for (; i < words.length; i += stride) words[i]! ^= word
}

function maskSingly(bytes: Uint8Array, from: number, to: number, key: Uint8Array, phase: number): void {
  for (let at = from; at < to; at++) bytes[at]! ^= key[(phase + at - from) % key.length]!
}
