// The two passive observers of a connection, and where in the log each of their moves and complaints belongs.
import { type Lane, type Role, receiverOf, senderOf } from '../bytes/lanes.ts'
import type { Slice } from '../bytes/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { UnitSink } from '../endpoint/laneScanner.ts'
import type { NonceBook } from '../endpoint/nonceBook.ts'
import { nothing } from '../endpoint/observation.ts'
import {
  copyObserver,
  createObserver,
  type Observation,
  type Observer,
  observePassed,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../endpoint/observer.ts'
import type { StateName } from '../endpoint/types.ts'
import { countWhile } from './columns.ts'
import { createFaultPlaces, type FaultPlaces } from './faultPlaces.ts'
import { type Cursor, compareCursors, type RecordOf, type Time } from './record.ts'
import type { LocatedFault, LocatedTransition } from './types.ts'

export interface Watch {
  /** Moves of both ends to another state, in log order. */
  readonly transitions: readonly LocatedTransition[]
  readonly faults: readonly LocatedFault[]
  faultsOn: FaultPlaces['on']
  /** Bytes pass from one end to the other: see observePassed. */
  passed(lane: Lane, slice: Slice, found: UnitSink): number
  /** An end put the bytes of sent record `record` on the wire. */
  sent(role: Role, bytes: Uint8Array, time: Time, record: number): void
  /** An end got `bytes`, the last of delivered record `record`, which has those of the lane from `start` to `end`. */
  received(role: Role, bytes: Uint8Array, time: Time, record: number, start: number, end: number): void
  /** An end has ended its stream, or seen the other end: with record `record`. */
  sentEnd(role: Role, time: Time, record: number): void
  receivedEnd(role: Role, time: Time, record: number): void
  stateAt(role: Role, cursor: Cursor): StateName
  observerOf(role: Role): Observer
}

export function createWatch(dialect: Dialect, opened: RecordOf<'open'>, book: NonceBook, policy?: true): Watch {
  const { url, unseen, lone, leg, connection } = opened
  const observe = (role: Role): Observer =>
    createObserver(dialect, role, {
      ...(url !== undefined && { url }),
      ...(unseen && { unseen }),
      ...(policy && { policy }),
      // The nodes of a chain pass the request of its first leg on.
      ...(!leg && { nonces: { book, connection } }),
      alone: lone !== undefined,
    })
  const observers: Record<Role, Observer> = { client: observe('client'), server: observe('server') }
  const firstStates: Record<Role, StateName> = { client: observers.client.state, server: observers.server.state }
  const transitions: LocatedTransition[] = []
  const faults: LocatedFault[] = []
  const places = createFaultPlaces()
  const byRole: Record<Role, LocatedTransition[]> = { client: [], server: [] }

  /** `locate` turns a place in the stream just fed into the cursor after it. */
  function note(observation: Observation, time: Time, locate: (at: number) => Cursor): void {
    // Field by field, since an object takes more memory that others are spread into, and each connection has several.
    for (const { role, from, to, trigger, cite, cause, at } of observation.transitions) {
      const cursor = locate(at)
      const located = { role, from, to, trigger, cite, ...(cause && { cause }), connection, time, cursor }
      transitions.push(located)
      byRole[role].push(located)
    }
    for (const { at, ...fault } of observation.faults) {
      const located = { ...fault, connection: opened.connection, time, cursor: locate(at) }
      faults.push(located)
      places.add(located)
    }
  }

  function noteAfter(observation: Observation, time: Time, record: number): void {
    note(observation, time, () => ({ record: record + 1, bytes: 0 }))
  }

  /** `start` and `end` are of the record's bytes. */
  function noteWithin(observation: Observation, time: Time, record: number, start: number, end: number): void {
    note(observation, time, (at) => (at < end ? { record, bytes: at - start } : { record: record + 1, bytes: 0 }))
  }

  return {
    transitions,
    faults,
    faultsOn: places.on,
    passed: (lane, slice, found) => observePassed(observers[senderOf(lane)], observers[receiverOf(lane)], slice, found),
    // Hardly any record brings something to note: no closure is made for the others.
    sent(role, bytes, time, record) {
      const observation = observeSent(observers[role], bytes)
      if (observation !== nothing) noteAfter(observation, time, record)
    },
    received(role, bytes, time, record, start, end) {
      const observation = observeReceived(observers[role], bytes)
      if (observation !== nothing) noteWithin(observation, time, record, start, end)
    },
    sentEnd: (role, time, record) => noteAfter(observeSentEnd(observers[role]), time, record),
    receivedEnd: (role, time, record) => noteAfter(observeReceivedEnd(observers[role]), time, record),
    stateAt(role, cursor) {
      const moves = byRole[role]
      const made = countWhile(moves.length, (index) => compareCursors(moves[index]!.cursor, cursor) <= 0)
      return moves[made - 1]?.to ?? firstStates[role]
    },
    observerOf: (role) => copyObserver(observers[role]),
  }
}
