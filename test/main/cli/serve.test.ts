// `wirestep serve`: whom it lets in, and for how long and how much. What it answers is tested with other people's clients.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { runProgram } from '../../../main/cli/program.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { quiet } from '../net/sockets.ts'
import { openTerminal, type Session, wirestep } from './fakeTerminal.ts'

interface Served {
  readonly url: string
  readonly port: number
  readonly session: Session
}

/** Serves RFC 6455 with these options until the test ends. */
function serve(...words: readonly string[]): Promise<Served> {
  return serveIn('rfc6455', ...words)
}

async function serveIn(dialect: DialectId, ...words: readonly string[]): Promise<Served> {
  const session = openTerminal()
  const all = ['serve', '--dialect', dialect, '--port', '0', '--json', ...words]
  const done = runProgram(all, session.terminal)
  onTestFinished(async () => {
    session.interrupt()
    await done
  })
  const { url, port } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  return { url, port, session }
}

function dial(url: string, subprotocols: string[] = [], options: ClientOptions = {}): WebSocket {
  const socket = new WebSocket(url, subprotocols, options)
  onTestFinished(() => socket.terminate())
  return socket
}

/** `101` and the subprotocol, or the status of a refusal. */
async function answerTo(socket: WebSocket): Promise<string> {
  const refused = once(socket, 'unexpected-response').then(([, response]) => `${response.statusCode}`)
  const opened = once(socket, 'open').then(() => `101 ${socket.protocol}`.trim())
  socket.on('error', () => {})
  return Promise.race([refused, opened])
}

async function closeOf(socket: WebSocket): Promise<number> {
  return (await once(socket, 'close'))[0]
}

describe('wirestep serve', () => {
  it('serves one path with --path, and tells it in its URL', async () => {
    const { url, port } = await serve('--path', '/chat')
    expect(url).toBe(`ws://127.0.0.1:${port}/chat`)
    expect(await answerTo(dial(`${url}?room=1`))).toBe('101')
    expect(await answerTo(dial(`ws://127.0.0.1:${port}/other`))).toBe('404')
  })

  it.each(dialects)(
    'lets a client of ours in by its origin, and speaks what it likes best: $id',
    async ({ id, handshake }) => {
      const { url } = await serveIn(id, '--origin', 'https://one.example', '--subprotocol', 'b', '--subprotocol', 'a')
      const names = handshake.subprotocols === 'oneString' ? ['a'] : ['c', 'a', 'b']
      const offers = names.flatMap((name) => ['--subprotocol', name])
      const from = (origin: string) =>
        wirestep(['connect', url, '--dialect', id, '--origin', origin, ...offers, '--send', 'hi', '--expect', '1'])
      expect(await from('https://one.example')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^open {2}\/ {2}a\n/),
      })
      const turnedAway = await from('https://two.example')
      expect(turnedAway.code).toBe(1)
      expect(turnedAway.out).not.toMatch(/^open/m)
    },
  )

  it('lets pages of the origins named in, and clients that are no pages', async () => {
    const { url } = await serve('--origin', 'https://one.example', '--origin', 'https://two.example')
    expect(await answerTo(dial(url, [], { origin: 'https://two.example' }))).toBe('101')
    expect(await answerTo(dial(url))).toBe('101')
    expect(await answerTo(dial(url, [], { origin: 'https://three.example' }))).toBe('403')
  })

  it('speaks the subprotocols named, the one the client prefers', async () => {
    const { url } = await serve('--subprotocol', 'v2', '--subprotocol', 'v1')
    expect(await answerTo(dial(url, ['v3', 'v1', 'v2']))).toBe('101 v1')
    expect(await answerTo(dial(url, ['v2']))).toBe('101 v2')
  })

  it('turns away who comes when --max-connections are there', async () => {
    const { url } = await serve('--max-connections', '1')
    expect(await answerTo(dial(url))).toBe('101')
    expect(await answerTo(dial(url))).toBe('503')
  })

  it('closes a connection whose message is longer than --max-message', async () => {
    const { url } = await serve('--max-message', '10')
    const socket = dial(url)
    await answerTo(socket)
    socket.send('x'.repeat(10))
    expect(String((await once(socket, 'message'))[0])).toBe('x'.repeat(10))
    socket.send('x'.repeat(11))
    expect(await closeOf(socket)).toBe(1009)
  })

  it('gives up a client that does not ask within --handshake-timeout', async () => {
    const { port } = await serve('--handshake-timeout', '50')
    const silent: Socket = quiet(connect({ port, host: '127.0.0.1' })).resume()
    await once(silent, 'close')
  })

  it('closes a client that says nothing for --idle-timeout', async () => {
    const { url } = await serve('--idle-timeout', '50')
    expect(await closeOf(dial(url))).toBe(1001)
  })

  it('pings every --ping-interval', async () => {
    const { url } = await serve('--ping-interval', '20')
    const socket = dial(url)
    await once(socket, 'ping')
    await once(socket, 'ping')
  })

  it.each([
    [['--path', 'chat'], '--path has to be a path that begins with a slash, not "chat".'],
    [['--origin', 'example.com'], '--origin has to be an origin such as https://example.com, not "example.com".'],
    [['--subprotocol', 'a b'], '--subprotocol has to be a name without spaces, not "a b".'],
    [['--max-connections', '0'], '--max-connections has to be a whole number from 1 to 1000000, not "0".'],
    [['--max-message', 'much'], '--max-message has to be a whole number from 1 to 1073741824, not "much".'],
    [['--idle-timeout', '-1'], '--idle-timeout has to be a whole number from 1 to 3600000, not "-1".'],
    [['--handshake-timeout', '0'], '--handshake-timeout has to be a whole number'],
    [['--ping-interval', '1.5'], '--ping-interval has to be a whole number'],
  ])('refuses %j with one sentence', async (words, sentence) => {
    const { code, err } = await wirestep(['serve', '--dialect', 'rfc6455', '--port', '0', ...words])
    expect(err).toContain(`serve: ${sentence}`)
    expect(code).toBe(1)
  })
})
