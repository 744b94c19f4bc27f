// How large the panes are: as the person left them, else by the size of the window.

export type LayoutName = 'columns' | 'rows'

export const panes = {
  columns: ['ladder-pane', 'bytes-pane', 'explain-pane'],
  rows: ['upper-pane', 'lower-pane'],
} as const satisfies Record<LayoutName, readonly string[]>

/** Pixels that 16 bytes as hex and text need, with room for the scroll bar. */
export const bytesWidth = 640

/** Percentages for a window that has no sizes saved. The bytes need a width; the rest is split. */
export function defaultSizes(name: LayoutName, window: { width: number; height: number }): readonly number[] {
  if (name === 'rows') {
    const bottom = Math.min(42, (236 / Math.max(1, window.height - 92)) * 100)
    return [100 - bottom, bottom]
  }
  const bytes = Math.max(36, Math.min(52, (bytesWidth / window.width) * 100))
  const ladder = (100 - bytes) * 0.46
  return [ladder, bytes, 100 - bytes - ladder]
}

/** Sizes by pane, for the resizable group. Saved sizes that do not fit the panes are left aside. */
export function sizesByPane(
  name: LayoutName,
  saved: readonly number[] | undefined,
  window: { width: number; height: number },
): Record<string, number> {
  const sizes = saved?.length === panes[name].length ? saved : defaultSizes(name, window)
  return Object.fromEntries(panes[name].map((pane, index) => [pane, sizes[index] ?? 0]))
}
