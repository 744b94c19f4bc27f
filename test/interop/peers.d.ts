// As much of the types of old peers as the interop tests use; no one publishes any.
declare module 'ws-0.4' {
  import type { EventEmitter } from 'node:events'

  class WebSocket extends EventEmitter {
    constructor(url: string, options?: { protocolVersion?: number | string; origin?: string; protocol?: string })
    send(data: string | Uint8Array, options?: { binary?: boolean }): void
    ping(data?: string): void
    close(code?: number, reason?: string): void
  }

  namespace WebSocket {
    export class Server extends EventEmitter {
      constructor(options: { server?: import('node:http').Server; port?: number }, listening?: () => void)
      close(): void
    }
  }

  export = WebSocket
}

declare module 'websocket-driver' {
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  interface Driver {
    readonly io: Duplex
    readonly version: string
    on(event: 'message', listener: (message: { data: string | Buffer }) => void): void
    on(event: 'close', listener: (event: { code: number; reason: string }) => void): void
    start(): boolean
    text(data: string): boolean
    binary(data: Buffer): boolean
    ping(data: string, answered?: () => void): boolean
    close(reason?: string, code?: number): boolean
  }

  const driver: {
    isWebSocket(request: IncomingMessage): boolean
    http(request: IncomingMessage, options?: { maxLength?: number; protocols?: readonly string[] }): Driver
  }
  export default driver
}

declare module 'websocket-driver/lib/websocket/driver/draft75.js' {
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  export default class Draft75 {
    constructor(request: IncomingMessage, url: string, options: object)
    readonly version: string
    readonly io: Duplex
    readonly messages: Duplex
    start(): boolean
    text(message: string): boolean
  }
}

declare module 'websocket-driver/lib/websocket/driver/draft76.js' {
  export { default } from 'websocket-driver/lib/websocket/driver/draft75.js'
}
