// Stepping: how much of a held lane one step lets through. Moving through what is already recorded is in stops.ts.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader } from './types.ts'
import { leafHolding } from './viewsDescribe.ts'
import { firstArrival, heldEnd, holdsAnything } from './viewsOpen.ts'
import { deliveredLength, gateLength, heldLength, unitHolding, type World, worldAt } from './viewsUnits.ts'

export { cursorAfter, cursorBefore, nextDeliveredLane } from './stops.ts'

export type Granularity = 'byte' | 'field' | 'unit' | 'all'

/**
 * What one step releases. `partial`: it ends inside a unit of which no more is held, so more of it has to arrive.
 * Null: the lane holds nothing.
 */
export type StepSize =
  | { readonly kind: 'bytes'; readonly count: number; readonly partial: boolean }
  | { readonly kind: 'end' }
  | null

/**
 * The lane the next step concerns: one with a unit already partly delivered and more of it held, else the one whose
 * first held byte (or held end) arrived earliest. Null when the gate holds nothing.
 */
export function nextLane(capture: CaptureReader, connectionId: number, cursor: Cursor): Lane | null {
  const world = worldAt(capture, connectionId, cursor)
  const waiting = lanes
    .filter((lane) => holdsAnything(world, lane))
    .map((lane) => ({ lane, begun: isBegun(world, lane), arrival: firstArrival(world, lane) }))
  waiting.sort((a, b) => Number(b.begun) - Number(a.begun) || a.arrival - b.arrival)
  return waiting[0]?.lane ?? null
}

/**
 * The connection that the next thing delivered after the cursor is on: as recorded, and at the end of the log the one
 * whose `nextLane` has a unit begun, or else the earliest arrival. Null when no gate holds anything.
 */
export function nextConnection(capture: CaptureReader, cursor: Cursor): number | null {
  for (let index = cursor.record; index < capture.length; index += 1) {
    const { kind, connection } = capture.head(index)
    if (kind === 'delivered' || kind === 'deliveredEnd') return connection
  }
  const waiting = capture.connections.flatMap(({ id }) => {
    const lane = nextLane(capture, id, capture.end)
    if (lane === null) return []
    const world = worldAt(capture, id, capture.end)
    return [{ id, begun: isBegun(world, lane), arrival: firstArrival(world, lane) }]
  })
  waiting.sort((a, b) => Number(b.begun) - Number(a.begun) || a.arrival - b.arrival)
  return waiting[0]?.id ?? null
}

/** The connection that something was delivered on last as of the cursor; null when nothing was yet. */
export function lastConnection(capture: CaptureReader, { record, bytes }: Cursor): number | null {
  for (let index = bytes > 0 ? record : record - 1; index >= 0; index -= 1) {
    const { kind, connection } = capture.head(index)
    if (kind === 'delivered' || kind === 'deliveredEnd') return connection
  }
  return null
}

/** Whether the lane's next held byte is inside a unit of which some was let through. */
export function isBegun(world: World, lane: Lane): boolean {
  return heldLength(world, lane) > 0 && deliveredLength(world, lane) > world.connection.boundaryAt(lane, world.cursor)
}

/**
 * How much of a held lane to release: the next byte, the rest of the leaf field or unit it is in, or all held. Fields
 * inside one byte go with that byte. A held end of stream is a step of its own, after all bytes.
 */
export function bytesToStep(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
  granularity: Granularity,
): StepSize {
  const world = worldAt(capture, connectionId, cursor)
  if (heldLength(world, lane) === 0) return heldEnd(world, lane) === null ? null : { kind: 'end' }
  const length = gateLength(world, lane)
  const end = Math.min(stepEnd(world, lane, granularity), length)
  const last = end === length ? unitHolding(world, lane, end - 1)! : null
  const partial = last !== null && !(last.known && last.end === end)
  return { kind: 'bytes', count: end - deliveredLength(world, lane), partial }
}

/** Gate-stream offset where the byte, field or unit that the next byte is in ends, there or not. */
function stepEnd(world: World, lane: Lane, granularity: Granularity): number {
  const delivered = deliveredLength(world, lane)
  switch (granularity) {
    case 'byte':
      return delivered + 1
    case 'field':
      return leafHolding(world, lane, delivered).end
    case 'unit':
      return unitHolding(world, lane, delivered)!.end
    case 'all':
      return gateLength(world, lane)
    default:
      return unreachable(granularity)
  }
}

/** Units, ends of streams and drops that are done as of the cursor: the 3 in `step 3 of 12`. */
export function stepIndex(capture: CaptureReader, connectionId: number, cursor: Cursor): number {
  return capture.connection(connectionId).rowCountAt(cursor)
}

/** The same in the whole log: the 12 in `step 3 of 12`. */
export function stepCount(capture: CaptureReader, connectionId: number): number {
  return capture.connection(connectionId).rowCount
}
