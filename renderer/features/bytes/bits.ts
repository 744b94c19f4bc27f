// One byte as eight bits, and which fields they belong to.
import type { Field, FieldRole } from '../../../shared/bytes/field.ts'
import { type BitRange, spanContains, spanLength } from '../../../shared/bytes/span.ts'

export interface BitGroup extends BitRange {
  readonly role: FieldRole
  /** `FIN`, `opcode 0xF Hello`, `server nonce, byte 3 of 8`. */
  readonly label: string
  readonly field: Field
}

function leavesAt(fields: readonly Field[], offset: number): readonly Field[] {
  return fields
    .filter((field) => spanContains(field, offset))
    .flatMap((field) => (field.children?.length ? leavesAt(field.children, offset) : [field]))
}

function labelOf(field: Field, offset: number): string {
  const wide = spanLength(field)
  if (!field.bits) return wide === 1 ? field.name : `${field.name}, byte ${offset - field.start + 1} of ${wide}`
  return field.bits.to - field.bits.from > 1 ? `${field.name} ${field.value}` : field.name
}

/** The fields inside a byte, from the most significant bit on. */
export function bitGroups(fields: readonly Field[], offset: number): readonly BitGroup[] {
  return leavesAt(fields, offset).map((field) => ({
    from: field.bits?.from ?? 0,
    to: field.bits?.to ?? 8,
    role: field.role,
    label: labelOf(field, offset),
    field,
  }))
}

/** Eight digits, most significant first. */
export function bitsOf(value: number): readonly number[] {
  return Array.from({ length: 8 }, (_, bit) => (value >> (7 - bit)) & 1)
}
