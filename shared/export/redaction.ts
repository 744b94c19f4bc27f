// What is not to leave the house: values of header fields, and what patterns match. Where it stands in some bytes is
// told here; every place gets as many asterisks as it has bytes, so that nothing around it moves.
import { decodeLatin1 } from '../bytes/ascii.ts'
import { compilePattern, type Pattern } from '../bytes/pattern.ts'
import type { Span } from '../bytes/span.ts'
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts'
import { failure, type Result, success } from '../ipc/result.ts'

/** What somebody asked to be blanked. */
export interface Redaction {
  /** Names of header fields, in lower case. */
  readonly headers: readonly string[]
  readonly patterns: readonly Pattern[]
}

/** `all`: something to be blanked is there, and it cannot be told where. */
export type Places = readonly Span[] | 'all'

const blank = 0x2a // an asterisk
const cr = 0x0d
const lf = 0x0a

/** Reads `header:NAME,NAME` and `/PATTERN/FLAGS`. A failure goes on from the option's name. */
export function parseRedaction(wishes: readonly string[]): Result<Redaction> {
  const headers: string[] = []
  const patterns: Pattern[] = []
  for (const wish of wishes) {
    const wrong = readWish(wish, headers, patterns)
    if (wrong !== null) return failure(wrong)
  }
  return success({ headers, patterns })
}

function readWish(wish: string, headers: string[], patterns: Pattern[]): string | null {
  const names = /^header:(.+)$/i.exec(wish)?.[1]
  if (names !== undefined) return readNames(names, headers)
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(wish) ?? []
  if (source === undefined) return `has to be header:NAME,NAME or /PATTERN/, not "${wish}"`
  const pattern = compilePattern(source, flags ?? '')
  if (!pattern.ok) return `/${source}/ ${pattern.error}`
  patterns.push(pattern.value)
  return null
}

/** RFC 7230 §3.2.6: what the name of a field is made of. */
function readNames(names: string, headers: string[]): string | null {
  const all = names.split(',').map((name) => name.trim().toLowerCase())
  const bad = all.find((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
  headers.push(...all)
  return bad === undefined ? null : `has "${bad}", which is no name of a header field`
}

/**
 * Where the values of those fields are in a head, or in what was to be one: whatever looks like a line of the field
 * counts, with the lines that it is folded into.
 */
export function headerValues(bytes: Uint8Array, names: readonly string[]): readonly Span[] {
  if (names.length === 0) return []
  const alternatives = names.map((name) => name.replace(/[.*+?^$|]/g, '\\$&')).join('|')
  const line = new RegExp(`^(?:${alternatives})[ \\t]*:[ \\t]*([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, 'gim')
  return [...decodeLatin1(bytes).matchAll(line)].flatMap((match) => {
    const value = match[1]!.replace(/[ \t\r\n]+$/, '')
    const end = match.index + match[0].length - (match[1]!.length - value.length)
    return value === '' ? [] : [{ start: end - value.length, end }]
  })
}

/** Shorter values are blanked where they stand only: they would be found by chance everywhere else. */
export const shortestSecret = 4
/** Values that are looked for everywhere, at most. */
export const mostSecrets = 1_000

/** Shortest part of a value that is looked for by itself. */
const shortestPart = 6

/** A value, and what stands in it by itself: tokens, and the values of cookies and parameters. */
export function secretsIn(value: string): readonly string[] {
  const words = value.split(/[\s;,]+/)
  // RFC 7235 §2.1: credentials begin with the name of their scheme.
  const named = words.length === 2 && !words[0]!.includes('=') ? words.slice(1) : words
  const parts = named.map((word) => word.replace(/^[^=]+=(?=[^=])/, '').replace(/^"|"$/g, ''))
  return [...new Set([value, ...parts.filter((part) => part.length >= shortestPart)])].filter(
    (part) => part.length >= shortestSecret,
  )
}

/** Where in the bytes a pattern matches or a secret stands. Secrets are given as Latin-1, a character a byte. */
export function secretPlaces(bytes: Uint8Array, patterns: readonly Pattern[], secrets: readonly string[]): Places {
  const latin = decodeLatin1(bytes)
  const places = [...secrets.flatMap((secret) => textSpans(latin, secret)), ...matchSpans(latin, patterns)]
  const text = decodeUtf8(bytes)
  if (patterns.length === 0 || text.length === latin.length) return places
  const matches = matchSpans(text, patterns)
  if (encodeUtf8(text).length === bytes.length && !text.includes('\ufffd'))
    return [...places, ...inBytes(text, matches)]
  // What is no UTF-8 all through has characters that stand for no certain bytes.
  return matches.length > matchSpans(latin, patterns).length ? 'all' : places
}

function textSpans(text: string, part: string): Span[] {
  const spans: Span[] = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    spans.push({ start: at, end: at + part.length })
  }
  return spans
}

function matchSpans(text: string, patterns: readonly Pattern[]): Span[] {
  return patterns.flatMap((pattern) => {
    const spans: Span[] = []
    for (let hit = pattern.find(text, 0); hit !== null; hit = pattern.find(text, Math.max(hit.end, hit.start + 1))) {
      if (hit.end > hit.start) spans.push(hit)
    }
    return spans
  })
}

/** Characters to bytes; the spans come in the order of their starts within each pattern. */
function inBytes(text: string, spans: readonly Span[]): Span[] {
  const offsets = new Map<number, number>()
  const marks = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  let done = { characters: 0, bytes: 0 }
  for (const mark of marks) {
    done = { characters: mark, bytes: done.bytes + encodeUtf8(text.slice(done.characters, mark)).length }
    offsets.set(mark, done.bytes)
  }
  return spans.map(({ start, end }) => ({ start: offsets.get(start)!, end: offsets.get(end)! }))
}

/** The bytes with those places blanked. Ends of lines stay, for the sake of heads. */
export function blanked(bytes: Uint8Array, places: Places): Uint8Array {
  const copy = bytes.slice()
  const spans = places === 'all' ? [{ start: 0, end: bytes.length }] : places
  for (const { start, end } of spans) {
    for (let at = start; at < end; at++) if (copy[at] !== cr && copy[at] !== lf) copy[at] = blank
  }
  return copy
}

/**
 * `length` bytes of DEFLATE that inflate to asterisks: one block with fixed codes (RFC 1951 §3.2.6) and the beginning of
 * the empty stored block whose rest a receiver puts behind a message (RFC 7692 §7.2.2). An asterisk takes a byte.
 */
export function deflatedBlank(length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(0xd2)
  if (length > 1) bytes[length - 2] = 0x02
  if (length > 0) bytes[length - 1] = 0x00
  return bytes
}
