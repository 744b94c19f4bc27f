import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { attachEndpoint, type Pace } from '../../../main/net/endpointSocket.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import type { EndpointEnv, EndpointEvent } from '../../../shared/endpoint/types.ts'
import { quiet, readBytes, socketPair, until } from './sockets.ts'

afterEach(() => {
  vi.useRealTimers()
})

function envOf(role: EndpointEnv['role']): EndpointEnv {
  const config = { url: 'ws://127.0.0.1/', limits: defaultLimits, origin: 'http://example.com' }
  return { dialect: dialectById('rfc6455'), role, config, random: seededRandom(7) }
}

/** An endpoint whose peer is a bare socket. */
async function facing(role: EndpointEnv['role'], pace: Pace) {
  const { dialled, accepted } = await socketPair()
  const events: EndpointEvent[] = []
  const onStep = (step: { events: readonly EndpointEvent[] }) => events.push(...step.events)
  const endpoint = attachEndpoint({ socket: accepted, env: envOf(role), pace, onStep })
  onTestFinished(() => endpoint.destroy())
  return { endpoint, peer: quiet(dialled), events }
}

describe('an endpoint on a socket', () => {
  it('counts the bytes it was fed and the bytes it wrote', async () => {
    const { endpoint, peer } = await facing('client', 'stepped')
    expect(endpoint.act({ kind: 'open' }).ok).toBe(true)
    await readBytes(peer, endpoint.sent)
    peer.write('HTTP/1.1')
    await until(() => endpoint.received === 8)
    expect(endpoint.state.name).toBe('AWAITING_RESPONSE')
  })

  it('tells a reset from an end', async () => {
    const { endpoint, peer, events } = await facing('server', 'stepped')
    peer.resetAndDestroy()
    await endpoint.closed
    expect(endpoint.receivedEnd).toBe('reset')
    expect(events.at(-1)).toMatchObject({ kind: 'close', clean: false })
  })

  it('ends its half when its endpoint does, and still reads the other', async () => {
    const { endpoint, peer } = await facing('client', 'stepped')
    endpoint.act({ kind: 'end' })
    await until(() => endpoint.sentEnd)
    peer.write('late')
    await until(() => endpoint.received === 4)
    expect(endpoint.receivedEnd).toBeNull()
  })

  it('gives up a handshake that takes ten seconds, and a peer that then does not go away', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { endpoint, peer } = await facing('server', 'live')
    peer.write('GET / HTTP/1.1\r\n')
    await until(() => endpoint.received > 0)
    vi.advanceTimersByTime(9_999)
    expect(endpoint.state.name).toBe('AWAITING_REQUEST')
    vi.advanceTimersByTime(1)
    expect(endpoint.state.name).toBe('FAILED')
    vi.advanceTimersByTime(1_000)
    await endpoint.closed
  })

  it('is told when it is broken off, so that its last event comes', async () => {
    const { endpoint, peer, events } = await facing('client', 'live')
    endpoint.act({ kind: 'open' })
    await readBytes(peer, endpoint.sent)
    endpoint.destroy()
    await endpoint.closed
    expect(events.at(-1)).toMatchObject({ kind: 'close', clean: false })
  })

  it('waits for ever where a person does the stepping', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { endpoint } = await facing('server', 'stepped')
    vi.advanceTimersByTime(3_600_000)
    expect(endpoint.state.name).toBe('AWAITING_REQUEST')
  })

  it('knows at once that its socket is gone already', async () => {
    const { dialled, accepted } = await socketPair()
    quiet(accepted).resume()
    dialled.resetAndDestroy()
    await until(() => accepted.closed)
    const endpoint = attachEndpoint({ socket: accepted, env: envOf('server'), pace: 'live' })
    await endpoint.closed
    expect(endpoint.receivedEnd).toBe('reset')
  })
})
