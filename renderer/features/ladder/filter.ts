// What the filter bar sends and says.
import type { RunView } from '../../../shared/ipc/contract.ts'

/** The line that sets the filter, or takes it away when nothing is typed. */
export function filterLine(typed: string): string {
  return `filter ${typed.trim()}`.trim()
}

/** `12 match`, and how much was searched while that is not all. */
export function filterSays({ searched, of }: NonNullable<RunView['filter']>, matches: number): string {
  const found = `${matches.toLocaleString('en')} match`
  return searched < of ? `${found}, ${Math.floor((searched / of) * 100)}% searched` : found
}
