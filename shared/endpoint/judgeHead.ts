// Rules that requests and responses share: lines, first line, fields that may appear once, Upgrade and Connection.
import { lowerAscii } from '../bytes/ascii.ts'
import { toHex } from '../bytes/hex.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import {
  type FieldOddity,
  fieldNamed,
  fieldsNamed,
  type Head,
  type HeadField,
  type HeadKind,
  type LocatedText,
  listItems,
} from '../handshake/head.ts'
import { type Finding, finding } from './findings.ts'

/** The value as the dialect's reader takes it: see `headReader`. */
export function readValue(field: HeadField, { handshake }: Dialect): LocatedText {
  switch (handshake.headReader) {
    case 'octets':
      return field.written
    case 'http':
      return field.value // RFC 7230 §3.2.4
    default:
      return unreachable(handshake.headReader)
  }
}

/** hixie-76 §4.1: a client writes the host and the origin in lower case, and comparisons count on it. */
export function judgeCase(field: HeadField, dialect: Dialect): Finding[] {
  const { text } = readValue(field, dialect)
  const isLower = dialect.handshake.hostAndOrigin === 'anyCase' || lowerAscii(text) === text
  return isLower ? [] : [finding('head.letter-case', valueSpan(field), text)]
}

/**
 * hixie-75 §4.1, §5.2: the fields named come in this order. Reports the first that comes after one it belongs before;
 * whatever is named comes before whatever is not.
 */
export function judgeOrder(head: Head, names: readonly string[]): Finding[] {
  let last = 0
  for (const field of head.fields) {
    if (fieldNamed(head, field.name.text) !== field) continue // once too often, which is another rule
    const place = names.indexOf(lowerAscii(field.name.text))
    if (place >= 0 && place < last) return [finding('head.order', field, field.name.text)]
    last = place < 0 ? names.length : place
  }
  return []
}

/** Lines that are no fields, and the first CR or LF that does not belong to a CR LF. RFC 7230 §3; hello-00 §12, §13. */
export function judgeLines(head: Head, { handshake }: Dialect): Finding[] {
  const lines = head.fields.flatMap((field) => {
    if (field.oddity && field.oddity !== 'strayCr') return [finding('head.line', field, oddities[field.oddity])]
    return handshake.headReader === 'http' ? judgeCharacters(field) : []
  })
  const [lone] = head.loneBreaks
  return lone ? [...lines, finding('head.line-end', lone, lone.text === '\r' ? 'CR' : 'LF')] : lines
}

/** RFC 7230 §3.2: a name is a token, a value has no control characters but the tab. CR and LF are another rule's. */
function judgeCharacters(field: HeadField): Finding[] {
  const { name, value } = field
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name.text)) {
    return [finding('head.line', field, 'a character in the name that no name may have')]
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  const index = value.text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/)
  if (index < 0) return []
  const at = value.start + index
  return [finding('head.field-value', { start: at, end: at + 1 }, toHex(Uint8Array.of(value.text.charCodeAt(index))))]
}

const oddities: Readonly<Record<Exclude<FieldOddity, 'strayCr'>, string>> = {
  noColon: 'no colon',
  emptyName: 'no name before the colon',
  spaceInName: 'a space in the name',
  continuation: 'a line that begins with white space',
}

/** `HTTP/1.1` or higher. RFC 6455 §4.2.1 item 1. The first line has been found to be one of HTTP. */
export function judgeHttpVersion({ text, start, end }: LocatedText): Finding[] {
  return /^HTTP\/(?:0|1\.0)/.test(text) ? [finding('head.http-version', { start, end }, text)] : []
}

/** Fields of these names beyond the first. */
export function judgeOnce(head: Head, names: readonly string[]): Finding[] {
  return names.flatMap((name) =>
    fieldsNamed(head, name)
      .slice(1)
      .map((field) => finding('head.field-twice', { start: field.start, end: field.lineEnd.start }, name)),
  )
}

/** A field that has to be there, and what its value breaks. A missing field is a fault of the head as a whole. */
export function judgeField(
  head: Head,
  name: string,
  missing: FaultCode,
  judge: (field: HeadField) => Finding[] = () => [],
): Finding[] {
  const field = fieldNamed(head, name)
  return field ? judge(field) : [finding(missing, head)]
}

/** The value's bytes; the whole line where the value is empty, so that there is something to point at. */
export function valueSpan(field: HeadField): { readonly start: number; readonly end: number } {
  return field.value.end > field.value.start ? field.value : { start: field.start, end: field.lineEnd.start }
}

/** A field as it is written, without its line end. */
export function fieldText({ name, colon, written }: HeadField): string {
  return `${name.text}:${' '.repeat(written.start - colon.end)}${written.text}`
}

export function judgeUpgrade(head: Head, dialect: Dialect): Finding[] {
  const { upgradeToken } = dialect.handshake
  return [
    ...judgeNaming(head, 'Upgrade', 'head.upgrade-missing', 'head.upgrade-value', (values) =>
      namesProtocol(values, upgradeToken, dialect, head.kind),
    ),
    ...judgeNaming(head, 'Connection', 'head.connection-missing', 'head.connection-value', (values) =>
      namesUpgrade(values, dialect),
    ),
  ]
}

/** Judges all fields of a name together: HTTP lets a list be spread over several. RFC 7230 §3.2.2. */
function judgeNaming(
  head: Head,
  name: string,
  missing: FaultCode,
  wrong: FaultCode,
  isRight: (values: readonly HeadField[]) => boolean,
): Finding[] {
  const fields = fieldsNamed(head, name)
  if (fields.length === 0) return [finding(missing, head)]
  if (isRight(fields)) return []
  return [finding(wrong, valueSpan(fields[0]!), fields.map((field) => field.value.text).join(', '))]
}

function namesProtocol(fields: readonly HeadField[], token: string, dialect: Dialect, kind: HeadKind): boolean {
  switch (dialect.handshake.upgradeFields) {
    case 'tokenList':
      // RFC 6455 §4.2.1 item 3: the request's value includes it. §4.1: the response's value is it, and nothing else.
      return kind === 'request' ? hasToken(fields, token) : fields.every(({ value }) => sameToken(value.text, token))
    case 'wholeToken':
      return sameToken(readValue(fields[0]!, dialect).text, token)
    case 'wholeValue': {
      // hybi-03's client compares the response's value with its capitals; its server compares the request's without.
      const { text } = readValue(fields[0]!, dialect)
      return kind === 'response' ? text === token : sameToken(text, token)
    }
    default:
      return unreachable(dialect.handshake.upgradeFields)
  }
}

function namesUpgrade(fields: readonly HeadField[], dialect: Dialect): boolean {
  switch (dialect.handshake.upgradeFields) {
    case 'tokenList':
      return hasToken(fields, 'Upgrade') // RFC 6455 §4.1, §4.2.1: any case
    case 'wholeValue':
    case 'wholeToken':
      return sameToken(readValue(fields[0]!, dialect).text, 'Upgrade')
    default:
      return unreachable(dialect.handshake.upgradeFields)
  }
}

function hasToken(fields: readonly HeadField[], token: string): boolean {
  return fields.some(({ value }) => listItems(value).some((item) => sameToken(item.text, token)))
}

function sameToken(text: string, token: string): boolean {
  return lowerAscii(text) === lowerAscii(token)
}
