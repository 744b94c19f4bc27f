// What of a head matters when two runs are compared: not keys, proofs, dates or addresses, which are new every time.
import { lowerAscii } from '../bytes/ascii.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { readValue } from '../endpoint/judgeHead.ts'
import { readRequest } from '../endpoint/requestFacts.ts'
import { fieldsNamed, type HeadKind, parseHead } from '../handshake/head.ts'

export interface HeadFact {
  readonly name: string
  /** Null: the head does not say. */
  readonly value: string | null
}

export function headFacts(bytes: Uint8Array, kind: HeadKind, dialect: Dialect): readonly HeadFact[] {
  const head = parseHead(bytes, kind)
  const { version, subprotocolField, extensionsField } = dialect.handshake
  const said = (name: string) => {
    const values = fieldsNamed(head, name).map((field) => readValue(field, dialect).text)
    return values.length === 0 ? null : values.join(', ')
  }
  const both = [
    { name: kind === 'request' ? 'subprotocols' : 'subprotocol', value: said(subprotocolField) },
    ...(extensionsField === null ? [] : [{ name: 'extensions', value: said(extensionsField) }]),
  ]
  if (kind === 'response') return [{ name: 'status', value: head.startLine.second.text }, ...both]
  const { resource, origin, host } = readRequest(head, dialect)
  return [
    { name: 'path', value: resource },
    { name: 'origin', value: isOwn(origin, host) ? 'its own' : origin },
    ...(version ? [{ name: 'version', value: said(version.field) }] : []),
    ...both,
  ]
}

/** A page of the server itself: then the origin is new with every address. */
function isOwn(origin: string | null, host: string | null): boolean {
  return origin !== null && host !== null && lowerAscii(origin).replace(/^https?:\/\//, '') === lowerAscii(host)
}

/** `101, subprotocol chat`: the first fact and whatever else is said. */
export function headPreview([first, ...rest]: readonly HeadFact[]): string {
  const said = rest.flatMap(({ name, value }) => (value === null ? [] : `${name} ${value}`))
  return [first?.value, ...said].join(', ')
}

/** What differs, in words; null when nothing does. */
export function headDifference(recorded: readonly HeadFact[], replayed: readonly HeadFact[]): string | null {
  const found = recorded.flatMap(({ name, value }, index) => {
    const now = replayed[index]!.value
    return now === value ? [] : `${name} ${now ?? 'is not given'}, was ${value ?? 'not given'}`
  })
  return found.length === 0 ? null : found.join('; ')
}
