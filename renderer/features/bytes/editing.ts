// The lines that change held bytes, and the digits typed so far.
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { senderOf } from '../../../shared/bytes/lanes.ts'
import type { Cell } from './cells.ts'

export interface Typed {
  readonly offset: number
  readonly digit: string
}

export type Keyed =
  /** First digit of a byte: waits for the second. */
  | { readonly kind: 'first'; readonly typed: Typed }
  /** The byte is whole: the line to send. */
  | { readonly kind: 'whole'; readonly line: string }
  | { readonly kind: 'refused'; readonly says: string }

export function editLine(lane: Lane, offset: number, remove: number, hex: string): string {
  const insert = hex === '' ? '' : ` --insert ${hex}`
  return `edit ${senderOf(lane)} ${offset} --remove ${remove}${insert}`
}

/** What a hex digit typed on a byte does. */
export function typeDigit(digit: string, lane: Lane, cell: Cell, before: Typed | null): Keyed {
  if (cell.phase === 'delivered') {
    return { kind: 'refused', says: 'This byte was let through already. Step back and fork to change it.' }
  }
  if (before?.offset !== cell.offset) return { kind: 'first', typed: { offset: cell.offset, digit } }
  return { kind: 'whole', line: editLine(lane, cell.offset, 1, `${before.digit}${digit}`.toLowerCase()) }
}

/** `8f18 15 f0` as `8f1815f0`; null when it is not whole bytes in hex. */
export function hexOf(typed: string): string | null {
  const digits = typed.replaceAll(/[\s:,]|0x/gi, '')
  return digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? digits.toLowerCase() : null
}
