// Finding the row of a byte in a ladder of any length, by asking for a few rows at a time.
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { spanContains } from '../../../shared/bytes/span.ts'
import type { LadderRow } from '../../../shared/capture/view.ts'

/** Rows asked for at once. */
const page = 64

export type ReadRows = (from: number, count: number) => Promise<readonly LadderRow[] | null>

/**
 * The index of the row in [low, high) that holds the byte; null when there is none or the host did not answer. The rows
 * of one lane are in the order of their bytes, so each page rules out what is on one side of it.
 */
export async function locateRow(
  read: ReadRows,
  { low, high }: { readonly low: number; readonly high: number },
  lane: Lane,
  offset: number,
  connection: number,
): Promise<number | null> {
  if (low >= high) return null
  const from = Math.max(low, Math.floor((low + high - page) / 2))
  const rows = await read(from, Math.min(page, high - from))
  if (!rows || rows.length === 0) return null
  const own = rows.filter((row) => row.connection === connection && row.lane === lane && row.kind !== 'dropped')
  const found = own.find((row) => spanContains(row.span, offset))
  if (found) return found.index
  const before = () => locateRow(read, { low, high: from }, lane, offset, connection)
  const behind = () => locateRow(read, { low: from + rows.length, high }, lane, offset, connection)
  const [first] = own
  // A page without a row of this lane rules nothing out.
  if (!first) return (await before()) ?? behind()
  return offset < first.span.start ? before() : behind()
}
