// permessage-deflate with `ws`, both ways round: every combination of parameters that changes the bytes.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type PerMessageDeflateOptions, WebSocket, WebSocketServer } from 'ws'
import { connectEndpoint } from '../../main/net/client.ts'
import { echo } from '../../main/services/echo.ts'
import { hostService } from '../../main/services/hostService.ts'
import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import { rfc6455 } from '../../shared/dialects/rfc6455.ts'
import type { EndpointEvent } from '../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../shared/extensions/perMessageDeflate.ts'

const always = { threshold: 0 }

interface Combination {
  readonly ours: DeflateOptions
  readonly theirs: PerMessageDeflateOptions
  /** What the response has to say. */
  readonly agreed: string
}

const name = 'permessage-deflate'
const withUs: readonly Combination[] = [
  { ours: {}, theirs: {}, agreed: name },
  {
    ours: {},
    theirs: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    agreed: `${name}; server_no_context_takeover; client_no_context_takeover`,
  },
  { ours: {}, theirs: { serverMaxWindowBits: 9 }, agreed: `${name}; server_max_window_bits=9` },
  { ours: { clientMaxWindowBits: 9 }, theirs: {}, agreed: `${name}; client_max_window_bits=9` },
  {
    ours: { serverMaxWindowBits: 10, clientMaxWindowBits: 12, serverNoContextTakeover: true },
    theirs: {},
    agreed: `${name}; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12`,
  },
]

/** Messages that repeat each other, empty ones, long ones, and one that cannot be made shorter. */
const texts: readonly string[] = Array.from({ length: 100 }, (_, index) => {
  if (index % 25 === 7) return ''
  if (index === 50) return 'wirestep '.repeat(20_000)
  if (index === 60)
    return Array.from({ length: 3_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 9000))).join('')
  return `{"message":${index},"text":"h\u00e9llo again, the same as before"}`
})

describe('our server, with the ws client', () => {
  it.each(withUs)('agrees on $agreed, and 100 messages come back', async ({ ours, theirs, agreed }) => {
    const server = await hostService(echo, { compress: ours })
    if (!server.ok) throw new Error(server.error)
    const socket = new WebSocket(server.value.url, { perMessageDeflate: { ...always, ...theirs } })
    let answer = ''
    socket.on('upgrade', ({ headers }) => {
      answer = String(headers['sec-websocket-extensions'])
    })
    await once(socket, 'open')
    const back: string[] = []
    const all = new Promise<void>((resolve) => {
      socket.on('message', (data) => back.push(String(data)) === texts.length && resolve())
    })
    for (const [index, text] of texts.entries()) sendIn(socket, text, index % 10 === 3 && text.length > 2)
    await all
    expect(answer).toBe(agreed)
    expect(back).toEqual(texts)
    socket.close(1000)
    expect((await once(socket, 'close'))[0]).toBe(1000)
    await server.value.close()
  })
})

/** As one frame or, deflated all the same, as two. */
function sendIn(socket: WebSocket, text: string, twoFrames: boolean): void {
  if (!twoFrames) {
    socket.send(text)
    return
  }
  socket.send(text.slice(0, 2), { fin: false })
  socket.send(text.slice(2), { fin: true })
}

const withThem: readonly Combination[] = [
  { ours: {}, theirs: {}, agreed: name },
  {
    ours: {},
    theirs: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    agreed: `${name}; server_no_context_takeover; client_no_context_takeover`,
  },
  { ours: { serverNoContextTakeover: true }, theirs: {}, agreed: `${name}; server_no_context_takeover` },
  { ours: { serverMaxWindowBits: 10 }, theirs: {}, agreed: `${name}; server_max_window_bits=10` },
  { ours: {}, theirs: { clientMaxWindowBits: 9 }, agreed: `${name}; client_max_window_bits=9` },
  {
    ours: { clientMaxWindowBits: 11 },
    theirs: { serverMaxWindowBits: 9 },
    agreed: `${name}; client_max_window_bits=11; server_max_window_bits=9`,
  },
]

describe('our client, with the ws server', () => {
  it.each(withThem)('agrees on $agreed, and 100 messages come back', async ({ ours, theirs, agreed }) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: { ...always, ...theirs } })
    let answer = ''
    server.on('headers', (lines) => {
      answer = lines.find((line) => line.startsWith('Sec-WebSocket-Extensions'))?.split(': ')[1] ?? ''
    })
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))))
    await once(server, 'listening')
    const events: EndpointEvent[] = []
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const dialled = await connectEndpoint({ url, dialect: rfc6455, compress: ours, onEvent })
    if (!dialled.ok) throw new Error(dialled.error)
    const connection = dialled.value
    await connection.closed
    server.close()
    expect(answer).toBe(agreed)
    expect(events.filter(({ kind }) => kind === 'fault')).toEqual([])
    expect(
      events.flatMap((event) => (event.kind === 'message' && event.type === 'text' ? [decodeUtf8(event.bytes)] : [])),
    ).toEqual(texts)
    expect(events.at(-1)).toMatchObject({ kind: 'close', clean: true })

    function onEvent(event: EndpointEvent): void {
      events.push(event)
      if (event.kind === 'open') {
        for (const [index, text] of texts.entries()) {
          connectionOf().act({ kind: 'sendText', text, fragments: index % 10 === 3 && text !== '' ? 3 : 1 })
        }
      }
      if (events.filter(({ kind }) => kind === 'message').length === texts.length) connectionOf().act({ kind: 'close' })
    }

    /** Events come only after the dialling has been answered. */
    function connectionOf() {
      return connection
    }
  })
})
