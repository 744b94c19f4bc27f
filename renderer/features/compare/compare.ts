// What the comparison draws, and how its keys move.
import { receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import type { ComparedCell, ComparedPhase, ComparedRow, StepResult } from '../../../shared/compare/types.ts'
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

/** `client → server`, once a row. */
export function rowLane({ lane }: ComparedRow): string {
  return `${senderOf(lane)} → ${receiverOf(lane)}`
}

export function cellSize({ size }: ComparedCell): string {
  return size > 0 ? formatSize(size) : '✓'
}

/** Which cell a key goes to; null when the key does not move. Cells that are empty are skipped over by the caller. */
export function stepOfKey(key: string): readonly [rows: number, columns: number] | null {
  const steps: Record<string, readonly [number, number]> = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
  }
  return steps[key] ?? null
}
