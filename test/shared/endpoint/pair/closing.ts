import { expect, it } from 'vitest'
import { type Role, roles } from '../../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import {
  closeOf,
  doAct,
  give,
  giveEnd,
  openPair,
  other,
  overOf,
  type Pair,
  pass,
  refusalOf,
  settle,
  textMessage,
} from '../peers.ts'

const cleanly = { over: true, clean: true }

export function closing(dialect: Dialect): void {
  it.each(roles)('cleanly when the %s begins', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], closeOf(dialect))
    settle(pair)
    expectBoth(pair, cleanly)
    expect(faultsOf(pair)).toEqual([])
  })

  it('cleanly when both begin at once', () => {
    const pair = openPair(dialect)
    doAct(pair.client, { kind: 'close' })
    doAct(pair.server, closeOf(dialect))
    settle(pair)
    expectBoth(pair, cleanly)
    expect(faultsOf(pair)).toEqual([])
  })

  it.each(roles)('and nothing more is sent by the %s, nor heard of afterwards', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], closeOf(dialect))
    expect(refusalOf(pair[role], { kind: 'sendText', text: 'no' })).toMatch(/^[A-Z].*(closing|closed|over).*\.$/s)
    settle(pair)
    const { events } = pair[role]
    const before = events.length
    give(pair[role], Uint8Array.of(1, 2, 3))
    giveEnd(pair[role])
    expect(events).toHaveLength(before)
    for (const kind of ['open', 'end', 'close', 'timeout'] as const)
      expect(refusalOf(pair[role], { kind })).not.toBeNull()
  })

  if (dialect.closeBody === 'none') endOfStreamOnly(dialect)
  else withCloseFrames(dialect)
}

/** hixie-75 has no close frame: TCP is all there is. */
function endOfStreamOnly(dialect: Dialect): void {
  it.each(roles)('by the end of the stream alone: the %s sends no byte for it', (role) => {
    const pair = openPair(dialect)
    const { length } = pair[role].sent
    doAct(pair[role], { kind: 'close' })
    expect(pair[role].sent).toHaveLength(length)
    expect(overOf(pair[role])).toEqual(cleanly)
  })
}

function withCloseFrames(dialect: Dialect): void {
  it.each([
    ['a frame that no draft knows', Uint8Array.of(0x0b, 0x00)],
    ['a close frame that carries what none may', Uint8Array.of(0x81, 0x01, 0x00)],
    ['a close frame that carries what none may', Uint8Array.of(0x88, 0x01, 0x00)],
  ])('and behind it %s is no failure any more: the client waits for the end', (_, bytes) => {
    const pair = openPair(dialect)
    doAct(pair.client, closeOf(dialect))
    pass(pair.client, pair.server)
    pass(pair.server, pair.client)
    give(pair.client, bytes)
    expect(pair.client.state.name).toBe('CLOSE_DONE')
    giveEnd(pair.client)
    expect(overOf(pair.client)).toEqual(cleanly)
  })

  it.each(roles)('with a frame from the %s and one in answer, and the server ends the stream first', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], closeOf(dialect))
    expect(pair[role].state.name).toBe('CLOSE_SENT')
    pass(pair[role], other(pair, role))
    pass(other(pair, role), pair[role])
    expect(pair.client.ended).toBe(false)
    expect(pair.server.ended).toBe(true)
    expect(pair.client.state.name).toBe('CLOSE_DONE')
  })

  it.each(roles)('as the %s waits for no answer for ever: uncleanly without one, cleanly after one', (role) => {
    const silent = openPair(dialect)
    doAct(silent[role], closeOf(dialect))
    doAct(silent[role], { kind: 'timeout' })
    expect(overOf(silent[role])).toEqual({ over: true, clean: false })
    const answered = openPair(dialect)
    doAct(answered.server, closeOf(dialect))
    pass(answered.server, answered.client)
    doAct(answered.client, { kind: 'timeout' })
    expect(overOf(answered.client)).toEqual(cleanly)
  })

  it('and what was under way is delivered, where the dialect does not discard it', () => {
    const pair = openPair(dialect)
    doAct(pair.server, { kind: 'sendText', text: 'late' })
    doAct(pair.client, closeOf(dialect))
    settle(pair)
    // hixie-76 §6: what comes after an end has sent its own close is discarded.
    const late = [textMessage('late')]
    expect(pair.client.events.slice(1, -1)).toEqual(dialect.closeBody === 'emptyFrame' ? [] : late)
    expectBoth(pair, cleanly)
  })
}

function expectBoth(pair: Pair, expected: object): void {
  expect(roles.map((role: Role) => overOf(pair[role]))).toEqual([expected, expected])
}

function faultsOf({ client, server }: Pair): readonly object[] {
  return [...client.faults, ...server.faults]
}
