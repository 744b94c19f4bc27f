// The rows of the ladder as an expression asks about them.
import { receiverOf } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { isOn } from './faultPlaces.ts'
import type { Subject } from './matcher.ts'
import type { Cursor } from './record.ts'
import { unitStopAfter } from './stops.ts'
import { bareSubject, type Circumstances, isUnitKind, unitSubject } from './subjects.ts'
import type { IndexRow } from './types.ts'
import { eventsBetween, faultsOn } from './viewsFaults.ts'
import { arrivalOf, type OpenRow } from './viewsOpen.ts'
import { deliveredLength, recordBefore, unitOfRow, type World } from './viewsUnits.ts'

/** A row that is complete. Its faults are those that came up while it was delivered. */
export function doneSubject(world: World, index: number): Subject {
  const row = world.connection.row(index)
  const { lane, kind, span, completed } = row
  const circumstances: Circumstances = {
    time: world.capture.head(recordBefore(completed)).time,
    faults: () => faultsWhile(world, row),
    reaches: (end, state) =>
      end === receiverOf(lane) &&
      kind !== 'dropped' &&
      happened(world, world.connection.transitions, row).some(({ role, to }) => role === end && to === state),
  }
  const unit = unitOfRow(row)
  if (unit !== null) return unitSubject(world, unit, circumstances)
  if (isUnitKind(kind)) throw new Error(`row ${index} is a unit without one`)
  return bareSubject(world, lane, kind, span, circumstances)
}

/** A row that is under way or held: what comes of it is not known. */
export function openSubject(world: World, row: OpenRow): Subject {
  const { lane } = row
  const at = deliveredLength(world, lane) + world.connection.heldLengthAt(lane, world.cursor)
  const span: Span = row.kind === 'unit' ? row.unit : { start: at, end: at }
  const circumstances: Circumstances = {
    time: world.capture.head(arrivalOf(world, row)).time,
    faults: () => faultsOn(world, lane, span).map(({ code }) => code),
    reaches: () => false,
  }
  return row.kind === 'unit'
    ? unitSubject(world, row.unit, circumstances)
    : bareSubject(world, lane, row.how, span, circumstances)
}

function faultsWhile(world: World, row: IndexRow) {
  if (row.kind === 'dropped') return []
  const found = happened(world, world.connection.faults, row)
  return found.filter(({ lane, span }) => lane === row.lane && isOn(span, row.span)).map(({ code }) => code)
}

/** The events from its first byte until all that came of it had happened. */
function happened<E extends { readonly cursor: Cursor }>(world: World, events: readonly E[], row: IndexRow): E[] {
  if (events.length === 0) return []
  const from = beginOf(world, row)
  const until = unitStopAfter({ ...world, cursor: from }, row.lane)
  return eventsBetween(events, from, until ?? world.cursor)
}

function beginOf({ connection, capture }: World, { lane, kind, span, completed }: IndexRow): Cursor {
  if (!isUnitKind(kind)) return { record: recordBefore(completed), bytes: 0 }
  const record = connection.deliveredBy(lane, span.start)
  return { record, bytes: span.start - capture.head(record).start }
}
