// Judging text that is still masked, as whoever only watches it does.
import { skipAsciiWords, type Utf8State, validateUtf8 } from '../bytes/utf8.ts'
import { applyMaskBriefly } from './mask.ts'

/** Below this many bytes setting up the word-wise loop costs more than it saves. */
const wordWiseFrom = 64

/**
 * Feeds bytes as they are once `key` is taken off, when there is one; `phase` is how many payload bytes came before. Most
 * text is ASCII, which is seen through the mask.
 */
export function validateMasked(state: Utf8State, bytes: Uint8Array, key: Uint8Array | null, phase = 0): Utf8State {
  if (!key) return validateUtf8(state, bytes)
  const seen = state.need === 0 && state.invalidAt < 0 ? countMaskedAscii(bytes, key, phase) : 0
  const before = seen === 0 ? state : { ...state, length: state.length + seen }
  return seen === bytes.length
    ? before
    : validateUtf8(before, applyMaskBriefly(bytes.subarray(seen), key, phase + seen))
}

/** The key twice, as it lies over the first word. */
const turned = new Uint8Array(8)
const turnedWord = new BigInt64Array(turned.buffer)

/** How many bytes from the first on are ASCII below the mask. Of a key longer than 4 bytes nothing is seen. */
function countMaskedAscii(bytes: Uint8Array, key: Uint8Array, phase: number): number {
  if (key.length !== 4) return 0
  if (bytes.length < wordWiseFrom) return skipSingly(bytes, key, phase, 0, bytes.length)
  const first = -bytes.byteOffset & 7
  const at = skipSingly(bytes, key, phase, 0, first)
  if (at < first) return at
  for (let i = 0; i < 8; i++) turned[i] = key[(phase + first + i) & 3]!
  const words = new BigInt64Array(bytes.buffer, bytes.byteOffset + first, (bytes.length - first) >> 3)
  return skipSingly(bytes, key, phase, first + 8 * skipAsciiWords(words, 0, turnedWord[0]!), bytes.length)
}

function skipSingly(bytes: Uint8Array, key: Uint8Array, phase: number, from: number, to: number): number {
  let at = from
  while (at < to && (bytes[at]! ^ key[(phase + at) & 3]!) < 0x80) at++
  return at
}
