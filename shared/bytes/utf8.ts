// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
import { concat } from './concat.ts'
import { roomFor } from './room.ts'

/** How far a fold over text has come. A value: feeding it gives a new one. Offsets count from the first byte fed. */
export interface Utf8State {
  /** Bytes fed so far. */
  readonly length: number
  /** Continuation bytes the unfinished character still needs; 0 between characters. */
  readonly need: number
  /** What the next continuation byte may be. Narrower than 0x80-0xBF only after E0, ED, F0 and F4. */
  readonly low: number
  readonly high: number
  /** Offset of the first byte of the last character begun. */
  readonly characterAt: number
  /** Offset of the first byte that no continuation can make valid; -1 while there is none. Stays once set. */
  readonly invalidAt: number
}

export const utf8Start: Utf8State = { length: 0, need: 0, low: 0x80, high: 0xbf, characterAt: 0, invalidAt: -1 }

/** Feeds bytes [from, to). The answer does not depend on how the text was cut. Allocates a few small objects per call. */
export function validateUtf8(state: Utf8State, bytes: Uint8Array, from = 0, to = bytes.length): Utf8State {
  const length = state.length + to - from
  if (state.invalidAt >= 0) return { ...state, length }
  const base = state.length - from
  const words = wordsIn(bytes, from, to)
  let { need, low, high, characterAt } = state
  let at = from
  while (at < to) {
    const byte = bytes[at]!
    if (need > 0) {
      if (byte < low || byte > high) return { length, need, low, high, characterAt, invalidAt: base + at }
      need--
      low = 0x80
      high = 0xbf
      at++
    } else if (byte < 0x80) {
      at = skipAscii(bytes, words, at + 1, to)
    } else {
      characterAt = base + at
      need = continuationsAfter(byte)
      if (need === 0) return { length, need, low, high, characterAt, invalidAt: base + at }
      low = lowestSecond(byte)
      high = highestSecond(byte)
      at++
    }
  }
  return { length, need, low, high, characterAt, invalidAt: -1 }
}

/** Whether the text could end here. When it could not, the unfinished character begins at `characterAt`. */
export function endsWhole(state: Utf8State): boolean {
  return state.invalidAt < 0 && state.need === 0
}

/** Words of eight bytes, in the machine's byte order: here it does not matter. */
interface Words {
  readonly all: BigInt64Array
  /** Index of the byte that the first begins at. */
  readonly from: number
}

/** Below this many bytes setting up the word-wise loop costs more than it saves. */
const wordWiseFrom = 64

/** Those that lie whole in [from, to), where there are enough of them to be worth it. */
function wordsIn(bytes: Uint8Array, from: number, to: number): Words | null {
  if (to - from < wordWiseFrom) return null
  const aligned = from + (-(bytes.byteOffset + from) & 7)
  return { all: new BigInt64Array(bytes.buffer, bytes.byteOffset + aligned, (to - aligned) >> 3), from: aligned }
}

/** Where the run of ASCII that begins at `from` ends. */
function skipAscii(bytes: Uint8Array, words: Words | null, from: number, to: number): number {
  if (words === null) return skipSingly(bytes, from, to)
  const aligned = from <= words.from ? words.from : from + (-(from - words.from) & 7)
  const at = skipSingly(bytes, from, Math.min(to, aligned))
  if (at < aligned) return at
  return skipSingly(bytes, words.from + 8 * skipAsciiWords(words.all, (at - words.from) >> 3), to)
}

/** No byte of a word has it that is ASCII. */
const topBits = BigInt.asIntN(64, 0x8080808080808080n)

/** Index of the first word from the given one on that is not ASCII throughout when `key` is XORed onto it. */
export function skipAsciiWords(words: BigInt64Array, from: number, key = 0n): number {
  const last = words.length - 8
  let i = from
  while (i <= last && (eightFrom(words, i, key) & topBits) === 0n) i += 8 // most text is ASCII throughout
  while (i < words.length && ((words[i]! ^ key) & topBits) === 0n) i++
  return i
}

/** All bits of eight words, laid over each other. */
function eightFrom(words: BigInt64Array, i: number, key: bigint): bigint {
  const first = (words[i]! ^ key) | (words[i + 1]! ^ key) | (words[i + 2]! ^ key) | (words[i + 3]! ^ key)
  return first | (words[i + 4]! ^ key) | (words[i + 5]! ^ key) | (words[i + 6]! ^ key) | (words[i + 7]! ^ key)
}

function skipSingly(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at]! < 0x80) at++
  return at
}

/** 0 for a byte that cannot begin a character of several bytes. RFC 3629 §4. */
function continuationsAfter(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 1
  if (lead >= 0xe0 && lead <= 0xef) return 2
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0
}

function lowestSecond(lead: number): number {
  if (lead === 0xe0) return 0xa0 // below: overlong
  return lead === 0xf0 ? 0x90 : 0x80 // below: overlong
}

function highestSecond(lead: number): number {
  if (lead === 0xed) return 0x9f // above: surrogates
  return lead === 0xf4 ? 0x8f : 0xbf // above: past U+10FFFF
}

/** The coder of the platform, which every host has (docs/decisions/0007). Of it, what is used here. */
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly ignoreBOM: true },
) => {
  decode(bytes: Uint8Array): string
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Short text is encoded here and copied out: the platform takes longer to make room for it. */
const scratch = new Uint8Array(3 * 1024)

/** UTF-8 of a string. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encodeUtf8Behind(0, text)
}

/** The same behind `room` zeros, for what is to stand in front of it: then it need not be moved. */
export function encodeUtf8Behind(room: number, text: string): Uint8Array {
  return text.length * 3 > scratch.length ? encodeLong(room, text) : encodeShort(room, text)
}

function encodeShort(room: number, text: string): Uint8Array {
  const { written } = encoder.encodeInto(text, scratch)
  const bytes = roomFor(room + written)
  bytes.set(scratch.subarray(0, written), room)
  return bytes
}

/** Most long text is ASCII, which has as many bytes as characters. */
function encodeLong(room: number, text: string): Uint8Array {
  const bytes = new Uint8Array(room + text.length)
  const { read, written } = encoder.encodeInto(text, room === 0 ? bytes : bytes.subarray(room))
  if (read === text.length) return bytes
  return concat(bytes.subarray(0, room + written), encoder.encode(text.slice(read)))
}

/**
 * Text of the bytes [from, to); each longest run that begins a character but does not finish it becomes one U+FFFD, as
 * browsers do. A byte order mark is kept: it is part of the message.
 */
export function decodeUtf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return decoder.decode(bytes.subarray(from, to))
}
