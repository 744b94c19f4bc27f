// What holds for every session, whatever the applications do and whatever happens to the bytes.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { laneFrom } from '../../../shared/bytes/lanes.ts'
import { act } from '../../../shared/endpoint/endpoint.ts'
import { scanUnits } from '../../../shared/endpoint/laneScanner.ts'
import { isFinal } from '../../../shared/endpoint/tables.ts'
import { opcodeName } from '../../../shared/framing/opcodes.ts'
import { doAct, eachDialect, give, kinds, type Pair, type Peer, pairOf, pass, settle } from './peers.ts'
import { type Move, moves, sometimesFlipped, unchanged } from './randomRuns.ts'

function play(pair: Pair, move: Move): void {
  if (move.kind === 'act') {
    const peer = pair[move.role]
    if (act(peer.state, move.action, peer.env).ok) doAct(peer, move.action)
    return
  }
  const [from, to] = move.to === 'client' ? [pair.server, pair.client] : [pair.client, pair.server]
  const bytes = from.sent.slice(from.taken, from.taken + move.count)
  if (move.flip === null || bytes.length === 0) {
    pass(from, to, move.count)
    return
  }
  from.taken += bytes.length
  bytes[move.flip % bytes.length]! ^= 1 << (move.flip & 7)
  give(to, bytes)
}

function run(pair: Pair, all: readonly Move[]): Pair {
  doAct(pair.client, { kind: 'open' })
  for (const move of all) play(pair, move)
  return pair
}

function framesSent({ env, sent, state }: Peer): readonly (string | undefined)[] {
  const units = scanUnits(env.dialect, laneFrom(env.role), sent, { connectionKey: state.receiver.agreed.connectionKey })
  return units.filter(({ kind }) => kind === 'frame').map(({ opcode }) => opcodeName(env.dialect, opcode!))
}

describe.each(eachDialect)('any session of $name', ({ dialect }) => {
  const each = (name: string, flips: typeof unchanged | typeof sometimesFlipped, check: (pair: Pair) => void) =>
    it(name, () => {
      fc.assert(
        fc.property(moves(flips), (all) => check(run(pairOf(dialect), all))),
        { numRuns: 300 },
      )
    })
  const peers = (pair: Pair) => [pair.client, pair.server]

  each('tells the application one close at most, last, and just when it is over', sometimesFlipped, (pair) => {
    for (const peer of peers(pair)) {
      const closes = kinds(peer).filter((kind) => kind === 'close').length
      expect(closes).toBe(isFinal(peer.state.name) ? 1 : 0)
      if (closes) expect(kinds(peer).at(-1)).toBe('close')
      expect(peer.ended).toBe(isFinal(peer.state.name))
    }
  })

  each('tells the application nothing but faults before the connection is open', sometimesFlipped, (pair) => {
    for (const peer of peers(pair)) {
      const told = kinds(peer).filter((kind) => kind !== 'fault' && kind !== 'close')
      expect(told.filter((kind) => kind === 'open')).toHaveLength(told.length > 0 ? 1 : 0)
      if (told.length > 0) expect(told[0]).toBe('open')
    }
  })

  each('has no data behind a close frame, and one Hello at most, first', sometimesFlipped, (pair) => {
    for (const peer of peers(pair)) {
      const frames = framesSent(peer)
      const closed = frames.indexOf('close')
      const after = closed < 0 ? [] : frames.slice(closed + 1)
      for (const name of after) expect(['pong', 'close']).toContain(name)
      expect(frames.lastIndexOf('hello')).toBeLessThanOrEqual(0)
    }
  })

  each('has no fault but an early end when nothing was changed', unchanged, (pair) => {
    for (const peer of peers(pair)) {
      for (const { code } of peer.faults) expect(code).toMatch(/^end\.|cut-off$/)
    }
  })

  each('comes to an end at both sides when one leaves', sometimesFlipped, (pair) => {
    if (!isFinal(pair.client.state.name)) doAct(pair.client, { kind: 'end' })
    settle(pair)
    expect(isFinal(pair.server.state.name)).toBe(true)
  })
})
