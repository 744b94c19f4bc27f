// What was said, in a few words, and how one saying differs from another.
import { shorten, visible } from '../bytes/ascii.ts'
import { toHex } from '../bytes/hex.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { faultInfo } from '../faults/catalogue.ts'
import type { SaidItem } from './items.ts'

const previewCharacters = 60
const previewBytes = 20

/** `"hello"`, `00 ff`, `1000 "bye"`, `empty`. */
export function previewOf({ kind, payload, code, fault }: SaidItem): string {
  if (fault) return faultInfo(fault).says
  if (kind === 'text') return quoted(payload)
  if (kind === 'close' && code !== undefined && code !== null) return `${code}${reasonOf(payload)}`
  if (payload.length === 0) return 'empty'
  const rest = payload.length > previewBytes ? ' …' : ''
  return `${toHex(payload.subarray(0, previewBytes), ' ')}${rest}`
}

function quoted(payload: Uint8Array): string {
  return `"${visible(shorten(decodeUtf8(payload.subarray(0, previewCharacters * 4)), previewCharacters))}"`
}

function reasonOf(payload: Uint8Array): string {
  return payload.length > 2 ? ` ${quoted(payload.subarray(2))}` : ''
}

/** Null when both are the same. */
export function differenceOf(recorded: SaidItem, replayed: SaidItem): string | null {
  if (recorded.kind !== replayed.kind) return `is ${replayed.kind}, was ${recorded.kind}`
  if (recorded.fault !== replayed.fault) return `breaks another rule: ${replayed.fault}, was ${recorded.fault}`
  const code = (item: SaidItem) => (item.kind === 'close' ? (item.code ?? null) : null)
  const [was, is] = [code(recorded), code(replayed)]
  if (was !== is) return `has ${is === null ? 'no code' : `code ${is}`}, had ${was ?? 'none'}`
  return bytesDifference(recorded.payload, replayed.payload)
}

function bytesDifference(recorded: Uint8Array, replayed: Uint8Array): string | null {
  const at = firstDifference(recorded, replayed)
  if (at === null) return null
  const sizes = recorded.length === replayed.length ? '' : `; ${replayed.length} bytes, was ${recorded.length}`
  return `differs from byte ${at} on: ${byteAt(replayed, at)}, was ${byteAt(recorded, at)}${sizes}`
}

function firstDifference(one: Uint8Array, other: Uint8Array): number | null {
  const most = Math.max(one.length, other.length)
  for (let at = 0; at < most; at++) if (one[at] !== other[at]) return at
  return null
}

function byteAt(bytes: Uint8Array, at: number): string {
  return at < bytes.length ? toHex(bytes.subarray(at, at + 1), '') : 'the end'
}
