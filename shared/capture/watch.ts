// The two passive observers of a connection, and where in the log each of their moves and complaints belongs.
import type { Role } from '../bytes/lanes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { nothing } from '../endpoint/observation.ts'
import {
  copyObserver,
  createObserver,
  type Observation,
  type Observer,
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
  /** An end put bytes on the wire. `after` is the cursor after the record, as for the two ends. */
  sent(role: Role, bytes: Uint8Array, time: Time, after: Cursor): void
  /** An end got the bytes of delivered record `record`, which begin at `start` of the lane. */
  received(role: Role, bytes: Uint8Array, time: Time, record: number, start: number): void
  sentEnd(role: Role, time: Time, after: Cursor): void
  receivedEnd(role: Role, time: Time, after: Cursor): void
  stateAt(role: Role, cursor: Cursor): StateName
  observerOf(role: Role): Observer
}

export function createWatch(dialect: Dialect, opened: RecordOf<'open'>, policy?: true): Watch {
  const { url, unseen, lone } = opened
  const observe = (role: Role): Observer =>
    createObserver(dialect, role, {
      ...(url !== undefined && { url }),
      ...(unseen && { unseen }),
      ...(policy && { policy }),
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
    if (observation === nothing) return
    for (const { at, ...transition } of observation.transitions) {
      const located = { ...transition, connection: opened.connection, time, cursor: locate(at) }
      transitions.push(located)
      byRole[transition.role].push(located)
    }
    for (const { at, ...fault } of observation.faults) {
      const located = { ...fault, connection: opened.connection, time, cursor: locate(at) }
      faults.push(located)
      places.add(located)
    }
  }

  return {
    transitions,
    faults,
    faultsOn: places.on,
    sent: (role, bytes, time, after) => note(observeSent(observers[role], bytes), time, () => after),
    received(role, bytes, time, record, start) {
      note(observeReceived(observers[role], bytes), time, (at) =>
        at - start < bytes.length ? { record, bytes: at - start } : { record: record + 1, bytes: 0 },
      )
    },
    sentEnd: (role, time, after) => note(observeSentEnd(observers[role]), time, () => after),
    receivedEnd: (role, time, after) => note(observeReceivedEnd(observers[role]), time, () => after),
    stateAt(role, cursor) {
      const moves = byRole[role]
      const made = countWhile(moves.length, (index) => compareCursors(moves[index]!.cursor, cursor) <= 0)
      return moves[made - 1]?.to ?? firstStates[role]
    },
    observerOf: (role) => copyObserver(observers[role]),
  }
}
