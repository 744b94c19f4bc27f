import { expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { closeOf, doAct, kinds, openPair, other, overOf, refusalOf, settle } from '../peers.ts'

export function pings(dialect: Dialect): void {
  const bytes = Uint8Array.of(1, 2, 3)
  if (dialect.framing === 'sentinel') {
    it.each(roles)('not at all: the %s says that there are none, and no pongs either', (role) => {
      const pair = openPair(dialect)
      for (const kind of ['ping', 'pong'] as const)
        expect(refusalOf(pair[role], { kind, bytes })).toContain(dialect.name)
    })
    return
  }

  it.each(roles)('from the %s, and get a pong with the same payload', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'ping', bytes })
    settle(pair)
    expect(other(pair, role).events.at(-1)).toEqual({ kind: 'ping', bytes })
    expect(pair[role].events.at(-1)).toEqual({ kind: 'pong', bytes })
  })

  it.each(roles)('with nothing and with 125 bytes in it, and the %s takes a pong that nobody asked for', (role) => {
    const pair = openPair(dialect)
    for (const size of [0, 125]) {
      doAct(pair[role], { kind: 'ping', bytes: new Uint8Array(size) })
      doAct(other(pair, role), { kind: 'pong', bytes })
    }
    settle(pair)
    expect(kinds(pair[role]).sort()).toEqual(['open', 'pong', 'pong', 'pong', 'pong'])
    expect(pair[role].state.name).toBe('OPEN')
  })

  it('and are answered by an end that has begun to close', () => {
    const pair = openPair(dialect)
    doAct(pair.server, { kind: 'ping', bytes })
    doAct(pair.client, closeOf(dialect))
    settle(pair)
    expect(kinds(pair.client)).toEqual(['open', 'ping', 'close'])
    expect(overOf(pair.server)).toEqual({ over: true, clean: true })
  })
}
