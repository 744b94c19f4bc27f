// When a running gate has to hold: whether releasing the next unit of a lane is what a breakpoint asks for.
//
// At the end of the log what a unit would do is found by feeding it to a copy of the observer of its receiver. Earlier
// in the log it is known: the log says what the unit did.
import { type Lane, receiverOf } from '../bytes/lanes.ts'
import {
  type Observation,
  type Observer,
  observeReceived,
  observeReceivedEnd,
  statesOfGivingUp,
} from '../endpoint/observer.ts'
import { nextState } from '../endpoint/tables.ts'
import type { StateName, Trigger } from '../endpoint/types.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { Matcher, Subject } from './matcher.ts'
import type { Cursor } from './record.ts'
import { unitStopAfter } from './stops.ts'
import { bareSubject, type Circumstances, once, unitSubject } from './subjects.ts'
import type { CaptureReader } from './types.ts'
import { eventsBetween } from './viewsFaults.ts'
import { firstArrival, heldEnd, holdsAnything } from './viewsOpen.ts'
import {
  deliveredLength,
  gateLength,
  type LaneUnit,
  readGate,
  unitHolding,
  type World,
  worldAt,
  worldAtEnd,
} from './viewsUnits.ts'

/** Bytes fed at a time to see what a unit would do. */
const fedBytes = 65536

/**
 * Whether releasing the lane's next unit, or its held end, is what is asked for. False inside a unit: the gate stops
 * before the first byte. What cannot be told before more of the unit has arrived is not met.
 */
export function holdsBefore(
  matcher: Matcher,
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
): boolean {
  const now = worldAt(capture, connectionId, cursor)
  const delivered = deliveredLength(now, lane)
  if (delivered > now.connection.boundaryAt(lane, cursor) || !holdsAnything(now, lane)) return false
  const isRecorded = delivered < deliveredLength(worldAtEnd(now), lane)
  const world = isRecorded ? worldAtEnd(now) : now
  return matcher.matches(nextSubject(now, world, lane, delivered)) === true
}

function nextSubject(now: World, world: World, lane: Lane, delivered: number): Subject {
  const unit = unitHolding(world, lane, delivered)
  const outcome = once(() => outcomeOf(now, lane, unit))
  const circumstances: Circumstances = {
    time: now.capture.head(firstArrival(now, lane)).time,
    faults: () => outcome().faults.map(({ code }) => code),
    reaches: (end, state) => end === receiverOf(lane) && outcome().states.includes(state),
  }
  if (unit !== null) return unitSubject(world, unit, circumstances)
  const at = { start: delivered, end: delivered }
  return bareSubject(world, lane, heldEnd(now, lane) ?? 'fin', at, circumstances)
}

interface Outcome {
  readonly faults: readonly { readonly code: FaultCode }[]
  /** States that the receiver comes to because of it. */
  readonly states: readonly StateName[]
}

function outcomeOf(world: World, lane: Lane, unit: LaneUnit | null): Outcome {
  const stop = unitStopAfter(world, lane)
  return stop === null ? predicted(world, lane, unit) : recorded(world, lane, stop)
}

/** What the log says happened from the cursor to `stop`. */
function recorded({ connection, cursor }: World, lane: Lane, stop: Cursor): Outcome {
  const moves = eventsBetween(connection.transitions, cursor, stop)
  return {
    faults: eventsBetween(connection.faults, cursor, stop).filter((fault) => fault.lane === lane),
    states: moves.filter(({ role }) => role === receiverOf(lane)).map(({ to }) => to),
  }
}

/** What the receiver makes of it, and where the answer that it then owes leads. */
function predicted(world: World, lane: Lane, unit: LaneUnit | null): Outcome {
  const observer = world.connection.observerOf(receiverOf(lane))
  const seen = unit === null ? [observeReceivedEnd(observer)] : feedUnit(world, unit, observer)
  const states = seen.flatMap(({ transitions }) => transitions.map(({ to }) => to))
  const answers = [...answerStates(observer, states.at(-1)), ...statesOfGivingUp(observer)]
  return { faults: seen.flatMap(({ faults }) => faults), states: [...states, ...answers] }
}

function feedUnit(world: World, unit: LaneUnit, observer: Observer): Observation[] {
  const seen: Observation[] = []
  const end = Math.min(unit.end, gateLength(world, unit.lane))
  for (let at = unit.start; at < end; at += fedBytes) {
    seen.push(observeReceived(observer, readGate(world, unit.lane, at, Math.min(end, at + fedBytes))))
  }
  return seen
}

/** What an end answers without being asked to, by the state it has come to: the first that its table has. */
const owed: Readonly<Partial<Record<StateName, readonly Trigger[]>>> = {
  REQUEST_RECEIVED: ['sendResponse'],
  CLOSE_RECEIVED: ['sendCloseReply', 'sendClose'],
  CLOSE_CROSSED: ['sendCloseReply'],
}

function answerStates({ table }: Observer, state: StateName | undefined): StateName[] {
  const answers = state === undefined ? [] : (owed[state] ?? [])
  return answers
    .map((trigger) => nextState(table, state!, trigger))
    .filter((to) => to !== undefined)
    .slice(0, 1)
}
