// Which bytes are lit, keyed by absolute offset. Hex cells subscribe singly: hovering a field repaints its bytes only.
import type { Lane } from '../../shared/bytes/lanes.ts'
import { type Span, spanContains } from '../../shared/bytes/span.ts'

export interface Lit extends Span {
  readonly lane: Lane
  /** Only these bytes of it are lit. */
  readonly parts?: readonly Span[] | undefined
}

/**
 * `hover` follows the pointer, `selected` is the picked field or byte, `unit` the unit around
 * it, `caret` the one byte keys act on.
 */
export type Layer = 'hover' | 'selected' | 'unit' | 'caret'

/** Bits of what `lightOf` answers. */
export const light = { none: 0, hover: 1, selected: 2, unit: 4, caret: 8 } as const

export interface Highlight {
  set(layer: Layer, lit: Lit | null): void
  get(layer: Layer): Lit | null
  lightOf(lane: Lane, offset: number): number
  /** Called when the light of this byte may have changed. Returns its undo. */
  watchByte(lane: Lane, offset: number, listener: () => void): () => void
  /** Called when a layer changed as a whole. Returns its undo. */
  watch(listener: () => void): () => void
}

function holds(lit: Lit | null, lane: Lane, offset: number): boolean {
  if (lit === null || lit.lane !== lane || !spanContains(lit, offset)) return false
  return lit.parts === undefined || lit.parts.some((part) => spanContains(part, offset))
}

function same(a: Lit | null, b: Lit | null): boolean {
  if (a === null || b === null) return a === b
  return a.lane === b.lane && a.start === b.start && a.end === b.end && a.parts === b.parts
}

export function createHighlight(): Highlight {
  const lit: Record<Layer, Lit | null> = { hover: null, selected: null, unit: null, caret: null }
  const watchers = new Set<() => void>()
  const cells: Record<Lane, Map<number, Set<() => void>>> = { clientToServer: new Map(), serverToClient: new Map() }

  /** Only cells on screen are in the map, so this is bounded by what is visible, not by how long a span is. */
  function tellCells(before: Lit | null, after: Lit | null) {
    for (const lane of Object.keys(cells) as Lane[]) {
      for (const [offset, listeners] of cells[lane]) {
        if (holds(before, lane, offset) === holds(after, lane, offset)) continue
        for (const listener of listeners) listener()
      }
    }
  }

  return {
    set(layer, next) {
      const before = lit[layer]
      if (same(before, next)) return
      lit[layer] = next
      tellCells(before, next)
      for (const watcher of watchers) watcher()
    },
    get: (layer) => lit[layer],
    lightOf: (lane, offset) =>
      (holds(lit.hover, lane, offset) ? light.hover : light.none) |
      (holds(lit.selected, lane, offset) ? light.selected : light.none) |
      (holds(lit.unit, lane, offset) ? light.unit : light.none) |
      (holds(lit.caret, lane, offset) ? light.caret : light.none),
    watchByte(lane, offset, listener) {
      const listeners = cells[lane].get(offset) ?? new Set()
      cells[lane].set(offset, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) cells[lane].delete(offset)
      }
    },
    watch(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
  }
}
