// The package entry `wirestep/client`: `WebSocketDraft` for Node.
import { type DraftConstructor, type DraftMembers, defineWebSocketDraft } from '../../shared/draft/webSocketDraft.ts'
import { createSocketTransport } from './socketTransport.ts'

export type { DialectId } from '../../shared/dialects/dialect.ts'
export type { DraftOptions } from '../../shared/draft/arguments.ts'

/** A message came. `data`: text, or bytes as `binaryType` says. */
export interface DraftMessageEvent extends Event {
  readonly data: string | ArrayBuffer | Blob
  readonly origin: string
}

/** The connection is over. */
export interface DraftCloseEvent extends Event {
  readonly wasClean: boolean
  readonly code: number
  readonly reason: string
}

interface DraftEvents {
  open: Event
  error: Event
  message: DraftMessageEvent
  close: DraftCloseEvent
}

type Handler<E> = ((event: E) => unknown) | null

/** The `WebSocket` of browsers, in any dialect. */
export interface WebSocketDraft extends DraftMembers<Blob>, EventTarget {
  onopen: Handler<Event>
  onerror: Handler<Event>
  onmessage: Handler<DraftMessageEvent>
  onclose: Handler<DraftCloseEvent>
  addEventListener<K extends keyof DraftEvents>(
    type: K,
    listener: (event: DraftEvents[K]) => void,
    options?: boolean | { readonly once?: boolean; readonly capture?: boolean; readonly signal?: AbortSignal },
  ): void
  addEventListener(...given: Parameters<EventTarget['addEventListener']>): void
}

/** Node 20 has no CloseEvent. */
class CloseEvent extends Event implements DraftCloseEvent {
  readonly wasClean: boolean
  readonly code: number
  readonly reason: string
  constructor(type: string, { wasClean, code, reason }: Omit<DraftCloseEvent, keyof Event>) {
    super(type)
    this.wasClean = wasClean
    this.code = code
    this.reason = reason
  }
}

export const WebSocketDraft: DraftConstructor<WebSocketDraft> = defineWebSocketDraft<WebSocketDraft>({
  EventTarget: EventTarget as never,
  Event,
  MessageEvent: MessageEvent as never,
  CloseEvent,
  DOMException,
  Blob: Blob as never,
  URL,
  base: () => undefined,
  transport: createSocketTransport(),
})
