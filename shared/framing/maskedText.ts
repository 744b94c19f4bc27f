// Judging text that is still masked, as whoever only watches it does.
import { skipAsciiWords, type Utf8State, validateUtf8 } from '../bytes/utf8.ts'
import { applyMaskBriefly } from './mask.ts'

/** Below this many bytes setting up the word-wise loop costs more than it saves. */
const wordWiseFrom = 64

/**
 * Feeds bytes [from, to) as they are once `key` is taken off, when there is one; `phase` is how many payload bytes came
 * before. Most text is ASCII, which is seen through the mask.
 */
export function validateMasked(
  state: Utf8State,
  bytes: Uint8Array,
  key: Uint8Array | null,
  phase = 0,
  from = 0,
  to = bytes.length,
): Utf8State {
  if (!key) return validateUtf8(state, bytes, from, to)
  const isBetween = state.need === 0 && state.invalidAt < 0
  const seen = isBetween ? skipMaskedAscii(bytes, key, phase - from, from, to) : from
  const before = seen === from ? state : { ...state, length: state.length + seen - from }
  if (seen === to) return before
  return validateUtf8(before, applyMaskBriefly(bytes.subarray(seen, to), key, phase + seen - from))
}

/** The key twice, as it lies over the first word. */
const turned = new Uint8Array(8)
const turnedWord = new BigInt64Array(turned.buffer)

/** Where the run that begins at `from` ends of what is ASCII below the mask. Of a key longer than 4 bytes nothing is seen. */
function skipMaskedAscii(bytes: Uint8Array, key: Uint8Array, turn: number, from: number, to: number): number {
  if (key.length !== 4) return from
  if (to - from < wordWiseFrom) return skipSingly(bytes, key, turn, from, to)
  const aligned = from + (-(bytes.byteOffset + from) & 7)
  const at = skipSingly(bytes, key, turn, from, aligned)
  if (at < aligned) return at
  for (let i = 0; i < 8; i++) turned[i] = key[(turn + aligned + i) & 3]!
  const words = new BigInt64Array(bytes.buffer, bytes.byteOffset + aligned, (to - aligned) >> 3)
  return skipSingly(bytes, key, turn, aligned + 8 * skipAsciiWords(words, 0, turnedWord[0]!), to)
}

/** Byte `at` has `key[(turn + at) mod 4]` on it. */
function skipSingly(bytes: Uint8Array, key: Uint8Array, turn: number, from: number, to: number): number {
  let at = from
  while (at < to && (bytes[at]! ^ key[(turn + at) & 3]!) < 0x80) at++
  return at
}
