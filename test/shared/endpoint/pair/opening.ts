import { expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import { roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { begun, doAct, give, giveEnd, kinds, openPair, other, overOf, pairOf, pass, settle, spoken } from '../peers.ts'

export function opening(dialect: Dialect): void {
  it('once, and both are told so', () => {
    const { client, server } = openPair(dialect)
    for (const peer of [client, server]) {
      expect(peer.state.name).toBe('OPEN')
      expect(peer.events).toEqual([{ kind: 'open', resource: '/demo' }])
      expect(peer.faults).toEqual([])
    }
  })

  it('the same way when every byte comes alone', () => {
    const whole = openPair(dialect)
    const pair = pairOf(dialect)
    doAct(pair.client, { kind: 'open' })
    settle(pair, 1)
    for (const role of roles) {
      expect(toHex(pair[role].sent)).toBe(toHex(whole[role].sent))
      expect(pair[role].transitions).toEqual(whole[role].transitions)
    }
  })

  it('when the handshake and a message come in one read', () => {
    const pair = spoken(dialect)
    const { server } = pairOf(dialect)
    give(server, pair.client.sent)
    const client = begun(dialect, 'client')
    give(client, pair.server.sent)
    expect(kinds(client)).toEqual(['open', 'message'])
    expect(client.faults).toEqual([])
    expect(kinds(server)).toEqual(['fault', 'open', 'message'])
    expect(server.faults.map(({ code }) => code)).toEqual(['head.data-before-answer'])
  })

  it('with the subprotocol that the client likes best of those the server speaks', () => {
    const asked = dialect.handshake.subprotocols === 'oneString' ? ['b'] : ['a', 'b', 'c']
    const { client, server } = openPair(dialect, { subprotocols: asked }, { subprotocols: ['c', 'b'] })
    expect(client.events).toEqual([{ kind: 'open', resource: '/demo', subprotocol: 'b' }])
    expect(server.events).toEqual(client.events)
  })

  it.each(roles)('never when the stream ends before the handshake is over, at whatever byte the %s left', (role) => {
    const whole = openPair(dialect)
    for (let cut = 0; cut < whole[role].sent.length; cut++) {
      const pair = pairOf(dialect)
      doAct(pair.client, { kind: 'open' })
      if (role === 'server') pass(pair.client, pair.server)
      const to = other(pair, role)
      if (cut > 0) give(to, whole[role].sent.slice(0, cut))
      if (to.state.name === 'OPEN') break
      giveEnd(to)
      expect(to.state.name).toBe('FAILED')
      expect(overOf(to)).toEqual({ over: true, clean: false })
      expect(kinds(to)).not.toContain('open')
    }
  })

  it.each(roles)('never when the %s is told that time is up', (role) => {
    const peer = begun(dialect, role)
    doAct(peer, { kind: 'timeout' })
    expect(peer.state.name).toBe('FAILED')
    expect(overOf(peer)).toEqual({ over: true, clean: false })
  })
}
