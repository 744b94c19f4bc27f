// A relay that speaks TLS on both sides: the plain text passes as it is, and so does how each side ends.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Gate } from '../../../../main/net/gate.ts'
import { type Relay, type RelayOptions, startRelay } from '../../../../main/net/relay.ts'
import type { TlsFacts } from '../../../../main/net/tls/facts.ts'
import type { DialTerms } from '../../../../main/net/tls/secure.ts'
import type { Address } from '../../../../shared/capture/record.ts'
import { listenInto, readBytes, until } from '../sockets.ts'
import { ownAuthority, theirs, tlsClient, tlsServer } from './peers.ts'

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))
const free: Address = { host: '127.0.0.1', port: 0 }
const authority = await ownAuthority(mkdtempSync(join(tmpdir(), 'wirestep-tls-')))

interface Told {
  readonly relay: Relay
  readonly facts: TlsFacts[]
  readonly problems: string[]
  readonly lines: string[]
  readonly gates: Gate[]
}

async function relayTo(upstream: Address | 'asked', terms: Partial<DialTerms> = {}): Promise<Told> {
  const told = { facts: [] as TlsFacts[], problems: [] as string[], lines: [] as string[], gates: [] as Gate[] }
  const onProblem: RelayOptions['onProblem'] = (sentence) => told.problems.push(sentence)
  const relay = await startRelay({
    listen: free,
    upstream,
    mode: 'running',
    tls: {
      accept: { identities: async () => ({ ok: true, value: authority }), onProblem },
      dial: { insecure: false, ca: theirs.certificate, when: upstream === 'asked' ? 'asClient' : 'always', ...terms },
    },
    accepted: () => ({
      opened: () => listenInto(told.lines),
      secured: (facts) => told.facts.push(facts),
      joined: (gate) => told.gates.push(gate),
      failed: onProblem,
    }),
    onProblem,
  })
  if (!relay.ok) throw new Error(relay.error)
  onTestFinished(() => relay.value.close())
  return { relay: relay.value, ...told }
}

const trusting = (options: ConnectionOptions = {}): ConnectionOptions => ({
  ca: authority.certificate,
  servername: 'tapped.example',
  checkServerIdentity: () => undefined,
  ...options,
})

describe('a relay between a client and a server that both speak TLS', () => {
  it('tells of what a client in plain says in one piece, though its first byte was looked at before', async () => {
    let at: Socket | undefined
    const server = createServer((socket) => {
      at = socket.on('error', () => {})
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { relay, lines } = await relayTo('asked')
    const client = connect(relay.address).on('error', () => {})
    client.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\nhello`)
    await until(() => at !== undefined)
    expect((await readBytes(at!, 5)).toString()).toBe('hello')
    expect(lines).toEqual(['c>s arrived 5', 'c>s released 5'])
    client.destroy()
  })

  it('passes the plain text on, both ways', async () => {
    const { address } = await tlsServer('127.0.0.1', (socket) => socket.pipe(socket))
    const { relay, lines } = await relayTo(address)
    const { socket } = tlsClient(relay.address, trusting())
    socket.write('hello')
    expect((await readBytes(socket, 5)).toString()).toBe('hello')
    expect(lines).toEqual(['c>s arrived 5', 'c>s released 5', 's>c arrived 5', 's>c released 5'])
  })

  it('shows the client a certificate for the name it asks for', async () => {
    const { address } = await tlsServer('127.0.0.1', () => {})
    const { relay, facts } = await relayTo(address)
    const { socket } = tlsClient(relay.address, { ca: authority.certificate, servername: 'Some.Example' })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    expect(socket.getPeerX509Certificate()?.checkHost('some.example')).toBe('some.example')
    await until(() => facts.length === 2)
    expect(facts[0]).toMatchObject({ side: 'client', version: 'TLSv1.3', sni: 'Some.Example', alpn: null })
    expect(facts[0]!.chain.map(({ subject }) => subject)).toEqual([
      'CN=some.example',
      expect.stringContaining('O=Wirestep'),
    ])
  })

  it('tells what the server is, with its chain', async () => {
    const { address } = await tlsServer('127.0.0.1', () => {}, {
      ALPNProtocols: ['h2', 'http/1.1'],
      maxVersion: 'TLSv1.2',
    })
    const { relay, facts } = await relayTo(address)
    tlsClient(relay.address, trusting({ ALPNProtocols: ['http/1.1'] }))
    await until(() => facts.length === 2)
    expect(facts[0]).toMatchObject({ side: 'client', alpn: 'http/1.1' })
    expect(facts[1]).toMatchObject({
      side: 'server',
      version: 'TLSv1.2',
      alpn: 'http/1.1',
      sni: null,
      unverified: null,
    })
    const { fingerprint256 } = new X509Certificate(theirs.certificate)
    expect(facts[1]!.chain[0]!.subject).toBe('CN=127.0.0.1')
    expect(fingerprint256).toHaveLength(95)
  })

  it('passes a half-close on and goes on with the other half', async () => {
    const { address } = await tlsServer('127.0.0.1', (socket) => {
      socket.on('end', () => socket.end('after your end'))
      socket.resume()
    })
    const { relay } = await relayTo(address)
    const { socket } = tlsClient(relay.address, trusting())
    socket.end('my last words')
    expect((await readBytes(socket, 14)).toString()).toBe('after your end')
    await once(socket, 'end')
  })

  it.each(['client', 'server'] as const)('passes the reset of the %s on as a reset', async (who) => {
    let their: (() => void) | null = null
    const resets: string[] = []
    const { address, server } = await tlsServer('127.0.0.1', (socket) => {
      socket.on('error', ({ message }) => resets.push(message))
      socket.resume()
    })
    server.on('connection', (raw) => {
      their = () => raw.resetAndDestroy()
    })
    const { relay, gates, lines } = await relayTo(address)
    const { raw, socket } = tlsClient(relay.address, trusting())
    socket.on('error', ({ message }) => resets.push(message))
    socket.write('x')
    await until(() => lines.includes('c>s released 1'))
    if (who === 'client') raw.resetAndDestroy()
    else their!()
    await gates[0]!.closed
    const lane = who === 'client' ? 'c>s' : 's>c'
    expect(lines.slice(2)).toContain(`${lane} released reset`)
    await until(() => resets.length > 0)
    expect(resets[0]).toContain('ECONNRESET')
  })

  it('stops reading from one side while the other does not read', async () => {
    const { address } = await tlsServer('127.0.0.1', (socket) => socket.pause())
    const { relay, gates } = await relayTo(address)
    const { socket } = tlsClient(relay.address, trusting())
    const megabyte = Buffer.alloc(1 << 20)
    let sent = 0
    const more = () => {
      while (sent < 256 && socket.write(megabyte)) sent += 1
      if (sent < 256) sent += 1
    }
    socket.on('drain', more)
    socket.once('secureConnect', more)
    await until(() => gates.length === 1)
    let before = -1
    while (gates[0]!.lanes.clientToServer.arrived !== before) {
      before = gates[0]!.lanes.clientToServer.arrived
      for (let turns = 0; turns < 500; turns++) await new Promise(setImmediate)
    }
    expect(before).toBeLessThan(64 << 20)
  })
})

describe('a relay of which one side speaks TLS', () => {
  it('takes plain clients on the same port', async () => {
    const { address } = await tlsServer('127.0.0.1', (socket) => socket.pipe(socket))
    const { relay, facts } = await relayTo(address)
    const { raw } = tlsClient(relay.address, trusting())
    raw.destroy()
    const plain = connect(relay.address)
    onTestFinished(() => void plain.destroy())
    plain.write('GET /')
    expect((await readBytes(plain, 5)).toString()).toBe('GET /')
    expect(facts.at(-1)).toMatchObject({ side: 'server' })
  })
})

describe('a server that is not to be trusted', () => {
  const cases: [string, string, { made?: number }, Partial<DialTerms>, RegExp][] = [
    ['its authority is unknown', '127.0.0.1', {}, { ca: authority.certificate }, /authority|who signed/],
    ['its certificate has expired', '127.0.0.1', { made: Date.now() - 500 * 86_400_000 }, {}, /has expired/],
    ['its certificate is for another name', 'other.example', {}, {}, /is not for 127\.0\.0\.1/],
  ]
  it.each(cases)('is refused: %s', async (_, name, made, terms, says) => {
    const { address } = await tlsServer(name, (socket) => socket.pipe(socket), made)
    const { relay, problems, lines } = await relayTo(address, terms)
    const { socket } = tlsClient(relay.address, trusting())
    socket.write('x')
    await closed(socket)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(says)
    expect(problems[0]).toContain('--insecure')
    expect(lines).toContain('s>c released reset')
  })

  it.each(cases)('is gone on with when the person says so, and told of: %s', async (_, name, made, terms) => {
    const { address } = await tlsServer(name, (socket) => socket.pipe(socket), made)
    const { relay, facts } = await relayTo(address, { insecure: true, ...terms })
    const { socket } = tlsClient(relay.address, trusting())
    socket.write('x')
    await readBytes(socket, 1)
    expect(facts[1]!.unverified).toMatch(/^[A-Z_]+/)
  })

  it('is told from one that speaks no TLS at all', async () => {
    const plain = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await once(plain.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void plain.close())
    const { port } = plain.address() as { port: number }
    const { relay, problems } = await relayTo({ host: '127.0.0.1', port })
    const { socket } = tlsClient(relay.address, trusting())
    await closed(socket)
    expect(problems[0]).toBe(`127.0.0.1:${port} does not speak TLS: ask for it with ws://.`)
  })
})
