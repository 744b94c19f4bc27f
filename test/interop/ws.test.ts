import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { runProgram } from '../../main/cli/program.ts'
import { openTerminal, wirestep } from '../main/cli/fakeTerminal.ts'

type Line = Readonly<Record<string, unknown>>

function parse(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function serve() {
  const session = openTerminal()
  const done = runProgram(['serve', '--dialect', 'rfc6455', '--port', '0', '--json'], session.terminal)
  const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  const stop = async () => {
    session.interrupt()
    await done
    return parse(session.out())
  }
  return { url: String(url), stop }
}

async function dial(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  return socket
}

async function closed(socket: WebSocket): Promise<{ readonly code: number; readonly reason: string }> {
  const [code, reason] = await once(socket, 'close')
  return { code, reason: String(reason) }
}

describe('serve, with the ws client', () => {
  it.each([
    ['empty', ''],
    ['ASCII', 'hello'],
    ['beyond the BMP', 'héllo \u{1F600}'],
    ['16-bit length', 'x'.repeat(126)],
    ['64-bit length', 'x'.repeat(70_000)],
  ])('echoes text: %s', async (_name, text) => {
    const { url, stop } = await serve()
    const socket = await dial(url)
    socket.send(text)
    const [data, isBinary] = await once(socket, 'message')
    expect({ text: String(data), isBinary }).toEqual({ text, isBinary: false })
    socket.close()
    await closed(socket)
    await stop()
  })
  it('echoes binary messages, and messages in fragments with a ping between them', async () => {
    const { url, stop } = await serve()
    const socket = await dial(url)
    const messages: unknown[] = []
    socket.on('message', (data, isBinary) => messages.push([String(data), isBinary]))
    const pong = once(socket, 'pong')
    socket.send(Buffer.from([0, 255]))
    socket.send('one ', { fin: false })
    socket.ping('still there?')
    socket.send('message', { fin: true })
    expect(String((await pong)[0])).toBe('still there?')
    socket.close(1000, 'done')
    expect(await closed(socket)).toEqual({ code: 1000, reason: 'done' })
    expect(messages).toEqual([
      [Buffer.from([0, 255]).toString(), true],
      ['one message', false],
    ])
    expect((await stop()).at(-1)).toMatchObject({ event: 'close', clean: true, code: 1000, reason: 'done' })
  })
  it.each([
    [1000, ''],
    [1001, 'going away'],
    [3000, 'registered'],
    [4999, 'private'],
  ])('answers a close with code %i and its reason', async (code, reason) => {
    const { url, stop } = await serve()
    const socket = await dial(url)
    socket.close(code, reason)
    expect(await closed(socket)).toEqual({ code, reason })
    await stop()
  })
  it('closes with 1007 when text is not UTF-8, and goes on serving others', async () => {
    const { url, stop } = await serve()
    const socket = await dial(url)
    socket.send(Buffer.from([0xff]), { binary: false })
    expect((await closed(socket)).code).toBe(1007)
    const other = await dial(url)
    other.send('still here')
    expect(String((await once(other, 'message'))[0])).toBe('still here')
    other.close()
    await closed(other)
    const events = await stop()
    expect(events).toContainEqual(expect.objectContaining({ connection: 1, event: 'fault', code: 'utf8.invalid' }))
  })
})

async function withServer(act: (socket: WebSocket) => void, ...words: readonly string[]) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const ended = new Promise((resolve) => {
    server.on('connection', (socket) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
      act(socket)
    })
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { code, out, err } = await wirestep(['connect', url, '--dialect', 'rfc6455', '--json', ...words])
  const seen = await ended
  server.close()
  return { code, err, events: parse(out), seen }
}

describe('connect, with the ws server', () => {
  it('sends and gets text and binary messages, and closes cleanly', async () => {
    const { code, events, err } = await withServer(
      (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
      '--send',
      'héllo',
      '--send-hex',
      '00ff',
      '--send',
      'x'.repeat(70_000),
      '--expect',
      '3',
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(events.slice(1, 4)).toEqual([
      { event: 'message', type: 'text', data: 'héllo' },
      { event: 'message', type: 'binary', data: 'AP8=' },
      { event: 'message', type: 'text', data: 'x'.repeat(70_000) },
    ])
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true })
  })
  it('answers pings, and puts fragments together', async () => {
    let pong = ''
    const { code, events } = await withServer(
      (socket) => {
        socket.send('in ', { fin: false })
        socket.ping('hello?')
        socket.once('pong', (data) => {
          pong = String(data)
          socket.send('parts', { fin: true })
        })
      },
      '--expect',
      '1',
    )
    expect({ code, pong }).toEqual({ code: 0, pong: 'hello?' })
    expect(events).toContainEqual({ event: 'message', type: 'text', data: 'in parts' })
  })
  it.each([
    [1000, 'bye'],
    [1011, 'trouble'],
    [4000, ''],
  ])('takes a close with code %i, and answers it', async (code, reason) => {
    const { events, seen, code: exit } = await withServer((socket) => socket.close(code, reason))
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true, code })
    expect(seen).toMatchObject({ code })
    expect(exit).toBe(0)
  })
  it('fails when the server drops the connection', async () => {
    const { code, err } = await withServer((socket) => socket.terminate())
    expect(code).toBe(1)
    expect(err).toMatch(/^ws:.*\.\n$/)
  })
  it('fails when the server closes before all messages came', async () => {
    const { code, err } = await withServer((socket) => socket.close(1000), '--expect', '2')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/closed after 0 of 2 messages\.\n$/) })
  })
})
