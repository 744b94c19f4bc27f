// Tables of text.

/** Its cells. */
export type Line = readonly string[]

/** Columns as wide as the widest of their cells, two spaces apart. */
export function paddedLines(lines: readonly Line[]): readonly string[] {
  const widths: number[] = []
  for (const line of lines) {
    for (const [column, text] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length)
  }
  return lines.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
