// A client and a server of every dialect at their limits: sizes, refusals, bytes too many or wrong at any moment, and
// what a dialect does not have. Beside pair.test.ts, which has what goes well.
import { describe, expect, it } from 'vitest'
import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { isFinal } from '../../../shared/endpoint/tables.ts'
import type { Action, StateName } from '../../../shared/endpoint/types.ts'
import {
  doAct,
  eachDialect,
  give,
  giveEnd,
  kinds,
  openPair,
  type Pair,
  type Peer,
  pairOf,
  pass,
  refusalOf,
  settle,
} from './peers.ts'

const other = (pair: Pair, role: Role): Peer => (role === 'client' ? pair.server : pair.client)
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** The end is over, and its application was told so once, last. */
function expectOver(peer: Peer): void {
  expect(isFinal(peer.state.name)).toBe(true)
  expect(peer.ended).toBe(true)
  expect(kinds(peer).filter((kind) => kind === 'close')).toHaveLength(1)
  expect(kinds(peer).at(-1)).toBe('close')
}

/** An open connection on which each has said something. */
function spoken(dialect: Dialect): Pair {
  const pair = openPair(dialect)
  for (const role of roles) doAct(pair[role], { kind: 'sendText', text: 'hello' })
  settle(pair)
  return pair
}

/** The same, closed by the client. */
function closed(dialect: Dialect): Pair {
  const pair = spoken(dialect)
  doAct(pair.client, { kind: 'close' })
  settle(pair)
  return pair
}

/** A client that has asked, or a server. */
function begun(dialect: Dialect, role: Role): Peer {
  const pair = pairOf(dialect)
  if (role === 'client') doAct(pair.client, { kind: 'open' })
  return pair[role]
}

const sizes = [0, 1, 125, 126, 127, 128, 16383, 16384, 65535, 65536, 200_000]

/** What an application may ask for, and what its peer is then told; a dialect may lack any of it. */
const wishes: readonly (readonly [string, Action, object])[] = [
  ['binary', { kind: 'sendBinary', bytes: Uint8Array.of(0, 255) }, { kind: 'message', type: 'binary' }],
  ['fragments', { kind: 'sendText', text: 'abcd', fragments: 4 }, { kind: 'message', type: 'text', text: 'abcd' }],
  ['a ping', { kind: 'ping', bytes: Uint8Array.of(1) }, { kind: 'ping', bytes: Uint8Array.of(1) }],
  ['a pong', { kind: 'pong', bytes: Uint8Array.of(2) }, { kind: 'pong', bytes: Uint8Array.of(2) }],
  ['a close code', { kind: 'close', code: 1000, reason: 'bye' }, { kind: 'close', code: 1000, reason: 'bye' }],
  ['a close body', { kind: 'close', body: Uint8Array.of(1, 2) }, { kind: 'close', clean: true }],
]
const eachWish = roles.flatMap((role) => wishes.map(([what, action, told]) => ({ role, what, action, told })))

describe.each(eachDialect)('at the limits, a client and a server of $name', ({ dialect }) => {
  it.each(roles)('carry text of the sizes at which lengths are written otherwise, from the %s', (role) => {
    const pair = openPair(dialect)
    for (const size of sizes) {
      doAct(pair[role], { kind: 'sendText', text: 'x'.repeat(size) })
      settle(pair, 40_000)
      const told = other(pair, role).events.at(-1) as { text: string }
      expect(told.text === 'x'.repeat(size)).toBe(true)
    }
  })

  it.each(eachWish)('do what the $role asks with $what, or say in a sentence why not', ({ role, action, told }) => {
    const pair = openPair(dialect)
    const refusal = refusalOf(pair[role], action)
    if (refusal !== null) {
      expect(refusal).toMatch(/^[A-Z].*\.$/s)
      return
    }
    doAct(pair[role], action)
    settle(pair)
    expect(other(pair, role).events.slice(1)).toContainEqual(expect.objectContaining(told))
  })

  it('take everything in one read, the handshake and what is behind it', () => {
    const pair = spoken(dialect)
    const { server } = pairOf(dialect)
    give(server, pair.client.sent)
    expect(kinds(server)).toEqual(['open', 'message'])
    const client = begun(dialect, 'client')
    give(client, pair.server.sent)
    expect(kinds(client)).toEqual(['open', 'message'])
    expect([...server.faults, ...client.faults]).toEqual([])
  })

  it('end when the server refuses a request, in the way of the dialect', () => {
    const pair = pairOf(dialect)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, new Uint8Array(Buffer.from(latin1(pair.client.sent).replace('GET', 'PUT'), 'latin1')))
    pair.client.taken = pair.client.sent.length
    expect(pair.server.faults[0]!.code).toBe('head.method')
    if (dialect.handshake.refusal === 'closeTcp') expect(pair.server.sent).toHaveLength(0)
    else expect(latin1(pair.server.sent)).toMatch(/^HTTP\/1\.1 4\d\d .*\r\n\r\n/s)
    settle(pair)
    for (const role of roles) {
      expectOver(pair[role])
      expect(kinds(pair[role])).not.toContain('open')
    }
  })

  it('end when the answer is no 101', () => {
    const client = begun(dialect, 'client')
    give(client, new Uint8Array(Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')))
    expect(client.faults[0]!.code).toBe('head.status')
    expectOver(client)
    expect(client.state.name).toBe('FAILED')
  })

  it.each(roles)('come to an end, once, when wrong bytes follow at whatever byte the %s had reached', (role) => {
    const whole = other(closed(dialect), role).sent
    const states = new Set<StateName>()
    for (let cut = 0; cut <= whole.length; cut++) {
      for (const wrong of [0x00, 0x80, 0xff]) {
        const peer = begun(dialect, role)
        if (cut > 0) give(peer, whole.slice(0, cut))
        states.add(peer.state.name)
        give(peer, new Uint8Array(300).fill(wrong))
        giveEnd(peer)
        if (!isFinal(peer.state.name)) doAct(peer, { kind: 'timeout' })
        expectOver(peer)
      }
    }
    expect(states).toContain('OPEN')
    // Where TCP is all there is to closing, an end waits for the handshake and then is open.
    expect(states.size).toBeGreaterThan(dialect.closeBody === 'none' ? 1 : 2)
  })

  it.each(roles)('are over for both, and not cleanly, when the %s breaks off inside a frame', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'hello' })
    const from = pair[role]
    from.sent = from.sent.slice(0, -1)
    doAct(from, { kind: 'end' })
    while (pass(from, other(pair, role))) {}
    settle(pair)
    expect(other(pair, role).events.at(-1)).toMatchObject({ kind: 'close', clean: false })
    for (const each of roles) expectOver(pair[each])
  })
})
