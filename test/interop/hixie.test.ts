// Servers of hixie-75 and hixie-76 written by others, against our client; and what they are known to do otherwise.
import { Hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import Draft75 from 'websocket-driver/lib/websocket/driver/draft75.js'
import Draft76 from 'websocket-driver/lib/websocket/driver/draft76.js'
import OldWebSocket from 'ws-0.4'
import { wirestep } from '../main/cli/fakeTerminal.ts'

type Line = Readonly<Record<string, unknown>>

async function connect(port: number, dialect: string, ...more: readonly string[]) {
  const url = `ws://127.0.0.1:${port}/chat`
  const { code, out, err } = await wirestep(['connect', url, '--dialect', dialect, '--json', ...more])
  const events: readonly Line[] = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { code, events, err }
}

/** An HTTP server whose upgraded sockets speak what `websocket-driver` takes the request for, and echo text. */
async function driverServer() {
  const versions: string[] = []
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const Driver = request.headers['sec-websocket-key1'] ? Draft76 : Draft75
    const driver = new Driver(request, `ws://${request.headers.host}${request.url}`, {})
    driver.io.write(head)
    socket.pipe(driver.io).pipe(socket)
    driver.messages.on('data', (text: string) => driver.text(text))
    socket.on('error', () => socket.destroy())
    driver.start()
    versions.push(driver.version)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, versions, stop: () => server.close() }
}

/** A `ws` 0.4.32 server that echoes text. */
async function oldServer() {
  const versions: unknown[] = []
  const server = createServer()
  new OldWebSocket.Server({ server }).on('connection', (socket) => {
    versions.push(socket.protocolVersion)
    socket.on('message', (text: string) => socket.send(text))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, versions, stop: () => server.close() }
}

const texts = ['hello', '', 'grüß dich \u{1F600}', 'x'.repeat(70_000)]
const sending = [...texts.flatMap((text) => ['--send', text]), '--expect', String(texts.length)]
const echoed = texts.map((data) => ({ event: 'message', type: 'text', data }))

describe('connect, with the server of websocket-driver', () => {
  it.each(['hixie-75', 'hixie-76'])('%s: texts come back, and the close is clean', async (dialect) => {
    const { port, versions, stop } = await driverServer()
    const { code, events, err } = await connect(port, dialect, ...sending)
    stop()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(versions).toEqual([dialect])
    expect(events[0]).toEqual({ event: 'open', resource: '/chat' })
    expect(events.slice(1, -1)).toEqual(echoed)
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true })
  })
})

describe('connect, with the server of ws 0.4', () => {
  // It hashes strings of bytes, which Node took for Latin-1 when it was written, and takes for UTF-8 now.
  const { update } = Hash.prototype
  beforeAll(() => {
    Hash.prototype.update = function (this: Hash, data: string | NodeJS.ArrayBufferView) {
      const own = update.bind(this) as (data: string | NodeJS.ArrayBufferView, encoding?: string) => Hash
      return typeof data === 'string' ? own(data, 'latin1') : own(data)
    } as typeof update
  })
  afterAll(() => {
    Hash.prototype.update = update
  })

  it('hixie-76: texts come back, and the close is clean', async () => {
    const { port, versions, stop } = await oldServer()
    const { code, events, err } = await connect(port, 'hixie-76', ...sending)
    stop()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(versions).toEqual(['hixie-76'])
    expect(events.slice(1, -1)).toEqual(echoed)
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true })
  })
})
