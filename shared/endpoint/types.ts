// The shape of an endpoint: a value that takes bytes or an action and gives bytes, events and a new value.
// No socket, clock or randomness here: they come in through EndpointEnv.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { DeflateOptions } from '../extensions/perMessageDeflate.ts'
import type { Fault } from '../faults/fault.ts'
import type { FlawId } from '../profile/flaws.ts'
import type { ProfileId } from '../profile/prototype2010.ts'
import type { RequestFacts } from './requestFacts.ts'

/** Every state any endpoint of any dialect can be in. The tables say which dialect uses which. */
export type StateName =
  | 'IDLE'
  | 'AWAITING_REQUEST'
  | 'REQUEST_RECEIVED' // a good request is here, the answer is not out yet
  | 'AWAITING_RESPONSE'
  | 'AWAITING_SERVER_HELLO'
  | 'AWAITING_CLIENT_HELLO'
  | 'AWAITING_CHALLENGE' // a client: for the 16 bytes behind the response
  | 'AWAITING_KEY3' // a server that has answered: for the 8 bytes behind the request
  | 'OPEN'
  | 'CLOSE_SENT'
  | 'CLOSE_RECEIVED'
  | 'CLOSE_CROSSED' // both sides began to close, with different bodies: one answer is owed, one awaited
  | 'CLOSE_DONE' // both close frames have passed; waiting for the end of the stream
  | 'CLOSED'
  | 'FAILED'

/** What moves a machine. `send*` and `receive*` name whole units; the rest are what their names say. */
export type Trigger =
  | 'sendRequest'
  | 'receiveRequest'
  | 'sendResponse'
  | 'sendRefusal'
  | 'receiveResponse'
  | 'receiveRefusal'
  | 'sendHello'
  | 'receiveHello'
  | 'sendChallenge' // the bytes behind a head: 8 of a client, 16 of a server
  | 'receiveChallenge'
  | 'sendData'
  | 'receiveData'
  | 'sendPing'
  | 'receivePing'
  | 'sendPong'
  | 'receivePong'
  | 'sendClose'
  | 'receiveClose'
  | 'sendCloseReply' // where close bodies are opaque: a close frame with the body of the one it answers
  | 'receiveCloseReply'
  | 'sendEnd' // our half of the TCP stream ends
  | 'receiveEnd' // the peer's half ended
  | 'fault' // a broken rule that ends the connection
  | 'timeout'

export interface TableRow {
  readonly from: StateName
  readonly trigger: Trigger
  readonly to: StateName
  /** Section that says so. */
  readonly cite: string
  /** One plain sentence on what happens and why, for the states view and the docs. */
  readonly says: string
}

/** All transitions of one role of one dialect. A trigger without a row moves nothing: a judge has said what is wrong. */
export type StateTable = readonly TableRow[]

/** One move that was made, to another state: rows that stay where they are move nothing. */
export interface Transition {
  readonly role: Role
  readonly from: StateName
  readonly to: StateName
  readonly trigger: Trigger
  readonly cite: string
  /** The unit whose last (or decisive) byte caused it; none for actions that send nothing. */
  readonly cause?: { readonly lane: Lane; readonly span: Span }
}

/** What the application at an end can ask for. */
export type Action =
  | { readonly kind: 'open' }
  | { readonly kind: 'sendText'; readonly text: string; readonly fragments?: number }
  /** Text that is UTF-8 already, as a text message that was received is: nothing is coded. */
  | { readonly kind: 'sendUtf8'; readonly bytes: Uint8Array; readonly fragments?: number }
  | { readonly kind: 'sendBinary'; readonly bytes: Uint8Array; readonly fragments?: number }
  | { readonly kind: 'ping'; readonly bytes: Uint8Array }
  | { readonly kind: 'pong'; readonly bytes: Uint8Array }
  /** `code` and `reason` only where the dialect's close body has them; `body` only where it is opaque. */
  | { readonly kind: 'close'; readonly code?: number; readonly reason?: string; readonly body?: Uint8Array }
  /** Ends our half of the stream without a closing handshake. */
  | { readonly kind: 'end' }
  | { readonly kind: 'timeout' }

/** A message that was received, in bytes that nobody changes: of a text its UTF-8, with U+FFFD for what was none. */
export interface Message {
  readonly type: 'text' | 'binary'
  readonly bytes: Uint8Array
}

export type EndpointEvent =
  /** `extensions`: those in use, as the response lists them; left out where there are none. */
  | { readonly kind: 'open'; readonly resource: string; readonly subprotocol?: string; readonly extensions?: string }
  | ({ readonly kind: 'message' } & Message)
  | { readonly kind: 'ping' | 'pong'; readonly bytes: Uint8Array }
  /** The profile does not allow what came: why, and what lifts it. The connection is closed. */
  | { readonly kind: 'refused'; readonly says: string }
  /** Exactly one per connection, last. `clean`: the closing handshake was finished first. */
  | { readonly kind: 'close'; readonly clean: boolean; readonly code?: number; readonly reason?: string }
  | { readonly kind: 'fault'; readonly fault: Fault }

export interface Limits {
  /** Bytes of an HTTP head. No draft sets one; 16384 by default. */
  readonly head: number
  /** Bytes of one reassembled message; 64 MiB by default. */
  readonly message: number
}

/** What an endpoint is told about its place in the world. Never changes during a connection. */
export interface EndpointConfig {
  /** The URL the client asks for and the server believes it serves: `ws://127.0.0.1:4502/demo`. */
  readonly url: string
  /** Sent as the request's origin by a client. */
  readonly origin?: string
  /** Offered by a client in order of preference; spoken by a server. */
  readonly subprotocols?: readonly string[]
  /** Offers permessage-deflate as a client, accepts it as a server. Left out, nothing is compressed. */
  readonly compress?: DeflateOptions
  /** Keeps to what a program of the time could do; everything the dialect has when left out. */
  readonly profile?: ProfileId
  /** What this end, a client, does wrong on purpose. */
  readonly flaw?: FlawId
  /** Versions a server names when it refuses one; the dialect's own when left out. RFC 6455 §4.4. */
  readonly versions?: readonly string[]
  readonly limits: Limits
}

export interface EndpointEnv {
  readonly dialect: Dialect
  readonly role: Role
  readonly config: EndpointConfig
  /** The next `count` random bytes: a seeded generator in the lab, the system's elsewhere. */
  random(count: number): Uint8Array
  /** A server's own say about a request that breaks no rule: the HTTP status to turn it away with, or null to take it. */
  admit?(request: RequestFacts): RefusalStatus | null
  /** What goes out in place of the head that this end has made, which has its fresh keys: a recorded one with these. */
  rewriteHead?(head: Uint8Array): Uint8Array
}

/** Reasons of its own for which a server does not take a connection. RFC 6455 §4.2.2 item 4. */
export type RefusalStatus = 403 | 404 | 503

/** What came of feeding an endpoint: the value to go on with, and everything that happened, in order. */
export interface Step<State> {
  readonly state: State
  /** Bytes to put on our lane, one entry per write. */
  readonly send: readonly Uint8Array[]
  /** True when our half of the stream is to be ended after `send`. */
  readonly end: boolean
  readonly events: readonly EndpointEvent[]
  readonly faults: readonly Fault[]
  readonly transitions: readonly Transition[]
}

/** Raised to the person as one sentence when an action cannot be done in this state. A value, never thrown. */
export type ActResult<State> =
  | { readonly ok: true; readonly step: Step<State> }
  | { readonly ok: false; readonly reason: string }
