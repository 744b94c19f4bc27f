// Implementations that others wrote, against both our ends: version 8 where they have it, and version 13.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import websocket from 'websocket'
import driver from 'websocket-driver'
import OldWs from 'ws-0.4'
import { runProgram } from '../../main/cli/program.ts'
import { openTerminal, wirestep } from '../main/cli/fakeTerminal.ts'

type Line = Readonly<Record<string, unknown>>

function parse(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function serve(dialect: string) {
  const session = openTerminal()
  const done = runProgram(['serve', '--dialect', dialect, '--port', '0', '--json'], session.terminal)
  const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  const stop = async () => {
    session.interrupt()
    await done
    return parse(session.out())
  }
  return { url: String(url), stop }
}

/** An echo server of somebody else's on a port of its own. */
interface Echo {
  readonly url: string
  stop(): void
}

async function listening(server: Server): Promise<Echo> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function echoOfOldWs(): Promise<Echo> {
  const server = createServer()
  new OldWs.Server({ server }).on('connection', (socket: InstanceType<typeof OldWs>) => {
    socket.on('message', (data: string | Buffer, flags: { binary?: boolean }) =>
      socket.send(data, { binary: flags.binary === true }),
    )
    // What it makes of a broken rule is what it answers; it tells its application too, which is not to end the test.
    socket.on('error', () => {})
  })
  return listening(server)
}

function echoOfWebsocket(): Promise<Echo> {
  const server = createServer()
  new websocket.server({ httpServer: server, autoAcceptConnections: true, maxReceivedFrameSize: 2 ** 20 }).on(
    'connect',
    (connection) => {
      connection.on('message', (message) => {
        if (message.type === 'utf8') connection.sendUTF(message.utf8Data)
        else connection.sendBytes(message.binaryData)
      })
    },
  )
  return listening(server)
}

function echoOfDriver(): Promise<Echo> {
  const server = createServer()
  server.on('upgrade', (request, socket, body) => {
    const peer = driver.http(request)
    peer.io.write(body)
    socket.pipe(peer.io).pipe(socket)
    peer.on('message', ({ data }) => (typeof data === 'string' ? peer.text(data) : peer.binary(data)))
    peer.start()
  })
  return listening(server)
}

const longText = 'wirestep '.repeat(8_000)

describe.each([
  { peer: 'ws 0.4', dialect: 'hybi-08', start: echoOfOldWs },
  { peer: 'ws 0.4', dialect: 'rfc6455', start: echoOfOldWs },
  { peer: 'websocket', dialect: 'hybi-08', start: echoOfWebsocket },
  { peer: 'websocket', dialect: 'rfc6455', start: echoOfWebsocket },
  { peer: 'websocket-driver', dialect: 'rfc6455', start: echoOfDriver },
])('connect in $dialect, with the server of $peer', ({ dialect, start }) => {
  it('exchanges text and binary messages of all lengths, and closes cleanly', async () => {
    const echo = await start()
    const messages = ['--send', 'héllo \u{1F600}', '--send', longText, '--send-hex', '00ff']
    const { code, out, err } = await wirestep([
      ...['connect', echo.url, '--dialect', dialect, '--json', '--expect', '3', ...messages],
    ])
    echo.stop()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(parse(out)).toEqual([
      { event: 'open', resource: '/' },
      { event: 'message', type: 'text', data: 'héllo \u{1F600}' },
      { event: 'message', type: 'text', data: longText },
      { event: 'message', type: 'binary', data: 'AP8=' },
      expect.objectContaining({ event: 'close', clean: true }),
    ])
  })
})

describe('connect in a version that a server does not speak', () => {
  it.each([
    { peer: 'ws 0.4', dialect: 'hybi-07', start: echoOfOldWs },
    { peer: 'websocket', dialect: 'hybi-07', start: echoOfWebsocket },
    { peer: 'websocket-driver', dialect: 'hybi-08', start: echoOfDriver },
    { peer: 'ws 0.4', dialect: 'hybi-06', start: echoOfOldWs },
  ])('$dialect, with the server of $peer, never opens', async ({ dialect, start }) => {
    const echo = await start()
    const { code, out } = await wirestep(['connect', echo.url, '--dialect', dialect, '--json', '--expect', '0'])
    echo.stop()
    expect(code).toBe(1)
    expect(out).not.toContain('"open"')
  })
})

describe.each([
  { dialect: 'hybi-08', version: 8 },
  { dialect: 'rfc6455', version: 13 },
])('serve in $dialect, with the client of websocket', ({ dialect, version }) => {
  it('echoes, answers a ping, and closes with the code it was given', async () => {
    const { url, stop } = await serve(dialect)
    const client = new websocket.client({ webSocketVersion: version })
    client.connect(url, [], 'http://example.com')
    const [connection] = (await once(client, 'connect')) as [websocket.connection]
    const pong = once(connection, 'pong')
    connection.ping('there?')
    expect(String((await pong)[0])).toBe('there?')
    const received: unknown[] = []
    const both = new Promise<void>((done) => {
      connection.on('message', (message) => {
        received.push(message.type === 'utf8' ? message.utf8Data : [...message.binaryData])
        if (received.length === 2) done()
      })
    })
    connection.sendUTF(longText)
    connection.sendBytes(Buffer.from([0, 255]))
    await both
    expect(received).toEqual([longText, [0, 255]])
    const closed = once(connection, 'close')
    connection.close()
    expect((await closed)[0]).toBe(1000)
    expect((await stop()).at(-1)).toMatchObject({ event: 'close', clean: true, code: 1000 })
  })
})

describe('serve, with the client of ws 0.4', () => {
  it('echoes in version 13', async () => {
    const { url, stop } = await serve('rfc6455')
    const client = new OldWs(url, { protocolVersion: 13 })
    await once(client, 'open')
    const message = once(client, 'message')
    client.send('hello')
    expect((await message)[0]).toBe('hello')
    const closed = once(client, 'close')
    client.close(1000)
    await closed
    expect((await stop()).at(-1)).toMatchObject({ event: 'close', clean: true, code: 1000 })
  })

  it('is refused in version 8: its key, the version and the time, has 15 bytes', async () => {
    const { url, stop } = await serve('hybi-08')
    const client = new OldWs(url, { protocolVersion: 8 })
    const [error] = await once(client, 'error')
    expect(String(error)).toContain('400')
    const events = await stop()
    expect(JSON.stringify(events)).toContain('head.key-length')
  })
})

/** A client of version 8 by hand: sends the request and then the bytes; answers the first bytes behind the response. */
async function firstAnswer(url: string, frame: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {}) // who breaks off has been heard before
  const fields = ['Host: a', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Origin: http://a']
  const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 8']
  socket.write(['GET / HTTP/1.1', ...fields, ...key, '', ''].join('\r\n'))
  let seen = ''
  for await (const bytes of socket) {
    const before = seen
    seen += Buffer.from(bytes).toString('latin1')
    const end = seen.indexOf('\r\n\r\n')
    if (end >= 0 && !before.includes('\r\n\r\n')) socket.write(Buffer.from(frame, 'hex'))
    if (end >= 0 && seen.length > end + 4) break
  }
  return Buffer.from(seen.slice(seen.indexOf('\r\n\r\n') + 4), 'latin1').toString('hex')
}

describe('what ws 0.4 makes of version 8', () => {
  it('takes frames of a client that are not masked, which ours ends the connection for', async () => {
    const echo = await echoOfOldWs()
    expect(await firstAnswer(echo.url, '81026869')).toBe('81026869')
    echo.stop()
    const { url, stop } = await serve('hybi-08')
    expect(await firstAnswer(url, '81026869')).toMatch(/^88..03ea/) // 1002
    expect(JSON.stringify(await stop())).toContain('mask.missing')
  })

  it('takes 1004 for no close code, which the draft has for a frame that is too large, and ours answers', async () => {
    const echo = await echoOfOldWs()
    expect(await firstAnswer(echo.url, '88820000000003ec')).toMatch(/^88..03ea/)
    echo.stop()
    const { url, stop } = await serve('hybi-08')
    expect(await firstAnswer(url, '88820000000003ec')).toBe('880203ec')
    expect((await stop()).at(-1)).toMatchObject({ event: 'close', code: 1004, clean: true })
  })
})
