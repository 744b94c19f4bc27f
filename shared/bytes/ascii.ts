// Text of one byte per character: HTTP heads are read as Latin-1, so that every byte has a character and an offset
// in the text is an offset in the bytes.

/** Code units handed to `String.fromCharCode` at a time: far below every engine's limit on arguments. */
const block = 8192

/** The bytes [from, to) as Latin-1: byte 0xE9 is `é`. Total. */
export function decodeLatin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = ''
  for (let at = from; at < to; at += block) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(at + block, to)) as unknown as number[])
  }
  return text
}

/** Whether every character fits one byte. */
export function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return false
  }
  return true
}

/** One byte per character. Throws on a character above U+00FF: check with `isLatin1` what a person typed. */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0xff) throw new RangeError(`character ${i + 1} of ${JSON.stringify(text)} does not fit one byte`)
    bytes[i] = unit
  }
  return bytes
}

/** Text with its control characters made visible, one character each: CR is `␍`, DEL is `␡`, 0x80-0x9F is `·`. */
export function visible(text: string): string {
  let shown = ''
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20) shown += String.fromCharCode(0x2400 + unit)
    else if (unit === 0x7f) shown += '\u2421'
    else shown += unit >= 0x80 && unit < 0xa0 ? '\u00b7' : text[i]
  }
  return shown
}

/** `text`, cut to at most `most` characters with `…` as the last of them. Never halves a surrogate pair. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = most - 1
  const last = text.charCodeAt(cut - 1)
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? cut - 1 : cut)}…`
}

/** Lower case of A-Z only: how HTTP compares field names. */
export function lowerAscii(text: string): string {
  // Nothing but ASCII is in the names that heads are searched for, again and again: there the quick way is the same.
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase()
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Without the spaces and tabs at both ends: HTTP's optional white space, and no other. RFC 7230 §3.2.3. */
export function trimSpace(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '')
}
