// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.

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

/** Feeds bytes [from, to). The answer does not depend on how the text was cut. Allocates once per call. */
export function validateUtf8(state: Utf8State, bytes: Uint8Array, from = 0, to = bytes.length): Utf8State {
  const length = state.length + to - from
  if (state.invalidAt >= 0) return { ...state, length }
  const base = state.length - from
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
      at = skipAscii(bytes, at + 1, to)
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

function skipAscii(bytes: Uint8Array, from: number, to: number): number {
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

/** UTF-8 of a string. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length)
  const from = encodeAscii(text, ascii)
  return from === text.length ? ascii : encodeFrom(text, from, ascii)
}

/** Writes what `text` begins with and is ASCII; answers how much that is. Most text is ASCII to its end. */
function encodeAscii(text: string, bytes: Uint8Array): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) return i
    bytes[i] = unit
  }
  return text.length
}

/** The rest of a text whose first `from` code units are in `ascii` already. */
function encodeFrom(text: string, from: number, ascii: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(from + (text.length - from) * 3)
  bytes.set(ascii.subarray(0, from))
  let to = from
  for (let i = from; i < text.length; i++) {
    const unit = text.codePointAt(i)!
    if (unit < 0x80) {
      bytes[to++] = unit
    } else if (unit < 0x800) {
      bytes[to++] = 0xc0 | (unit >> 6)
      bytes[to++] = 0x80 | (unit & 63)
    } else if (unit < 0x10000) {
      const point = unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit
      bytes[to++] = 0xe0 | (point >> 12)
      bytes[to++] = 0x80 | ((point >> 6) & 63)
      bytes[to++] = 0x80 | (point & 63)
    } else {
      i++
      bytes[to++] = 0xf0 | (unit >> 18)
      bytes[to++] = 0x80 | ((unit >> 12) & 63)
      bytes[to++] = 0x80 | ((unit >> 6) & 63)
      bytes[to++] = 0x80 | (unit & 63)
    }
  }
  return bytes.slice(0, to)
}

/** Code units built up before they are turned into text. */
const block = 4096

/**
 * Text of the bytes [from, to); each longest run that begins a character but does not finish it becomes one U+FFFD, as
 * browsers do. A byte order mark is kept: it is part of the message.
 */
export function decodeUtf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const ascii = skipAscii(bytes, from, to)
  let text = ''
  for (let at = from; at < ascii; at += block) text += fromUnits(bytes.subarray(at, Math.min(at + block, ascii)))
  return ascii === to ? text : text + decodeMixed(bytes, ascii, to)
}

function decodeMixed(bytes: Uint8Array, from: number, to: number): string {
  const units = new Uint16Array(Math.min(block, to - from) + 2)
  let text = ''
  let count = 0
  let at = from
  while (at < to) {
    const length = characterLength(bytes, at, to)
    const point = length > 0 ? codePoint(bytes, at, length) : 0xfffd
    at += Math.abs(length)
    if (point >= 0x10000) {
      units[count++] = 0xd7c0 + (point >> 10)
      units[count++] = 0xdc00 | (point & 0x3ff)
    } else {
      units[count++] = point
    }
    if (count >= block) {
      text += fromUnits(units.subarray(0, count))
      count = 0
    }
  }
  return text + fromUnits(units.subarray(0, count))
}

/** At most a block and a pair of surrogates: they go as arguments. */
function fromUnits(units: Uint8Array | Uint16Array): string {
  return String.fromCharCode.apply(null, units as unknown as number[])
}

/** Bytes of the character at `at`; negative: that many bytes begin none. */
function characterLength(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const need = continuationsAfter(lead)
  if (need === 0) return -1
  let low = lowestSecond(lead)
  let high = highestSecond(lead)
  for (let i = 1; i <= need; i++) {
    const byte = at + i < to ? bytes[at + i]! : 0
    if (byte < low || byte > high) return -i
    low = 0x80
    high = 0xbf
  }
  return need + 1
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  const lead = bytes[at]!
  if (length === 1) return lead
  let point = lead & (0x7f >> length)
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i]! & 63)
  return point
}
