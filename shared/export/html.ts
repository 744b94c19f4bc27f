// Text into HTML. Everything in a session may be hostile, so there is one way for it into a page: `text`.
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Turns text around, or are not seen: an onlooker could be shown something else than what is there. */
const misleading = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** Control characters but the line break, shown by their names' pictures: NUL is `␀`, DEL is `␡`. */
function pictured(character: string): string {
  const unit = character.charCodeAt(0)
  if (unit < 0x20) return String.fromCharCode(0x2400 + unit)
  return unit === 0x7f ? '\u2421' : '\u00b7'
}

/** As text of an element or of a quoted attribute. Total: lone surrogates become U+FFFD. */
export function text(value: string): string {
  return (
    decodeUtf8(encodeUtf8(value))
      .replace(/[&<>"']/g, (character) => entities[character]!)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be made visible
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, pictured)
      .replace(misleading, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
  )
}
