// `wirestep replay`: recorded clients against real servers, and recorded servers to real clients.

import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { openRecording } from '../../../main/lab/recording.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { acceptValue } from '../../../shared/handshake/accept.ts'
import { must } from '../lab/labs.ts'
import { quiet, readBytes } from '../net/sockets.ts'
import { tlsServer } from '../net/tls/peers.ts'
import { newFile, recordSession, request, response, type Said } from '../replay/sessions.ts'
import { openTerminal, wirestep } from './fakeTerminal.ts'

/** A server of ours until the test ends; answers its URL, without a path. */
async function serve(dialect: string, ...words: readonly string[]): Promise<string> {
  const session = openTerminal()
  const done = runProgram(['serve', '--dialect', dialect, '--port', '0', '--json', ...words], session.terminal)
  onTestFinished(async () => {
    session.interrupt()
    await done
  })
  const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  return url.replace(/\/$/, '')
}

/** A service module that does `message` with every message. */
function serviceThat(message: string): string {
  const path = newFile().replace('.pcapng', '.mjs')
  writeFileSync(path, `export default { message(session, data) { ${message} } }\n`)
  return path
}

const hello = ['--send', 'hello', '--send', 'x'.repeat(300), '--expect', '2']

/** What a client of ours says to an echo and gets back, recorded; answers the file. */
async function recordEcho(dialect: string, said = hello, ...words: readonly string[]): Promise<string> {
  const path = newFile()
  const url = await serve(dialect, ...words)
  const ran = await wirestep(['connect', `${url}/room?a=1`, '--dialect', dialect, '--record', path, ...said, ...words])
  expect(ran).toMatchObject({ code: 0, err: '' })
  return path
}

type Line = Readonly<Record<string, unknown>>

function parse(out: string): readonly Line[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function replay(...words: readonly string[]) {
  const { code, out, err } = await wirestep(['replay', ...words, '--json'])
  return { code, err, lines: parse(out) }
}

/** Starts replaying a recorded server; answers its URL, and what is to come of it. */
async function replayAsServer(file: string, ...words: readonly string[]) {
  const session = openTerminal()
  const code = runProgram(['replay', file, '--listen', '0', '--json', ...words], session.terminal)
  const { url, port } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  const done = async () => ({ code: await code, lines: parse(session.out()), err: session.err() })
  return { url: String(url), port: Number(port), done, interrupt: session.interrupt }
}

/** Opens the connection as RFC 6455 has it, and reads on. */
function openRaw(socket: Socket): void {
  quiet(socket).once('data', (head) => {
    const key = /Sec-WebSocket-Key: (\S+)/.exec(head.toString('latin1'))?.[1] ?? ''
    const proof = `Sec-WebSocket-Accept: ${acceptValue(key)}`
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${proof}\r\n\r\n`)
    socket.resume()
  })
  socket.on('end', () => socket.end())
}

/** A server that says nothing but that; answers its URL. */
async function rawServer(): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => openRaw(socket))
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function laneBytes(file: string, lane: Lane): Promise<string> {
  const recording = must(await openRecording(file))
  const [connection] = recording.capture.connections
  const length = connection!.deliveredLengthAt(lane, recording.capture.end)
  const bytes = Buffer.from(connection!.readDelivered(lane, 0, length))
  recording.close()
  return bytes.toString('latin1')
}

/** What stands behind the head. */
const behindHead = (bytes: string) => Buffer.from(bytes.slice(bytes.indexOf('\r\n\r\n') + 4), 'latin1').toString('hex')
const key = (bytes: string) => /^Sec-WebSocket-(?:Key1?|Nonce): (.*)\r$/m.exec(bytes)?.[1]

/** A connection that was opened, and no more. */
const opened: readonly Said[] = [
  ['client', request()],
  ['server', response()],
]

const done = (same: boolean) => expect.objectContaining({ event: 'done', same })

describe('wirestep replay, of clients', () => {
  it.each(dialectIds)('plays one of %s to a server that does the same again', async (dialect) => {
    const file = await recordEcho(dialect)
    const again = newFile()
    const { code, err, lines } = await replay(file, '--to', await serve(dialect), '--record', again)
    expect({ code, err, lines }).toEqual({ code: 0, err: '', lines: [{ event: 'open' }, done(true)] })
    const [was, is] = [await laneBytes(file, 'clientToServer'), await laneBytes(again, 'clientToServer')]
    expect(behindHead(is)).toHaveLength(behindHead(was).length)
    expect(is).toContain('GET /room?a=1 HTTP/1.1')
    expect(key(is)).not.toBe(key(was) ?? 'none')
  })

  it.each([
    ['session.send(data.toUpperCase())', 'differs from byte 0 on: 48, was 68'],
    ['session.send(data.slice(0, 3))', 'differs from byte 3 on: the end, was 6c; 3 bytes, was 5'],
    ['session.send(new TextEncoder().encode(data))', 'is binary, was text'],
    ['session.send(data); session.send("more")', 'is new'],
    ['session.close(1001)', 'has code 1001, had none'],
  ])('tells what is different when the server does %s', async (message, difference) => {
    const file = await recordEcho('rfc6455', ['--send', 'hello', '--expect', '1'])
    const url = await serve('rfc6455', '--service', serviceThat(message))
    const { code, lines } = await replay(file, '--to', url, '--timeout', '300')
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: done(false) })
    expect(lines).toContainEqual(expect.objectContaining({ event: 'difference', lane: 'serverToClient', difference }))
  })

  it('says what it waited for in vain, goes on, and tells that it is missing', async () => {
    const file = await recordEcho('rfc6455')
    const url = await serve('rfc6455', '--service', serviceThat('if (data.length < 100) session.send(data)'))
    const { code, lines } = await replay(file, '--to', url, '--timeout', '150')
    expect(code).toBe(1)
    expect(lines.slice(0, 2)).toEqual([{ event: 'open' }, { event: 'late', missing: '1 message', milliseconds: 150 }])
    expect(lines[2]).toMatchObject({ name: 'text', replayed: null, difference: 'is missing' })
    expect(lines.at(-1)).toMatchObject({ same: false, differences: 1 })
  })

  it('tells an answer that came in another order, once', async () => {
    const file = await recordEcho('rfc6455', ['--send', 'one', '--send', 'two', '--expect', '2'])
    const swapped = 'session.state ? (session.send(data), session.send(session.state)) : (session.state = data)'
    const { lines } = await replay(file, '--to', await serve('rfc6455', '--service', serviceThat(swapped)))
    expect(lines).toContainEqual(expect.objectContaining({ name: 'text', difference: 'came earlier' }))
    expect(lines.at(-1)).toMatchObject({ differences: 1 })
  })

  it('tells a handshake that went otherwise', async () => {
    const { code, lines } = await replay(await recordEcho('hybi-08'), '--to', await serve('rfc6455'))
    expect(code).toBe(1)
    expect(lines.slice(0, 2)).toEqual([expect.objectContaining({ code: 'head.status' }), { event: 'refused' }])
    expect(lines).toContainEqual(expect.objectContaining({ name: 'response', difference: 'status 426, was 101' }))
  })

  it('plays to a server behind TLS, whose certificate is judged unless told otherwise', async () => {
    const { address } = await tlsServer('127.0.0.1', (socket) => openRaw(socket))
    const to = [recordSession(opened), '--to', `wss://127.0.0.1:${address.port}`]
    expect(await replay(...to)).toMatchObject({ code: 2, err: expect.stringContaining('certificate') })
    const { code, lines } = await replay(...to, '--insecure')
    expect({ code, first: lines[0] }).toMatchObject({ code: 0, first: { event: 'tls', unverified: expect.anything() } })
  })

  it('asks for the path of the URL, where it has one', async () => {
    const [file, again] = [await recordEcho('rfc6455'), newFile()]
    const { code } = await replay(file, '--to', `${await serve('rfc6455')}/elsewhere`, '--record', again)
    expect(code).toBe(0)
    expect(await laneBytes(again, 'clientToServer')).toContain('GET /elsewhere HTTP/1.1')
  })

  it('sends the other lines of the request as they were, and its own Host and key', async () => {
    const file = recordSession([
      ['client', request('Cookie: a=1', 'X-Odd:   kept ')],
      ['server', response()],
    ])
    const again = newFile()
    const url = await rawServer()
    expect((await replay(file, '--to', url, '--record', again)).code).toBe(0)
    const sent = await laneBytes(again, 'clientToServer')
    expect(sent).toContain('\r\nCookie: a=1\r\nX-Odd:   kept \r\n')
    expect(sent).toContain(`Host: ${url.slice(5)}\r\n`)
    expect(sent).not.toContain('example.com')
    expect(sent).not.toContain('dGhlIHNhbXBsZSBub25jZQ==')
  })

  const masked = '8185010203046967 6f686e'.replace(' ', '') // "hello", with the key 01020304
  const illegal = '83850102030469676f686e' // opcode 3
  const notMasked = '810568656c6c6f'
  const cutOff = '8185010203'

  it.each([
    ['masks frames anew', [masked], (is: string, was: string) => is.length === was.length && !is.includes('01020304')],
    ['keeps the opcode of an illegal frame', [illegal], (is: string) => is.startsWith('8385')],
    ['leaves what is not masked as it is', [notMasked], (is: string, was: string) => is === was],
    ['sends a frame that is cut off as far as it goes', [masked, cutOff], (is: string) => is.endsWith(cutOff)],
  ])('%s', async (_name, frames, holds) => {
    const file = recordSession([
      ['client', request()],
      ['server', response()],
      ...frames.map((frame): Said => ['client', frame]),
      ['client', 'fin'],
      ['server', 'fin'],
    ])
    const again = newFile()
    const { code } = await replay(file, '--to', await rawServer(), '--record', again)
    expect(code).toBe(0)
    expect(holds(behindHead(await laneBytes(again, 'clientToServer')), frames.join(''))).toBe(true)
  })

  it.each(['rfc6455', 'hybi-05'])('keeps every byte of the frames of %s with --keep-masks', async (dialect) => {
    const [file, again] = [await recordEcho(dialect), newFile()]
    const to = ['--to', await serve(dialect), '--record', again, '--keep-masks']
    expect((await replay(file, ...to)).code).toBe(0)
    const frames = async (path: string) => behindHead(await laneBytes(path, 'clientToServer'))
    expect(await frames(again)).toBe(await frames(file))
  })

  it('keeps the nonces of hybi-04 with --keep-masks, whose masks are made of the new keys too', async () => {
    const [file, again] = [await recordEcho('hybi-04'), newFile()]
    const to = ['--to', await serve('hybi-04'), '--record', again, '--keep-masks']
    expect((await replay(file, ...to)).code).toBe(0)
    const frames = async (path: string) => behindHead(await laneBytes(path, 'clientToServer'))
    expect((await frames(again)).slice(0, 8)).toBe((await frames(file)).slice(0, 8))
    expect(await frames(again)).not.toBe(await frames(file))
  })

  it('sends pings, pongs and fragments as they were', async () => {
    const [ping, half, rest] = ['898101020304 60', '0185010203046967 6f686e', '808101020304 20'].map((hex) =>
      hex.replace(' ', ''),
    )
    const file = recordSession([
      ['client', request()],
      ['server', response()],
      ...[half, ping, rest].map((frame): Said => ['client', frame!]),
      ['server', '8a0161'],
      ['server', '810668656c6c6f21'],
    ])
    const { code, lines } = await replay(file, '--to', await serve('rfc6455'), '--diff')
    expect({ code, names: lines.slice(3, -1).map(({ name }) => name) }).toEqual({
      code: 0,
      names: ['ping', 'text', 'pong', 'text'],
    })
  })

  it('sends by the times of the recording when a speed is given', async () => {
    const file = recordSession([
      ['client', request()],
      ['server', response()],
      ['client', masked, 10],
      ['server', notMasked],
      ['client', masked, 400],
      ['server', notMasked],
    ])
    const again = newFile()
    const { code } = await replay(file, '--to', await serve('rfc6455'), '--record', again, '--speed', '2')
    expect(code).toBe(0)
    const recording = must(await openRecording(again))
    const { capture } = recording
    const heads = Array.from({ length: capture.length }, (_, index) => capture.head(index))
    const sent = (lane: Lane) => heads.filter((each) => each.kind === 'sent' && each.lane === lane)
    const [answered, last] = [sent('serverToClient')[0]!.time, sent('clientToServer').at(-1)!.time]
    recording.close()
    // 411 ms after the response in the recording; the system's timers may be a moment early.
    expect(last - answered).toBeGreaterThanOrEqual(200)
  })

  it.each([
    ['on', 'on'],
    ['on', 'server_no_context_takeover; client_no_context_takeover'],
  ])('plays compressed messages (%s) to a server that compresses otherwise (%s)', async (was, is) => {
    const said = ['--send', 'again and again and again', '--send', 'again and again and again', '--expect', '2']
    const file = await recordEcho('rfc6455', said, '--compress', was)
    const { code, lines } = await replay(file, '--to', await serve('rfc6455', '--compress', is))
    const differing = lines.filter(({ event }) => event === 'difference').map(({ name }) => name)
    expect({ code, differing }).toEqual(was === is ? { code: 0, differing: [] } : { code: 1, differing: ['response'] })
  })

  it('plays compressed messages to a server that does not compress, as plain ones', async () => {
    const said = ['--send', 'again and again and again', '--send', 'again and again', '--expect', '2']
    const file = await recordEcho('rfc6455', said, '--compress', 'on')
    const { lines } = await replay(file, '--to', await serve('rfc6455'))
    expect(lines.filter(({ event }) => event === 'difference')).toEqual([
      expect.objectContaining({
        name: 'response',
        difference: expect.stringMatching(/^extensions is not given, was permessage-deflate/),
      }),
    ])
  })
})

describe('wirestep replay, of servers', () => {
  it.each(dialectIds)('plays one of %s to a client that does the same again', async (dialect) => {
    const { url, done: finished } = await replayAsServer(await recordEcho(dialect))
    expect(await wirestep(['connect', `${url}room?a=1`, '--dialect', dialect, ...hello])).toMatchObject({ code: 0 })
    const { code, lines, err } = await finished()
    expect({ code, err, lines: lines.slice(1) }).toEqual({ code: 0, err: '', lines: [{ event: 'open' }, done(true)] })
  })

  it('tells what the client does otherwise: the path, the texts, the close code', async () => {
    const { url, done: finished } = await replayAsServer(await recordEcho('rfc6455'), '--timeout', '2000')
    const words = ['--send', 'hallo', '--send', 'x'.repeat(300), '--expect', '2']
    await wirestep(['connect', `${url}lobby`, '--dialect', 'rfc6455', ...words])
    const { code, lines } = await finished()
    expect(code).toBe(1)
    const differences = lines.filter(({ event }) => event === 'difference').map(({ difference }) => difference)
    expect(differences).toEqual(['path /lobby, was /room?a=1', 'differs from byte 1 on: 61, was 65'])
  })

  it('turns the client away as the recorded server did', async () => {
    const refusal = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlater'
    const file = recordSession([
      ['client', request()],
      ['server', refusal],
      ['server', 'fin'],
      ['client', 'fin'],
    ])
    const { port, done: finished } = await replayAsServer(file)
    const client = quiet(connect({ port, host: '127.0.0.1', allowHalfOpen: true }))
    client.write(request())
    expect((await readBytes(client, refusal.length)).toString()).toBe(refusal)
    client.end()
    expect((await finished()).code).toBe(0)
  })

  it('stops with Ctrl+C while no client comes', async () => {
    const { interrupt, done: finished } = await replayAsServer(await recordEcho('rfc6455'))
    interrupt()
    expect((await finished()).code).toBe(130)
  })
})

describe('wirestep replay, for people', () => {
  it('says how it went, and shows both side by side when asked', async () => {
    const file = await recordEcho('rfc6455', ['--send', 'hello', '--expect', '1'])
    const url = await serve('rfc6455', '--service', serviceThat('session.send(data + "!")'))
    const told = await wirestep(['replay', file, '--to', url])
    expect(told).toMatchObject({ code: 1, err: '' })
    expect(told.out.split('\n')).toEqual([
      'open',
      'server → client  text "hello": differs from byte 5 on: 21, was the end; 6 bytes, was 5',
      '1 difference from the recording, in 4 things the server said',
      '',
    ])
    const whole = await wirestep(['replay', file, '--to', url, '--diff'])
    expect(whole.out).toMatch(/^ {2}client → server {2}text +"hello" +\| "hello"$/m)
    expect(whole.out).toMatch(/^\* server → client {2}text +"hello" +\| "hello!" +differs from byte 5/m)
    const same = await wirestep(['replay', file, '--to', await serve('rfc6455')])
    expect(same).toMatchObject({ code: 0, out: 'open\nas recorded: 4 things the server said\n' })
  })

  it.each([
    [['--to', 'ws://127.0.0.1:1', '--listen', '0'], () => recordSession(opened), 'replay wants --to URL or --listen N'],
    [['--listen', '0', '--key', 'a.pem'], () => recordSession(opened), '--cert and --key go together.\n'],
    [['--listen', '0', '--cert', 'a', '--key', 'b'], () => recordSession(opened), '--cert and --key are for --tls.\n'],
    [[], () => recordSession(opened), 'replay wants --to URL or --listen N, and one of them only.\n'],
    [['--to', 'ws://127.0.0.1:1/'], () => recordSession(opened), 'Nothing listens on 127.0.0.1:1'],
    [['--to', 'nonsense'], () => recordSession(opened), '"nonsense" is not a WebSocket URL'],
    [['--to', 'ws://127.0.0.1:1'], () => '/nowhere/x.pcapng', 'Could not open /nowhere/x.pcapng'],
    [['--to', 'ws://127.0.0.1:1', '--speed', '0'], () => recordSession(opened), 'replay: --speed has to be'],
    [['--to', 'ws://127.0.0.1:1', '--sped', '1'], () => recordSession(opened), "Unknown option '--sped'."],
    [['--to', 'ws://127.0.0.1:1'], () => recordSession(opened, opened), 'has 2 connections: name one with'],
    [
      ['--to', 'ws://127.0.0.1:1', '--connection', '3'],
      () => recordSession(opened, opened),
      'has no connection 3: name one with --connection N, of 1, 2.\n',
    ],
    [
      ['--listen', '0'],
      () => recordSession(opened.slice(0, 1)),
      'Connection 1 cannot be replayed: the response of the server is not in the recording.\n',
    ],
  ])('%j fails with one sentence and exit code 2', async (words, file, error) => {
    const { code, err, out } = await wirestep(['replay', file(), ...words])
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 })
    expect(err).toContain(error)
  })

  it('plays the connection that is named', async () => {
    const other: readonly Said[] = [...opened, ['client', '810548656c6c6f'], ['client', 'fin']]
    const again = newFile()
    const words = ['--to', await rawServer(), '--connection', '2', '--record', again]
    expect((await replay(recordSession(opened, other), ...words)).code).toBe(0)
    expect(behindHead(await laneBytes(again, 'clientToServer'))).toBe('810548656c6c6f')
  })
})
