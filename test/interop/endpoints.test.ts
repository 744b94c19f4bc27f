import { describe, expect, it } from 'vitest'
import { runProgram } from '../../main/cli/program.ts'
import { dialectById, dialectIds } from '../../shared/dialects/registry.ts'
import { openTerminal, wirestep } from '../main/cli/fakeTerminal.ts'

interface Served {
  readonly url: string
  /** Presses Ctrl+C; settles with the exit code and what was printed. */
  stop(): Promise<{ readonly code: number; readonly events: readonly Record<string, unknown>[]; readonly err: string }>
}

async function serve(dialect: string, ...more: readonly string[]): Promise<Served> {
  const session = openTerminal()
  const done = runProgram(['serve', '--dialect', dialect, '--port', '0', '--json', ...more], session.terminal)
  const { url } = JSON.parse(await session.line((line) => line.includes('"listening"')))
  return {
    url,
    stop: async () => {
      session.interrupt()
      return { code: await done, events: parse(session.out()), err: session.err() }
    },
  }
}

function parse(text: string): readonly Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

async function connect(url: string, dialect: string, ...more: readonly string[]) {
  const { code, out, err } = await wirestep(['connect', url, '--dialect', dialect, '--json', ...more])
  return { code, events: parse(out), err }
}

describe.each(dialectIds.filter((id) => dialectById(id).framing === 'sentinel'))('serve and connect, %s', (dialect) => {
  it('exchange text, long and empty, and close cleanly', async () => {
    const server = await serve(dialect)
    const texts = ['hello', '', 'wirestep '.repeat(40_000), 'grüß \u{1F600}']
    const sending = texts.flatMap((text) => ['--send', text])
    const { code, events, err } = await connect(`${server.url}chat`, dialect, ...sending, '--expect', '4')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(events.slice(0, -1)).toEqual([
      { event: 'open', resource: '/chat' },
      ...texts.map((data) => ({ event: 'message', type: 'text', data })),
    ])
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true })
    const stopped = await server.stop()
    expect({ code: stopped.code, err: stopped.err }).toEqual({ code: 0, err: '' })
    expect(stopped.events.at(-1)).toMatchObject({ connection: 1, event: 'close', clean: true })
  })
})

describe.each(dialectIds.filter((id) => dialectById(id).framing === 'lengthPrefixed'))(
  'serve and connect, %s',
  (dialect) => {
    it('exchange text and binary messages in the order they were given, and close cleanly', async () => {
      const server = await serve(dialect)
      const { code, events, err } = await connect(
        `${server.url}chat`,
        dialect,
        '--send',
        'hello',
        '--send-hex',
        '00 ff',
        '--send',
        '',
        '--expect',
        '3',
      )
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(events).toEqual([
        { event: 'open', resource: '/chat' },
        { event: 'message', type: 'text', data: 'hello' },
        { event: 'message', type: 'binary', data: 'AP8=' },
        { event: 'message', type: 'text', data: '' },
        expect.objectContaining({ event: 'close', clean: true }),
      ])
      const stopped = await server.stop()
      expect({ code: stopped.code, err: stopped.err }).toEqual({ code: 0, err: '' })
      expect(stopped.events.map(({ event }) => event)).toEqual([
        'listening',
        'open',
        'message',
        'message',
        'message',
        'close',
      ])
      expect(stopped.events[1]).toMatchObject({ connection: 1, resource: '/chat' })
    })
    it('carry a message far larger than one read', async () => {
      const server = await serve(dialect)
      const text = 'wirestep '.repeat(40_000)
      const { code, events } = await connect(server.url, dialect, '--send', text, '--expect', '1')
      expect(code).toBe(0)
      expect(events[1]).toEqual({ event: 'message', type: 'text', data: text })
      await server.stop()
    })
    it('with no messages expected: open, and close at once', async () => {
      const server = await serve(dialect)
      const { code, events } = await connect(server.url, dialect, '--expect', '0')
      expect({ code, names: events.map(({ event }) => event) }).toEqual({ code: 0, names: ['open', 'close'] })
      await server.stop()
    })
    it('fail when fewer messages come than are expected within the time', async () => {
      const server = await serve(dialect)
      const { code, err } = await connect(server.url, dialect, '--send', 'one', '--expect', '2', '--timeout', '200')
      expect(code).toBe(1)
      expect(err).toMatch(/^ws:.*: [01] of 2 messages came within 200 ms; --timeout MS waits longer\.\n$/)
      await server.stop()
    })
  },
)

describe('serve and connect', () => {
  it('of different dialects never open, and the client says what that may mean', async () => {
    const server = await serve('hello-00')
    const { code, err } = await connect(server.url, 'rfc6455', '--expect', '0')
    expect(code).toBe(1)
    expect(err).toMatch(
      /^ws:.*: the connection was closed before it was open; the server may speak another dialect\.\n$/,
    )
    await server.stop()
  })
  it('say when a port is in use, and when nobody listens', async () => {
    const server = await serve('rfc6455')
    const { port } = new URL(server.url)
    const second = await wirestep(['serve', '--dialect', 'rfc6455', '--port', port])
    expect(second).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(new RegExp(`^Port ${port} .* in use .*.\n$`)),
    })
    await server.stop()
    const nobody = await wirestep(['connect', server.url, '--dialect', 'rfc6455'])
    expect(nobody).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^Nothing listens on .*\.\n$/) })
  })
  it('close cleanly when interrupted', async () => {
    const server = await serve('rfc6455')
    const session = openTerminal()
    const done = runProgram(['connect', server.url, '--dialect', 'rfc6455', '--json'], session.terminal)
    await session.line((line) => line.includes('"open"'))
    session.interrupt()
    expect(await done).toBe(0)
    expect(parse(session.out()).at(-1)).toMatchObject({ event: 'close', clean: true })
    await server.stop()
  })
  it('tell the connections that are open good-bye when the server is interrupted', async () => {
    const server = await serve('rfc6455')
    const session = openTerminal()
    const done = runProgram(['connect', server.url, '--dialect', 'rfc6455', '--json'], session.terminal)
    await session.line((line) => line.includes('"open"'))
    const { events } = await server.stop()
    expect(await done).toBe(0)
    expect(events.at(-1)).toMatchObject({ event: 'close', clean: true })
  })
})
