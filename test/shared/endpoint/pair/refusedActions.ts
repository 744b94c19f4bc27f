import { expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import type { Action, EndpointConfig } from '../../../../shared/endpoint/types.ts'
import { doAct, envOf, openPair, other, pairOf, peerOf, refusalOf, settle, textMessage } from '../peers.ts'

const sentence = /^[^.].*\.$/s

/** What nobody may ask of an open connection, in any dialect. */
const neverWhileOpen: readonly Action[] = [
  { kind: 'open' },
  { kind: 'timeout' },
  { kind: 'ping', bytes: new Uint8Array(126) },
  { kind: 'sendText', text: 'ab', fragments: 3 },
  { kind: 'sendText', text: 'ab', fragments: 0.5 },
  { kind: 'close', code: 1005 },
  { kind: 'close', reason: 'x'.repeat(124) },
  { kind: 'close', body: new Uint8Array(126) },
]

/** What no request can be made of. */
const neverAskedFor: readonly Partial<EndpointConfig>[] = [
  { url: 'http://x' },
  { url: 'ws://x/a b' },
  { url: 'ws://x/€' },
  { url: 'ws://€/' },
  { origin: 'a\r\nb' },
  { origin: 'http://€' },
  { subprotocols: ['a\tb'] },
  { subprotocols: ['€'] },
  { subprotocols: ['a', 'b', 'a'] },
]

/** What an application may ask for, and what its peer is then told; a dialect may lack any of it. */
const wishes: readonly (readonly [string, Action, object])[] = [
  ['a binary message', { kind: 'sendBinary', bytes: Uint8Array.of(0, 255) }, { kind: 'message', type: 'binary' }],
  ['fragments', { kind: 'sendText', text: 'abcd', fragments: 4 }, textMessage('abcd')],
  ['a ping', { kind: 'ping', bytes: Uint8Array.of(1) }, { kind: 'ping', bytes: Uint8Array.of(1) }],
  ['a pong', { kind: 'pong', bytes: Uint8Array.of(2) }, { kind: 'pong', bytes: Uint8Array.of(2) }],
  ['a close code', { kind: 'close', code: 1000, reason: 'bye' }, { kind: 'close', code: 1000, reason: 'bye' }],
  ['a close body', { kind: 'close', body: Uint8Array.of(1, 2) }, { kind: 'close', clean: true }],
]
const eachWish = roles.flatMap((role) => wishes.map(([what, action, told]) => ({ role, what, action, told })))

export function refusedActions(dialect: Dialect): void {
  it('while they are not open yet, and say so in a sentence', () => {
    const { client, server } = pairOf(dialect)
    expect(refusalOf(server, { kind: 'open' })).toMatch(sentence)
    for (const peer of [client, server]) {
      expect(refusalOf(peer, { kind: 'sendText', text: '' })).toMatch(sentence)
      expect(refusalOf(peer, { kind: 'ping', bytes: new Uint8Array(0) })).toMatch(sentence)
      expect(refusalOf(peer, { kind: 'close' })).toMatch(sentence)
    }
  })

  it.each(roles)('while the %s is open, and it says so in a sentence', (role) => {
    const pair = openPair(dialect)
    for (const action of neverWhileOpen) expect(refusalOf(pair[role], action)).toMatch(sentence)
  })

  it('in the request, and the client says so in a sentence before it sends a byte', () => {
    for (const config of neverAskedFor) {
      expect(refusalOf(peerOf(envOf(dialect, 'client', config)), { kind: 'open' })).toMatch(sentence)
    }
  })

  it.each(eachWish)('or do what the $role wants with $what, unless the dialect has no such thing', (wish) => {
    const pair = openPair(dialect)
    const refusal = refusalOf(pair[wish.role], wish.action)
    if (refusal !== null) return expect(refusal).toMatch(sentence)
    doAct(pair[wish.role], wish.action)
    settle(pair)
    expect(other(pair, wish.role).events.slice(1)).toContainEqual(expect.objectContaining(wish.told))
  })
}
