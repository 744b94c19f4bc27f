// When a running gate has to hold: whether releasing the next unit of a lane meets a condition.
//
// At the end of the log what a unit would do is found by feeding it to a copy of the observer of its receiver. Earlier
// in the log it is known: the log says what the unit did.
import { decodeLatin1 } from '../bytes/ascii.ts'
import { type Lane, receiverOf } from '../bytes/lanes.ts'
import { spanLength } from '../bytes/span.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { BreakCondition } from '../commands/breakpoint.ts'
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
import { type Cursor, compareCursors } from './record.ts'
import { unitStopAfter } from './stops.ts'
import type { CaptureReader } from './types.ts'
import { payloadSpan, readPayload } from './viewsMessages.ts'
import { holdsAnything } from './viewsOpen.ts'
import {
  deliveredLength,
  gateLength,
  type LaneUnit,
  opcodeNameOf,
  readGate,
  readUnit,
  unitHolding,
  type World,
  worldAt,
  worldAtEnd,
} from './viewsUnits.ts'

/** Bytes of payload that texts and patterns are looked for in. */
export const searchedBytes = 65536

/** Bytes fed at a time to see what a unit would do. */
const fedBytes = 65536

/**
 * Whether releasing the lane's next unit, or its held end, meets all of a condition. False inside a unit: the gate
 * stops before the first byte. What of the unit has not arrived yet meets no condition.
 */
export function matches(
  condition: BreakCondition,
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
): boolean {
  if (condition.lane !== undefined && condition.lane !== lane) return false
  const now = worldAt(capture, connectionId, cursor)
  const delivered = deliveredLength(now, lane)
  if (delivered > now.connection.boundaryAt(lane, cursor) || !holdsAnything(now, lane)) return false
  const isRecorded = delivered < deliveredLength(worldAtEnd(now), lane)
  const world = isRecorded ? worldAtEnd(now) : now
  const unit = unitHolding(world, lane, delivered)
  return looksRight(condition, world, unit) && doesRight(condition, now, lane, unit)
}

/** The conditions on what the unit is. An end of stream is no unit and meets none of them. */
function looksRight(condition: BreakCondition, world: World, unit: LaneUnit | null): boolean {
  const { kind, opcode, size, text, pattern } = condition
  if (unit === null) return [kind, opcode, size, text, pattern].every((part) => part === undefined)
  return (
    (kind === undefined || unit.kind === kind) &&
    (opcode === undefined || opcodeNameOf(world, unit) === opcode) &&
    (size === undefined || (unit.known && isWithin(size, contentSize(world, unit)))) &&
    ((text === undefined && pattern === undefined) || contains(condition, world, unit))
  )
}

function isWithin({ least, most }: NonNullable<BreakCondition['size']>, size: number): boolean {
  return (least === undefined || size >= least) && (most === undefined || size <= most)
}

/** Payload bytes of a frame; all bytes of anything else. */
function contentSize(world: World, unit: LaneUnit): number {
  return spanLength(unit.kind === 'frame' ? payloadSpan(world, unit.lane, unit) : unit)
}

function contains({ text, pattern }: BreakCondition, world: World, unit: LaneUnit): boolean {
  const content = contentText(world, unit)
  return (
    (text === undefined || content.includes(text)) &&
    (pattern === undefined || new RegExp(pattern.source, pattern.flags).test(content))
  )
}

/** The beginning of what a person would read: unmasked payloads as UTF-8, heads and junk as Latin-1. */
function contentText(world: World, unit: LaneUnit): string {
  return unit.kind === 'frame'
    ? decodeUtf8(readPayload(world, unit.lane, unit, searchedBytes))
    : decodeLatin1(readUnit(world, unit, searchedBytes))
}

/** The conditions on what comes of it. */
function doesRight({ fault, state }: BreakCondition, world: World, lane: Lane, unit: LaneUnit | null): boolean {
  if (fault === undefined && state === undefined) return true
  const { faults, states } = outcomeOf(world, lane, unit)
  return (
    (fault === undefined || faults.some(({ code }) => fault === 'any' || code === fault)) &&
    (state === undefined || (state.end === receiverOf(lane) && states.includes(state.name)))
  )
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
  const isBetween = (event: { readonly cursor: Cursor }) =>
    compareCursors(event.cursor, cursor) > 0 && compareCursors(event.cursor, stop) <= 0
  const moves = connection.transitions.filter((move) => isBetween(move) && move.role === receiverOf(lane))
  return {
    faults: connection.faults.filter((fault) => isBetween(fault) && fault.lane === lane),
    states: moves.map(({ to }) => to),
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
