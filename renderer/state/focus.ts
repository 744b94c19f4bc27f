// Where in a unit the attention is: the field, its bytes, and the one byte whose bits are shown.
import type { Field } from '../../shared/bytes/field.ts'
import { type BitRange, type Span, spanContains, spanLength } from '../../shared/bytes/span.ts'
import type { UnitView } from '../../shared/capture/view.ts'
import type { Selection } from './selection.ts'

export interface Focus {
  /** The picked field or byte; null when the whole unit is meant. */
  readonly span: Span | null
  /** As in `Selection`. */
  readonly parts?: readonly Span[] | undefined
  /** The byte whose bits are shown. */
  readonly byte: number
}

/** The smallest field around a byte; of fields that share the byte, the first. */
export function fieldAt(fields: readonly Field[], offset: number): Field | null {
  const field = fields.find((one) => spanContains(one, offset))
  if (!field) return null
  return fieldAt(field.children ?? [], offset) ?? field
}

export function unitHolds(unit: UnitView | null, selection: Selection | null): unit is UnitView {
  return (
    unit !== null && selection !== null && unit.lane === selection.lane && spanContains(unit.span, selection.offset)
  )
}

/** A step that stops inside a unit shows the field it stopped in; a finished unit is shown as a whole. */
export function focusOf(unit: UnitView, selection: Selection): Focus {
  if (selection.span) {
    const byte = spanContains(selection.span, selection.offset) ? selection.offset : selection.span.start
    return { span: selection.span, parts: selection.parts, byte }
  }
  const partWay = selection.follows && unit.delivered > 0 && unit.delivered < spanLength(unit.span)
  if (!partWay) return { span: null, byte: unit.span.start }
  const field = fieldAt(unit.fields, selection.offset)
  return { span: field && { start: field.start, end: field.end }, byte: selection.offset }
}

/**
 * True when the field is what is picked: all fields of a picked byte, or the one whose bits were picked. Of a field and
 * its only part, the part is.
 */
export function isPicked(field: Field, focus: Focus, bits: BitRange | undefined): boolean {
  if (field.start !== focus.span?.start || field.end !== focus.span.end) return false
  if (field.children?.some(({ start, end }) => start === field.start && end === field.end)) return false
  return bits === undefined || (field.bits?.from === bits.from && field.bits.to === bits.to)
}
