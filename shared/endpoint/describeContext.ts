// What an end knows from the handshake, each thing with the bytes it came from.
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { serverNonceField } from '../handshake/accept.ts'
import { fieldNamed, type LocatedText, parseHead } from '../handshake/head.ts'
import { nonceSize, parseNonce } from '../handshake/hello.ts'
import { key3Size } from '../handshake/keyNumbers.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { type Agreed, agreedIn, nothingAgreed } from './agreed.ts'
import { readRequest } from './requestFacts.ts'

export interface Known<T> {
  readonly value: T
  readonly lane: Lane
  readonly span: Span
}

/** Null: not seen, or not readable. */
export interface HandshakeContext {
  readonly resource: Known<string> | null
  readonly clientNonce: Known<Uint8Array> | null
  readonly serverNonce: Known<Uint8Array> | null
  /** `Sec-WebSocket-Key` as the text it is. */
  readonly key: Known<string> | null
  /** `Sec-WebSocket-Nonce` of the response, as the text it is. hybi-04. */
  readonly responseNonce: Known<string> | null
  /** The two keys of hixie-76, as the text they are. */
  readonly key1: Known<string> | null
  readonly key2: Known<string> | null
  /** The 8 bytes behind the request. */
  readonly key3: Known<Uint8Array> | null
  readonly offered: Known<readonly string[]> | null
  /** The subprotocol the response names. */
  readonly chosen: Known<string> | null
  /** What the two heads agree on. */
  readonly agreed: Agreed
}

export const emptyContext: HandshakeContext = {
  resource: null,
  clientNonce: null,
  serverNonce: null,
  key: null,
  responseNonce: null,
  key1: null,
  key2: null,
  key3: null,
  offered: null,
  chosen: null,
  agreed: nothingAgreed,
}

/** A unit's bytes and the lane offset of the first. */
export interface PlacedBytes {
  readonly bytes: Uint8Array
  readonly start: number
}

/** The units of the handshake as the end has them; null for those it has not. */
export interface HandshakeUnits {
  readonly request: PlacedBytes | null
  readonly response: PlacedBytes | null
  readonly serverHello: PlacedBytes | null
  /** What follows the request in dialects that have something there. */
  readonly clientChallenge: PlacedBytes | null
}

/** Reads what the units say; what is missing or broken in them is null. */
export function readContext(dialect: Dialect, units: HandshakeUnits): HandshakeContext {
  return {
    ...emptyContext,
    ...(units.request && fromRequest(dialect, units.request)),
    ...(units.response && fromResponse(dialect, units.response)),
    agreed: agreedByHeads(dialect, units),
    ...(units.serverHello && { serverNonce: nonceOf(units.serverHello) }),
    ...(units.clientChallenge && { key3: key3Of(units.clientChallenge) }),
  }
}

function agreedByHeads(dialect: Dialect, { request, response }: HandshakeUnits): Agreed {
  if (!request || !response) return nothingAgreed
  const asked = readRequest(parseHead(request.bytes, 'request', request.start), dialect)
  return agreedIn(parseHead(response.bytes, 'response', response.start), asked, dialect)
}

function fromRequest({ handshake }: Dialect, { bytes, start }: PlacedBytes): Partial<HandshakeContext> {
  const head = parseHead(bytes, 'request', start)
  const known = <T>(field: LocatedText | undefined, read: (text: string) => T | null) =>
    knownFrom('clientToServer', field, read)
  const value = (name: string) => fieldNamed(head, name)?.value
  const offer = value(handshake.subprotocolField)
  const resource = known(head.startLine.second, (text) => text || null)
  const offered = known(offer, (text) => parseSubprotocols(handshake.subprotocols, text).names)
  const asIs = (text: string) => text
  switch (handshake.challenge) {
    case 'none':
      return { resource, offered }
    case 'keyNumbers': {
      const written = (name: string) => fieldNamed(head, name)?.written
      const key1 = known(written('Sec-WebSocket-Key1'), asIs)
      return { resource, offered, key1, key2: known(written('Sec-WebSocket-Key2'), asIs) }
    }
    case 'hello':
      return { resource, offered, clientNonce: known(value('Sec-WebSocket-Nonce'), readNonce) }
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return { resource, offered, key: known(value('Sec-WebSocket-Key'), asIs) }
    default:
      return unreachable(handshake.challenge)
  }
}

function fromResponse({ handshake }: Dialect, { bytes, start }: PlacedBytes): Partial<HandshakeContext> {
  const head = parseHead(bytes, 'response', start)
  const field = fieldNamed(head, handshake.subprotocolField)?.value
  const nonce = fieldNamed(head, serverNonceField)?.value
  const asText = (text: string) => text
  return {
    chosen: knownFrom('serverToClient', field, asText),
    responseNonce: knownFrom('serverToClient', nonce, asText),
  }
}

function knownFrom<T>(lane: Lane, field: LocatedText | undefined, read: (text: string) => T | null): Known<T> | null {
  const value = field ? read(field.text) : null
  return field && value !== null ? { value, lane, span: { start: field.start, end: field.end } } : null
}

function readNonce(text: string): Uint8Array | null {
  const parsed = parseNonce(text)
  return parsed.ok ? parsed.nonce : null
}

function key3Of({ bytes, start }: PlacedBytes): Known<Uint8Array> | null {
  if (bytes.length < key3Size) return null
  return { value: bytes.slice(), lane: 'clientToServer', span: { start, end: start + key3Size } }
}

/** hello-00 §5: the nonce comes right after the two octets of the server Hello's header. */
function nonceOf({ bytes, start }: PlacedBytes): Known<Uint8Array> | null {
  const value = bytes.slice(2, 2 + nonceSize)
  if (value.length < nonceSize) return null
  return { value, lane: 'serverToClient', span: { start: start + 2, end: start + 2 + nonceSize } }
}
