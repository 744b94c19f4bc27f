// Parts of long lists.

/** Some rows of a list, and how many the whole list has as of the cursor. */
export interface ListPage<Row> {
  readonly total: number
  readonly rows: readonly Row[]
}

/** Rows [from, from + count) of a list of `total`, made one by one. */
export function pageOf<Row>(total: number, from: number, count: number, make: (index: number) => Row): ListPage<Row> {
  return { total, rows: indicesIn(from, Math.min(total, from + count)).map(make) }
}

/** The numbers [from, to). */
export function indicesIn(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place)
}
