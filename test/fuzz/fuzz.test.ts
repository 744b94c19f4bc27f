// Whatever comes, nothing throws, loops, grows without bound, or depends on how the bytes were cut. See dice.ts for how
// long this runs and how a failure is repeated.
import { describe, expect, it } from 'vitest'
import { type Lane, laneFrom, laneTo, type Role } from '../../shared/bytes/lanes.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { describeUnit, leavesOf } from '../../shared/endpoint/describe.ts'
import { emptyContext } from '../../shared/endpoint/describeContext.ts'
import { createLaneScanner, scanUnits } from '../../shared/endpoint/laneScanner.ts'
import {
  createObserver,
  type Observation,
  observeReceived,
  observeReceivedEnd,
  observeSent,
} from '../../shared/endpoint/observer.ts'
import { type FaultCode, hasRule } from '../../shared/faults/catalogue.ts'
import type { Unit } from '../../shared/framing/unit.ts'
import { doAct, eachDialect, envOf, give, giveEnd, peerOf } from '../shared/endpoint/peers.ts'
import { type Conversation, conversationsOf, limits } from './corpus.ts'
import { cutUp, type Dice, eachSeed, timeLimit } from './dice.ts'
import { anyStream } from './mutations.ts'

const lanes: readonly Lane[] = ['clientToServer', 'serverToClient']
const roles: readonly Role[] = ['client', 'server']

/** Whole, byte by byte, and cut anywhere. */
function waysToCut(bytes: Uint8Array, dice: Dice): readonly (readonly Uint8Array[])[] {
  return [[bytes], cutUp(bytes, dice, 1), cutUp(bytes, dice, dice.pick([3, 20, 200]))]
}

/** The same comes of every way to cut, and is returned. */
function sameHoweverCut<T>(bytes: Uint8Array, dice: Dice, run: (pieces: readonly Uint8Array[]) => T): T {
  const [whole, ...others] = waysToCut(bytes, dice).map(run)
  for (const other of others) expect(other).toEqual(whole)
  return whole!
}

function scanned(dialect: Dialect, lane: Lane, pieces: readonly Uint8Array[]): Unit[] {
  const scanner = createLaneScanner(dialect, lane)
  const units: Unit[] = []
  for (const piece of pieces) {
    scanner.push(piece, (kind, start, end) => units.push({ kind, start, end }))
    expect(scanner.pendingStart).toBe(units.at(-1)?.end ?? 0)
  }
  if (scanner.position > scanner.pendingStart) {
    units.push({ kind: scanner.pendingKind, start: scanner.pendingStart, end: scanner.position })
  }
  return units
}

function expectTiles(units: readonly Unit[], length: number): void {
  expect([...units.map(({ start }) => start), length]).toEqual([0, ...units.map(({ end }) => end)])
  for (const { start, end } of units) expect(end).toBeGreaterThan(start)
}

/** The leaves of the unit's fields tile it to the bit. */
function expectExplained(dialect: Dialect, lane: Lane, unit: Unit, stream: Uint8Array): void {
  const { kind, start, end } = unit
  const bytes = stream.subarray(start, end)
  const { fields } = describeUnit({ dialect, lane, kind, bytes, start, end, context: emptyContext })
  const leaves = leavesOf(fields)
  const from = leaves.map((leaf) => leaf.start * 8 + (leaf.bits?.from ?? 0))
  const to = leaves.map((leaf) => (leaf.bits ? leaf.start * 8 + leaf.bits.to : leaf.end * 8))
  expect([...from, end * 8]).toEqual([start * 8, ...to])
}

/** Whether a client waited depends on what each end had by then, and so on the cut: what came of the bytes does not. */
const isOfBytes = ({ code }: { readonly code: FaultCode }) => code !== 'head.data-before-answer'

/** An end that is fed the pieces, and all that came of it. */
function fed(dialect: Dialect, role: Role, { config }: Conversation, pieces: readonly Uint8Array[]) {
  const peer = peerOf(envOf(dialect, role, config))
  if (role === 'client') doAct(peer, { kind: 'open' })
  for (const piece of pieces) give(peer, piece)
  const state = peer.state.name
  giveEnd(peer)
  const { sent, ended, transitions } = peer
  const faults = peer.faults.filter(isOfBytes)
  const events = peer.events.filter((event) => event.kind !== 'fault' || isOfBytes(event.fault))
  return { state, last: peer.state.name, sent, ended, events, faults, transitions }
}

/** No end is held to a rule that its text has not. */
function expectOwnRules({ id }: Dialect, faults: readonly { readonly code: FaultCode }[]): void {
  expect(faults.filter(({ code }) => !hasRule(code, id))).toEqual([])
}

const payloadOf = (event: object): number => ('bytes' in event ? (event.bytes as Uint8Array).length : 0)

/** What came of `length` bytes is no more than they can account for. */
function expectBounded({ sent, events, faults, transitions }: ReturnType<typeof fed>, length: number): void {
  expect(events.length).toBeLessThanOrEqual(2 * length + 20)
  expect(faults.length).toBeLessThanOrEqual(length + 20)
  expect(transitions.length).toBeLessThanOrEqual(20)
  expect(sent.length).toBeLessThanOrEqual(8 * length + 2048)
  // A byte that is no UTF-8 is replaced by a character of three.
  for (const event of events) expect(payloadOf(event)).toBeLessThanOrEqual(3 * limits.message)
}

/** What was seen, without the places that depend on when the observer was fed. */
function seen(all: readonly Observation[]) {
  return {
    transitions: all.flatMap(({ transitions }) => transitions.map(({ at: _at, ...rest }) => rest)),
    faults: all.flatMap(({ faults }) => faults.filter(isOfBytes).map(({ at: _at, ...rest }) => rest)),
  }
}

const none = new Uint8Array(0)

/** An observer of an end that receives the pieces and sends what it did in the conversation, its opening first if it asks. */
function observed(dialect: Dialect, role: Role, { opening, lanes: said }: Conversation, pieces: readonly Uint8Array[]) {
  const observer = createObserver(dialect, role, { url: 'ws://example.com/demo', limits })
  const own = said[laneFrom(role)][0]!
  const ownOpening = opening[laneFrom(role)].length
  const all: Observation[] = []
  const asking =
    role === 'client' ? scanUnits(dialect, 'clientToServer', own).filter(({ kind }) => kind !== 'frame') : []
  const asks = asking.at(-1)?.end ?? 0
  all.push(observeSent(observer, own.subarray(0, asks)))
  for (const piece of pieces) all.push(observeReceived(observer, piece))
  all.push(observeReceived(observer, none)) // what waits behind a fault counts as soon as more comes
  all.push(observeSent(observer, own.subarray(asks, ownOpening)), observeReceived(observer, none))
  const { state } = observer
  all.push(observeReceivedEnd(observer))
  return { state, last: observer.state, ...seen(all) }
}

/** An observer of an end that receives its peer's side of the conversation and then sends the pieces. */
function observedSending(dialect: Dialect, role: Role, { lanes: said }: Conversation, pieces: readonly Uint8Array[]) {
  const observer = createObserver(dialect, role, { url: 'ws://example.com/demo', limits })
  const all = role === 'server' ? [observeReceived(observer, said.clientToServer[0]!)] : []
  for (const piece of pieces) all.push(observeSent(observer, piece))
  return { state: observer.state, ...seen(all) }
}

describe.each(eachDialect)('anything in place of $name', { timeout: timeLimit }, ({ dialect }) => {
  const conversations = conversationsOf(dialect)
  const anyOf = (lane: Lane, check: (bytes: Uint8Array, conversation: Conversation, dice: Dice) => void) =>
    eachSeed((dice) => {
      const conversation = dice.pick(conversations)
      check(anyStream({ dialect, lane, conversation, dice }), conversation, dice)
    })

  it.each(lanes)('is cut into units that tile the lane, and every bit of each has a field: %s', (lane) => {
    anyOf(lane, (bytes, _, dice) => {
      const units = sameHoweverCut(bytes, dice, (pieces) => scanned(dialect, lane, pieces))
      expectTiles(units, bytes.length)
      for (const unit of units) expectExplained(dialect, lane, unit, bytes)
    })
  })

  it.each(roles)('brings a %s to the same, however it is cut, and to no more than the bytes account for', (role) => {
    anyOf(laneTo(role), (bytes, conversation, dice) => {
      const came = sameHoweverCut(bytes, dice, (pieces) => fed(dialect, role, conversation, pieces))
      expectBounded(came, bytes.length)
      expectOwnRules(dialect, came.faults)
    })
  })

  it.each(roles)('is seen the same, however it is cut, when a %s receives it', (role) => {
    anyOf(laneTo(role), (bytes, conversation, dice) => {
      const { faults } = sameHoweverCut(bytes, dice, (pieces) => observed(dialect, role, conversation, pieces))
      expect(faults.length).toBeLessThanOrEqual(bytes.length + 20)
      expectOwnRules(dialect, faults)
    })
  })

  it.each(roles)('is seen the same, however it is cut, when a %s sends it', (role) => {
    anyOf(laneFrom(role), (bytes, conversation, dice) => {
      sameHoweverCut(bytes, dice, (pieces) => observedSending(dialect, role, conversation, pieces))
    })
  })
})
