// Finds what a mistyped word probably meant.

/** The candidate fewest typing slips away from `text`; null when none is near. */
export function nearest<T extends string>(text: string, candidates: readonly T[]): T | null {
  let best: T | null = null
  let least = Math.max(1, Math.floor(text.length / 3)) + 1
  for (const candidate of candidates) {
    const slips = slipsBetween(text, candidate)
    if (slips < least) [best, least] = [candidate, slips]
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function slipsBetween(from: string, to: string): number {
  let older: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const slips = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1))
      row.push(swapped ? Math.min(slips, older[j - 2]! + 1) : slips)
    }
    older = previous
    previous = row
  }
  return previous[to.length] ?? 0
}
