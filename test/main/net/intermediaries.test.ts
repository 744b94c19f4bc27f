// Each intermediary by itself, over real sockets: what it passes on, what it keeps, and what it says of it.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '../../../main/net/clock.ts'
import { systemClock } from '../../../main/net/clock.ts'
import { createLink, defaultLink } from '../../../main/net/intermediaries/link.ts'
import { attachNode } from '../../../main/net/intermediaries/node.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { bufferSize } from '../../../shared/intermediaries/buffer.ts'
import type { CacheStore } from '../../../shared/intermediaries/cache.ts'
import { type IntermediaryKind, intermediaryKinds } from '../../../shared/intermediaries/intermediary.ts'
import { peerOn, socketPair, until } from './sockets.ts'

const request = 'GET /demo HTTP/1.1\r\nHost: example.com\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n'
const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n'

async function behind(kind: IntermediaryKind, store: CacheStore = new Map()) {
  const near = await socketPair()
  const far = await socketPair()
  const said: string[] = []
  const node = attachNode({
    ...{ kind, store, seed: 7, clock: systemClock, say: (sentence: string) => said.push(sentence) },
    sockets: { client: near.accepted, server: far.dialled },
  })
  onTestFinished(() => {
    node.faces.client.destroy()
    node.faces.server.destroy()
  })
  return { client: peerOn(near.dialled), server: peerOn(far.accepted), said, node }
}

type Behind = Awaited<ReturnType<typeof behind>>

async function upgrade({ client, server }: Behind): Promise<{ readonly request: string; readonly answer: string }> {
  client.socket.write(request)
  await until(() => server.got().toString().endsWith('\r\n\r\n'))
  const asked = server.got().toString()
  server.socket.write(switching)
  await until(() => client.got().toString().endsWith('\r\n\r\n'))
  return { request: asked, answer: client.got().toString() }
}

describe.each(intermediaryKinds)('a %s', (kind) => {
  it('lets the request and the 101 through', async () => {
    const asked = await upgrade(await behind(kind))
    expect(asked.request.replace('Via: 1.1 wirestep-lab\r\n', '')).toBe(request)
    expect(asked.answer.replace('Via: 1.1 wirestep-lab\r\n', '')).toBe(switching)
  })

  it('passes the end of either stream on', async () => {
    const { client, server } = await behind(kind)
    client.socket.end()
    await server.ended
    server.socket.end()
    await client.ended
  })

  it('passes a reset on', async () => {
    const { client, server } = await behind(kind)
    const closed = new Promise((resolve) => server.socket.once('close', resolve))
    client.socket.resetAndDestroy()
    await closed
  })

  it('counts what came and what went', async () => {
    const between = await behind(kind)
    await upgrade(between)
    const { client, server } = between.node.faces
    expect(client.received).toBe(request.length)
    expect(server.received).toBe(switching.length)
    expect(server.sent).toBe(between.server.got().length)
    expect(client.sent).toBe(between.client.got().length)
    expect(between.node.busy).toBe(false)
  })
})

describe('a reverse proxy', () => {
  it('keeps eight bytes behind the request for ever, also when the 101 has come', async () => {
    const between = await behind('reverse-proxy')
    const { client, server, said } = between
    client.socket.write(`${request}12345678`)
    await until(() => said.length === 1)
    server.socket.write(switching)
    await client.gets(switching.length)
    client.socket.write('later')
    await until(() => server.got().toString().endsWith('later'))
    expect(server.got().toString()).not.toContain('12345678')
    expect(said).toEqual([
      expect.stringMatching(/^The request announces no body, so the 8 bytes behind it are not part of it/),
      expect.stringMatching(/the 8 bytes stay with the request parser, and the server waits for them for ever/),
    ])
  })

  it('passes bytes both ways once the connection is upgraded', async () => {
    const between = await behind('reverse-proxy')
    await upgrade(between)
    between.server.socket.write(Uint8Array.of(0x8f, 0x18))
    between.client.socket.write(Uint8Array.of(0x8f, 0x10))
    await until(() => between.client.got().at(-1) === 0x18 && between.server.got().at(-1) === 0x10)
  })

  it('passes bodies with a length, and the next request after the answer', async () => {
    const { client, server } = await behind('reverse-proxy')
    const post = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc'
    client.socket.write(`${post}GET /b HTTP/1.1\r\nHost: x\r\n\r\n`)
    await until(() => server.got().toString().endsWith('abc'))
    expect(server.got().toString()).not.toContain('/b')
    server.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    await until(() => server.got().toString().includes('GET /b'))
    expect(client.got().toString()).toMatch(/ok$/)
  })

  it('answers what is no HTTP itself', async () => {
    const { client, server } = await behind('reverse-proxy')
    client.socket.write(Uint8Array.of(0, 1, 2))
    await client.ended
    expect(client.got().toString()).toMatch(/^HTTP\/1.1 400 Bad Request/)
    await server.ended
    expect(server.got()).toHaveLength(0)
  })
})

describe('a transparent proxy', () => {
  it('ends the connection at the first byte after the 101 that no response begins with', async () => {
    const between = await behind('transparent-proxy')
    await upgrade(between)
    between.server.socket.write(Uint8Array.of(0x8f, 0x18))
    await between.client.ended
    expect(between.client.got().toString()).toMatch(/HTTP\/1.1 502 Bad Gateway\r\n/)
    expect(between.said).toEqual([expect.stringMatching(/can be no HTTP response/)])
  })

  it('answers a frame of the client with 400', async () => {
    const between = await behind('transparent-proxy')
    await upgrade(between)
    between.client.socket.write(Uint8Array.of(0x81, 0x80))
    await between.client.ended
    expect(between.client.got().toString()).toMatch(/HTTP\/1.1 400 Bad Request\r\n/)
  })
})

describe('a cache', () => {
  const attack = '\r\nGET /script.js HTTP/1.1\r\nHost: victim.example\r\n\r\n'
  const script = 'HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 10\r\n\r\nalert("!")'
  const fetchIt = 'GET /script.js HTTP/1.1\r\nHost: victim.example\r\n\r\n'

  it('takes what a page writes for a request and what its server writes for the answer, and serves it to others', async () => {
    const store: CacheStore = new Map()
    const between = await behind('cache', store)
    await upgrade(between)
    between.client.socket.write(`\u0004\u0033${attack}`)
    await until(() => between.said.length === 1)
    between.server.socket.write(`\u0004\u0054\r\n${script}`)
    await until(() => between.said.length === 2)
    expect(Buffer.from(store.get('http://victim.example/script.js')!).toString()).toBe(script)
    const victim = await behind('cache', store)
    victim.client.socket.write(fetchIt)
    expect((await victim.client.gets(script.length)).toString()).toBe(script)
    expect(victim.server.got()).toHaveLength(0)
  })

  it('finds nothing in the same bytes once they are masked', async () => {
    const store: CacheStore = new Map()
    const between = await behind('cache', store)
    await upgrade(between)
    const mask = [0x5a, 0xc3, 0x1f, 0x88]
    const masked = Buffer.from(attack).map((byte, index) => byte ^ mask[index % 4]!)
    between.client.socket.write(masked)
    between.server.socket.write(`\r\n${script}`)
    await until(() => between.client.got().toString().endsWith('alert("!")'))
    expect({ said: between.said, kept: store.size }).toEqual({ said: [], kept: 0 })
  })

  it('passes every byte on as it is', async () => {
    const between = await behind('cache')
    await upgrade(between)
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) & 0xff))
    between.client.socket.write(bytes)
    await between.server.gets(request.length + bytes.length)
    expect(between.server.got().subarray(request.length).equals(bytes)).toBe(true)
  })
})

describe('a buffering proxy', () => {
  it('keeps what follows the 101 until there is enough of it, and says so once', async () => {
    const between = await behind('buffer')
    await upgrade(between)
    between.server.socket.write('x'.repeat(10))
    await until(() => between.said.length === 1)
    expect(between.client.got()).toHaveLength(switching.length)
    between.server.socket.write('x'.repeat(bufferSize - 10))
    await between.client.gets(switching.length + bufferSize)
    expect(between.said).toEqual([
      `The proxy gathers what follows the head: 10 of ${bufferSize} bytes, and nothing goes on.`,
    ])
  })

  it('lets go of what it has at the end of the stream', async () => {
    const between = await behind('buffer')
    await upgrade(between)
    between.server.socket.end('bye')
    await between.client.ended
    expect(between.client.got().toString()).toMatch(/bye$/)
  })
})

/** A clock that only goes on when it is waited for. */
function steppedClock() {
  let time = 0
  const waits: number[] = []
  const clock: Clock = {
    now: () => time,
    wait: async (milliseconds) => {
      waits.push(milliseconds)
      time += milliseconds
    },
  }
  return { clock, waits }
}

describe('a slow link', () => {
  async function carry(seed: number, options = defaultLink) {
    const { clock } = steppedClock()
    const got: { readonly at: number; readonly size: number }[] = []
    const parts: Uint8Array[] = []
    const out = {
      pass: (_: unknown, bytes: Uint8Array) => {
        got.push({ at: clock.now(), size: bytes.length })
        parts.push(bytes)
      },
      end: () => {},
      say: () => {},
    }
    const link = createLink(out, options, seededRandom(seed), clock)
    const bytes = Uint8Array.from({ length: 500 }, (_, index) => index)
    link.take('clientToServer', bytes)
    await until(() => !link.busy)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    return got
  }

  it('keeps the order, and cuts and delays the same bytes the same way for the same seed', async () => {
    const once = await carry(1)
    expect(await carry(1)).toEqual(once)
    expect(await carry(2)).not.toEqual(once)
    expect(once.length).toBeGreaterThan(500 / defaultLink.segment)
  })

  it('takes as long as its latency and its bandwidth say', async () => {
    const got = await carry(1, { ...defaultLink, jitter: 0, loss: 0, latency: 50, bandwidth: 1000 })
    expect(got[0]!.at).toBeCloseTo(50 + got[0]!.size, 6)
    expect(got.at(-1)!.at).toBeCloseTo(50 + 500, 6)
  })

  it('sends a lost piece again, and all behind it waits', async () => {
    const sure = { ...defaultLink, jitter: 0, latency: 1, bandwidth: 1e9, resend: 200 }
    const [kept, lost] = [await carry(1, { ...sure, loss: 0 }), await carry(1, { ...sure, loss: 256 })]
    expect(kept.at(-1)!.at).toBeLessThan(2)
    expect(lost[0]!.at).toBeGreaterThan(200)
  })
})
