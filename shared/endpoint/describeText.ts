// Short forms of bytes and text for labels, previews and values. Everything here looks at the first bytes only, so
// that a payload of 64 MiB costs what one of 64 bytes does.
import { shorten, visible } from '../bytes/ascii.ts'
import { toHex } from '../bytes/hex.ts'
import { decodeUtf8, endsWhole, utf8Start, validateUtf8 } from '../bytes/utf8.ts'

/** Characters a preview takes at most. */
export const previewSize = 48

const bytesLookedAt = 256

/** `"hello"`, cut to `most` characters; control characters are visible. `more`: bytes follow that are not here. */
export function quoteText(bytes: Uint8Array, more: boolean, most = previewSize): string {
  const { text, cut } = beginningOf(bytes)
  const shown = visible(text)
  return `"${shorten(cut || more ? `${shown}…` : shown, most - 2)}"`
}

/** `00 ff 12…`, cut to `previewSize`. */
export function quoteHex(bytes: Uint8Array, more: boolean): string {
  const room = Math.floor(previewSize / 3) - 1
  const cut = bytes.length > room || more
  return toHex(bytes.subarray(0, room), ' ') + (cut ? '…' : '')
}

/** As text when it is text without control characters, else as hex. Empty for no bytes. */
export function quoteEither(bytes: Uint8Array, more: boolean): string {
  if (bytes.length === 0 && !more) return ''
  return looksLikeText(bytes) ? quoteText(bytes, more) : quoteHex(bytes, more)
}

/** A character cut off by the end of what was looked at is left out. */
function beginningOf(bytes: Uint8Array): { text: string; cut: boolean } {
  const head = bytes.subarray(0, bytesLookedAt)
  const state = validateUtf8(utf8Start, head)
  const cut = bytes.length > head.length
  const unfinished = cut && state.invalidAt < 0 && !endsWhole(state)
  return { text: decodeUtf8(head, 0, unfinished ? state.characterAt : head.length), cut }
}

function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, bytesLookedAt)
  const state = validateUtf8(utf8Start, head)
  if (state.invalidAt >= 0 || (head.length === bytes.length && !endsWhole(state))) return false
  return !head.some((byte) => byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d))
}

/** For a part of which `size` bytes are due and fewer are there: `ee7ebe… 3 of 16`. */
export function cutValue(bytes: Uint8Array, size: number): string {
  return `${toHex(bytes.subarray(0, 16))}… ${bytes.length} of ${size}`
}
