import { expect, it } from 'vitest'
import { type Role, roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { firstState, isFinal, tableFor } from '../../../../shared/endpoint/tables.ts'
import type { StateName } from '../../../../shared/endpoint/types.ts'
import { begun, closedBy, closeOf, doAct, give, giveEnd, openPair, overOf, type Peer, pairOf } from '../peers.ts'

/** What no dialect takes for long, whatever it waits for. */
const wrongBytes = [0x00, 0x80, 0xff]

export function illegalBytes(dialect: Dialect): void {
  it.each(roles)('in every state in which the %s waits for bytes, and come to an end, once', (role) => {
    const states = new Set<StateName>()
    for (const make of peersInEveryState(dialect, role)) {
      for (const wrong of wrongBytes) {
        const peer = make()
        states.add(peer.state.name)
        give(peer, new Uint8Array(300).fill(wrong))
        giveEnd(peer)
        if (!isFinal(peer.state.name)) doAct(peer, { kind: 'timeout' })
        expect(overOf(peer).over).toBe(true)
      }
    }
    expect([...states].filter((state) => !isFinal(state)).sort()).toEqual(statesOf(dialect, role))
  })
}

/** The states in which an end waits for bytes: the ones with a deadline, the one before all, and the open one. */
function statesOf(dialect: Dialect, role: Role): readonly StateName[] {
  const waiting = tableFor(dialect, role).flatMap(({ from, trigger }) => (trigger === 'timeout' ? [from] : []))
  return [...new Set([...waiting, firstState(role), 'OPEN' as const])].sort()
}

/** One at each byte of all that the other end sends in a connection, one that nobody used, and one that began to close. */
function peersInEveryState(dialect: Dialect, role: Role): readonly (() => Peer)[] {
  const peerRole = role === 'client' ? 'server' : 'client'
  const heard = closedBy(dialect, peerRole)[peerRole].sent
  const listening = Array.from({ length: heard.length + 1 }, (_, cut) => () => {
    const peer = begun(dialect, role)
    if (cut > 0) give(peer, heard.slice(0, cut))
    return peer
  })
  return [() => pairOf(dialect)[role], ...listening, () => closingPeer(dialect, role)]
}

function closingPeer(dialect: Dialect, role: Role): Peer {
  const peer = openPair(dialect)[role]
  if (dialect.closeBody !== 'none') doAct(peer, closeOf(dialect))
  return peer
}
