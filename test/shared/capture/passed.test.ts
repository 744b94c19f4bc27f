// What passed is looked at once for both ends: it has to say what looking at each of its two records says.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Lane, lanes } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type LogEntry, type PassedBytes, recordsOf } from '../../../shared/capture/record.ts'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { anyFrame, frameBytes } from '../endpoint/anyFrame.ts'
import { openPair } from '../endpoint/peers.ts'
import { conversations, hex } from './logs.ts'
import { topologyOf } from './topology.ts'

const at = { time: 1_700_000_000_000, connection: 0 } as const

/** What an index says of the log: its rows, messages, faults, moves, and what its observers would go on from. */
function indexOf(entries: readonly LogEntry[]) {
  const capture = createCapture(createMemoryStore())
  for (const entry of entries) capture.append(entry)
  const connection = capture.connection(0)
  const all = <T>(count: number, one: (index: number) => T) => Array.from({ length: count }, (_, index) => one(index))
  return {
    heads: all(capture.length, capture.head),
    records: all(capture.length, capture.record),
    rows: all(connection.rowCount, connection.row),
    messages: all(connection.messageCount, connection.message),
    faults: connection.faults,
    transitions: connection.transitions,
    ends: (['client', 'server'] as const).map((role) => {
      const { state, receiver, scanner } = connection.observerOf(role)
      return [state, receiver.position, receiver.stage, scanner.position, scanner.pendingStart]
    }),
  }
}

/** The lane's bytes, cut where `cuts` says. */
function passed(lane: Lane, bytes: Uint8Array, cuts: readonly number[]): PassedBytes[] {
  const entries: PassedBytes[] = []
  for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
    const to = from + Math.max(1, cuts[turn % cuts.length] ?? bytes.length)
    entries.push({ ...at, kind: 'passed', lane, bytes: bytes.subarray(from, to) })
    from = to
  }
  return entries
}

interface Turn {
  readonly lane: Lane
  readonly frames: Uint8Array
  readonly cuts: readonly number[]
}

const anyTurn: fc.Arbitrary<Turn> = fc.record({
  lane: fc.constantFrom(...lanes),
  frames: fc.oneof(
    fc.array(anyFrame, { maxLength: 6 }).map((frames) => concat(...frames.map(frameBytes))),
    fc.uint8Array({ maxLength: 12 }),
  ),
  cuts: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
})

function checkAlike(
  dialect: DialectId,
  stated: boolean,
  before: readonly PassedBytes[],
  turns: readonly Turn[] = [],
): void {
  const entries: LogEntry[] = [
    { ...at, kind: 'open', topology: topologyOf(0, '127.0.0.1'), ...(stated && { dialect }) },
    ...before,
    ...turns.flatMap(({ lane, frames, cuts }) => passed(lane, frames, cuts)),
    // An end that gives up ends its stream: what it sent since shows whether it did.
    ...lanes.map((lane) => ({ ...at, kind: 'sentEnd', lane, how: 'fin' }) as const),
  ]
  expect(indexOf(entries)).toEqual(indexOf(entries.flatMap(recordsOf)))
}

describe('what passed', () => {
  it.each(dialectIds)('of %s says what its two records say, whatever comes behind the handshake', (dialect) => {
    const { client, server } = openPair(dialectById(dialect))
    const handshake = [...passed('clientToServer', client.sent, []), ...passed('serverToClient', server.sent, [])]
    const check = (stated: boolean, turns: Turn[]) => checkAlike(dialect, stated, handshake, turns)
    fc.assert(fc.property(fc.boolean(), fc.array(anyTurn, { maxLength: 5 }), check), { numRuns: 100 })
  })

  it.each(dialectIds)('of %s says what its two records say, however a conversation is cut', (dialect) => {
    const { clientToServer, serverToClient } = conversations[dialect]
    const check = (stated: boolean, cuts: number[], more: Turn[]) =>
      checkAlike(
        dialect,
        stated,
        [...passed('clientToServer', clientToServer, cuts), ...passed('serverToClient', serverToClient, cuts)],
        more,
      )
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 4 })
    fc.assert(fc.property(fc.boolean(), cuts, fc.array(anyTurn, { maxLength: 2 }), check), { numRuns: 30 })
  })

  it('tells an end that goes on behind a fault from one that gives up for it', () => {
    const { client, server } = openPair(rfc6455)
    const unmasked = hex('82 01 00')
    checkAlike('rfc6455', true, [
      ...[...passed('clientToServer', client.sent, []), ...passed('serverToClient', server.sent, [])],
      ...[...passed('clientToServer', unmasked, []), ...passed('clientToServer', hex('82 80 00000000'), [])],
      ...passed('serverToClient', hex('82 01 00'), []),
    ])
  })
})
