// A named part of a unit. The leaves of a unit's field tree tile the unit exactly, to the bit.
import type { BitRange, Span } from './span.ts'

/** What a field is for. One colour each, the same in ladder, bytes, explain and console. */
export type FieldRole =
  | 'start' // the start line of an HTTP head
  | 'name' // a header field's name
  | 'value' // a header field's value
  | 'separator' // CR LF, colons, white space
  | 'flag' // FIN, MORE, RSV bits, MASK
  | 'opcode'
  | 'length'
  | 'mask' // a masking key
  | 'nonce'
  | 'digest'
  | 'text' // payload that is text
  | 'binary' // payload that is not
  | 'code' // a close code
  | 'junk' // bytes no rule gives a meaning

export interface Field extends Span {
  /** Short and stable: `FIN`, `opcode`, `payload length`, `Sec-WebSocket-Nonce`. */
  readonly name: string
  readonly role: FieldRole
  /** Set when the field is less than a byte wide; `start`..`end` is then that one byte. */
  readonly bits?: BitRange
  /** The decoded value as a person reads it: `1`, `0xF Hello`, `24`, `15f0d2278bcd457f`. */
  readonly value: string
  /** What it means here, in a few words. */
  readonly says?: string
  /** The section that defines it: `RFC 6455 §5.2`. */
  readonly cite?: string
  readonly children?: readonly Field[]
}
