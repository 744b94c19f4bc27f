// What stands behind a WebSocketDraft: somebody who connects for it, and what he tells. In Node it is a client of ours on
// a socket; in a page it is the host at the other side of the bridge.
import type { DialectId } from '../dialects/dialect.ts'

/** What is to be connected to. All of it was judged before. */
export interface DraftRequest {
  /** `ws://host:port/path`, as a URL parser writes it. */
  readonly url: string
  /** Offered in order of preference. */
  readonly protocols: readonly string[]
  readonly dialect: DialectId
  /** Whether permessage-deflate is offered, where the dialect has it. */
  readonly compress: boolean
}

/** In order, and each in a task of its own: what a promise waits for has run before the next comes. */
export type DraftEvent =
  | { readonly kind: 'open'; readonly protocol: string; readonly extensions: string }
  | { readonly kind: 'message'; readonly data: string | Uint8Array }
  /** So many bytes of messages that were sent are the system's affair now. */
  | { readonly kind: 'sent'; readonly size: number }
  /** The server began to close. */
  | { readonly kind: 'closing' }
  | DraftClose

/** Once, last. `why`: one sentence where the connection failed; a page is not told it, as browsers do not tell it either. */
export interface DraftClose {
  readonly kind: 'close'
  readonly clean: boolean
  readonly code: number
  readonly reason: string
  readonly failed: boolean
  readonly why?: string
}

export interface DraftConnection {
  /** `size`: bytes of the message as they count for `bufferedAmount`. */
  send(data: string | Uint8Array, size: number): void
  /** Begins the closing handshake, behind everything that was sent. */
  close(code?: number, reason?: string): void
  /** Gives the connection up at once; its close comes all the same. */
  abort(): void
  /** A message of so many bytes was dealt with: there is room for as many. */
  took(size: number): void
}

export type DraftTransport = (request: DraftRequest, tell: (event: DraftEvent) => void) => DraftConnection

/** The close of a connection that came to nothing, or was lost. RFC 6455 §7.1.5: 1006, no close frame came. */
export function failedClose(why?: string): DraftClose {
  return { kind: 'close', clean: false, code: 1006, reason: '', failed: true, ...(why !== undefined && { why }) }
}
