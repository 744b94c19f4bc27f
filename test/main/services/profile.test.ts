// A server and clients that keep to the prototype of 2010, over real sockets.
import { describe, expect, it } from 'vitest'
import { connectEndpoint } from '../../../main/net/client.ts'
import { echo } from '../../../main/services/echo.ts'
import { hostService } from '../../../main/services/hostService.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import type { EndpointEvent } from '../../../shared/endpoint/types.ts'
import { connectionRefusal, messageRefusal, refusal } from '../../../shared/profile/prototype2010.ts'
import { must } from '../lab/labs.ts'
import { until } from '../net/sockets.ts'
import { freePrototypePort } from '../profile.ts'
import { type Guest, hosted, visit } from './services.ts'

const profile = 'prototype-2010'

async function prototype(dialect: 'hello-00' | 'rfc6455') {
  const told: EndpointEvent[] = []
  const onEvent = (_: number, event: EndpointEvent) => told.push(event)
  const { host } = await hosted(echo, { dialect, profile, port: await freePrototypePort(), onEvent })
  return { host, told, join: () => visit(host.url, { dialect }) }
}

describe.each(['hello-00', 'rfc6455'] as const)('a server of %s with the profile', (dialect) => {
  it('turns the sixth connection away, says why, and takes one again when one has gone', async () => {
    const { told, join } = await prototype(dialect)
    const guests: Guest[] = []
    for (let count = 0; count < 5; count += 1) guests.push(await join())
    const sixth = await join()
    expect(sixth.events.map(({ kind }) => kind)).not.toContain('open')
    expect(told).toContainEqual({ kind: 'refused', says: connectionRefusal(profile, 5) })
    await guests[0]!.leave()
    const closes = () => told.filter(({ kind }) => kind === 'close').length
    await until(() => closes() >= 2)
    expect((await join()).events.map(({ kind }) => kind)).toContain('open')
  })

  it('echoes 125 bytes; a message of 126 ends that connection, with the reason told', async () => {
    const { told, join } = await prototype(dialect)
    const guest = await join()
    guest.say('x'.repeat(125))
    await until(() => guest.messages.length === 1)
    guest.say('x'.repeat(126))
    await until(() => guest.events.some(({ kind }) => kind === 'close'))
    expect(told.find((event) => event.kind === 'refused')).toMatchObject({
      says: expect.stringMatching(/A longer message is refused: .* lengths of one byte/),
    })
  })

  it('ends a connection that sends something binary', async () => {
    const { told, join } = await prototype(dialect)
    const guest = await join()
    guest.say(Uint8Array.of(1))
    await until(() => guest.events.some(({ kind }) => kind === 'close'))
    expect(told).toContainEqual({ kind: 'refused', says: messageRefusal(profile, 'binary', 1) })
  })
})

describe('with the profile', () => {
  it('a server does not listen on port 8080', async () => {
    expect(await hostService(echo, { profile, port: 8080 })).toEqual({
      ok: false,
      error: refusal('ports', 'Port 8080'),
    })
  })

  it.each([
    ['ws://127.0.0.1:8080/', undefined, refusal('ports', 'Port 8080')],
    ['wss://127.0.0.1:4502/', undefined, refusal('tls', 'wss:')],
    ['ws://127.0.0.1:4502/', { host: '127.0.0.1', port: 8888 }, refusal('proxies', 'A proxy')],
  ])('a client does not connect to %s (proxy: %o)', async (url, proxy, error) => {
    const dialect = dialectById('hello-00')
    const asked = await connectEndpoint({ url, dialect, profile, onEvent: () => {}, ...(proxy && { proxy }) })
    expect(asked).toEqual({ ok: false, error })
  })

  it('a client sends no message of 126 bytes and nothing binary', async () => {
    const { host } = await prototype('hello-00')
    const events: EndpointEvent[] = []
    const connection = must(
      await connectEndpoint({
        ...{ url: host.url, dialect: dialectById('hello-00'), profile },
        onEvent: (event) => events.push(event),
      }),
    )
    await until(() => events.some(({ kind }) => kind === 'open'))
    const long = 'x'.repeat(126)
    expect(connection.act({ kind: 'sendText', text: long })).toEqual({
      ok: false,
      error: messageRefusal(profile, 'text', 126),
    })
    expect(connection.act({ kind: 'sendBinary', bytes: new Uint8Array() }).ok).toBe(false)
    connection.destroy()
    await connection.closed
  })
})
