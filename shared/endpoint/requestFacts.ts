// What a request says that later judging and answering depend on: the receiver of the request reads it from the wire,
// the sender (or whoever watches the sender) from what was sent.
import type { Dialect } from '../dialects/dialect.ts'
import { parseExtensions } from '../handshake/extensions.ts'
import { fieldNamed, fieldsNamed, type Head } from '../handshake/head.ts'
import { parseNonce } from '../handshake/hello.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { resourceOfTarget } from '../handshake/urls.ts'

export interface RequestFacts {
  /** Path and query. */
  readonly resource: string
  readonly host: string | null
  readonly origin: string | null
  /** 8 bytes; null when there is none or it cannot be read. */
  readonly nonce: Uint8Array | null
  /** As text, the way it is hashed. */
  readonly key: string | null
  /** In the client's order of preference. */
  readonly subprotocols: readonly string[]
  readonly extensions: readonly string[]
}

/** Reads a request head, legal or not. */
export function readRequest(head: Head, dialect: Dialect): RequestFacts {
  const { originField, subprotocols } = dialect.handshake
  const nonce = parseNonce(firstValue(head, 'Sec-WebSocket-Nonce') ?? '')
  return {
    resource: resourceOfTarget(head.startLine.second.text),
    host: firstValue(head, 'Host'),
    origin: firstValue(head, originField.request),
    nonce: nonce.ok ? nonce.nonce : null,
    key: firstValue(head, 'Sec-WebSocket-Key'),
    subprotocols: allValues(head, 'Sec-WebSocket-Protocol').flatMap(
      (text) => parseSubprotocols(subprotocols, text).names,
    ),
    extensions: allValues(head, 'Sec-WebSocket-Extensions').flatMap((text) => parseExtensions(text)?.names ?? []),
  }
}

function firstValue(head: Head, name: string): string | null {
  return fieldNamed(head, name)?.value.text ?? null
}

function allValues(head: Head, name: string): readonly string[] {
  return fieldsNamed(head, name).map((field) => field.value.text)
}

/** The URL that the request asks for, as a server that echoes the location writes it. */
export function locationOf(request: RequestFacts, secure: boolean): string {
  return `${secure ? 'wss' : 'ws'}://${request.host ?? ''}${request.resource}`
}
