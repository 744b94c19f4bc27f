// `wirestep connect` against servers that do not do as they should. `wirestep serve` is the one that does.
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { runProgram } from '../../../main/cli/program.ts'
import { acceptValue } from '../../../shared/handshake/accept.ts'
import { openTerminal, type Session, wirestep } from './fakeTerminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'wirestep-connect-'))

/** Answers the URL of a server that does `answer` with every connection. */
async function serverThat(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}))
    answer(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** `asked` settles when the request is there. */
async function silentServer() {
  let tell = () => {}
  const asked = new Promise<void>((resolve) => {
    tell = resolve
  })
  return { url: await serverThat((socket) => socket.once('data', tell)), asked }
}

/** Opens as RFC 6455 has it, sends `frames`, and then keeps silent. */
function opens(frames = ''): (socket: Socket) => void {
  return (socket) =>
    socket.once('data', (request) => {
      const key = /Sec-WebSocket-Key: (\S+)/.exec(request.toString('latin1'))?.[1] ?? ''
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write(`${[...head, `Sec-WebSocket-Accept: ${acceptValue(key)}`].join('\r\n')}\r\n\r\n`)
      socket.write(Buffer.from(frames, 'hex'))
    })
}

/** Opens, says hi, closes, and ends the connection when that is answered. */
function closesAfterHi(socket: Socket): void {
  opens('81026869880203e8')(socket)
  socket.on('end', () => socket.end())
  socket.once('data', () => socket.once('data', () => socket.end()))
}

const connectTo = (url: string, ...words: readonly string[]) =>
  wirestep(['connect', url, '--dialect', 'rfc6455', '--json', ...words])

function eventsIn(out: string): string[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).event)
}

/** Runs `wirestep connect`; when `ready` has come, so much time passes. */
async function connectFor(
  milliseconds: number,
  ready: (session: Session) => Promise<unknown>,
  words: readonly string[],
) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const session = openTerminal()
  const code = runProgram(['connect', ...words, '--dialect', 'rfc6455', '--json'], session.terminal)
  await ready(session)
  vi.advanceTimersByTime(milliseconds)
  return { code: await code, err: session.err(), events: eventsIn(session.out()) }
}

const isOpen = (session: Session) => session.line((line) => line.includes('"open"'))

afterEach(() => {
  vi.useRealTimers()
})

describe('wirestep connect', () => {
  it.each([
    [[], 10_000],
    [['--expect', '1'], 10_000],
    [['--timeout', '50'], 50],
    [['--expect', '1', '--timeout', '50'], 50],
  ])('gives up a server that never answers: with %j after %i ms', async (more, milliseconds) => {
    const { url, asked } = await silentServer()
    expect(await connectFor(milliseconds, () => asked, [url, ...more])).toEqual({
      code: 1,
      err: `${url}: it was not open within ${milliseconds} ms; --timeout MS waits longer.\n`,
      events: ['close'],
    })
  })

  it.each([
    [['--timeout', '300'], 300, 'it was not closed within 300 ms'],
    [['--expect', '2'], 10_000, '0 of 2 messages came within 10000 ms'],
  ])('gives up a server that opens and then says nothing: with %j after %i ms', async (more, milliseconds, why) => {
    const url = await serverThat(opens())
    expect(await connectFor(milliseconds, isOpen, [url, ...more])).toMatchObject({
      code: 1,
      err: `${url}: ${why}; --timeout MS waits longer.\n`,
    })
  })

  it.each([[[]], [['--record', join(folder, 'proxied.pcapng')]]])('goes through a proxy, with %j', async (more) => {
    const asked: string[] = []
    const proxy = await serverThat((socket) =>
      socket.once('data', (request) => {
        const [, host, port] = /^CONNECT (\S+):(\d+) HTTP/.exec(request.toString()) ?? []
        asked.push(`${host}:${port}`)
        const upstream = connectSocket({ host, port: Number(port) }, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
        socket.pipe(upstream).pipe(socket)
      }),
    )
    const url = await serverThat(closesAfterHi)
    const { code, out } = await connectTo(url, '--expect', '1', '--proxy', proxy.replace('ws:', 'http:'), ...more)
    expect(asked).toEqual([new URL(url).host])
    expect(eventsIn(out)).toEqual(['open', 'message', 'close'])
    expect(code).toBe(0)
  })

  it.each([
    ['ws://127.0.0.1:1/a:b', [], 'Upgrade+Hello does not allow ":" in "/a:b": choose another path.'],
    ['ws://127.0.0.1:1/', ['--origin', 'a b'], 'The origin "a b" is not printable ASCII'],
    ['ws://127.0.0.1:1/', ['--subprotocol', 'v1.chat'], 'Upgrade+Hello does not allow "v1.chat" as the name'],
    ['ws://127.0.0.1:1/', ['--subprotocol', 'a', '--subprotocol', 'a'], 'The subprotocol "a" is offered twice'],
    ['ws://127.0.0.1:1/', ['--compress', 'on'], 'Nothing is compressed in Upgrade+Hello: leave --compress out'],
  ])('%s, with %j: says what cannot be asked for, and calls nobody', async (url, more, says) => {
    const { code, out, err } = await wirestep(['connect', url, '--dialect', 'hello-00', ...more])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(says)
  })

  it('says what is no proxy', async () => {
    const { code, err } = await connectTo('ws://127.0.0.1:1/', '--proxy', 'socks://127.0.0.1:1')
    expect({ code, err }).toEqual({ code: 1, err: '"socks://127.0.0.1:1" is no HTTP proxy: write http://host:port.\n' })
  })

  it('leaves no recording of a connection that was never made, so that it can be tried again', async () => {
    const path = join(folder, 'unreached.pcapng')
    const { code, err } = await connectTo('ws://127.0.0.1:1/', '--record', path)
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Nothing listens on 127.0.0.1:1; start the server there or check the address.\n',
    })
    expect(existsSync(path)).toBe(false)
  })

  it('keeps the recording of a connection that came to nothing', async () => {
    const path = join(folder, 'silent.pcapng')
    const { url, asked } = await silentServer()
    await connectFor(10_000, () => asked, [url, '--record', path])
    const { code, out } = await wirestep(['decode', path])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ kind: 'request', faults: [] })
  })

  it('says that the server closed too early, not that a later send was refused', async () => {
    // A masked frame from a server fails the connection in the turn that opens it.
    const url = await serverThat(opens('818500000000'))
    const { code, out, err } = await connectTo(url, '--send', 'x', '--expect', '1')
    expect(err).toBe(`${url}: the connection was closed after 0 of 1 messages.\n`)
    expect(eventsIn(out)).toEqual(['open', 'fault', 'close'])
    expect(code).toBe(1)
  })

  it('succeeds when the last message expected and the close come together', async () => {
    const url = await serverThat(closesAfterHi)
    const { code, err } = await connectTo(url, '--expect', '1')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('ends at once at Ctrl+C while it is not open', async () => {
    const { url, asked } = await silentServer()
    const stop = (session: Session) => asked.then(session.interrupt)
    expect(await connectFor(0, stop, [url])).toEqual({
      code: 1,
      err: `${url}: stopped before the connection was open.\n`,
      events: ['close'],
    })
  })

  it('gives the server a second to answer the close of a Ctrl+C', async () => {
    const url = await serverThat(opens())
    const stop = (session: Session) => isOpen(session).then(session.interrupt)
    expect(await connectFor(1_000, stop, [url])).toEqual({
      code: 1,
      err: `${url}: stopped before the connection was closed.\n`,
      events: ['open', 'close'],
    })
  })
})

describe('wirestep serve', () => {
  it('does not serve a dialect that cannot compress what was to be compressed', async () => {
    const { code, out, err } = await wirestep(['serve', '--dialect', 'hybi-07', '--port', '0', '--compress', 'on'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('Nothing is compressed in hybi-07: leave --compress out, or choose hybi-08 or RFC 6455.\n')
  })

  it('leaves no recording when its port is in use', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const path = join(folder, 'in-use.pcapng')
    const { code, err } = await wirestep(['serve', '--dialect', 'rfc6455', '--port', `${port}`, '--record', path])
    expect(err).toBe(`Port ${port} on 127.0.0.1 is in use by another program; stop it or choose another port.\n`)
    expect(code).toBe(1)
    expect(existsSync(path)).toBe(false)
  })
})
