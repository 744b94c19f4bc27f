// Base64 with padding, RFC 4648 §4.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const values = new Int8Array(128).fill(-1)
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i

/** Bytes turned into text at a time: a multiple of 3, so that only the last block is padded. */
const block = 3072

/** Padded base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += block) text += blockToBase64(bytes.subarray(from, from + block))
  return text
}

function blockToBase64(bytes: Uint8Array): string {
  const units = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let at = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    units[at++] = digit(bits >> 18)
    units[at++] = digit(bits >> 12)
    units[at++] = left > 1 ? digit(bits >> 6) : padCode
    units[at++] = left > 2 ? digit(bits) : padCode
  }
  return String.fromCharCode.apply(null, units as unknown as number[])
}

const padCode = 0x3d // =

/** Character code of the digit that stands for the lowest six bits. */
function digit(bits: number): number {
  return alphabet.charCodeAt(bits & 63)
}

/**
 * Bytes of padded base64, or the index of the first character that does not belong. Pad bits that are not zero are
 * let through: RFC 6455's own example key has them (§4.1: `AQIDBAUGBwgJCgsMDQ4PEC==`).
 */
export function parseBase64(text: string): { readonly bytes: Uint8Array } | { readonly badAt: number } {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  for (let i = 0; i < digits; i++) {
    if (valueAt(text, i) < 0) return { badAt: i }
  }
  if (text.length % 4 !== 0) return { badAt: text.length }
  return { bytes: decodeDigits(text, digits) }
}

function valueAt(text: string, index: number): number {
  return values[text.charCodeAt(index)] ?? -1
}

function decodeDigits(text: string, digits: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor((digits * 6) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (let i = 0; i < digits; i++) {
    bits = ((bits << 6) | valueAt(text, i)) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[at++] = bits >> held
  }
  return bytes
}
