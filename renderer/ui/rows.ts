// Where the rows of a list are. All are of one height, except that the first may have its own: so nothing has to be
// kept for each row, and a list can be as long as it likes.

export interface RowSizes {
  readonly count: number
  /** Pixels of one row. */
  readonly height: number
  /** Pixels of the first row. */
  readonly first: number
}

/** Rows [from, to). */
export interface RowRange {
  readonly from: number
  readonly to: number
}

export function topOf(index: number, { height, first }: RowSizes): number {
  return index === 0 ? 0 : first + (index - 1) * height
}

export function totalHeight(sizes: RowSizes): number {
  return topOf(sizes.count, sizes)
}

/** The row at an offset in pixels; beyond the end, `count`. */
export function indexAt(offset: number, { count, height, first }: RowSizes): number {
  const index = offset < first ? 0 : 1 + Math.floor((offset - first) / height)
  return Math.max(0, Math.min(count, index))
}

/**
 * The rows that have to exist for a view.
 * @param offset of the view's top, in pixels
 * @param view its height
 * @param extra rows on either side of it, so that the next ones are there before they are seen
 */
export function rowsInView(offset: number, view: number, extra: number, sizes: RowSizes): RowRange {
  const from = Math.max(0, indexAt(offset, sizes) - extra)
  const to = Math.min(sizes.count, indexAt(offset + view, sizes) + 1 + extra)
  return { from: Math.min(from, to), to }
}

/** The smallest move that shows a row whole: the offset to scroll to. */
export function offsetToShow(index: number, offset: number, view: number, sizes: RowSizes): number {
  const [top, bottom] = [topOf(index, sizes), topOf(index + 1, sizes)]
  if (top < offset) return top
  return bottom > offset + view ? bottom - view : offset
}
