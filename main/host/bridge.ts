// The contract over a WebSocket, served by our own RFC 6455 endpoint.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import type { EndpointEnv, EndpointEvent } from '../../shared/endpoint/types.ts'
import { checkEnvelope } from '../../shared/ipc/schemas.ts'
import { decodeWire, encodeWire, type WireReply } from '../../shared/ipc/wire.ts'
import { attachEndpoint } from '../net/endpointSocket.ts'
import type { Host, PageLink } from './host.ts'

export interface BridgeOptions {
  /** Answers the page. */
  readonly host: Pick<Host, 'connect'>
  /** The request that asked for the bridge, already let in, and the connection it came on. */
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Uint8Array
  readonly url: string
  /** Of the page. */
  readonly origin: string
}

/** Speaks the contract on an upgraded connection until it closes. */
export function serveBridge({ host, request, socket, head, url, origin }: BridgeOptions): void {
  if (!(socket instanceof Socket)) throw new Error('the browser host only listens on TCP')
  socket.unshift(Buffer.concat([requestBytes(request), head]))
  const endpoint = attachEndpoint({
    socket,
    env: bridgeEnv(url),
    pace: 'live',
    onStep: ({ events }) => {
      for (const event of events) void onEvent(event)
    },
  })
  const send = (reply: WireReply) => endpoint.act({ kind: 'sendText', text: encodeWire(reply) })
  let page: PageLink | null = null
  void endpoint.closed.then(() => page?.close())
  async function onEvent(event: EndpointEvent): Promise<void> {
    if (event.kind === 'open') page = host.connect({ origin, tell: (push) => send({ push }) })
    if (event.kind === 'message' && event.type === 'text') await answer(decodeUtf8(event.bytes))
  }
  async function answer(text: string): Promise<void> {
    const message = decodeWire(text)
    const request = message.ok ? checkEnvelope(message.value) : message
    // Without a number no answer can be sent: this is not our window.
    if (!request.ok) return endpoint.destroy()
    const { id, method, payload } = request.value
    if (page) send({ id, result: await page.handle(method, payload) })
  }
}

// Cookies do not know ports: a browser sends those of every other program on 127.0.0.1 along.
const limits = { ...defaultLimits, head: 65_536 }

function bridgeEnv(url: string): EndpointEnv {
  return {
    dialect: dialectById('rfc6455'),
    role: 'server',
    config: { url, limits },
    random: (count) => new Uint8Array(randomBytes(count)),
  }
}

/** Node has parsed the head; the endpoint wants it as it came. */
function requestBytes({ method, url, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
