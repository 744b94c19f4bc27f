// The challenge of hixie-76 and hybi-01 to 03: two keys that hide a number each, 8 bytes behind the request's empty
// line, and the MD5 of all three behind the response's. hixie-76 §1.3, §4.1, §5.2.
import { md5 } from '@noble/hashes/legacy.js'
import { concat } from '../bytes/concat.ts'
import type { Lane } from '../bytes/lanes.ts'
import { pickFrom, randomInteger } from '../bytes/random.ts'

/** Bytes behind the request's empty line. */
export const key3Size = 8
/** Bytes behind the response's. */
export const proofSize = 16

export function challengeSize(lane: Lane): number {
  return lane === 'clientToServer' ? key3Size : proofSize
}

const largestPart = 0xffffffff

/** What one key says: all its digits in order, its spaces, and one divided by the other. */
export interface KeyNumber {
  readonly digits: string
  readonly spaces: number
  readonly part: number
}

export type ParsedKeyNumber =
  | { readonly ok: true; readonly value: KeyNumber }
  /**
   * `spaces`: there is none to divide by. `digits`: there is none, a case no draft speaks of. `multiple`: the division
   * leaves a rest. `range`: the quotient does not fit 32 bits, a case no draft speaks of.
   */
  | { readonly ok: false; readonly reason: 'spaces' | 'digits' | 'multiple' | 'range' }

/**
 * Reads a key as a server does. hixie-76 §5.2: every other character is noise. Digits are counted without losing any,
 * however many there are.
 */
export function parseKeyNumber(text: string): ParsedKeyNumber {
  const digits = text.replace(/[^0-9]/g, '')
  const spaces = text.replace(/[^ ]/g, '').length
  if (spaces === 0) return { ok: false, reason: 'spaces' }
  if (digits === '') return { ok: false, reason: 'digits' }
  const number = BigInt(digits)
  if (number % BigInt(spaces) !== 0n) return { ok: false, reason: 'multiple' }
  const part = number / BigInt(spaces)
  if (part > BigInt(largestPart)) return { ok: false, reason: 'range' }
  return { ok: true, value: { digits, spaces, part: Number(part) } }
}

const mostSpaces = 12
const mostNoise = 12

/**
 * Why no client that follows the steps writes this key, though a server can read it: hixie-76 §4.1. Null when one might
 * have. Servers have no step that looks at it.
 */
export function keyOddity(text: string): string | null {
  const digits = text.replace(/[^0-9]/g, '')
  const spaces = text.replace(/[^ ]/g, '').length
  const noise = text.replace(/[0-9 ]/g, '')
  if (spaces > mostSpaces) return `${spaces} spaces, ${mostSpaces} are the most`
  if (/^ | $/.test(text)) return 'a space at the beginning or the end'
  if (/^0./.test(digits)) return 'a number that begins with 0'
  if (BigInt(digits) > BigInt(largestPart)) return `a number above ${largestPart}`
  if (noise === '' || noise.length > mostNoise) return `${noise.length} other characters, 1 to ${mostNoise} are due`
  return /[^!-/:-~]/.test(noise) ? 'a character outside U+0021 to U+007E' : null
}

/** The 16 bytes that are hashed: both parts, most significant byte first, then the 8 bytes as they came. */
export function challengeBytes(part1: number, part2: number, key3: Uint8Array): Uint8Array {
  const parts = new DataView(new ArrayBuffer(8))
  parts.setUint32(0, part1)
  parts.setUint32(4, part2)
  return concat(new Uint8Array(parts.buffer), key3)
}

/** The 16 bytes that prove that the server read both keys and the 8 bytes. */
export function keyNumbersProof(part1: number, part2: number, key3: Uint8Array): Uint8Array {
  return md5(challengeBytes(part1, part2, key3))
}

/** U+0021 to U+002F and U+003A to U+007E: anything visible but digits. */
const noise = Array.from({ length: 0x7e - 0x21 + 1 }, (_, i) => String.fromCharCode(0x21 + i)).filter(
  (character) => !/[0-9]/.test(character),
)

/** A key as a client makes it. hixie-76 §4.1: spaces never come first or last, so that no reader trims one away. */
export function makeKeyNumber(random: (count: number) => Uint8Array): string {
  const spaces = 1 + randomInteger(random, 12)
  const number = randomInteger(random, Math.floor(largestPart / spaces) + 1)
  const characters = [...String(number * spaces)]
  const noises = 1 + randomInteger(random, 12)
  for (let i = 0; i < noises; i++) {
    characters.splice(randomInteger(random, characters.length + 1), 0, pickFrom(random, noise))
  }
  for (let i = 0; i < spaces; i++) characters.splice(1 + randomInteger(random, characters.length - 1), 0, ' ')
  return characters.join('')
}
