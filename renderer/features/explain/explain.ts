// What the explanation shows of a unit.
import type { Field } from '../../../shared/bytes/field.ts'
import { receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import { type Span, spanLength } from '../../../shared/bytes/span.ts'
import type { UnitView } from '../../../shared/capture/view.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import type { Selection } from '../../state/selection.ts'

export type Arrival = 'delivered' | 'partly' | 'held'

export interface FieldRow {
  readonly field: Field
  readonly depth: number
  readonly arrival: Arrival
  /** `0xF Hello`, `ee7ebe… 3 of 16`. */
  readonly value: string
  /** `last fragment`, `3 of 16 bytes`, or `held`. */
  readonly note: string
  /** Null when there is nothing inside it to show. */
  readonly open: boolean | null
}

/** Names a field among all of its unit. */
export function fieldKey({ start, end, bits, name }: Field): string {
  return `${start}:${end}:${bits?.from ?? ''}:${name}`
}

/** Heads are mostly punctuation: their lines start folded. A field folds open around what is picked inside it. */
export function startsOpen(field: Field, picked: Span | null): boolean {
  if (!field.children?.some(({ role }) => role === 'separator')) return true
  return (
    picked !== null && picked.start >= field.start && picked.end <= field.end && spanLength(picked) < spanLength(field)
  )
}

function arrivalOf(field: Field, delivered: number): Arrival {
  if (field.end <= delivered) return 'delivered'
  return field.start < delivered ? 'partly' : 'held'
}

function noteOf(field: Field, arrival: Arrival, delivered: number): string {
  if (arrival === 'held') return 'held'
  if (arrival === 'partly') return `${delivered - field.start} of ${spanLength(field)} bytes`
  return field.says ?? ''
}

/** The field tree as rows, parents before their children. */
export function fieldRows(unit: UnitView, isOpen: (field: Field) => boolean): readonly FieldRow[] {
  const delivered = unit.span.start + unit.delivered
  const rowsOf = (fields: readonly Field[], depth: number): readonly FieldRow[] =>
    fields.flatMap((field) => {
      const arrival = arrivalOf(field, delivered)
      const open = field.children?.length ? isOpen(field) : null
      const row = { field, depth, arrival, value: field.value, note: noteOf(field, arrival, delivered), open }
      return open ? [row, ...rowsOf(field.children ?? [], depth + 1)] : [row]
    })
  return rowsOf(unit.fields, 0)
}

/** `13 of 26 bytes let through`, or nothing once all are. */
export function progressOf(unit: UnitView): string {
  const length = spanLength(unit.span)
  if (!unit.complete) return `${unit.delivered} bytes let through; more have to arrive before its length is known`
  if (unit.delivered >= length) return ''
  return unit.delivered === 0
    ? `all ${length} bytes held at the gate`
    : `${unit.delivered} of ${length} bytes let through`
}

export function nextTitle(unit: UnitView): string {
  return `What the ${receiverOf(unit.lane)} does next`
}

/** Why there is no unit to explain, and what to do. */
export function emptyReason(run: RunView | null, selection: Selection | null): { title: string; says: string } {
  if (!run || !selection) return { title: 'Nothing is selected', says: 'Step with F10, or pick an arrow or a byte.' }
  const { lane } = selection
  const end = run.connections.find(({ id }) => id === run.connection)?.lanes[lane].sentEnd ?? null
  const sender = senderOf(lane)
  if (end === 'fin') {
    return {
      title: 'End of the stream',
      says: `The ${sender} ended its half of the TCP stream with FIN: it sends nothing more.`,
    }
  }
  if (end === 'reset') {
    return {
      title: 'The stream was reset',
      says: `The ${sender} broke the TCP connection off with RST: nothing more comes either way.`,
    }
  }
  return { title: 'No unit here', says: `The ${sender} has sent no byte at this place as of the cursor.` }
}
