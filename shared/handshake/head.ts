// HTTP heads, byte by byte: every part has a span, and every head whatever is in it comes out as parts that tile it.
// What is odd is noted, not judged.
import { decodeLatin1, encodeLatin1, lowerAscii, trimSpace } from '../bytes/ascii.ts'
import type { Span } from '../bytes/span.ts'

/** Latin-1 text and where it is: character i of the text is byte `start + i`. */
export interface LocatedText extends Span {
  readonly text: string
}

/** The three words of a first line and the spaces between. Missing parts are empty. The parts tile the line. */
export interface StartLine extends Span {
  /** `method SP target SP version` of a request, `version SP status SP reason` of a response. */
  readonly first: LocatedText
  readonly firstSpace: Span
  readonly second: LocatedText
  readonly secondSpace: Span
  readonly third: LocatedText
  readonly lineEnd: LocatedText
}

/** What is unusual about a line that should be a field. */
export type FieldOddity = 'noColon' | 'emptyName' | 'spaceInName' | 'continuation' | 'strayCr'

/** One header field. The parts tile the line, its end included; missing parts are empty. */
export interface HeadField extends Span {
  readonly name: LocatedText
  readonly colon: Span
  /** White space before the value. */
  readonly space: Span
  readonly value: LocatedText
  /** White space after the value. */
  readonly trailing: Span
  /** All that follows the colon, and one space where there is one, up to the line's end: white space included. */
  readonly written: LocatedText
  readonly lineEnd: LocatedText
  readonly oddity?: FieldOddity
}

export type HeadKind = 'request' | 'response'

export interface Head extends Span {
  readonly kind: HeadKind
  readonly startLine: StartLine
  readonly fields: readonly HeadField[]
  /** The empty line, or what is there of it. */
  readonly blank: LocatedText
  /** Whether the empty line is whole. */
  readonly complete: boolean
  /** Every CR and every LF that is not part of a CR LF. */
  readonly loneBreaks: readonly LocatedText[]
}

const cr = 0x0d
const lf = 0x0a
const space = 0x20
const tab = 0x09

/**
 * Offset just past the first empty line in [from, end), or -1. An LF ends a line whether or not a CR is before it: an
 * end that lets that pass reads on from there, and a judge can say what is wrong.
 */
export function findHeadEnd(bytes: Uint8Array, from = 0, end = bytes.length): number {
  let at = bytes.indexOf(lf, from)
  while (at >= 0 && at + 2 <= end) {
    if (bytes[at + 1] === lf) return at + 2
    if (bytes[at + 1] === cr && bytes[at + 2] === lf && at + 3 <= end) return at + 3
    at = bytes.indexOf(lf, at + 1)
  }
  return -1
}

/**
 * Reads a head, or as much of one as is there. Total: any bytes give parts that tile them exactly.
 *
 * @param bytes the head and nothing after it
 * @param base the lane offset of `bytes[0]`; all spans are lane offsets
 */
export function parseHead(bytes: Uint8Array, kind: HeadKind, base = 0): Head {
  const reader: Reader = { bytes, base, text: decodeLatin1(bytes) }
  const firstLine = lineAt(reader, 0)
  const fields: HeadField[] = []
  let line = lineAt(reader, firstLine.next)
  while (line.next > line.from && !isBlank(reader, line)) {
    fields.push(fieldOf(reader, line))
    line = lineAt(reader, line.next)
  }
  return {
    kind,
    start: base,
    end: base + bytes.length,
    startLine: startLineOf(reader, firstLine, kind),
    fields,
    blank: located(reader, line.from, bytes.length),
    complete: line.next > line.from && bytes[line.next - 1] === lf,
    loneBreaks: Array.from(reader.text.matchAll(/\r(?!\n)|(?<!\r)\n/g), ({ index }) =>
      located(reader, index, index + 1),
    ),
  }
}

interface Reader {
  readonly bytes: Uint8Array
  readonly base: number
  readonly text: string
}

/** [from, to) is the text, [to, next) its CR LF, its LF alone, or what is there of them. */
interface Line {
  readonly from: number
  readonly to: number
  readonly next: number
}

function lineAt({ bytes, text }: Reader, from: number): Line {
  const at = text.indexOf('\n', from)
  const next = at < 0 ? bytes.length : at + 1
  const textEnd = at < 0 ? next : at
  return { from, to: textEnd > from && bytes[textEnd - 1] === cr ? textEnd - 1 : textEnd, next }
}

/** The empty line ends a head: nothing but what follows the head can come after it, and callers cut that off. */
function isBlank({ bytes }: Reader, line: Line): boolean {
  return line.to === line.from && line.next === bytes.length
}

function span({ base }: Reader, from: number, to: number): Span {
  return { start: base + from, end: base + to }
}

function located(reader: Reader, from: number, to: number): LocatedText {
  return { start: reader.base + from, end: reader.base + to, text: reader.text.slice(from, to) }
}

/** A request's target is all between the first space and the last, so that a space inside it is seen as such. */
function startLineOf(reader: Reader, line: Line, kind: HeadKind): StartLine {
  const first = nextSpace(reader, line.from, line.to)
  const secondFrom = Math.min(first + 1, line.to)
  const second = kind === 'request' ? lastSpace(reader, secondFrom, line.to) : nextSpace(reader, secondFrom, line.to)
  const thirdFrom = Math.min(second + 1, line.to)
  return {
    start: reader.base + line.from,
    end: reader.base + line.next,
    first: located(reader, line.from, first),
    firstSpace: span(reader, first, secondFrom),
    second: located(reader, secondFrom, second),
    secondSpace: span(reader, second, thirdFrom),
    third: located(reader, thirdFrom, line.to),
    lineEnd: located(reader, line.to, line.next),
  }
}

function nextSpace({ text }: Reader, from: number, to: number): number {
  const at = text.indexOf(' ', from)
  return at < 0 || at > to ? to : at
}

function lastSpace({ text }: Reader, from: number, to: number): number {
  const at = to > from ? text.lastIndexOf(' ', to - 1) : -1
  return at < from ? to : at
}

function fieldOf(reader: Reader, line: Line): HeadField {
  const { bytes, text } = reader
  const oddity = oddityOf(reader, line)
  const named = oddity !== 'noColon' && oddity !== 'continuation'
  const nameEnd = named ? text.indexOf(':', line.from) : line.from
  const colonEnd = named ? nameEnd + 1 : nameEnd
  const written = bytes[colonEnd] === space && colonEnd < line.to ? colonEnd + 1 : colonEnd
  let valueFrom = colonEnd
  while (valueFrom < line.to && isSpace(bytes[valueFrom]!)) valueFrom++
  let valueTo = line.to
  while (valueTo > valueFrom && isSpace(bytes[valueTo - 1]!)) valueTo--
  const field: HeadField = {
    start: reader.base + line.from,
    end: reader.base + line.next,
    name: located(reader, line.from, nameEnd),
    colon: span(reader, nameEnd, colonEnd),
    space: span(reader, colonEnd, valueFrom),
    value: located(reader, valueFrom, valueTo),
    trailing: span(reader, valueTo, line.to),
    written: located(reader, written, line.to),
    lineEnd: located(reader, line.to, line.next),
  }
  return oddity ? { ...field, oddity } : field
}

function oddityOf({ bytes, text }: Reader, line: Line): FieldOddity | undefined {
  const first = bytes[line.from]!
  if (line.to > line.from && isSpace(first)) return 'continuation'
  const colonAt = text.indexOf(':', line.from)
  if (colonAt < 0 || colonAt >= line.to) return 'noColon'
  if (colonAt === line.from) return 'emptyName'
  if (/[ \t]/.test(text.slice(line.from, colonAt))) return 'spaceInName'
  return text.slice(line.from, line.to).includes('\r') ? 'strayCr' : undefined
}

function isSpace(byte: number): boolean {
  return byte === space || byte === tab
}

/** All fields of that name, in order; names compare without regard to case. */
export function fieldsNamed(head: Head, name: string): readonly HeadField[] {
  const wanted = lowerAscii(name)
  const hasName = ({ text }: LocatedText) => text.length === wanted.length && lowerAscii(text) === wanted
  return head.fields.filter((field) => hasName(field.name))
}

/** The first field of that name, or undefined. */
export function fieldNamed(head: Head, name: string): HeadField | undefined {
  return fieldsNamed(head, name)[0]
}

/** The items of a comma-separated value, without the white space around them. Empty items are left out. */
export function listItems(value: LocatedText): readonly LocatedText[] {
  const items: LocatedText[] = []
  for (const match of value.text.matchAll(/[^,]+/g)) {
    const text = trimSpace(match[0])
    const start = value.start + match.index + match[0].indexOf(text)
    if (text !== '') items.push({ text, start, end: start + text.length })
  }
  return items
}

/** A head's bytes: the first line, each field as `name: value`, and the empty line. Latin-1 only. */
export function encodeHead(startLine: string, fields: readonly (readonly [name: string, value: string])[]): Uint8Array {
  const lines = [startLine, ...fields.map(([name, value]) => `${name}: ${value}`), '', '']
  return encodeLatin1(lines.join('\r\n'))
}

const requestLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ .* HTTP\/[0-9]\.[0-9]$/s
const statusLine = /^HTTP\/[0-9]\.[0-9] [0-9]{3}(?: .*)?$/s
/** A method, as far as it has come; a status line, where 0 stands for any digit. RFC 7230 §3.1. */
const methodSoFar = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?: |$)/
const statusLineStart = 'HTTP/0.0 000'

/**
 * How many of a head's first bytes it takes to see that they begin none; -1 while they may yet. A method or a version
 * is judged byte by byte, the rest of the first line when its LF is there.
 */
export function startLineBroken(bytes: Uint8Array, kind: HeadKind, from: number, end: number): number {
  const lineEnd = bytes.subarray(from, end).indexOf(lf)
  const text = decodeLatin1(bytes, from, lineEnd < 0 ? end : from + lineEnd)
  const early = brokenAt(text, kind)
  if (early >= 0) return early + 1
  if (lineEnd < 0) return -1
  return (kind === 'request' ? requestLine : statusLine).test(text.replace(/\r$/, '')) ? -1 : lineEnd + 1
}

/** Whether bytes that come first on a lane, as many as are there, are the beginning of no head: see `startLineBroken`. */
export function beginsNoHead(bytes: Uint8Array, kind: HeadKind): boolean {
  return brokenAt(decodeLatin1(bytes), kind) >= 0
}

function brokenAt(text: string, kind: HeadKind): number {
  return kind === 'request' ? methodBroken(text) : versionBroken(text)
}

/** Index of the first character that no method has, or -1. */
function methodBroken(text: string): number {
  return methodSoFar.test(text) ? -1 : text.search(/[^!#$%&'*+.^_`|~0-9A-Za-z-]/)
}

/** Index of the first character that `HTTP/1.1 101` and its like do not have there, or -1. */
function versionBroken(text: string): number {
  for (let i = 0; i < Math.min(text.length, statusLineStart.length); i++) {
    const due = statusLineStart[i]!
    if (due === '0' ? !/[0-9]/.test(text[i]!) : text[i] !== due) return i
  }
  return -1
}

/** The status of a response as a number; null when it is not three digits. */
export function statusOf(head: Head): number | null {
  const { text } = head.startLine.second
  return /^[0-9]{3}$/.test(text) ? Number(text) : null
}
