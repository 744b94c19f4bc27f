// `ws` at both ends of a tap. Plain sockets joined by `pipe` stand on either side of it and keep what they pass, so that
// both legs can be compared by something that is not ours.
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { request as connectRequest } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { runProgram } from '../../main/cli/program.ts'
import { openTerminal, wirestep } from '../main/cli/fakeTerminal.ts'
import { type Witness, witnessBefore } from './witness.ts'

const messages = 10_000

async function witness(port: number): Promise<Witness> {
  const witness = await witnessBefore(port)
  onTestFinished(witness.close)
  return witness
}

async function echoServer(perMessageDeflate: boolean): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate })
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Without a port behind it the tap is a proxy. */
async function tapBefore(port: number | null, record: string) {
  const session = openTerminal()
  const behind = port === null ? [] : ['--upstream', `ws://127.0.0.1:${port}/`]
  const words = ['tap', '--listen', '0', ...behind, '--record', record, '--json']
  const done = runProgram(words, session.terminal)
  const { port: tapPort } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  const stop = async () => {
    session.interrupt()
    await done
    const lines: { event: string; unit?: string; lane?: string }[] = session
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    return lines
  }
  return { port: Number(tapPort), stop, over: () => session.line((line) => line.includes('"event":"close"')) }
}

/** Text and binary of all three lengths of the length field, and some long ones. */
function messageAt(index: number): string | Buffer {
  const size = [0, 5, 125, 126, 300, 70_000][index % 600 === 599 ? 5 : index % 5]!
  return index % 2 === 0 ? `${index} `.repeat(size).slice(0, size) : Buffer.alloc(size, index)
}

const hasTshark = spawnSync('tshark', ['--version']).status === 0

/** WebSocket frames that Wireshark's command line finds in a recording; those of a client are masked. */
function framesByTshark(path: string) {
  const words = ['-r', path, '-Y', 'websocket', '-T', 'fields', '-e', 'websocket.mask']
  const out = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const masked = out.split(/[\n,]/).filter(Boolean)
  const isMasked = (word: string) => word === '1' || word === 'True'
  return { client: masked.filter(isMasked).length, server: masked.filter((word) => !isMasked(word)).length }
}

async function exchange(url: string, perMessageDeflate: boolean): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate })
  await once(socket, 'open')
  const done = new Promise<void>((resolve, reject) => {
    let index = 0
    socket.on('message', (data, isBinary) => {
      const sent = messageAt(index)
      const binary = typeof sent !== 'string'
      const same = isBinary === binary && Buffer.from(sent).equals(data as Buffer)
      if (!same) reject(new Error(`message ${index} came back different`))
      index += 1
      if (index === messages) resolve()
    })
  })
  for (let index = 0; index < messages; index += 1) socket.send(messageAt(index))
  await done
  socket.close(1000, 'done')
  await once(socket, 'close')
}

describe('a tap between a ws client and a ws server', () => {
  it.each([
    ['plain', false],
    ['compressed', true],
  ])(`passes ${messages} messages each way bit for bit: %s`, async (name, compressed) => {
    const record = join(mkdtempSync(join(tmpdir(), 'wirestep-interop-')), `${name}.pcapng`)
    const behind = await witness(await echoServer(compressed))
    const tap = await tapBefore(behind.port, record)
    const before = await witness(tap.port)
    await exchange(`ws://127.0.0.1:${before.port}/chat?x=1`, compressed)
    await tap.over()
    const events = await tap.stop()
    expect(before.sums()).toEqual(behind.sums())
    expect(before.sums().client.size).toBeGreaterThan(messages)

    const frames = (lane: string) => events.filter((event) => event.unit === 'frame' && event.lane === lane)
    expect(frames('clientToServer').length).toBe(messages + 1)
    expect(frames('serverToClient').length).toBe(messages + 1)
    const { out } = await wirestep(['decode', record, '--summary'])
    const counts = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(counts).toMatchObject([
      { connection: 1, lane: 'clientToServer', kinds: { request: 1, frame: messages + 1 } },
      { connection: 1, lane: 'serverToClient', kinds: { response: 1, frame: messages + 1 } },
    ])
  })

  it.skipIf(!hasTshark).each([
    ['plain', false],
    ['compressed', true],
  ])('records as many frames as tshark finds in the recording: %s', async (name, compressed) => {
    const record = join(mkdtempSync(join(tmpdir(), 'wirestep-interop-')), `${name}.pcapng`)
    const tap = await tapBefore(await echoServer(compressed), record)
    await exchange(`ws://127.0.0.1:${tap.port}/`, compressed)
    await tap.over()
    await tap.stop()
    expect(framesByTshark(record)).toEqual({ client: messages + 1, server: messages + 1 })
  })

  it('tells of the messages, and that the close was clean', async () => {
    const record = join(mkdtempSync(join(tmpdir(), 'wirestep-interop-')), 'hello.pcapng')
    const tap = await tapBefore(await echoServer(false), record)
    const socket = new WebSocket(`ws://127.0.0.1:${tap.port}/`)
    await once(socket, 'open')
    socket.send('héllo')
    await once(socket, 'message')
    socket.close(1000)
    await tap.over()
    const events = await tap.stop()
    expect(events.filter(({ event }) => event === 'message')).toEqual([
      { event: 'message', connection: 1, lane: 'clientToServer', type: 'text', data: 'héllo' },
      { event: 'message', connection: 1, lane: 'serverToClient', type: 'text', data: 'héllo' },
    ])
    expect(events.filter(({ event }) => event === 'fault' || event === 'dialect')).toEqual([
      {
        event: 'dialect',
        connection: 1,
        dialect: 'rfc6455',
        evidence: [expect.objectContaining({ says: 'Sec-WebSocket-Version is 13' })],
      },
    ])
    expect(events.at(-1)).toEqual({ event: 'close', connection: 1, clean: true })
  })

  it('is a proxy to a ws client that asks by CONNECT, and to wirestep connect', async () => {
    const record = join(mkdtempSync(join(tmpdir(), 'wirestep-interop-')), 'proxied.pcapng')
    const port = await echoServer(true)
    const tap = await tapBefore(null, record)
    const asking = connectRequest({ host: '127.0.0.1', port: tap.port, method: 'CONNECT', path: `127.0.0.1:${port}` })
    const [, tunnel] = (await once(asking.end(), 'connect')) as [unknown, Socket]
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { createConnection: () => tunnel })
    await once(socket, 'open')
    socket.send('through the tap')
    expect(String((await once(socket, 'message'))[0])).toBe('through the tap')
    socket.close()
    await once(socket, 'close')

    const proxy = ['--proxy', `http://127.0.0.1:${tap.port}`]
    const words = ['connect', `ws://127.0.0.1:${port}/`, '--dialect', 'rfc6455', '--send', 'hi', '--expect', '1']
    expect(await wirestep([...words, ...proxy])).toMatchObject({ code: 0 })
    const events = await tap.stop()
    expect(events.filter(({ event }) => event === 'message').length).toBe(4)
  })
})
