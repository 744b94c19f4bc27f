// Servers and clients of ours against each other, and against peers that misbehave, over real sockets.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ClientConnection, type ConnectOptions, connectEndpoint } from '../../../main/net/client.ts'
import { echo } from '../../../main/services/echo.ts'
import { type HostOptions, hostService, type ServiceHost } from '../../../main/services/hostService.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import type { EndpointEvent } from '../../../shared/endpoint/types.ts'
import { textMessage } from '../../shared/endpoint/peers.ts'
import { must } from '../lab/labs.ts'
import { peerOn, quiet, until } from './sockets.ts'

type Dialect = (typeof dialectIds)[number]

async function serve(dialect: Dialect, options: HostOptions = {}) {
  const events: string[] = []
  const server = must(
    await hostService(echo, {
      dialect,
      onEvent: (connection, event) => events.push(`${connection} ${event.kind}`),
      onProblem: (sentence) => events.push(sentence),
      ...options,
    }),
  )
  onTestFinished(() => server.close())
  return { server, events }
}

async function connectTo(server: Pick<ServiceHost, 'url'>, dialect: Dialect, options: Partial<ConnectOptions> = {}) {
  const events: EndpointEvent[] = []
  const url = `${server.url}chat`
  const connected = await connectEndpoint({
    ...{ url, dialect: dialectById(dialect), origin: 'http://example.com' },
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { client: must(connected) as ClientConnection, events }
}

describe.each(dialectIds)('a %s server and client', (dialect) => {
  it('open, exchange messages and close cleanly', async () => {
    const { server, events: atServer } = await serve(dialect)
    const { client, events } = await connectTo(server, dialect)
    await until(() => client.state === 'OPEN')
    must(client.act({ kind: 'sendText', text: 'hello' }))
    const large = 'x'.repeat(1_000_000)
    const isHeaded = dialectById(dialect).framing === 'lengthPrefixed'
    must(client.act({ kind: 'sendText', text: large, ...(isHeaded && { fragments: 3 }) }))
    await until(() => events.filter(({ kind }) => kind === 'message').length === 2)
    must(client.act({ kind: 'close' }))
    await client.closed
    expect(events.map(({ kind }) => kind)).toEqual(['open', 'message', 'message', 'close'])
    expect(events[1]).toEqual(textMessage('hello'))
    expect(events[2]).toEqual(textMessage(large))
    expect(events.at(-1)).toMatchObject({ kind: 'close', clean: true })
    await until(() => atServer.length === 4)
    expect(atServer).toEqual(['1 open', '1 message', '1 message', '1 close'])
  })

  it('record at their own sockets: nobody stands between them', async () => {
    const [atServer, atClient] = [createCapture(createMemoryStore()), createCapture(createMemoryStore())]
    const { server } = await serve(dialect, { record: atServer })
    const { client } = await connectTo(server, dialect, { record: atClient })
    await until(() => client.state === 'OPEN')
    client.destroy()
    await client.closed
    const [here, there] = [atClient, atServer].map((capture) => capture.connection(1).opened.topology)
    expect(here).toEqual(there)
    expect(here?.server.port).toBe(server.address.port)
    expect(atClient.connection(1).sentEndAt('clientToServer', atClient.end)).toBe('reset')
    await server.close()
  })

  it('are recorded at either end when they are told to', async () => {
    const [atServer, atClient] = [createCapture(createMemoryStore()), createCapture(createMemoryStore())]
    const { server } = await serve(dialect, { record: atServer })
    const { client, events } = await connectTo(server, dialect, { record: atClient })
    await until(() => client.state === 'OPEN')
    must(client.act({ kind: 'sendText', text: 'hello' }))
    await until(() => events.some(({ kind }) => kind === 'message'))
    must(client.act({ kind: 'close' }))
    await client.closed
    await until(() => atServer.connection(1).deliveredEndAt('clientToServer', atServer.end) === 'fin')
    await server.close()
    for (const capture of [atServer, atClient]) {
      const connection = capture.connection(1)
      expect(connection.stateAt('client', capture.end)).toBe('CLOSED')
      expect(connection.stateAt('server', capture.end)).toBe('CLOSED')
      expect(connection.messageCount).toBe(2)
      for (const lane of ['clientToServer', 'serverToClient'] as const) {
        expect(connection.heldLengthAt(lane, capture.end)).toBe(0)
        expect(connection.deliveredEndAt(lane, capture.end)).toBe('fin')
      }
    }
  })

  it('serve many connections at once, each with a number of its own in the record too', async () => {
    const record = createCapture(createMemoryStore())
    const { server, events: atServer } = await serve(dialect, { record })
    const clients = await Promise.all([1, 2, 3].map(() => connectTo(server, dialect)))
    for (const { client } of clients) await until(() => client.state === 'OPEN')
    for (const { client } of clients) must(client.act({ kind: 'close' }))
    await Promise.all(clients.map(({ client }) => client.closed))
    expect(atServer.filter((line) => line.endsWith('open')).sort()).toEqual(['1 open', '2 open', '3 open'])
    expect(record.connections.map(({ id }) => id).sort()).toEqual([1, 2, 3])
  })

  it('report a peer that goes away without closing as an unclean close', async () => {
    const { server, events: atServer } = await serve(dialect)
    const { client, events } = await connectTo(server, dialect)
    await until(() => client.state === 'OPEN')
    client.destroy()
    await client.closed
    await until(() => atServer.includes('1 close'))
    expect(events.map(({ kind }) => kind)).toEqual(['open', 'close'])
    // In hixie-75 going away is how a connection is closed.
    expect(events.at(-1)).toMatchObject({ clean: dialectById(dialect).closeBody === 'none' })
  })
})

describe('a client', () => {
  it('says that nothing listens where it is to connect, with and without a recording', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const options = { url: `ws://127.0.0.1:${port}/`, dialect: dialectById('rfc6455'), onEvent: () => {} }
    const refused = {
      ok: false,
      error: `Nothing listens on 127.0.0.1:${port}; start the server there or check the address.`,
    }
    expect(await connectEndpoint(options)).toEqual(refused)
    expect(await connectEndpoint({ ...options, record: createCapture(createMemoryStore()) })).toEqual(refused)
  })

  it('says what is wrong with a URL', async () => {
    const options = { dialect: dialectById('rfc6455'), onEvent: () => {} }
    expect(await connectEndpoint({ ...options, url: 'http://example.com/' })).toMatchObject({ ok: false })
    expect(await connectEndpoint({ ...options, url: 'wss://user@example.com/' })).toEqual({
      ok: false,
      error: '"wss://user@example.com/" names a user: leave out the part before @.',
    })
  })

  it('reports what breaks a rule, and ends the connection', async () => {
    const server = createServer((socket: Socket) => quiet(socket).end('HTTP/1.1 200 OK\r\n\r\n'))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const events: EndpointEvent[] = []
    const client = must(
      await connectEndpoint({
        url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        dialect: dialectById('rfc6455'),
        onEvent: (event) => events.push(event),
      }),
    )
    await client.closed
    expect(client.state).toBe('FAILED')
    expect(events.map(({ kind }) => kind)).toContain('fault')
    expect(events.at(-1)).toMatchObject({ kind: 'close', clean: false })
  })
})

describe('a server', () => {
  it('says that a port is in use, also when it is to record', async () => {
    const { server } = await serve('rfc6455')
    for (const record of [undefined, createCapture(createMemoryStore())]) {
      const again = await hostService(echo, { port: server.address.port, ...(record ? { record } : {}) })
      expect(again).toMatchObject({ ok: false, error: expect.stringContaining('is in use') })
    }
  })

  it('records every byte that crosses its sockets, and how each half ended', async () => {
    const record = createCapture(createMemoryStore())
    const { server } = await serve('rfc6455', { record })
    const client = peerOn(connect(server.address))
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
    const request = Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}`)
    const hello = Buffer.from('818500000000', 'hex')
    client.socket.write(Buffer.concat([request, hello]))
    client.socket.write('hello')
    await until(() => client.got().toString('latin1').endsWith('\x81\x05hello'))
    const connection = record.connection(1)
    const own = { host: client.socket.localAddress, port: client.socket.localPort }
    expect(connection.opened.topology).toMatchObject({ client: own, server: server.address })
    expect(Buffer.from(connection.readSent('clientToServer', 0, 9999))).toEqual(
      Buffer.concat([request, hello, Buffer.from('hello')]),
    )
    for (const read of [connection.readSent, connection.readDelivered]) {
      expect(Buffer.from(read('serverToClient', 0, 9999))).toEqual(client.got())
    }
    client.socket.resetAndDestroy()
    await until(() => connection.sentEndAt('clientToServer', record.end) !== null)
    expect(connection.sentEndAt('clientToServer', record.end)).toBe('reset')
    expect(connection.sentEndAt('serverToClient', record.end)).toBeNull()
  })

  it('records that it ended a connection whose handshake it gave up', async () => {
    const record = createCapture(createMemoryStore())
    const { server } = await serve('rfc6455', { record, handshakeTimeout: 1 })
    const client = peerOn(connect(server.address))
    await client.ended
    await until(() => record.connection(1).sentEndAt('serverToClient', record.end) !== null)
    expect(record.connection(1).sentEndAt('serverToClient', record.end)).toBe('fin')
  })

  it('does not read from a client that does not read, and answers it all when it does', async () => {
    const { server } = await serve('rfc6455')
    const { client, events } = await connectTo(server, 'rfc6455')
    await until(() => client.state === 'OPEN')
    for (let message = 0; message < 40; message += 1) {
      must(client.act({ kind: 'sendBinary', bytes: new Uint8Array(1_000_000) }))
    }
    await until(() => events.filter(({ kind }) => kind === 'message').length === 40)
    must(client.act({ kind: 'close' }))
    await client.closed
  })

  it('closes with connections open', async () => {
    const { server } = await serve('hello-00')
    const { client } = await connectTo(server, 'hello-00')
    const stranger = quiet(connect(server.address))
    const gone = new Promise((resolve) => stranger.once('close', resolve))
    await until(() => client.state === 'OPEN')
    await server.close()
    await client.closed
    await gone
  })
})
