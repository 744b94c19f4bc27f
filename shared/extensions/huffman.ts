// Huffman codes as tables to look symbols up in, RFC 1951 §3.2.2.

/**
 * `entries[bits]` is symbol * 16 + length of the code that the low bits begin with, 0 where they begin none. There are
 * 2^longest entries.
 */
export interface Huffman {
  readonly entries: Uint16Array
  readonly longest: number
}

/** The order in which the lengths of the code length code are written. RFC 1951 §3.2.7. */
export const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/**
 * The canonical code with these lengths, 0 for symbols without a code; null when the lengths make none.
 * `singleAllowed`: one symbol of one bit, or none at all, will do although bits are left over. RFC 1951 §3.2.7.
 */
export function buildTable(lengths: readonly number[], rule: 'complete' | 'singleAllowed'): Huffman | null {
  const counts = new Array<number>(16).fill(0)
  for (const length of lengths) if (length > 0) counts[length]!++
  const longest = Math.max(1, ...lengths)
  let room = 1
  const next = [0, 0]
  for (let length = 1; length <= 15; length++) {
    room = room * 2 - counts[length]!
    if (room < 0) return null
    next[length + 1] = (next[length]! + counts[length]!) << 1
  }
  if (room > 0 && (rule === 'complete' || longest > 1)) return null
  return { entries: fill(lengths, next, longest), longest }
}

function fill(lengths: readonly number[], next: number[], longest: number): Uint16Array {
  const entries = new Uint16Array(1 << longest)
  lengths.forEach((length, symbol) => {
    if (length === 0) return
    const code = reversed(next[length]!++, length)
    for (let at = code; at < entries.length; at += 1 << length) entries[at] = (symbol << 4) | length
  })
  return entries
}

/** RFC 1951 §3.1.1: codes are written from their highest bit on, everything else from the lowest. */
export function reversed(code: number, length: number): number {
  let turned = 0
  for (let bit = 0; bit < length; bit++) turned |= ((code >> bit) & 1) << (length - 1 - bit)
  return turned
}

/** RFC 1951 §3.2.6. */
export const fixedLiteralLengths: readonly number[] = Array.from({ length: 288 }, (_, symbol) => {
  if (symbol < 144) return 8
  if (symbol < 256) return 9
  return symbol < 280 ? 7 : 8
})

export const fixedLiterals = buildTable(fixedLiteralLengths, 'complete')!
export const fixedDistances = buildTable(new Array<number>(32).fill(5), 'complete')!
