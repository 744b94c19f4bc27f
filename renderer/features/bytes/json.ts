// How keys move in the tree of a JSON text.
import type { JsonRow } from '../../../shared/bytes/json.ts'

export type JsonMove =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'fold'; readonly open: boolean }
  | { readonly kind: 'unfoldBeside' }

/** What a key does from row `at`, as trees do it everywhere (WAI-ARIA tree pattern); null when it does nothing. */
export function moveOf(key: string, rows: readonly JsonRow[], at: number): JsonMove | null {
  const row = rows[at]
  const go = (to: number): JsonMove => ({ kind: 'go', to: Math.max(0, Math.min(rows.length - 1, to)) })
  if (!row) return rows.length > 0 && /^(Arrow|Home|End)/.test(key) ? go(key === 'End' ? rows.length : 0) : null
  switch (key) {
    case 'ArrowDown':
      return go(at + 1)
    case 'ArrowUp':
      return go(at - 1)
    case 'Home':
      return go(0)
    case 'End':
      return go(rows.length - 1)
    case 'ArrowRight':
      return row.open === false ? { kind: 'fold', open: true } : row.open ? go(at + 1) : null
    case 'ArrowLeft':
      return row.open ? { kind: 'fold', open: false } : goToParent(rows, at)
    case '*':
      return { kind: 'unfoldBeside' }
    case 'Enter':
    case ' ':
      return go(at)
    default:
      return null
  }
}

/** The row that row `at` is in; -1 at the top. */
function parentOf(rows: readonly JsonRow[], at: number): number {
  let to = at - 1
  while (to >= 0 && rows[to]!.depth >= rows[at]!.depth) to -= 1
  return to
}

function goToParent(rows: readonly JsonRow[], at: number): JsonMove | null {
  const to = parentOf(rows, at)
  return to < 0 ? null : { kind: 'go', to }
}

/** The rows that `*` unfolds: those beside row `at`, and itself. */
export function besides(rows: readonly JsonRow[], at: number): readonly number[] {
  const { depth } = rows[at]!
  const first = parentOf(rows, at) + 1
  const after = rows.findIndex((row, index) => index > at && row.depth < depth)
  return rows
    .slice(first, after < 0 ? rows.length : after)
    .filter((row) => row.depth === depth && row.open === false)
    .map(({ start }) => start)
}
