// A client and a server of the same dialect against each other: one suite for every dialect.
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../shared/bytes/hex.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hixie75 } from '../../../shared/dialects/hixie75.ts'
import { hixie76 } from '../../../shared/dialects/hixie76.ts'
import { hybi03 } from '../../../shared/dialects/hybi03.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { act } from '../../../shared/endpoint/endpoint.ts'
import { scanUnits } from '../../../shared/endpoint/laneScanner.ts'
import { isFinal } from '../../../shared/endpoint/tables.ts'
import type { Action } from '../../../shared/endpoint/types.ts'
import {
  doAct,
  eachDialect,
  envOf,
  give,
  giveEnd,
  kinds,
  openPair,
  type Pair,
  type Peer,
  pairOf,
  pass,
  peerOf,
  refusalOf,
  settle,
} from './peers.ts'

const other = (pair: Pair, role: Role): Peer => (role === 'client' ? pair.server : pair.client)
const roles: readonly Role[] = ['client', 'server']
const hasFrameHeaders = ({ dialect }: { dialect: Dialect }) => dialect.framing === 'lengthPrefixed'
const hasCloseFrames = ({ dialect }: { dialect: Dialect }) => dialect.closeBody !== 'none'

/** A close that carries something, where the dialect has room for it. */
function closeOf({ closeBody }: Dialect): Action {
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
      return { kind: 'close' }
    case 'opaqueEchoed':
    case 'initiatorLetter':
      return { kind: 'close', body: Uint8Array.of(1, 2) }
    case 'codeAndReason':
      return { kind: 'close', code: 1000, reason: 'bye' }
  }
}

function expectOver(peer: Peer, clean: boolean): void {
  expect(isFinal(peer.state.name)).toBe(true)
  expect(peer.ended).toBe(true)
  expect(peer.events.filter(({ kind }) => kind === 'close')).toHaveLength(1)
  expect(peer.events.at(-1)).toMatchObject({ kind: 'close', clean })
}

describe.each(eachDialect)('a client and a server of $name', ({ dialect }) => {
  it('open a connection, and both report it once', () => {
    const { client, server } = openPair(dialect)
    for (const peer of [client, server]) {
      expect(peer.state.name).toBe('OPEN')
      expect(peer.events).toEqual([{ kind: 'open', resource: '/demo' }])
      expect(peer.faults).toEqual([])
    }
  })

  it('do the same when every byte comes alone', () => {
    const whole = openPair(dialect)
    const pair = pairOf(dialect)
    doAct(pair.client, { kind: 'open' })
    settle(pair, 1)
    expect(toHex(pair.client.sent)).toBe(toHex(whole.client.sent))
    expect(toHex(pair.server.sent)).toBe(toHex(whole.server.sent))
    expect(pair.client.transitions).toEqual(whole.client.transitions)
    expect(pair.server.transitions).toEqual(whole.server.transitions)
  })

  it('agree on the subprotocol the client likes best of those the server speaks', () => {
    const asked = dialect.handshake.subprotocols === 'oneString' ? ['b'] : ['a', 'b', 'c']
    const { client, server } = openPair(dialect, { subprotocols: asked }, { subprotocols: ['c', 'b'] })
    expect(client.events).toEqual([{ kind: 'open', resource: '/demo', subprotocol: 'b' }])
    expect(server.events).toEqual(client.events)
  })

  it.each(roles)('carry text and empty text from the %s', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'grüß dich 🎈' })
    doAct(pair[role], { kind: 'sendText', text: '' })
    settle(pair, 3)
    expect(other(pair, role).events.slice(1)).toEqual([
      { kind: 'message', type: 'text', text: 'grüß dich 🎈' },
      { kind: 'message', type: 'text', text: '' },
    ])
  })

  it.each([125, 126, 65535, 65536, 1_000_000])('carry a message of %i bytes', (size) => {
    const pair = openPair(dialect)
    const text = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 33 + i))
      .repeat(size / 94 + 1)
      .slice(0, size)
    doAct(pair.client, { kind: 'sendText', text })
    settle(pair, 65536)
    const event = pair.server.events.at(-1) as { text: string }
    expect(event.text === text).toBe(true)
  })

  it('carry 16 MiB in 64 KiB chunks without copying what came before', () => {
    const pair = openPair(dialect)
    const text = 'ä'.repeat(8 * 1024 * 1024)
    doAct(pair.server, { kind: 'sendText', text })
    settle(pair, 65536)
    const event = pair.client.events.at(-1) as { text: string }
    expect(event.text === text).toBe(true)
  })

  it('report an unclean close when the stream ends inside a frame', () => {
    const pair = openPair(dialect)
    doAct(pair.client, { kind: 'sendText', text: 'hello' })
    give(pair.server, pair.client.sent.slice(pair.client.taken, -1))
    giveEnd(pair.server)
    expect(pair.server.faults.map(({ code }) => code)).toEqual(['end.in-frame'])
    expectOver(pair.server, false)
  })

  it.each(roles)(
    'never open when the stream ends before the handshake is over, at whatever byte the %s left',
    (role) => {
      const whole = openPair(dialect)
      for (let cut = 0; cut < whole[role].sent.length; cut++) {
        const pair = pairOf(dialect)
        doAct(pair.client, { kind: 'open' })
        if (role === 'server') pass(pair.client, pair.server)
        else if (cut > 0) give(pair.server, whole.client.sent.slice(0, cut))
        if (role === 'server' && cut > 0) give(pair.client, whole.server.sent.slice(0, cut))
        const to = other(pair, role)
        if (to.state.name === 'OPEN') break
        giveEnd(to)
        expect(to.state.name).toBe('FAILED')
        expectOver(to, false)
        expect(kinds(to)).not.toContain('open')
      }
    },
  )

  it('stop waiting when told that time is up', () => {
    const asking = pairOf(dialect).client
    doAct(asking, { kind: 'open' })
    doAct(asking, { kind: 'timeout' })
    expect(asking.state.name).toBe('FAILED')
    if (dialect.closeBody === 'none') return
    const closing = openPair(dialect)
    doAct(closing.client, closeOf(dialect))
    doAct(closing.client, { kind: 'timeout' })
    expectOver(closing.client, false)
    const done = openPair(dialect)
    doAct(done.server, closeOf(dialect))
    pass(done.server, done.client)
    doAct(done.client, { kind: 'timeout' })
    expectOver(done.client, true)
    expect(refusalOf(done.client, { kind: 'timeout' })).toMatch(/Nothing/)
  })

  it('ignore whatever comes once the connection is over', () => {
    const pair = openPair(dialect)
    doAct(pair.client, { kind: 'end' })
    const { events } = pair.client
    const before = events.length
    give(pair.client, Uint8Array.of(1, 2, 3))
    giveEnd(pair.client)
    expect(events).toHaveLength(before)
    for (const kind of ['open', 'end', 'close'] as const) expect(refusalOf(pair.client, { kind })).not.toBeNull()
  })

  it('never change an earlier value', () => {
    const { client } = openPair(dialect)
    const frozen = JSON.stringify(client.state)
    const earlier = client.state
    doAct(client, { kind: 'sendText', text: 'x' })
    give(client, Uint8Array.of(0x84, 0x7e, 0x01))
    expect(JSON.stringify(earlier)).toBe(frozen)
  })

  it('refuse actions that make no sense, in one sentence each', () => {
    const { client, server } = pairOf(dialect)
    const open = openPair(dialect)
    const refused: readonly [Peer, Action][] = [
      [client, { kind: 'sendText', text: '' }],
      [client, { kind: 'ping', bytes: new Uint8Array(0) }],
      [client, { kind: 'close' }],
      [server, { kind: 'open' }],
      [server, { kind: 'sendText', text: '' }],
      [open.client, { kind: 'open' }],
      [open.client, { kind: 'ping', bytes: new Uint8Array(126) }],
      [open.client, { kind: 'sendText', text: 'ab', fragments: 3 }],
      [open.client, { kind: 'sendText', text: 'ab', fragments: 0.5 }],
      [open.client, { kind: 'close', code: 1005 }],
      [open.client, { kind: 'close', reason: 'x'.repeat(124) }],
      [open.client, { kind: 'close', body: new Uint8Array(126) }],
      [open.client, { kind: 'timeout' }],
      [peerOf(envOf(dialect, 'client', { url: 'http://x' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { url: 'ws://x/a b' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { subprotocols: ['a\tb'] })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { origin: 'a\r\nb' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { origin: 'http://€' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { url: 'ws://x/€' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { url: 'ws://€/' })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { subprotocols: ['€'] })), { kind: 'open' }],
      [peerOf(envOf(dialect, 'client', { subprotocols: ['a', 'b', 'a'] })), { kind: 'open' }],
    ]
    if (dialect.framing === 'sentinel') {
      const bytes = new Uint8Array(1)
      const missing: readonly Action[] = [
        { kind: 'sendBinary', bytes },
        { kind: 'ping', bytes },
        { kind: 'pong', bytes },
        { kind: 'sendText', text: 'ab', fragments: 2 },
        { kind: 'close', body: bytes },
      ]
      for (const action of missing) expect(refusalOf(open.client, action)).toContain(dialect.name)
    }
    for (const [peer, action] of refused) expect(refusalOf(peer, action)).toMatch(/^[^.].*\.$/s)
  })
})

describe.each(eachDialect.filter(hasFrameHeaders))(
  'a client and a server of $name, which has frame headers',
  ({ dialect }) => {
    it.each(roles)('carry binary from the %s', (role) => {
      const pair = openPair(dialect)
      doAct(pair[role], { kind: 'sendBinary', bytes: Uint8Array.of(0, 255, 128) })
      settle(pair, 3)
      expect(other(pair, role).events.slice(1)).toEqual([
        { kind: 'message', type: 'binary', bytes: Uint8Array.of(0, 255, 128) },
      ])
    })

    it.each(roles)('put the fragments of the %s together, with a ping between them', (role) => {
      const pair = openPair(dialect)
      const [from, to] = [pair[role], other(pair, role)]
      doAct(from, { kind: 'sendText', text: 'äöü', fragments: 6 })
      const message = from.sent.slice(from.taken)
      from.sent = from.sent.slice(0, from.taken)
      doAct(from, { kind: 'ping', bytes: Uint8Array.of(7) })
      const ping = from.sent.slice(from.taken)
      const firstFrame = frameEnds(pair[role], message)[0]!
      give(to, message.subarray(0, firstFrame))
      give(to, ping)
      give(to, message.subarray(firstFrame))
      expect(frameEnds(pair[role], message)).toHaveLength(6)
      expect(to.events.slice(1)).toEqual([
        { kind: 'ping', bytes: Uint8Array.of(7) },
        { kind: 'message', type: 'text', text: 'äöü' },
      ])
    })

    it.each(roles)('answer a ping of the %s with its payload', (role) => {
      const pair = openPair(dialect)
      doAct(pair[role], { kind: 'ping', bytes: Uint8Array.of(1, 2, 3) })
      settle(pair)
      expect(other(pair, role).events.at(-1)).toEqual({ kind: 'ping', bytes: Uint8Array.of(1, 2, 3) })
      expect(pair[role].events.at(-1)).toEqual({ kind: 'pong', bytes: Uint8Array.of(1, 2, 3) })
    })

    it('still answer a ping after beginning to close', () => {
      const pair = openPair(dialect)
      doAct(pair.server, { kind: 'ping', bytes: Uint8Array.of(9) })
      doAct(pair.client, closeOf(dialect))
      settle(pair)
      expect(kinds(pair.client)).toEqual(['open', 'ping', 'close'])
      expectOver(pair.server, true)
    })
  },
)

describe.each(eachDialect.filter(hasCloseFrames))(
  'a client and a server of $name, which has close frames',
  ({ dialect }) => {
    it.each(roles)('close cleanly when the %s begins, and the server ends the stream first', (role) => {
      const pair = openPair(dialect)
      doAct(pair[role], closeOf(dialect))
      expect(pair[role].state.name).toBe('CLOSE_SENT')
      pass(pair[role], other(pair, role))
      pass(other(pair, role), pair[role])
      expect(pair.client.ended).toBe(false)
      expect(pair.server.ended).toBe(true)
      expect(pair.client.state.name).toBe('CLOSE_DONE')
      settle(pair)
      expectOver(pair.client, true)
      expectOver(pair.server, true)
    })

    it('close cleanly when both begin at once', () => {
      const pair = openPair(dialect)
      doAct(pair.client, { kind: 'close' })
      doAct(pair.server, closeOf(dialect))
      settle(pair)
      expectOver(pair.client, true)
      expectOver(pair.server, true)
      expect(pair.client.faults).toEqual([])
      expect(pair.server.faults).toEqual([])
    })

    it('deliver what was under way when a close frame was sent, and nothing after one', () => {
      const pair = openPair(dialect)
      doAct(pair.server, { kind: 'sendText', text: 'late' })
      doAct(pair.client, closeOf(dialect))
      expect(refusalOf(pair.client, { kind: 'sendText', text: 'no' })).toMatch(/closing/)
      settle(pair)
      // hixie-76 §6: what comes after an end has sent its own close is discarded.
      const late = [{ kind: 'message', type: 'text', text: 'late' }]
      expect(pair.client.events.slice(1, -1)).toEqual(dialect.closeBody === 'emptyFrame' ? [] : late)
      expectOver(pair.client, true)
    })

    it.each(roles)('report an unclean close when the %s ends its stream without a close frame', (role) => {
      const pair = openPair(dialect)
      doAct(pair[role], { kind: 'end' })
      settle(pair)
      expectOver(pair.client, false)
      expectOver(pair.server, false)
      expect(other(pair, role).faults.map(({ code }) => code)).toEqual(['end.no-close'])
    })
  },
)

function frameEnds({ env: { dialect, role }, state }: Peer, bytes: Uint8Array): readonly number[] {
  const { connectionKey } = state.receiver.agreed
  const lane = role === 'client' ? 'clientToServer' : 'serverToClient'
  const after = { kind: 'challenge', end: 0, bytes: new Uint8Array(0) } as const
  return scanUnits(dialect, lane, bytes, { after, connectionKey }).map(({ end }) => end)
}

describe('hixie-75', () => {
  it('sends the request of the draft, line by line', () => {
    const { client } = pairOf(hixie75, { subprotocols: ['sample'], origin: 'HTTP://Example.com' })
    doAct(client, { kind: 'open' })
    const lines = [
      'GET /demo HTTP/1.1',
      'Upgrade: WebSocket',
      'Connection: Upgrade',
      'Host: example.com',
      'Origin: http://example.com',
      'WebSocket-Protocol: sample',
    ]
    expect(Buffer.from(client.sent).toString()).toBe(`${lines.join('\r\n')}\r\n\r\n`)
  })

  it('answers with the 85 bytes that are fixed, then origin and location', () => {
    const { server } = openPair(hixie75)
    const lines = [
      'HTTP/1.1 101 Web Socket Protocol Handshake',
      'Upgrade: WebSocket',
      'Connection: Upgrade',
      'WebSocket-Origin: http://example.com',
      'WebSocket-Location: ws://example.com/demo',
    ]
    expect(Buffer.from(server.sent).toString()).toBe(`${lines.join('\r\n')}\r\n\r\n`)
  })

  it.each(roles)('closes by ending the stream when the %s closes, which is clean between two frames', (role) => {
    const pair = openPair(hixie75)
    const before = pair[role].sent.length
    doAct(pair[role], { kind: 'close' })
    expect(pair[role].sent).toHaveLength(before)
    expectOver(pair[role], true)
    settle(pair)
    expectOver(other(pair, role), true)
    expect(other(pair, role).faults).toEqual([])
  })

  it('lets a client throw away what has no meaning, FF 00 included, and say nothing', () => {
    const pair = openPair(hixie75)
    give(pair.client, Uint8Array.of(1, 0x61, 0xff, 0x80, 2, 0x61, 0x62, 0xff, 0, 0, 0x6f, 0x6b, 0xff))
    expect(pair.client.events.slice(1)).toEqual([{ kind: 'message', type: 'text', text: 'ok' }])
  })

  it('ends without a close frame when a rule is broken', () => {
    const pair = openPair(hixie75)
    const { length } = pair.server.sent
    give(pair.server, Uint8Array.of(5))
    expect(pair.server.faults.map(({ code }) => code)).toEqual(['frame.type'])
    expect(pair.server.sent).toHaveLength(length)
    expectOver(pair.server, false)
  })
})

describe('hixie-76', () => {
  const requestOf = (seed: number) => {
    const peer = peerOf(envOf(hixie76, 'client', { subprotocols: ['sample'] }, seed))
    doAct(peer, { kind: 'open' })
    return Buffer.from(peer.sent).toString('latin1')
  }

  it('sends its fields in an order of chance, and two keys and 8 bytes of chance', () => {
    const requests = Array.from({ length: 20 }, (_, seed) => requestOf(seed))
    const orders = requests.map((text) => [...text.matchAll(/^([A-Za-z0-9-]+):/gm)].map(([, name]) => name))
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(15)
    for (const order of orders) {
      expect([...order].sort()).toEqual([
        'Connection',
        'Host',
        'Origin',
        'Sec-WebSocket-Key1',
        'Sec-WebSocket-Key2',
        'Sec-WebSocket-Protocol',
        'Upgrade',
      ])
    }
    for (const text of requests) expect(text).toMatch(/^GET \/demo HTTP\/1\.1\r\n.*\r\n\r\n.{8}$/s)
    expect(requestOf(3)).toBe(requestOf(3))
  })

  it('answers before the 8 bytes are in, and proves itself behind them', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    const head = pair.client.sent.length - 8
    pass(pair.client, pair.server, head)
    expect(pair.server.state.name).toBe('AWAITING_KEY3')
    const { length } = pair.server.sent
    expect(Buffer.from(pair.server.sent).toString()).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\n$/s)
    pass(pair.client, pair.server, 7)
    expect(pair.server.sent).toHaveLength(length)
    pass(pair.client, pair.server)
    expect(pair.server.sent).toHaveLength(length + 16)
    expect(kinds(pair.server)).toEqual(['open'])
    expect(kinds(pair.client)).toEqual([])
    settle(pair)
    expect(kinds(pair.client)).toEqual(['open'])
  })

  it('takes what is behind the 8 bytes in the same read for frames', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, Uint8Array.of(...pair.client.sent, 0, 0x68, 0x69, 0xff))
    expect(kinds(pair.server)).toEqual(['open', 'message'])
  })

  it('drops a server whose proof is wrong', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const proof = pair.server.sent.slice()
    proof[proof.length - 1]! ^= 1
    give(pair.client, proof)
    expect(pair.client.faults.map(({ code }) => code)).toEqual(['challenge.proof'])
    expectOver(pair.client, false)
  })

  it('reports a type without a meaning to the client’s application, and reads on', () => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.of(0xff, 2, 0x61, 0x62, 0, 0x6f, 0x6b, 0xff))
    expect(pair.client.events.slice(1)).toMatchObject([
      { kind: 'fault', fault: { code: 'frame.type-discarded', found: 'type FF with 2 bytes, so no close' } },
      { kind: 'message', text: 'ok' },
    ])
    expect(pair.client.state.name).toBe('OPEN')
  })

  it('ignores what follows FF 00, in the same read and later', () => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.of(0xff, 0, 0, 0x61, 0xff, 1, 0xff, 0xff, 0))
    expect(kinds(pair.client)).toEqual(['open', 'fault'])
    expect(pair.client.faults.map(({ code }) => code)).toEqual(['close.data-after'])
    expect(pair.client.state.name).toBe('CLOSE_DONE')
    expect(toHex(pair.client.sent.slice(-2))).toBe('ff00')
  })

  it('stops a text that passes the limit before it ends', () => {
    const pair = openPair(hixie76, { limits: { head: 16384, message: 10 } })
    give(pair.client, Uint8Array.of(0, ...new Uint8Array(10).fill(0x61)))
    expect(pair.client.faults).toEqual([])
    give(pair.client, Uint8Array.of(0x61))
    expect(pair.client.faults).toMatchObject([{ code: 'message.too-big', found: 'more than 10 bytes' }])
    expectOver(pair.client, false)
  })

  it('is not opened when the subprotocol asked for is none that the server speaks', () => {
    const pair = pairOf(hixie76, { subprotocols: ['a b'] }, { subprotocols: ['c'] })
    doAct(pair.client, { kind: 'open' })
    settle(pair)
    expect(pair.server.sent).toHaveLength(0)
    expect(pair.server.faults).toMatchObject([{ code: 'head.subprotocol-unsupported', found: 'a b' }])
  })
})

describe('what other ends of hixie-76 got wrong', () => {
  const got = (...bytes: number[]) => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.from(bytes))
    return pair.client
  }
  const open = { kind: 'open', resource: '/demo' }

  it('00 FF, which some sent to close, is an empty message', () => {
    const client = got(0x00, 0xff)
    expect(client.events).toEqual([open, { kind: 'message', type: 'text', text: '' }])
    expect(client.state.name).toBe('OPEN')
  })

  it('a close is one behind a text in the same read too', () => {
    const client = got(0x00, 0x61, 0xff, 0xff, 0x00)
    expect(kinds(client)).toEqual(['open', 'message'])
    expect(client.state.name).toBe('CLOSE_DONE')
  })

  it('a close is answered without waiting for another byte', () => {
    expect(toHex(got(0xff, 0x00).sent.slice(-2))).toBe('ff00')
  })

  it('a length with a zero among its digits is read to its last digit', () => {
    const client = got(0x80, 0x81, 0x00, ...new Array<number>(128).fill(0x2e), 0x00, 0x6f, 0x6b, 0xff)
    expect(client.events.at(-1)).toEqual({ kind: 'message', type: 'text', text: 'ok' })
  })

  it('U+FFFD in a text, as it is or for bytes that are no UTF-8, does not end it', () => {
    expect(got(0x00, 0xef, 0xbf, 0xbd, 0x61, 0xff).events.at(-1)).toMatchObject({ text: '\ufffda' })
    expect(got(0x00, 0xc3, 0x28, 0x61, 0xff).events.at(-1)).toMatchObject({ text: '\ufffd(a' })
  })

  it('the data of a type without a meaning is not delivered', () => {
    expect(kinds(got(0x01, 0x61, 0xff, 0x80, 0x01, 0x61))).toEqual(['open', 'fault', 'fault'])
  })

  it('a location is wss:// where the client asked over TLS', () => {
    const pair = openPair(hixie76, { url: 'wss://example.com/demo' })
    expect(Buffer.from(pair.server.sent).toString('latin1')).toContain('Sec-WebSocket-Location: wss://example.com/demo')
    expect(pair.client.state.name).toBe('OPEN')
  })
})

describe('hybi-03', () => {
  it.each(['1', '2', '3'])('is told by draft number %s, and sends 2', (number) => {
    const { client } = pairOf(hybi03)
    doAct(client, { kind: 'open' })
    const text = Buffer.from(client.sent).toString('latin1')
    expect(text).toContain('\r\nSec-WebSocket-Draft: 2\r\n')
    const { server } = pairOf(hybi03)
    give(server, Buffer.from(text.replace('Draft: 2', `Draft: ${number}`), 'latin1'))
    expect(server.faults).toEqual([])
    expect(server.state.name).toBe('OPEN')
  })

  it('says with its first bit that more follow', () => {
    const { client } = openPair(hybi03)
    const at = client.sent.length
    doAct(client, { kind: 'sendText', text: 'Hello', fragments: 2 })
    expect(toHex(client.sent.slice(at))).toBe('84024865' + '00036c6c6f')
  })
})

describe('Upgrade+Hello', () => {
  it('sends the request of the draft, field by field', () => {
    const { client } = pairOf(hello00, { subprotocols: ['sample'] })
    doAct(client, { kind: 'open' })
    expect(Buffer.from(client.sent).toString()).toMatch(
      new RegExp(
        [
          '^GET /demo HTTP/1.1',
          'Host: example.com',
          'Connection: Upgrade',
          'Sec-WebSocket-Nonce: [0-9A-F]{16}',
          'Sec-WebSocket-Protocol: sample',
          'Upgrade: WebSocket',
          'Origin: http://example.com',
          'Sec-WebSocket-Draft: 3\r\n\r\n$',
        ].join('\r\n'),
      ),
    )
  })

  it('makes up an origin when none is given, because the response has to repeat one', () => {
    const config = { url: 'ws://example.com:4502/demo' }
    const client = peerOf({
      ...envOf(hello00, 'client'),
      config: { ...config, limits: envOf(hello00, 'client').config.limits },
    })
    doAct(client, { kind: 'open' })
    expect(Buffer.from(client.sent).toString()).toContain('\r\nOrigin: http://example.com:4502\r\n')
  })

  it('lets the server send before the client has proved itself, but tells its application nothing', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    expect(pair.server.state.name).toBe('AWAITING_CLIENT_HELLO')
    doAct(pair.server, { kind: 'sendText', text: 'early' })
    pass(pair.server, pair.client)
    expect(kinds(pair.client)).toEqual(['open', 'message'])
    expect(kinds(pair.server)).toEqual([])
    pass(pair.client, pair.server)
    expect(kinds(pair.server)).toEqual(['open'])
  })

  it('lets the server close before that, and then nothing is reported open', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    doAct(pair.server, { kind: 'close' })
    settle(pair)
    expect(kinds(pair.server)).toEqual(['close'])
    expectOver(pair.server, true)
    expectOver(pair.client, true)
  })

  it('answers each of two crossing closes with its own body', () => {
    const pair = openPair(hello00)
    doAct(pair.client, { kind: 'close', body: Uint8Array.of(1) })
    doAct(pair.server, { kind: 'close', body: Uint8Array.of(2) })
    pass(pair.client, pair.server)
    expect(toHex(pair.server.sent.slice(pair.server.taken))).toBe('810102810101')
    expect(pair.server.transitions.slice(-2).map(({ to }) => to)).toEqual(['CLOSE_CROSSED', 'CLOSE_SENT'])
    settle(pair)
    expectOver(pair.server, true)
  })

  it('closes TCP without an answer when it refuses a request', () => {
    const { server } = pairOf(hello00)
    give(server, Buffer.from('GET /demo HTTP/1.1\r\n\r\n'))
    expect(server.sent).toHaveLength(0)
    expectOver(server, false)
  })

  it('sends an empty close frame when a rule is broken while it is open', () => {
    const pair = openPair(hello00)
    give(pair.server, Uint8Array.of(0x86, 0))
    expect(toHex(pair.server.sent.slice(-2))).toBe('8100')
    expectOver(pair.server, false)
  })

  it('is not opened by a server that speaks none of the subprotocols asked for', () => {
    const pair = pairOf(hello00, { subprotocols: ['a', 'b'] }, { subprotocols: ['c'] })
    doAct(pair.client, { kind: 'open' })
    settle(pair)
    expect(pair.server.sent).toHaveLength(0)
    expect(pair.server.faults).toMatchObject([{ code: 'head.subprotocol-unsupported', found: 'a b' }])
    expectOver(pair.server, false)
    expectOver(pair.client, false)
  })

  it('drops a client whose digest is wrong, without a close frame', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const { length } = pair.server.sent
    give(pair.server, Uint8Array.of(0x8f, 0x10, ...new Uint8Array(16)))
    expect(pair.server.sent).toHaveLength(length)
    expect(pair.server.faults.map(({ code }) => code)).toEqual(['hello.digest'])
    expectOver(pair.server, false)
  })

  it('delivers text that is not UTF-8 with U+FFFD, and warns once', () => {
    const pair = openPair(hello00)
    give(pair.server, Uint8Array.of(0x84, 4, 0x61, 0xff, 0xfe, 0x62))
    expect(pair.server.events.slice(1)).toMatchObject([
      { kind: 'fault', fault: { code: 'utf8.replaced' } },
      { kind: 'message', text: 'a\ufffd\ufffdb' },
    ])
    expect(pair.server.state.name).toBe('OPEN')
  })
})

describe('RFC 6455', () => {
  it('masks every frame of the client with a key of its own, and none of the server', () => {
    const { client, server } = openPair(rfc6455)
    const at = client.sent.length
    doAct(client, { kind: 'sendText', text: 'a' })
    doAct(client, { kind: 'sendText', text: 'a' })
    const frames = client.sent.slice(at)
    expect(frames[1]).toBe(0x81)
    expect(toHex(frames.slice(2, 6))).not.toBe(toHex(frames.slice(9, 13)))
    const from = server.sent.length
    doAct(server, { kind: 'sendText', text: 'a' })
    expect(toHex(server.sent.slice(from))).toBe('810161')
  })

  it('reports the code and reason of the close frame that was received', () => {
    const pair = openPair(rfc6455)
    doAct(pair.client, { kind: 'close', code: 3001, reason: 'grüß' })
    settle(pair)
    for (const peer of [pair.client, pair.server]) {
      expect(peer.events.at(-1)).toEqual({ kind: 'close', clean: true, code: 3001, reason: 'grüß' })
    }
  })

  it('reports 1005 for an empty close frame and 1006 when there was none', () => {
    const empty = openPair(rfc6455)
    doAct(empty.client, { kind: 'close' })
    settle(empty)
    expect(empty.server.events.at(-1)).toEqual({ kind: 'close', clean: true, code: 1005, reason: '' })
    const without = openPair(rfc6455)
    doAct(without.client, { kind: 'end' })
    settle(without)
    expect(without.server.events.at(-1)).toEqual({ kind: 'close', clean: false, code: 1006 })
  })

  it('tells the peer what was wrong in its close frame', () => {
    const pair = openPair(rfc6455)
    give(pair.client, Uint8Array.of(0x83, 0))
    settle(pair)
    expect(pair.server.events.at(-1)).toEqual({
      kind: 'close',
      clean: true,
      code: 1002,
      reason: 'The opcode is reserved.',
    })
  })

  it('opens without a subprotocol when the server speaks none of those asked for', () => {
    const { client, server } = openPair(rfc6455, { subprotocols: ['a'] }, { subprotocols: ['b'] })
    expect(client.events).toEqual([{ kind: 'open', resource: '/demo' }])
    expect(server.faults).toEqual([])
  })

  it('fails by way of its close frame, and is not closed cleanly', () => {
    const { client } = openPair(rfc6455)
    give(client, Uint8Array.of(0x83, 0))
    expect(client.transitions.slice(-2).map(({ trigger, to }) => [trigger, to])).toEqual([
      ['sendClose', 'CLOSE_SENT'],
      ['fault', 'FAILED'],
    ])
    expectOver(client, false)
  })

  it('takes lists that are spread over several fields', () => {
    const { server } = pairOf(rfc6455)
    const lines = [
      'GET /chat HTTP/1.1',
      'Host: server.example.com',
      'Upgrade: h2c',
      'Upgrade: websocket',
      'Connection: keep-alive',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ]
    give(server, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
    expect(server.faults).toEqual([])
    expect(server.state.name).toBe('OPEN')
  })

  it('refuses a request with an HTTP error, which the client reports as such', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, Buffer.from(Buffer.from(pair.client.sent).toString().replace('Version: 13', 'Version: 7')))
    pair.client.taken = pair.client.sent.length
    pass(pair.server, pair.client)
    expect(Buffer.from(pair.server.sent).toString()).toMatch(
      /^HTTP\/1\.1 426 Upgrade Required\r\n.*Sec-WebSocket-Version: 13/s,
    )
    expect(pair.client.faults).toMatchObject([
      { code: 'head.status', found: '426 Upgrade Required, Sec-WebSocket-Version: 13' },
    ])
    expect(pair.client.transitions.at(-1)).toMatchObject({ trigger: 'receiveRefusal', to: 'FAILED' })
  })

  it('accepts an absolute URI and field names in any case', () => {
    const { server } = pairOf(rfc6455)
    const lines = [
      'GET http://server.example.com/chat HTTP/1.1',
      'hOsT: server.example.com',
      'UPGRADE: h2c, WebSocket',
      'connection: keep-alive, UPGRADE',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'SEC-WEBSOCKET-VERSION: 13',
    ]
    give(server, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
    expect(server.events).toEqual([{ kind: 'open', resource: '/chat' }])
    expect(Buffer.from(server.sent).toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  it('keeps frames that came in the same read as the handshake', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    doAct(pair.server, { kind: 'sendText', text: 'hi' })
    pass(pair.server, pair.client)
    expect(kinds(pair.client)).toEqual(['open', 'message'])
  })

  it('does not wait for a message that is longer than the limit', () => {
    const pair = openPair(rfc6455, { limits: { head: 16384, message: 10 } })
    give(pair.client, Uint8Array.of(0x01, 6, 1, 2, 3, 4, 5, 6, 0x80, 5))
    expect(pair.client.faults).toMatchObject([{ code: 'message.too-big', found: '11 bytes, limit 10' }])
    settle(pair)
    expect(pair.server.events.at(-1)).toMatchObject({ code: 1009 })
  })

  it('acts on the value it is given and leaves that as it is', () => {
    const { client } = pairOf(rfc6455)
    expect(act(client.state, { kind: 'open' }, client.env).ok).toBe(true)
    expect(client.state.name).toBe('IDLE')
  })
})
