// What the hex view draws, byte by byte.
import { spanContains } from '../../../shared/bytes/span.ts'
import type { BytesView, Layer, Leaf, UnitView } from '../../../shared/capture/view.ts'

export const perRow = 16
export const rowHeight = 22

/** The bytes on show: a stretch of a lane, or one layer of a unit. `base` is the offset of the first row. */
export interface Sheet extends BytesView {
  readonly base: number
  /** Of what was inflated, whose bytes count from 0: see `Layer.reach`. `at` is where the payload begins on the lane. */
  readonly inflated?: { readonly at: number; readonly reach: readonly number[] }
}

/** The byte of the lane that a byte of the sheet is, or came with. */
export function onLane({ inflated }: Sheet, offset: number): number {
  return inflated ? inflated.at + wireIndex(inflated.reach, offset) : offset
}

/** The byte of the sheet that a byte of the lane is, or the first that came with it. */
export function onSheet({ inflated, length }: Sheet, offset: number): number {
  if (!inflated) return offset
  const { at, reach } = inflated
  return offset < at ? 0 : Math.max(0, Math.min(reach[offset - at] ?? length, length - 1))
}

/** Index of the last wire byte that was taken before this byte was made. */
export function wireIndex(reach: readonly number[], made: number): number {
  let low = 0
  let high = reach.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((reach[middle] ?? 0) <= made) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

export interface Cell {
  readonly offset: number
  /** The byte of the lane that lights it. */
  readonly lane: number
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
  if (layer.reach) return inflatedSheet(unit, layer, layer.reach)
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

/** All of it is there once its last byte was let through. */
function inflatedSheet(unit: UnitView, layer: Layer, reach: readonly number[]): Sheet {
  const { length } = layer.bytes
  const there = Math.max(0, unit.span.start + unit.delivered - layer.at)
  return {
    ...{ lane: unit.lane, length, from: 0, bytes: layer.bytes, edits: [], base: 0 },
    delivered:
      there >= reach.length || unit.span.start + unit.delivered >= unit.span.end ? length : (reach[there] ?? 0),
    leaves: [{ start: 0, end: length, role: 'binary', name: layer.name }],
    inflated: { at: layer.at, reach },
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
      lane: onLane(sheet, offset),
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
