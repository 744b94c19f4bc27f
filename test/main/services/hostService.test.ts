// The server programming model over real sockets: the same services under every dialect.
import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { abilitiesOf } from '../../../main/services/abilities.ts'
import { echo } from '../../../main/services/echo.ts'
import { defineService, type Session } from '../../../main/services/service.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { RecordOf } from '../../../shared/capture/record.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import type { Message } from '../../../shared/endpoint/types.ts'
import { quiet, until } from '../net/sockets.ts'
import { hosted, visit } from './services.ts'

/** Writes down what it is told. */
function diary() {
  const lines: string[] = []
  const sessions: Session<undefined>[] = []
  const service = defineService({
    start: () => lines.push('start'),
    open: (session) => {
      sessions.push(session)
      lines.push(`open ${session.id}`)
    },
    message: (session, data) => lines.push(`message ${session.id} ${data}`),
    close: (session, { clean }) => lines.push(`close ${session.id} ${clean}`),
    stop: () => lines.push('stop'),
  })
  return { lines, sessions, service }
}

const withBinary = dialectIds.filter((id) => abilitiesOf(dialectById(id)).binary)

it.each(withBinary)('sends bytes as they were under %s, whatever becomes of them', async (dialect) => {
  const { sessions, service } = diary()
  const { host } = await hosted(service, { dialect })
  const guest = await visit(host.url, { dialect })
  await until(() => sessions.length === 1)
  const bytes = Buffer.alloc(4 * 1024 * 1024, 1)
  sessions[0]!.send(bytes)
  bytes.fill(2)
  await until(() => guest.messages.length === 1)
  expect(Buffer.alloc(bytes.length, 1).equals(guest.messages[0] as Uint8Array)).toBe(true)
})

describe.each(dialectIds)('a service under %s', (dialect) => {
  const can = abilitiesOf(dialectById(dialect))

  it('is told of the start, of sessions and their messages in order, and of the end', async () => {
    const { lines, service } = diary()
    const { host } = await hosted(service, { dialect })
    const guest = await visit(host.url, { dialect })
    guest.say('one')
    guest.say('two')
    await guest.leave()
    await until(() => lines.some((line) => line.startsWith('close')))
    await host.close()
    const close = expect.stringMatching(/^close 1/)
    expect(lines).toEqual(['start', 'open 1', 'message 1 one', 'message 1 two', close, 'stop'])
  })

  it('may take messages as they come, and pass them on', async () => {
    const told: Message[] = []
    const service = defineService({
      message: () => expect.unreachable('rawMessage is there'),
      rawMessage: (session, message) => {
        told.push(message)
        session.host.broadcast(message)
      },
    })
    const { host } = await hosted(service, { dialect })
    const guests = [await visit(host.url, { dialect }), await visit(host.url, { dialect })]
    const said = can.binary ? ['héllo', Uint8Array.of(0, 255), ''] : ['héllo', '']
    for (const data of said) guests[0]!.say(data)
    await until(() => guests.every(({ messages }) => messages.length === said.length))
    for (const { messages } of guests) expect(messages).toEqual(said)
    expect(told[0]).toMatchObject({ type: 'text', bytes: encodeUtf8('héllo') })
  })

  it('knows its sessions: number, remote, dialect, resource and origin', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { dialect })
    await visit(host.url, { dialect, path: 'room?a=1' })
    await until(() => sessions.length === 1)
    expect(sessions[0]).toMatchObject({
      ...{ id: 1, dialect, resource: '/room?a=1', protocol: '', origin: 'http://example.com', can },
      remote: { host: '127.0.0.1', port: expect.any(Number) },
    })
  })

  it('agrees on the first subprotocol of the client that it speaks', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { dialect, subprotocols: ['chat'] })
    await visit(host.url, { dialect, subprotocols: ['chat'] })
    await until(() => sessions.length === 1)
    expect(sessions[0]!.protocol).toBe('chat')
  })

  it('sends text and bytes, or says that the dialect has no binary messages', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { dialect })
    const guest = await visit(host.url, { dialect })
    await until(() => sessions.length === 1)
    expect(sessions[0]!.send('héllo')).toMatchObject({ ok: true })
    expect(sessions[0]!.send(Uint8Array.of(0, 255)).ok).toBe(can.binary)
    expect(sessions[0]!.send('last').ok).toBe(true)
    await until(() => guest.messages.at(-1) === 'last')
    expect(guest.messages).toEqual(can.binary ? ['héllo', Uint8Array.of(0, 255), 'last'] : ['héllo', 'last'])
  })

  it('pings where the dialect has pings, and says so where it has none', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { dialect })
    const guest = await visit(host.url, { dialect })
    await until(() => sessions.length === 1)
    expect(sessions[0]!.ping().ok).toBe(can.ping)
    sessions[0]!.send('after')
    await until(() => guest.messages.length === 1)
    expect(guest.events.some(({ kind }) => kind === 'ping')).toBe(can.ping)
  })

  it('closes with a code where the dialect has codes, and without one elsewhere', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { dialect })
    const guest = await visit(host.url, { dialect })
    await until(() => sessions.length === 1)
    expect(sessions[0]!.close(4000, 'enough').ok).toBe(true)
    await guest.connection.closed
    const told = can.closeCodes ? { code: 4000, reason: 'enough' } : {}
    expect(guest.events.at(-1)).toMatchObject({ kind: 'close', ...told })
    expect(sessions[0]!.send('too late').ok).toBe(false)
  })

  it('broadcasts to all sessions, or to all but one', async () => {
    const service = defineService({
      message: (session, data) => {
        session.host.broadcast(`all: ${data}`)
        session.host.broadcast(`others: ${data}`, session)
      },
    })
    const { host } = await hosted(service, { dialect })
    const [one, other] = [await visit(host.url, { dialect }), await visit(host.url, { dialect })]
    await until(() => host.sessions.size === 2)
    one.say('hi')
    await until(() => other.messages.length === 2 && one.messages.length === 1)
    expect({ one: one.messages, other: other.messages }).toEqual({ one: ['all: hi'], other: ['all: hi', 'others: hi'] })
  })

  it('that throws is told, its session is closed, and the others go on', async () => {
    const errors: string[] = []
    const service = defineService({
      message: (session, data) => {
        if (data === 'bad') throw new Error('cannot')
        if (data === 'later') return Promise.reject(new Error('cannot later'))
        return session.send(data)
      },
      error: (error, session) => errors.push(`${session?.id} ${(error as Error).message}`),
    })
    const { host, problems } = await hosted(service, { dialect })
    const bad = await visit(host.url, { dialect })
    const later = await visit(host.url, { dialect })
    const good = await visit(host.url, { dialect })
    bad.say('bad')
    await bad.connection.closed
    later.say('later')
    await later.connection.closed
    good.say('still here')
    await until(() => good.messages.length === 1)
    expect(errors).toEqual(['1 cannot', '2 cannot later'])
    expect(problems).toEqual([])
  })

  it.each([
    ['another path', '/elsewhere', 'http://example.com', 404],
    ['another origin', '/room', 'http://evil.example', 403],
    ['one connection too many', '/room', 'http://example.com', 503],
  ])('turns away %s', async (_, path, origin, status) => {
    const { lines, service } = diary()
    const options = { dialect, path: '/room', origins: ['http://example.com'], maxConnections: 1 }
    const { host } = await hosted(service, options)
    const first = await visit(host.url, { dialect, path: '?key=1' })
    const turned = await visit(new URL(path, host.url).href, { dialect, origin })
    expect(turned.connection.state).toBe('FAILED')
    if (dialectById(dialect).handshake.refusal === 'httpError') {
      expect(turned.events).toContainEqual(
        expect.objectContaining({
          fault: expect.objectContaining({ code: 'head.status', found: expect.stringContaining(`${status} `) }),
        }),
      )
    }
    first.say('still here')
    await until(() => lines.includes('message 1 still here'))
    expect(lines).toEqual(['start', 'open 1', 'message 1 still here'])
  })

  it('lets the next one in when another has left', async () => {
    const { host } = await hosted(echo, { dialect, maxConnections: 1 })
    const first = await visit(host.url, { dialect })
    await first.leave()
    await vi.waitFor(async () => expect((await visit(host.url, { dialect })).connection.state).toBe('OPEN'))
  })

  it('closes all sessions when it is shut down', async () => {
    const { lines, service } = diary()
    const { host } = await hosted(service, { dialect })
    const guests = [await visit(host.url, { dialect }), await visit(host.url, { dialect })]
    await until(() => host.sessions.size === 2)
    await host.close()
    await Promise.all(guests.map(({ connection }) => connection.closed))
    expect(lines.filter((line) => line.startsWith('close'))).toHaveLength(2)
    expect(host.sessions.size).toBe(0)
    const told = can.closeCodes ? { clean: true, code: 1001 } : {}
    expect(guests[0]!.events.at(-1)).toMatchObject({ kind: 'close', ...told })
  })

  it('ends the session of a message beyond the limit, and the others go on', async () => {
    const { host } = await hosted(echo, { dialect, maxMessageSize: 1000 })
    const [big, small] = [await visit(host.url, { dialect }), await visit(host.url, { dialect })]
    big.say('x'.repeat(1001))
    await big.connection.closed
    small.say('x'.repeat(1000))
    await until(() => small.messages.length === 1)
    expect(big.messages).toEqual([])
  })
})

describe('a hosted service', () => {
  it('gives every session a state of its own', async () => {
    const service = defineService({
      state: () => ({ count: 0 }),
      message: (session) => session.send(`${++session.state.count}`),
    })
    const { host } = await hosted(service)
    const [one, other] = [await visit(host.url), await visit(host.url)]
    one.say('a')
    one.say('b')
    other.say('a')
    await until(() => one.messages.length === 2 && other.messages.length === 1)
    expect([one.messages, other.messages]).toEqual([['1', '2'], ['1']])
  })

  const fails = () => {
    throw new Error('no')
  }
  it.each([
    ['no error callback', defineService({ open: fails }), 'The service of session 1 failed: no'],
    ['one that fails', defineService({ open: fails, error: fails }), 'The service of session 1 failed: no'],
    ['a start that fails', defineService({ start: fails }), 'The service failed: no'],
  ])('with %s has its host told', async (_, service, sentence) => {
    const { host, problems } = await hosted(service)
    await visit(host.url)
    await until(() => problems.length > 0)
    expect(problems).toEqual([sentence])
  })

  it('that cannot begin a session closes it and says so', async () => {
    const { host, problems } = await hosted(defineService({ state: fails }))
    const guest = await visit(host.url)
    await guest.connection.closed
    expect(problems).toEqual(['The service failed: no'])
  })

  it('closes a session that throws with 1011', async () => {
    const { host } = await hosted(defineService({ message: fails, error: () => {} }))
    const guest = await visit(host.url)
    guest.say('x')
    await guest.connection.closed
    expect(guest.events.at(-1)).toMatchObject({ kind: 'close', code: 1011, reason: 'the service failed' })
  })

  it('closes a session whose message is too long with 1009', async () => {
    const { host } = await hosted(echo, { maxMessageSize: 10 })
    const guest = await visit(host.url)
    guest.say('x'.repeat(11))
    await guest.connection.closed
    expect(guest.events.at(-1)).toMatchObject({ kind: 'close', code: 1009 })
  })

  it('knows the client behind its own recording relay', async () => {
    const { sessions, service } = diary()
    const record = createCapture(createMemoryStore())
    const { host } = await hosted(service, { record })
    await visit(host.url)
    await until(() => sessions.length === 1)
    expect(sessions[0]!.remote).toEqual((record.record(0) as RecordOf<'open'>).topology.client)
  })

  it('ends a handshake that takes too long', async () => {
    const { host } = await hosted(echo, { handshakeTimeout: 20 })
    const stranger = quiet(connect(host.address))
    await new Promise((resolve) => stranger.resume().once('close', resolve))
  })

  it('closes a session that says nothing for too long', async () => {
    const { host } = await hosted(echo, { idleTimeout: 60 })
    const silent = await visit(host.url)
    await silent.connection.closed
    expect(silent.events.at(-1)).toMatchObject({ kind: 'close', code: 1001, reason: 'idle for too long' })
  })

  it('pings at an interval', async () => {
    const { host } = await hosted(echo, { pingInterval: 10 })
    const guest = await visit(host.url)
    await until(() => guest.events.filter(({ kind }) => kind === 'ping').length > 3)
    expect(guest.connection.state).toBe('OPEN')
  })

  it('sends no more to a client that does not read once too much waits', async () => {
    const { sessions, service } = diary()
    const { host } = await hosted(service, { maxBuffered: 100_000 })
    const guest = await visit(host.url)
    await until(() => sessions.length === 1)
    const [session] = sessions
    const sent: boolean[] = []
    while (sent.at(-1) !== false) sent.push(session!.send('x'.repeat(200_000)).ok)
    expect(session!.bufferedAmount).toBeGreaterThan(100_000)
    await until(() => guest.messages.length === sent.length - 1)
    expect(session!.send('again').ok).toBe(true)
  })
})
