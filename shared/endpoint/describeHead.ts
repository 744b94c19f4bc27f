// Describes HTTP heads: the request and the response that open a connection.
import { lowerAscii, shorten, visible } from '../bytes/ascii.ts'
import type { Field, FieldRole } from '../bytes/field.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import {
  type FieldOddity,
  fieldNamed,
  type Head,
  type HeadField,
  type HeadKind,
  type LocatedText,
  parseHead,
  type StartLine,
  statusOf,
} from '../handshake/head.ts'
import { acceptDerivation, keyNumberDerivation } from './describeDerivations.ts'
import { extensionFields } from './describeExtensions.ts'
import { type FieldMeaning, fieldMeaning } from './describeHeadMeanings.ts'
import { previewSize } from './describeText.ts'
import { requestWords, responseWords } from './describeWords.ts'
import type { Derivation, Description, Summary, UnitInput } from './description.ts'

/** A request or a response, or as much of one as is there. */
export function describeHead(input: UnitInput, kind: HeadKind): Description {
  const { dialect, bytes, start } = input
  const head = parseHead(bytes, kind, start)
  const words = kind === 'request' ? requestWords(dialect) : responseWords(dialect, upgrades(head))
  return {
    ...words,
    ...summariseHead(head),
    fields: headFields(head, dialect),
    derivations: derivations(input, head),
    layers: [{ name: 'wire', bytes, at: start }],
  }
}

/** What the ladder shows: method and resource, or status and reason. */
export function summariseHead(head: Head): Summary {
  const { first, second, third } = head.startLine
  const words = head.kind === 'request' ? [first, second] : [second, third]
  const label = words
    .map((word) => visible(word.text))
    .join(' ')
    .trim()
  return { label: shorten(label, previewSize) || head.kind, preview: '', tone: 'http' }
}

/** A response is taken to upgrade until its status says otherwise. */
function upgrades(head: Head): boolean {
  const { secondSpace, lineEnd } = head.startLine
  const statusIsWhole = spanLength(secondSpace) > 0 || spanLength(lineEnd) > 0
  return !statusIsWhole || statusOf(head) === 101
}

function derivations({ dialect, lane, context }: UnitInput, head: Head): readonly Derivation[] {
  const { challenge } = dialect.handshake
  const isRequest = head.kind === 'request'
  switch (challenge) {
    case 'none':
    case 'hello':
      return []
    case 'keyNumbers':
      return isRequest ? [keyNumberDerivation('key 1', context.key1), keyNumberDerivation('key 2', context.key2)] : []
    case 'acceptHash':
    case 'acceptHashAndNonce':
      if (isRequest || !upgrades(head)) return []
      return [acceptDerivation(context.key, fieldNamed(head, 'Sec-WebSocket-Accept')?.value, lane, head.complete)]
    default:
      return unreachable(challenge)
  }
}

function headFields(head: Head, dialect: Dialect): readonly Field[] {
  const blank = lineEndLeaf('empty line', head.blank, head.complete ? 'the head ends here' : undefined)
  return [
    ...startLineField(head, dialect),
    ...head.fields.map((field) => headerField(field, head.kind, dialect)),
    ...blank,
  ]
}

function startLineField(head: Head, dialect: Dialect): readonly Field[] {
  const { startLine, kind } = head
  if (spanLength(startLine) === 0) return []
  const request = kind === 'request'
  return [
    {
      name: request ? 'request line' : 'status line',
      role: 'start',
      value: visible([startLine.first, startLine.second, startLine.third].map((part) => part.text).join(' ')).trim(),
      cite: dialect.cites[kind],
      start: startLine.start,
      end: startLine.end,
      children: request ? requestLineLeaves(startLine) : statusLineLeaves(startLine),
    },
  ]
}

function requestLineLeaves(line: StartLine): readonly Field[] {
  return [
    ...leaf('method', 'start', line.first, 'must be GET'),
    ...space(line.firstSpace),
    ...leaf('resource', 'start', line.second, 'path and query of the URL'),
    ...space(line.secondSpace),
    ...leaf('HTTP version', 'start', line.third),
    ...lineEndLeaf('line end', line.lineEnd),
  ]
}

function statusLineLeaves(line: StartLine): readonly Field[] {
  return [
    ...leaf('HTTP version', 'start', line.first),
    ...space(line.firstSpace),
    ...leaf('status', 'start', line.second, line.second.text === '101' ? 'the protocol changes now' : undefined),
    ...space(line.secondSpace),
    ...leaf('reason', 'start', line.third, 'for people only'),
    ...lineEndLeaf('line end', line.lineEnd),
  ]
}

const oddityWords: Readonly<Record<FieldOddity, string>> = {
  noColon: 'not a header field: it has no colon',
  emptyName: 'not a header field: nothing stands before the colon',
  spaceInName: 'a field name cannot have a space in it',
  continuation: 'begins with a space: the old way to go on with the line before',
  strayCr: 'has a CR in it that ends no line',
}

function headerField(field: HeadField, kind: HeadKind, dialect: Dialect): Field {
  const meaning = fieldMeaning(dialect, lowerAscii(field.name.text))
  const says = field.oddity ? oddityWords[field.oddity] : meaning?.says
  const name = visible(field.name.text) || 'line'
  const role = meaning?.role ?? (field.oddity ? 'junk' : 'value')
  return {
    name,
    role,
    value: visible(field.value.text),
    ...(says && { says }),
    ...(meaning && { cite: meaning.cite }),
    start: field.start,
    end: field.end,
    children: [
      ...leaf('field name', 'name', field.name),
      ...colonLeaf(field),
      ...leaf(name, role, field.value).map((value) => ({ ...value, ...valueParts(field, kind, meaning) })),
      ...space(field.trailing),
      ...lineEndLeaf('line end', field.lineEnd),
    ],
  }
}

/** The value of a field that is a list, part by part. */
function valueParts({ name, value }: HeadField, kind: HeadKind, meaning: FieldMeaning | undefined) {
  const lists = meaning !== undefined && lowerAscii(name.text) === 'sec-websocket-extensions'
  const children = lists ? extensionFields(value, kind) : null
  return children && { children }
}

/** A part of a head as a leaf; none when it is empty. */
function leaf(name: string, role: FieldRole, part: LocatedText, says?: string): readonly Field[] {
  if (spanLength(part) === 0) return []
  return [{ name, role, value: visible(part.text), ...(says && { says }), start: part.start, end: part.end }]
}

function space(part: Span): readonly Field[] {
  const length = spanLength(part)
  if (length === 0) return []
  const value = length === 1 ? 'SP' : `${length} white space`
  return [{ name: 'space', role: 'separator', value, start: part.start, end: part.end }]
}

/** The colon and the white space after it. */
function colonLeaf({ colon, space: after }: HeadField): readonly Field[] {
  if (spanLength(colon) + spanLength(after) === 0) return []
  const value = `${spanLength(colon) ? ':' : ''}${' '.repeat(spanLength(after))}`
  return [{ name: 'separator', role: 'separator', value, start: colon.start, end: after.end }]
}

function lineEndLeaf(name: string, { text, start, end }: LocatedText, says?: string): readonly Field[] {
  if (text === '') return []
  const value = text.replace('\r', 'CR ').replace('\n', 'LF').trim()
  const meaning = text === '\n' ? 'a CR belongs in front' : says
  return [{ name, role: 'separator', value, ...(meaning && { says: meaning }), start, end }]
}
