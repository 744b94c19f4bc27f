// Rules that requests and responses share: lines, first line, fields that may appear once, Upgrade and Connection.
import { lowerAscii } from '../bytes/ascii.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField, type LocatedText, listItems } from '../handshake/head.ts'
import { type Finding, finding } from './findings.ts'

/** A line that is no field. RFC 7230 §3.2; the drafts' own reader fails on them as well. */
export function judgeLines(head: Head): Finding[] {
  return head.fields.flatMap((field) => (field.oddity ? [finding('head.line', field, oddities[field.oddity])] : []))
}

const oddities: Readonly<Record<NonNullable<HeadField['oddity']>, string>> = {
  noColon: 'no colon',
  emptyName: 'no name before the colon',
  spaceInName: 'a space in the name',
  continuation: 'a line that begins with white space',
  bareLineBreak: 'a CR or LF on its own',
}

/** `HTTP/1.1` or higher. RFC 6455 §4.2.1 item 1. */
export function judgeHttpVersion(version: LocatedText, whole: Head): Finding[] {
  const match = /^HTTP\/([0-9])\.([0-9])$/.exec(version.text)
  if (!match) return [finding('head.start-line', whole.startLine)]
  const high = Number(match[1]) > 1 || (match[1] === '1' && match[2] !== '0')
  return high ? [] : [finding('head.http-version', version, version.text)]
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

export function judgeUpgrade(head: Head, dialect: Dialect): Finding[] {
  const { upgradeToken } = dialect.handshake
  return [
    ...judgeField(head, 'Upgrade', 'head.upgrade-missing', (field) =>
      names(field, upgradeToken, dialect, head.kind === 'response')
        ? []
        : [finding('head.upgrade-value', valueSpan(field), field.value.text)],
    ),
    ...judgeField(head, 'Connection', 'head.connection-missing', (field) =>
      names(field, 'Upgrade', dialect, false)
        ? []
        : [finding('head.connection-value', valueSpan(field), field.value.text)],
    ),
  ]
}

function names(field: HeadField, token: string, dialect: Dialect, inResponse: boolean): boolean {
  const { upgradeFields } = dialect.handshake
  const wanted = lowerAscii(token)
  switch (upgradeFields) {
    case 'tokenList':
      return listItems(field.value).some((item) => lowerAscii(item.text) === wanted) // RFC 6455 §4.1, §4.2.1: any case
    case 'wholeValue':
      // hybi-03's client compares the response's Upgrade with its capitals; its server compares the request's without.
      return inResponse ? field.value.text === token : lowerAscii(field.value.text) === wanted
    default:
      return unreachable(upgradeFields)
  }
}
