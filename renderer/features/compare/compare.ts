// What the comparison draws, and how its keys move.
import type { ComparedPhase, ComparedRow, StepResult } from '../../../shared/compare/types.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { formatSize } from '../../ui/format.ts'

/** Columns a comparison has. */
export const fewestColumns = 2
export const mostColumns = 10

/** The picked dialects with one more or one less, in the order they are listed in. */
export function toggled(
  picked: readonly DialectId[],
  id: DialectId,
  listed: readonly DialectId[],
): readonly DialectId[] {
  return listed.filter((one) => (one === id ? !picked.includes(id) : picked.includes(one)))
}

/** Why these cannot be compared; null when they can. */
export function whyNot(picked: readonly DialectId[]): string | null {
  if (picked.length < fewestColumns) return 'Pick two dialects or more.'
  return picked.length > mostColumns ? `Pick ${mostColumns} dialects at most.` : null
}

/** Whether the columns of a row do not all have the same: one lacks it, or the sizes differ. */
export function rowDiffers({ cells }: ComparedRow): boolean {
  const [first] = cells
  return cells.some((cell) => cell?.size !== first?.size || cell?.masked !== first?.masked)
}

/** What stands at the head of a phase in one column: its bytes, or why there are none. */
export function phaseText({ results, bytes }: ComparedPhase, column: number): string {
  const result = results[column]!
  if (result.kind === 'done') {
    const { clientToServer, serverToClient } = bytes[column]!
    return formatSize(clientToServer + serverToClient)
  }
  return result.kind === 'lacking' ? 'not in this dialect' : 'refused'
}

export function resultNote(result: StepResult): string | undefined {
  return result.kind === 'done' ? undefined : result.says
}

function stepOfKey(key: string): readonly [rows: number, columns: number] | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
  }
  return steps[key] ?? null
}

/** A row of the table: the head of a phase, or units that belong to it. */
export type Line =
  | { readonly kind: 'phase'; readonly phase: ComparedPhase }
  | { readonly kind: 'units'; readonly row: ComparedRow }

export function linesOf(phases: readonly ComparedPhase[]): readonly Line[] {
  return phases.flatMap((phase) => [
    { kind: 'phase', phase } as const,
    ...phase.rows.map((row) => ({ kind: 'units', row }) as const),
  ])
}

/** Where a cell is in the table: its line, and its column behind the line's head. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The cell a key goes to, over those that are empty; null when there is none, or the key does not move. */
export function cellAfter(key: string, from: Place, lines: readonly Line[]): Place | null {
  const step = stepOfKey(key)
  if (!step) return null
  let [line, column] = [from.line, from.column]
  let cell: object | null | undefined
  do {
    line += step[0]
    column += step[1]
    cell = cellsOf(lines[line])[column]
  } while (cell === null)
  return cell ? { line, column } : null
}

/** What can be gone to, by column; null where there is nothing. Beside the table there are no columns. */
function cellsOf(line: Line | undefined): readonly (object | null)[] {
  if (!line) return []
  return line.kind === 'units' ? line.row.cells : line.phase.results.map(() => null)
}
