// HTTP heads, byte by byte: every part has a span, and every head whatever is in it comes out as parts that tile it.
// What is odd is noted, not judged.
import { decodeLatin1, encodeLatin1, lowerAscii } from '../bytes/ascii.ts'
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
  readonly lineEnd: Span
}

/** What is unusual about a line that should be a field. */
export type FieldOddity = 'noColon' | 'emptyName' | 'spaceInName' | 'continuation' | 'bareLineBreak'

/** One header field. The parts tile the line, CR LF included; missing parts are empty. */
export interface HeadField extends Span {
  readonly name: LocatedText
  readonly colon: Span
  /** White space before the value. */
  readonly space: Span
  readonly value: LocatedText
  /** White space after the value. */
  readonly trailing: Span
  readonly lineEnd: Span
  readonly oddity?: FieldOddity
}

export type HeadKind = 'request' | 'response'

export interface Head extends Span {
  readonly kind: HeadKind
  readonly startLine: StartLine
  readonly fields: readonly HeadField[]
  /** The empty line, or what is there of it. */
  readonly blank: Span
  /** Whether the empty line is whole. */
  readonly complete: boolean
}

const cr = 0x0d
const lf = 0x0a
const space = 0x20
const tab = 0x09
const colon = 0x3a

/** Offset just past the first CR LF CR LF in [from, end), or -1. */
export function findHeadEnd(bytes: Uint8Array, from = 0, end = bytes.length): number {
  let at = bytes.indexOf(cr, from)
  while (at >= 0 && at + 4 <= end) {
    if (bytes[at + 1] === lf && bytes[at + 2] === cr && bytes[at + 3] === lf) return at + 4
    at = bytes.indexOf(cr, at + 1)
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
    blank: span(reader, line.from, bytes.length),
    complete: line.next === line.from + 2,
  }
}

interface Reader {
  readonly bytes: Uint8Array
  readonly base: number
  readonly text: string
}

/** [from, to) is the text, [to, next) its CR LF or what is there of it. */
interface Line {
  readonly from: number
  readonly to: number
  readonly next: number
}

function lineAt({ bytes }: Reader, from: number): Line {
  let at = bytes.indexOf(cr, from)
  while (at >= 0) {
    if (at + 1 === bytes.length) return { from, to: at, next: at + 1 }
    if (bytes[at + 1] === lf) return { from, to: at, next: at + 2 }
    at = bytes.indexOf(cr, at + 1)
  }
  return { from, to: bytes.length, next: bytes.length }
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
    ...span(reader, line.from, line.next),
    first: located(reader, line.from, first),
    firstSpace: span(reader, first, secondFrom),
    second: located(reader, secondFrom, second),
    secondSpace: span(reader, second, thirdFrom),
    third: located(reader, thirdFrom, line.to),
    lineEnd: span(reader, line.to, line.next),
  }
}

function nextSpace({ bytes }: Reader, from: number, to: number): number {
  const at = bytes.indexOf(space, from)
  return at < 0 || at > to ? to : at
}

function lastSpace({ bytes }: Reader, from: number, to: number): number {
  const at = to > from ? bytes.lastIndexOf(space, to - 1) : -1
  return at < from ? to : at
}

function fieldOf(reader: Reader, line: Line): HeadField {
  const { bytes } = reader
  const oddity = oddityOf(reader, line)
  const named = oddity !== 'noColon' && oddity !== 'continuation'
  const nameEnd = named ? bytes.indexOf(colon, line.from) : line.from
  const colonEnd = named ? nameEnd + 1 : nameEnd
  let valueFrom = colonEnd
  while (valueFrom < line.to && isSpace(bytes[valueFrom]!)) valueFrom++
  let valueTo = line.to
  while (valueTo > valueFrom && isSpace(bytes[valueTo - 1]!)) valueTo--
  return {
    ...span(reader, line.from, line.next),
    name: located(reader, line.from, nameEnd),
    colon: span(reader, nameEnd, colonEnd),
    space: span(reader, colonEnd, valueFrom),
    value: located(reader, valueFrom, valueTo),
    trailing: span(reader, valueTo, line.to),
    lineEnd: span(reader, line.to, line.next),
    ...(oddity && { oddity }),
  }
}

function oddityOf({ bytes, text }: Reader, line: Line): FieldOddity | undefined {
  const first = bytes[line.from]!
  if (line.to > line.from && isSpace(first)) return 'continuation'
  const colonAt = bytes.indexOf(colon, line.from)
  if (colonAt < 0 || colonAt >= line.to) return 'noColon'
  if (colonAt === line.from) return 'emptyName'
  if (/[ \t]/.test(text.slice(line.from, colonAt))) return 'spaceInName'
  return /[\r\n]/.test(text.slice(line.from, line.to)) ? 'bareLineBreak' : undefined
}

function isSpace(byte: number): boolean {
  return byte === space || byte === tab
}

/** All fields of that name, in order; names compare without regard to case. */
export function fieldsNamed(head: Head, name: string): readonly HeadField[] {
  const wanted = lowerAscii(name)
  return head.fields.filter((field) => lowerAscii(field.name.text) === wanted)
}

/** The first field of that name, or undefined. */
export function fieldNamed(head: Head, name: string): HeadField | undefined {
  return fieldsNamed(head, name)[0]
}

/** The items of a comma-separated value, without the white space around them. Empty items are left out. */
export function listItems(value: LocatedText): readonly LocatedText[] {
  const items: LocatedText[] = []
  for (const match of value.text.matchAll(/[^,]+/g)) {
    const text = match[0].trim()
    const start = value.start + match.index + (match[0].length - match[0].trimStart().length)
    if (text !== '') items.push({ text, start, end: start + text.length })
  }
  return items
}

/** A head's bytes: the first line, each field as `name: value`, and the empty line. Latin-1 only. */
export function encodeHead(startLine: string, fields: readonly (readonly [name: string, value: string])[]): Uint8Array {
  const lines = [startLine, ...fields.map(([name, value]) => `${name}: ${value}`), '', '']
  return encodeLatin1(lines.join('\r\n'))
}

/** The status of a response as a number; null when it is not three digits. */
export function statusOf(head: Head): number | null {
  const { text } = head.startLine.second
  return /^[0-9]{3}$/.test(text) ? Number(text) : null
}
