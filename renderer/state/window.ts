// Which part of a long list to ask for, so that scrolling a little asks nothing.

export interface Range {
  readonly from: number
  readonly count: number
}

/**
 * The range to hold for what is visible: the one held while it covers the view, else one of `size` around it.
 * @param visible first and last+1 index on screen
 */
export function rangeAround(held: Range | null, visible: { from: number; to: number }, size: number): Range {
  if (held && visible.from >= held.from && visible.to <= held.from + held.count) return held
  const middle = (visible.from + visible.to) / 2
  const step = size / 4
  return { from: Math.max(0, Math.floor((middle - size / 2) / step) * step), count: size }
}
