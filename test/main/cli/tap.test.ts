// `wirestep tap` between programs that are not ours: what they see of each other, and what is told of it.
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { Agent, createServer as createHttpServer, get } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { quiet, readBytes } from '../net/sockets.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-tap-'))

async function serverThat(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(quiet(socket))
    answer(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Without a port behind it the tap is a proxy. */
async function tapOn(upstream: number | null, ...words: readonly string[]) {
  const session = openTerminal()
  const behind = upstream === null ? [] : ['--upstream', `ws://127.0.0.1:${upstream}/`]
  const done = runProgram(['tap', '--listen', '0', ...behind, '--json', ...words], session.terminal)
  const { port } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  const dial = () => quiet(connect({ host: '127.0.0.1', port, allowHalfOpen: true }))
  const stop = async () => {
    session.interrupt()
    const code = await done
    const events = session
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    return { code, events, err: session.err() }
  }
  return { dial, stop, line: session.line, port: Number(port) }
}

const request = 'GET /x HTTP/1.1\r\nHost: elsewhere.example:99\r\nX-Odd:   kept \r\n\r\n'

describe('wirestep tap', () => {
  it('passes on the bytes as they are, the Host field too', async () => {
    let asked = Buffer.alloc(0)
    const port = await serverThat((socket) =>
      socket.on('data', (bytes) => {
        asked = Buffer.concat([asked, bytes])
        socket.write(Buffer.from(bytes).reverse())
      }),
    )
    const { dial, stop } = await tapOn(port)
    const client = dial()
    client.write(request)
    const answered = await readBytes(client, request.length)
    expect(asked.toString()).toBe(request)
    expect(Buffer.from(answered).reverse().toString()).toBe(request)
    await stop()
  })

  it('warns when other machines can use it', async () => {
    const { stop } = await tapOn(null, '--host', '0.0.0.0')
    expect((await stop()).err).toMatch(
      /^0\.0\.0\.0:\d+ is not a loopback address: other machines can use this tap\.\n$/,
    )
    const { stop: stopOwn } = await tapOn(null)
    expect((await stopOwn()).err).toBe('')
  })

  it('tells of each connection at once, and numbers them', async () => {
    const port = await serverThat((socket) => socket.resume())
    const { dial, stop, line } = await tapOn(port)
    dial()
    await line((text) => text.includes('"connected","connection":1'))
    dial()
    await line((text) => text.includes('"connected","connection":2'))
    const { events, code } = await stop()
    expect(code).toBe(0)
    expect(events.filter(({ event }) => event === 'connection')).toEqual([
      { event: 'connection', connection: 1, client: { host: '127.0.0.1', port: expect.any(Number) } },
      { event: 'connection', connection: 2, client: { host: '127.0.0.1', port: expect.any(Number) } },
    ])
    const closes = events.filter(({ event }) => event === 'close')
    expect(
      closes.map(({ connection, clean }) => ({ connection, clean })).sort((a, b) => a.connection - b.connection),
    ).toEqual([
      { connection: 1, clean: false },
      { connection: 2, clean: false },
    ])
  })

  it('passes a refusal of the server on as a reset, and records it as one', async () => {
    const record = join(folder, 'refused.pcapng')
    const { dial, stop, line } = await tapOn(1, '--record', record)
    const [error] = await once(dial(), 'error')
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    await line((text) => text.includes('"refused"'))
    const { events } = await stop()
    expect(events.at(-1)).toEqual({
      event: 'refused',
      connection: 1,
      says: 'Nothing listens on 127.0.0.1:1; start the server there or check the address.',
    })
    const shown = await wirestep(['lab', '--script', '-'], `open ${record}\nshow ladder\nshow segments\n`)
    expect(shown.out).toContain('Nothing listens on 127.0.0.1:1')
    expect(shown.out).toContain('RST  the server broke the connection off')
  })

  it.each([
    ['rfc6455', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n', []],
    ['hello-00', 'Sec-WebSocket-Nonce: 1234567890123456\r\n', []],
    ['hello-00', 'Sec-WebSocket-Version: 13\r\n', ['--dialect', 'hello-00']],
  ])('reads a connection as %s when its request says %j and the command line %j', async (dialect, fields, words) => {
    const record = join(folder, `${words.length}-${dialect}.pcapng`)
    const port = await serverThat((socket) => socket.resume().on('end', () => socket.end()))
    const { dial, stop, line } = await tapOn(port, '--record', record, ...words)
    const client = dial()
    client.end(`GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n${fields}\r\n`)
    await line((text) => text.includes('"event":"close"'))
    const { events } = await stop()
    expect(events.filter(({ event }) => event === 'dialect').map((told) => told.dialect)).toEqual(
      words.length === 0 ? [dialect] : [],
    )
    expect(events.find(({ event }) => event === 'unit')).toMatchObject({ unit: 'request', start: 0 })
    const decoded = await wirestep(['decode', record])
    expect(JSON.parse(decoded.out)).toMatchObject({ kind: 'request', dialect })
  })

  it('passes a half-close on, and tells of both ends', async () => {
    const port = await serverThat((socket) => socket.resume().on('end', () => socket.end('late')))
    const { dial, stop, line } = await tapOn(port)
    const client = dial()
    client.end('early')
    expect((await readBytes(client, 4)).toString()).toBe('late')
    await line((text) => text.includes('"close"'))
    const { events } = await stop()
    expect(events.filter(({ event }) => event === 'end')).toEqual([
      { event: 'end', connection: 1, lane: 'clientToServer', how: 'fin' },
      { event: 'end', connection: 1, lane: 'serverToClient', how: 'fin' },
    ])
  })

  it.each(dialects)('tells that both ends closed cleanly, as they do themselves: $id', async ({ id }) => {
    const session = openTerminal()
    const served = runProgram(['serve', '--dialect', id, '--port', '0', '--json'], session.terminal)
    const listening = JSON.parse(await session.line((line) => line.includes('"listening"')))
    const { port, line, stop } = await tapOn(listening.port)
    const words = ['connect', `ws://127.0.0.1:${port}/`, '--dialect', id, '--send', 'hi', '--expect', '1', '--json']
    const client = await wirestep(words)
    await line((each) => each.includes('"event":"close"'))
    session.interrupt()
    await served
    const { events } = await stop()
    const closes = [client.out, session.out(), ...events.map((event) => JSON.stringify(event))].flatMap((out) =>
      out.split('\n').filter((line) => line.includes('"event":"close"')),
    )
    expect(closes.map((line) => JSON.parse(line).clean)).toEqual([true, true, true])
  })

  it('stops reading from a client whose server does not read', async () => {
    let atServer: Socket | undefined
    const port = await serverThat((socket) => {
      atServer = socket.pause()
    })
    const { dial, stop, line } = await tapOn(port)
    const client = dial()
    const size = 64 * 1024 * 1024
    client.write(Buffer.alloc(size, 'x'))
    await line((text) => text.includes('"connected"'))
    // What is not read anywhere stays in the client, but for what the sockets in between hold.
    let before = -1
    while (client.bytesWritten - client.writableLength !== before) {
      before = client.bytesWritten - client.writableLength
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
    }
    expect(client.writableLength).toBeGreaterThan(0)
    expect((await readBytes(atServer!.resume(), size)).length).toBe(size)
    await stop()
  })

  it('lets its clients wait while nobody reads what it tells', async () => {
    const size = 24 * 1024 * 1024
    let got = 0
    const port = await serverThat((socket) =>
      socket.on('data', (bytes) => {
        if (got === 0) socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')
        got += bytes.length
      }),
    )
    const session = openTerminal()
    let read = () => {}
    const unread = new Promise<void>((resolve) => {
      read = resolve
    })
    let listening = (_line: string) => {}
    const first = new Promise<string>((resolve) => {
      listening = resolve
    })
    const stdout = new Writable({
      write(line, _encoding, done) {
        listening(String(line))
        void unread.then(() => done())
      },
    })
    const words = ['tap', '--listen', '0', '--upstream', `ws://127.0.0.1:${port}/`, '--json']
    const done = runProgram(words, { ...session.terminal, stdout })
    const client = quiet(connect({ host: '127.0.0.1', port: JSON.parse(await first).port }))
    const fields = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    client.resume().write(`GET / HTTP/1.1\r\n${fields}\r\n`)
    const [frame, payload] = [Buffer.from('82fe040001020304', 'hex'), Buffer.alloc(1024)]
    client.write(Buffer.concat(Array.from({ length: size / 1024 }, () => [frame, payload]).flat()))
    for (let before = -1; before !== got || got === 0; ) {
      before = got
      for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate)
    }
    expect(client.writableLength).toBeGreaterThan(0)
    expect(got).toBeLessThan(size / 2)
    read()
    while (got < size) await new Promise(setImmediate)
    session.interrupt()
    await done
  })

  it.each([
    [['--upstream', 'http://127.0.0.1:1/'], 'is not a WebSocket URL'],
    [['--upstream', 'ws://127.0.0.1:1/', '--host', '192.0.2.1'], 'no address 192.0.2.1'],
  ])('says what is wrong with %j and leaves no recording', async (words, sentence) => {
    const record = join(folder, 'never.pcapng')
    const { code, err } = await wirestep(['tap', '--listen', '0', '--record', record, ...words])
    expect(code).toBe(1)
    expect(err).toContain(sentence)
    expect(existsSync(record)).toBe(false)
  })
})

describe('wirestep tap as a proxy', () => {
  it('joins a client with the server it asks for by CONNECT, and passes on what comes behind the request', async () => {
    const port = await serverThat((socket) => socket.on('data', (bytes) => socket.write(`got ${bytes}`)))
    const { dial, stop } = await tapOn(null)
    const client = dial()
    client.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost\r\n\r\nearly`)
    const answer = 'HTTP/1.1 200 Connection established\r\n\r\ngot early'
    expect((await readBytes(client, answer.length)).toString()).toBe(answer)
    const { events } = await stop()
    expect(events.find(({ event }) => event === 'connected').topology.server.port).toBe(port)
  })

  it('asks each server that a client names on one connection, and notes what it changed for that', async () => {
    const { port, stop, line } = await tapOn(null)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    for (const name of ['one', 'two', 'three']) {
      const server = createHttpServer((_request, response) => response.end(name))
      await once(server.listen(0, '127.0.0.1'), 'listening')
      onTestFinished(() => void server.close())
      const path = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const [response] = await once(get({ host: '127.0.0.1', port, path, agent }), 'response')
      expect((await response.setEncoding('utf8').toArray()).join('')).toBe(name)
    }
    await line((text) => text.includes('"note"') && text.includes('wrote \\"Connection: close\\"'))
    await stop()
  })

  it('passes a request in absolute form that asks for a WebSocket on as it is', async () => {
    const port = await serverThat((socket) => socket.pipe(socket))
    const { dial, stop } = await tapOn(null)
    const client = dial()
    const absolute = `GET http://127.0.0.1:${port}/x HTTP/1.1\r\nHost: other\r\nUpgrade: websocket\r\n\r\n`
    client.write(absolute)
    expect((await readBytes(client, absolute.length)).toString()).toBe(absolute)
    await stop()
  })

  it.each(['', 'early'])('passes on the end of a client that ends its half right behind "%s"', async (early) => {
    const port = await serverThat((socket) => {
      let got = ''
      socket.on('data', (bytes) => {
        got += bytes
      })
      socket.on('end', () => socket.end(`all of ${got}`))
    })
    const { dial, stop } = await tapOn(null)
    const client = dial()
    client.end(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n${early}`)
    const answer = `HTTP/1.1 200 Connection established\r\n\r\nall of ${early}`
    expect((await readBytes(client, answer.length)).toString()).toBe(answer)
    await stop()
  })

  it.each([
    ['CONNECT 127.0.0.1:1 HTTP/1.1', '502 Bad Gateway', 'Nothing listens on 127.0.0.1:1'],
    ['GET /x HTTP/1.1', '400 Bad Request', 'by CONNECT, or with an absolute URL'],
    ['CONNECT 127.0.0.1:99999 HTTP/1.1', '400 Bad Request', 'by CONNECT, or with an absolute URL'],
    ['CONNECT localhost:PORT HTTP/1.1', '403 Forbidden', 'which is this tap itself'],
  ])('answers "%s" with %s, and tells the client and the user why', async (startLine, status, says) => {
    const { dial, stop, line, port } = await tapOn(null)
    const client = dial()
    client.write(`${startLine.replace('PORT', String(port))}\r\n\r\n`)
    const answer = (await client.toArray()).join('')
    expect(answer).toContain(`HTTP/1.1 ${status}\r\n`)
    expect(answer.slice(answer.indexOf('\r\n\r\n'))).toContain(says)
    await line((text) => text.includes('"refused"') && text.includes(says))
    await stop()
  })

  it('gives up a client that ends before it has asked', async () => {
    const { dial, stop, line } = await tapOn(null)
    dial().end('CONN')
    await line((text) => text.includes('"refused"'))
    await stop()
  })
})
