// Which lengths and distances the codes of DEFLATE stand for, RFC 1951 §3.2.5.

/** The code stands for `least` plus the number in the `bits` that follow it. */
export interface ExtraCode {
  readonly least: number
  readonly bits: number
}

function codesFrom(first: number, bits: readonly number[]): readonly ExtraCode[] {
  let least = first
  return bits.map((count) => {
    const code = { least, bits: count }
    least += 2 ** count
    return code
  })
}

/** By symbol minus 257. 258, the longest, has a code of its own, which the rule would not give. */
export const lengthOf: readonly ExtraCode[] = [
  ...codesFrom(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]),
  { least: 258, bits: 0 },
]

export const distanceOf: readonly ExtraCode[] = codesFrom(
  1,
  [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13],
)

/** Index of the last code that stands for no more than `value`. */
export function codeFor(codes: readonly ExtraCode[], value: number): number {
  let low = 0
  let high = codes.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (codes[middle]!.least <= value) low = middle
    else high = middle - 1
  }
  return low
}
