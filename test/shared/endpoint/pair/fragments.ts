import { expect, it } from 'vitest'
import { laneFrom, roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { scanUnits } from '../../../../shared/endpoint/laneScanner.ts'
import { doAct, give, openPair, other, type Peer, refusalOf, settle, takeSent, textMessage } from '../peers.ts'

export function fragments(dialect: Dialect): void {
  if (dialect.framing === 'sentinel') {
    it.each(roles)('not at all: the %s says that there are none', (role) => {
      const pair = openPair(dialect)
      expect(refusalOf(pair[role], { kind: 'sendText', text: 'ab', fragments: 2 })).toContain(dialect.name)
    })
    return
  }

  it.each(roles)('of the %s, which the other end puts together', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'äöü', fragments: 4 })
    expect(frameEnds(pair[role], pair[role].sent.slice(pair[role].taken))).toHaveLength(4)
    settle(pair, 1)
    expect(other(pair, role).events.slice(1)).toEqual([textMessage('äöü')])
  })

  it.each(roles)('of the %s with a ping between them, which is told first', (role) => {
    const pair = openPair(dialect)
    const [from, to] = [pair[role], other(pair, role)]
    doAct(from, { kind: 'sendText', text: 'äöü', fragments: 6 })
    const message = takeSent(from)
    doAct(from, { kind: 'ping', bytes: Uint8Array.of(7) })
    const ping = takeSent(from)
    const [firstFrame] = frameEnds(from, message)
    give(to, message.subarray(0, firstFrame))
    give(to, ping)
    give(to, message.subarray(firstFrame))
    expect(to.events.slice(1)).toEqual([{ kind: 'ping', bytes: Uint8Array.of(7) }, textMessage('äöü')])
  })
}

function frameEnds({ env: { dialect, role }, state }: Peer, bytes: Uint8Array): readonly number[] {
  const { connectionKey } = state.receiver.agreed
  const after = { kind: 'challenge', end: 0, bytes: new Uint8Array(0) } as const
  return scanUnits(dialect, laneFrom(role), bytes, { after, connectionKey }).map(({ end }) => end)
}
