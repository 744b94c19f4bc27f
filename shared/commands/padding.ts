// Tables of text.

/** Its cells. */
export type Line = readonly string[]

const gap = 2

/** Columns as wide as the widest of their cells, two spaces apart. */
export function paddedLines(lines: readonly Line[]): readonly string[] {
  const widths = widthsOf(lines)
  return lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column]!))
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

/**
 * The table in as many tables as it takes for none to be wider than `width` characters, each with the first column in
 * front. One that is too wide with a single column more is left so.
 */
export function splitToFit(lines: readonly Line[], width: number): readonly (readonly Line[])[] {
  const [first = 0, ...widths] = widthsOf(lines)
  const groups: number[][] = []
  let taken = first
  for (const [index, own] of widths.entries()) {
    if (groups.length === 0 || taken + gap + own > width) {
      groups.push([])
      taken = first
    }
    groups.at(-1)!.push(index + 1)
    taken += gap + own
  }
  return groups.map((columns) =>
    lines.map((line) => (line.length === 0 ? line : [line[0]!, ...columns.flatMap((at) => line[at] ?? [])])),
  )
}

function widthsOf(lines: readonly Line[]): readonly number[] {
  const widths: number[] = []
  for (const line of lines) {
    for (const [column, text] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length)
  }
  return widths
}
