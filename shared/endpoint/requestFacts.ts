// What a request says that later judging and answering depend on: the receiver of the request reads it from the wire,
// the sender (or whoever watches the sender) from what was sent.
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Extension } from '../extensions/grammar.ts'
import { fieldsNamed, type Head } from '../handshake/head.ts'
import { parseNonce } from '../handshake/hello.ts'
import { parseKeyNumber } from '../handshake/keyNumbers.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { resourceOfTarget } from '../handshake/urls.ts'
import { extensionsIn } from './agreed.ts'
import { readValue } from './judgeHead.ts'

export interface RequestFacts {
  /** Path and query. */
  readonly resource: string
  readonly host: string | null
  readonly origin: string | null
  /** 8 bytes; null when there is none or it cannot be read. */
  readonly nonce: Uint8Array | null
  /** As text, the way it is hashed. */
  readonly key: string | null
  /** What the two keys of hixie-76 come to; null when one is missing or cannot be read. */
  readonly keyParts: readonly [number, number] | null
  /** What the client drew at random for this connection, as it is written, and where it begins; null when there is none. */
  readonly drawn: Drawn | null
  /** In the client's order of preference. */
  readonly subprotocols: readonly string[]
  /** In the client's order of preference, with their parameters. */
  readonly extensions: readonly Extension[]
}

export interface Drawn {
  readonly text: string
  readonly span: Span
}

/** Reads a request head, legal or not. */
export function readRequest(head: Head, dialect: Dialect): RequestFacts {
  const { originField, subprotocolField, subprotocols, resource } = dialect.handshake
  const values = (name: string) => fieldsNamed(head, name).map((field) => readValue(field, dialect).text)
  const first = (name: string) => values(name)[0] ?? null
  const nonce = parseNonce(first('Sec-WebSocket-Nonce') ?? '')
  return {
    resource: resourceOfTarget(resource, head.startLine.second.text),
    host: first('Host'),
    origin: originField.request.map(first).find((value) => value !== null) ?? null,
    nonce: nonce.ok ? nonce.nonce : null,
    key: first('Sec-WebSocket-Key'),
    keyParts: keyParts(first('Sec-WebSocket-Key1'), first('Sec-WebSocket-Key2')),
    drawn: drawnIn(head, dialect),
    subprotocols: values(subprotocolField).flatMap((text) => parseSubprotocols(subprotocols, text).names),
    extensions: extensionsIn(head, dialect),
  }
}

/** `span` is of the first field that has some of it. */
function drawnIn(head: Head, dialect: Dialect): Drawn | null {
  const values = nonceFields(dialect).flatMap((name) => fieldsNamed(head, name).slice(0, 1))
  const [first] = values
  if (!first || values.length < nonceFields(dialect).length) return null
  const { start, end } = first.value
  return { text: values.map((field) => readValue(field, dialect).text).join(' and '), span: { start, end } }
}

function nonceFields({ handshake }: Dialect): readonly string[] {
  switch (handshake.challenge) {
    case 'none':
      return []
    case 'keyNumbers':
      return ['Sec-WebSocket-Key1', 'Sec-WebSocket-Key2']
    case 'hello':
      return ['Sec-WebSocket-Nonce']
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return ['Sec-WebSocket-Key']
    default:
      return unreachable(handshake.challenge)
  }
}

function keyParts(key1: string | null, key2: string | null): readonly [number, number] | null {
  const [one, two] = [parseKeyNumber(key1 ?? ''), parseKeyNumber(key2 ?? '')]
  return one.ok && two.ok ? [one.value.part, two.value.part] : null
}

/** The URL that the request asks for, as a server that echoes the location writes it. */
export function locationOf(request: RequestFacts, secure: boolean): string {
  return `${secure ? 'wss' : 'ws'}://${request.host ?? ''}${request.resource}`
}

/** hixie-75 to hybi-03: who asks for a subprotocol gets one. RFC 6455 §4.2.2 item 4 lets the server choose none. */
export function mustChoose({ handshake }: Dialect, { subprotocols }: RequestFacts): boolean {
  return handshake.subprotocols !== 'commaSeparatedTokens' && subprotocols.length > 0
}
