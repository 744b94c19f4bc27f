// The grammar of `Sec-WebSocket-Extensions`, RFC 6455 §9.1.

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const parameter = `[ \\t]*;[ \\t]*${token}(?:[ \\t]*=[ \\t]*(?:${token}|"(?:[^"\\\\]|\\\\.)*"))?`
const extension = `(${token})(?:${parameter})*`
const list = new RegExp(`^[ \\t]*${extension}(?:[ \\t]*,[ \\t]*${extension})*[ \\t]*$`)
const each = new RegExp(`${extension}[ \\t]*(?:,|$)`, 'g')

/** The names of the extensions in a list, in order; null when the text does not follow the grammar. */
export function parseExtensions(text: string): { readonly names: readonly string[] } | null {
  if (!list.test(text)) return null
  return { names: Array.from(text.matchAll(each), (match) => match[1]!) }
}
