// What the hex view draws, byte by byte.
import { spanContains } from '../../../shared/bytes/span.ts'
import type { BytesView, Layer, Leaf, UnitView } from '../../../shared/capture/view.ts'

export const perRow = 16
export const rowHeight = 22

/** The bytes on show: a stretch of a lane, or one layer of a unit. `base` is the offset of the first row. */
export interface Sheet extends BytesView {
  readonly base: number
}

export interface Cell {
  readonly offset: number
  readonly value: number
  readonly leaf: Leaf | null
  readonly phase: 'delivered' | 'next' | 'held'
  readonly edited: boolean
}

/** The lane as it is on the wire. */
export function wireSheet(view: BytesView): Sheet {
  return { ...view, base: 0 }
}

/** One layer of a unit. Its bytes keep the offsets of the bytes they come from. */
export function layerSheet(unit: UnitView, layer: Layer): Sheet {
  const end = layer.at + layer.bytes.length
  return {
    lane: unit.lane,
    length: end,
    delivered: unit.span.start + unit.delivered,
    from: layer.at,
    bytes: layer.bytes,
    leaves: [{ start: layer.at, end, role: layer.name === 'text' ? 'text' : 'binary', name: layer.name }],
    edits: [],
    base: layer.at,
  }
}

export function rowCount(sheet: Sheet): number {
  return Math.ceil((sheet.length - sheet.base) / perRow)
}

export function rowOf(sheet: Sheet, offset: number): number {
  return Math.floor((offset - sheet.base) / perRow)
}

/** Index of the first leaf that ends behind the offset. Leaves are in order and do not overlap by bytes. */
function firstLeafPast(leaves: readonly Leaf[], offset: number): number {
  let low = 0
  let high = leaves.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((leaves[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** The leaf that gives a byte its colour: where several share the byte, the last, as in FIN, RSV1, …, opcode. */
export function leafAt(leaves: readonly Leaf[], offset: number): Leaf | null {
  let found: Leaf | null = null
  for (let index = firstLeafPast(leaves, offset); index < leaves.length; index++) {
    const leaf = leaves[index]
    if (!leaf || !spanContains(leaf, offset)) break
    found = leaf
  }
  return found
}

function phaseAt(sheet: Sheet, offset: number): Cell['phase'] {
  if (offset < sheet.delivered) return 'delivered'
  return offset === sheet.delivered ? 'next' : 'held'
}

/** The cells of one row; null where the sheet has no byte, or has not got it yet. */
export function cellsOf(sheet: Sheet, row: number): readonly (Cell | null)[] {
  const start = sheet.base + row * perRow
  return Array.from({ length: perRow }, (_, column) => {
    const offset = start + column
    const value = sheet.bytes[offset - sheet.from]
    if (value === undefined || offset >= sheet.length) return null
    return {
      offset,
      value,
      leaf: leafAt(sheet.leaves, offset),
      phase: phaseAt(sheet, offset),
      edited: sheet.edits.some((edit) => spanContains(edit, offset)),
    }
  })
}

/** A byte as one character: CR is ¬, LF is ¶, a space is ·, and what cannot be printed is a dot. */
export function characterOf(value: number): string {
  if (value === 0x0d) return '¬'
  if (value === 0x0a) return '¶'
  if (value === 0x20) return '·'
  return value > 0x20 && value < 0x7f ? String.fromCharCode(value) : '.'
}

/** Where a key moves the caret to; null when the key is not one that moves it. */
export function caretAfter(key: string, at: number, sheet: Sheet): number | null {
  const moves: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - perRow,
    ArrowDown: at + perRow,
    PageUp: at - perRow * 16,
    PageDown: at + perRow * 16,
    Home: sheet.base,
    End: sheet.length - 1,
  }
  const target = moves[key]
  if (target === undefined || sheet.length === sheet.base) return null
  return Math.max(sheet.base, Math.min(target, sheet.length - 1))
}
