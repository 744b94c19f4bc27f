// The class `WebSocketDraft`: the interface that https://websockets.spec.whatwg.org defines for `WebSocket`, over a
// transport, in any dialect. Events, exceptions, URLs and Blobs are those of the platform it is made for.
import { encodeUtf8 } from '../bytes/utf8.ts'
import {
  clampShort,
  type DraftOptions,
  type Objection,
  objectionTo,
  objectionToClose,
  objectionToUrl,
  type ParsedUrl,
  readAsked,
  syntaxError,
} from './arguments.ts'
import { addHandlerAttributes } from './handlers.ts'
import { createOutbox } from './outbox.ts'
import {
  addBuffered,
  beginClosing,
  connecting,
  type Fired,
  readyStates,
  type SocketState,
  take,
} from './socketState.ts'
import { type DraftConnection, type DraftEvent, type DraftTransport, failedClose } from './transport.ts'

export interface BlobLike {
  readonly size: number
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface TargetLike {
  addEventListener(type: string, listener: (event: object) => void): void
  removeEventListener(type: string, listener: (event: object) => void): void
  dispatchEvent(event: object): boolean
}

/** What a platform brings along. Everything but `transport` is its own, of the same name. */
export interface DraftPlatform {
  readonly EventTarget: new () => TargetLike
  readonly Event: new (type: string) => object
  readonly MessageEvent: new (type: string, init: { readonly data: unknown; readonly origin: string }) => object
  readonly CloseEvent: new (type: string, init: Omit<Extract<Fired, { type: 'close' }>, 'type'>) => object
  readonly DOMException: new (message: string, name: string) => Error
  readonly Blob: new (parts: Uint8Array<ArrayBuffer>[]) => BlobLike
  readonly URL: new (text: string, base?: string) => ParsedUrl & { readonly origin: string }
  /** What relative URLs are relative to; undefined where there is no page. */
  base(): string | undefined
  readonly transport: DraftTransport
}

/** What of a `WebSocketDraft` is the same on every platform. */
export interface DraftMembers<BlobType> {
  readonly url: string
  readonly readyState: number
  /** Bytes of messages, heads of frames left out, that were sent and that the system has not taken yet. */
  readonly bufferedAmount: number
  readonly extensions: string
  readonly protocol: string
  /** What binary messages come as. */
  binaryType: 'blob' | 'arraybuffer'
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSING: 2
  readonly CLOSED: 3
  /** Throws an InvalidStateError while the connection is being made. Bytes are taken as they are now. */
  send(data: string | ArrayBuffer | ArrayBufferView | BlobType): void
  /**
   * Begins to close. A code other than 1000 and 3000 to 4999 throws an InvalidAccessError, a reason of more than 123
   * bytes of UTF-8 a SyntaxError. Dialects without close codes leave both out.
   */
  close(code?: number, reason?: string): void
}

export interface DraftConstructor<Instance> {
  /**
   * @param url `ws:`, `wss:`, `http:` or `https:`; no fragment
   * @param protocols subprotocols in order of preference, or options. With options the dialect can be chosen.
   */
  new (url: string | { toString(): string }, protocols?: string | Iterable<string> | DraftOptions): Instance
  readonly prototype: Instance
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSING: 2
  readonly CLOSED: 3
}

/** Makes the class for a platform. The type of its instances is what the platform says it is. */
export function defineWebSocketDraft<Instance>(platform: DraftPlatform): DraftConstructor<Instance> {
  class WebSocketDraft extends platform.EventTarget {
    readonly #url: ParsedUrl & { readonly origin: string }
    readonly #wanted: boolean
    readonly #connection: DraftConnection
    readonly #outbox = createOutbox(() => this.#giveUp())
    #state: SocketState = connecting
    #binaryType = 'blob'

    constructor(...given: readonly unknown[]) {
      super()
      needOne(given, 'constructor')
      const asked = readAsked(given[1])
      this.#url = parse(platform, `${given[0]}`)
      object(platform, objectionToUrl(this.#url) ?? objectionTo(asked))
      this.#wanted = asked.protocols.length > 0
      const request = { ...asked, dialect: asked.dialect as NonNullable<DraftOptions['dialect']>, url: this.#url.href }
      this.#connection = platform.transport(request, (event) => this.#take(event))
    }

    get url(): string {
      return this.#url.href
    }
    get readyState(): number {
      return this.#state.readyState
    }
    get bufferedAmount(): number {
      return this.#state.buffered
    }
    get extensions(): string {
      return this.#state.extensions
    }
    get protocol(): string {
      return this.#state.protocol
    }
    get binaryType(): string {
      return this.#binaryType
    }
    set binaryType(type: unknown) {
      const name = `${type}`
      if (name === 'blob' || name === 'arraybuffer') this.#binaryType = name
    }

    send(...given: readonly unknown[]): void {
      needOne(given, 'send')
      const message = readMessage(platform, given[0])
      const { readyState } = this.#state
      if (readyState === readyStates.CONNECTING) {
        object(platform, { name: 'InvalidStateError', message: 'The connection is still being made: wait for open.' })
      }
      this.#state = addBuffered(this.#state, message.size)
      if (readyState !== readyStates.OPEN) return
      this.#outbox.put(message.data, (data) => this.#connection.send(data, message.size))
    }

    close(...given: readonly unknown[]): void {
      const code = given[0] === undefined ? undefined : clampShort(given[0])
      const reason = given[1] === undefined ? undefined : `${given[1]}`
      object(platform, objectionToClose(code, reason))
      const { readyState } = this.#state
      if (readyState === readyStates.CONNECTING) this.#giveUp()
      if (readyState !== readyStates.OPEN) return
      this.#state = beginClosing(this.#state)
      this.#outbox.put(undefined, () => this.#connection.close(code, reason))
    }

    #giveUp(): void {
      this.#state = beginClosing(this.#state)
      this.#connection.abort()
    }

    #take(event: DraftEvent): void {
      const { state, fired } = take(this.#state, this.#judged(event))
      this.#state = state
      for (const each of fired) this.dispatchEvent(this.#eventOf(each))
      if (event.kind === 'message') this.#connection.took(sizeOf(event.data))
    }

    /** WebSockets standard, "establish a WebSocket connection": who asked for subprotocols has to get one. */
    #judged(event: DraftEvent): DraftEvent {
      if (event.kind !== 'open' || !this.#wanted || event.protocol !== '') return event
      this.#connection.abort()
      return failedClose()
    }

    #eventOf(fired: Fired): object {
      if (fired.type === 'message') {
        return new platform.MessageEvent('message', { data: this.#dataOf(fired.data), origin: this.#url.origin })
      }
      return fired.type === 'close' ? new platform.CloseEvent('close', fired) : new platform.Event(fired.type)
    }

    #dataOf(data: string | Uint8Array): unknown {
      if (typeof data === 'string') return data
      const own = data.slice()
      return this.#binaryType === 'blob' ? new platform.Blob([own]) : own.buffer
    }
  }

  shapeAsWebIdl(WebSocketDraft)
  return WebSocketDraft as unknown as DraftConstructor<Instance>
}

/** Web IDL: attributes can be enumerated, constants are on the class and on what it makes, and one argument is due. */
function shapeAsWebIdl(made: { readonly prototype: TargetLike }): void {
  const { prototype } = made
  for (const name of ['url', 'readyState', 'bufferedAmount', 'extensions', 'protocol', 'binaryType', 'send', 'close']) {
    Object.defineProperty(prototype, name, { enumerable: true })
  }
  addHandlerAttributes(prototype, ['open', 'error', 'close', 'message'])
  for (const [name, value] of Object.entries(readyStates)) {
    for (const holder of [made, prototype]) Object.defineProperty(holder, name, { value, enumerable: true })
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'WebSocketDraft', configurable: true })
  Object.defineProperty(made, 'length', { value: 1, configurable: true })
}

function needOne(given: readonly unknown[], what: string): void {
  if (given.length === 0) throw new TypeError(`WebSocketDraft ${what}: 1 argument is needed, and there is none.`)
}

function object({ DOMException }: DraftPlatform, objection: Objection | null): void {
  if (objection) throw new DOMException(objection.message, objection.name)
}

function parse(platform: DraftPlatform, text: string) {
  try {
    return new platform.URL(text, platform.base())
  } catch {
    const { message, name } = syntaxError(`"${text}" is not a URL.`)
    throw new platform.DOMException(message, name)
  }
}

interface Message {
  readonly data: string | Uint8Array | Promise<Uint8Array>
  readonly size: number
}

/** Bytes are copied: what becomes of them afterwards does not change the message. */
function readMessage({ Blob }: DraftPlatform, given: unknown): Message {
  if (given instanceof Blob) {
    return { data: given.arrayBuffer().then((buffer) => new Uint8Array(buffer)), size: given.size }
  }
  if (given instanceof ArrayBuffer) return { data: new Uint8Array(given.slice(0)), size: given.byteLength }
  if (ArrayBuffer.isView(given)) {
    const { buffer, byteOffset, byteLength } = given
    return { data: new Uint8Array(buffer, byteOffset, byteLength).slice(), size: byteLength }
  }
  const text = `${given}`
  return { data: text, size: sizeOf(text) }
}

/** Bytes of a message as they count for `bufferedAmount`: text as UTF-8. */
export function sizeOf(data: string | Uint8Array): number {
  return typeof data === 'string' ? encodeUtf8(data).length : data.length
}
