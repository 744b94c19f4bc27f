// HTTP as an intermediary reads it: heads, bodies with a length, answers of its own. RFC 9112.
import { encodeLatin1 } from '../bytes/ascii.ts'
import {
  encodeHead,
  fieldNamed,
  findHeadEnd,
  type Head,
  type HeadKind,
  parseHead,
  startLineBroken,
} from '../handshake/head.ts'
import { headLimit } from './intermediary.ts'

export type ReadHead =
  | { readonly kind: 'head'; readonly head: Head; readonly size: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'none' }

/** The head at the start of the bytes; `none` as soon as it is certain that they begin with none. */
export function readHead(bytes: Uint8Array, kind: HeadKind): ReadHead {
  if (bytes.length > 0 && startLineBroken(bytes, kind, 0, bytes.length) >= 0) return { kind: 'none' }
  const size = findHeadEnd(bytes)
  if (size >= 0) return { kind: 'head', head: parseHead(bytes.subarray(0, size), kind), size }
  return bytes.length > headLimit ? { kind: 'none' } : { kind: 'more' }
}

/** Bytes of the body that a head announces, RFC 9112 §6.3; 0 without a length. */
export function bodyLength(head: Head): number {
  const value = fieldNamed(head, 'content-length')?.value.text ?? ''
  return /^\d{1,9}$/.test(value) ? Number(value) : 0
}

/** The head with a field more at its end. RFC 9110 §7.6.3: a proxy adds itself to Via. */
export function withVia(head: Uint8Array): Uint8Array {
  const via = encodeLatin1('Via: 1.1 wirestep-lab\r\n')
  const blank = head.length - (head.at(-2) === 0x0d ? 2 : 1)
  const bytes = new Uint8Array(head.length + via.length)
  bytes.set(head.subarray(0, blank))
  bytes.set(via, blank)
  bytes.set(head.subarray(blank), blank + via.length)
  return bytes
}

/** An answer that the proxy makes up itself. */
export function ownAnswer(status: string): Uint8Array {
  return encodeHead(`HTTP/1.1 ${status}`, [
    ['Content-Length', '0'],
    ['Connection', 'close'],
  ])
}
