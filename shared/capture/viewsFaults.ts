// Faults as of a cursor: which are on a unit, and what to say of them.
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { faultCite, faultInfo, faultRemedy, faultSentence, type Severity } from '../faults/catalogue.ts'
import { countWhile } from './columns.ts'
import { isOn } from './faultPlaces.ts'
import { type Cursor, compareCursors } from './record.ts'
import type { CaptureReader, LocatedFault } from './types.ts'
import type { FaultView } from './view.ts'
import { type ListPage, pageOf } from './viewsPage.ts'
import { type World, worldAt } from './viewsUnits.ts'

/** How many of `events`, in the order they happened, have happened as of the cursor. */
export function countUntil(events: readonly { readonly cursor: Cursor }[], cursor: Cursor): number {
  return countWhile(events.length, (index) => compareCursors(events[index]!.cursor, cursor) <= 0)
}

/** The events that happened after one cursor, up to another. */
export function eventsBetween<E extends { readonly cursor: Cursor }>(
  events: readonly E[],
  from: Cursor,
  to: Cursor,
): E[] {
  return events.slice(countUntil(events, from), countUntil(events, to))
}

/** Faults [from, from + count) as of the cursor, newest last. */
export function faultViews(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): ListPage<FaultView> {
  const world = worldAt(capture, connectionId, cursor)
  const { faults } = world.connection
  return pageOf(countUntil(faults, cursor), from, count, (index) => faultView(world, faults[index]!))
}

/** A fault with the catalogue's words for the connection's dialect. */
export function faultView({ dialect }: World, fault: LocatedFault): FaultView {
  const { severity, consequence } = faultInfo(fault.code)
  const { code, lane, span, found, connection, time, cursor } = fault
  return {
    ...{ code, lane, span, connection, time, cursor, severity, consequence },
    ...(found !== undefined && { found }),
    says: faultSentence(code, found),
    remedy: faultRemedy(code, dialect.id),
    cite: faultCite(code, dialect.id),
    citeSays: dialect.sectionsSay,
  }
}

/** The faults found as of the cursor at a place on a lane, in the order they were found. */
export function faultsOn({ connection, cursor }: World, lane: Lane, span: Span): LocatedFault[] {
  return connection.faultsOn(lane, span).filter((fault) => compareCursors(fault.cursor, cursor) <= 0)
}

export interface FaultMark {
  readonly code: string
  readonly severity: Severity
}

/** The worst fault on a place, the first of equals. `pool`: faults that may be on it. */
export function worstOf(pool: readonly LocatedFault[], lane: Lane, span: Span): FaultMark | undefined {
  const marks = pool
    .filter((fault) => fault.lane === lane && isOn(fault.span, span))
    .map(({ code }) => ({ code, severity: faultInfo(code).severity }))
  return marks.find(({ severity }) => severity === 'violation') ?? marks[0]
}
