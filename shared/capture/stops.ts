// Moving through what is recorded.
//
// A stop is a cursor just after a byte, field or unit of either lane was delivered (or an end of stream was), together
// with everything the ends did because of it: it takes in all records up to the connection's next delivered one. The
// first stop stands before the first delivered byte. Forward and back visit the same stops.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { type Cursor, compareCursors } from './record.ts'
import type { Granularity } from './stepping.ts'
import type { CaptureReader } from './types.ts'
import { leafHolding } from './viewsDescribe.ts'
import { deliveredEndRecords } from './viewsOpen.ts'
import { deliveredLength, heldLength, unitHolding, type World, worldAt, worldAtEnd } from './viewsUnits.ts'

/** The steps that can be taken back: how much was held once is not known any more. */
export type BackGranularity = Exclude<Granularity, 'all'>

/** The next stop in what is recorded; null when nothing more was delivered after this cursor. */
export function cursorAfter(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  granularity: Granularity,
): Cursor | null {
  const world = worldAt(capture, connectionId, normalised(capture, cursor))
  const stops = lanes.flatMap((lane) => laneStopAfter(world, lane, granularity))
  return stops.sort(compareCursors)[0] ?? null
}

/** The stop before this cursor; null when it is the first, or before it. */
export function cursorBefore(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  granularity: BackGranularity,
): Cursor | null {
  const world = worldAt(capture, connectionId, normalised(capture, cursor))
  const stops = lanes.flatMap((lane) => laneStopsUntil(world, lane, granularity))
  const earlier = [settledAfter(world, -1), ...stops].filter((stop) => compareCursors(stop, world.cursor) < 0)
  return earlier.sort(compareCursors).at(-1) ?? null
}

/** The lane on which the log has the next bytes, or end, delivered after the cursor; null when it has none. */
export function nextDeliveredLane(capture: CaptureReader, connectionId: number, cursor: Cursor): Lane | null {
  const world = worldAt(capture, connectionId, normalised(capture, cursor))
  const next = lanes.map((lane) => ({ lane, record: nextDeliveredRecord(world, lane) }))
  next.sort((one, other) => one.record - other.record)
  return next[0]!.record < capture.length ? next[0]!.lane : null
}

/** The stop at which the unit that the lane's next recorded byte is in was delivered; null when none was. */
export function unitStopAfter(world: World, lane: Lane): Cursor | null {
  return laneStopAfter(world, lane, 'unit')[0] ?? null
}

/** A delivered record entered to its last byte is the same world as the next record not entered. */
function normalised(capture: CaptureReader, cursor: Cursor): Cursor {
  const isWhole = cursor.bytes > 0 && cursor.bytes >= capture.head(cursor.record).size
  return isWhole ? { record: cursor.record + 1, bytes: 0 } : cursor
}

function laneStopAfter(world: World, lane: Lane, granularity: Granularity): Cursor[] {
  const total = deliveredLength(worldAtEnd(world), lane)
  if (deliveredLength(world, lane) < total) {
    return [stopAfterBytes(world, lane, Math.min(total, stepEnd(world, lane, granularity)))]
  }
  return endsAhead(world, lane)
    .slice(0, 1)
    .map((record) => settledAfter(world, record))
}

/** Gate-stream offset at which the byte, field or unit that the lane's next delivered byte is in ends. */
function stepEnd(world: World, lane: Lane, granularity: Granularity): number {
  const delivered = deliveredLength(world, lane)
  const held = heldLength(world, lane)
  if (granularity !== 'all') return partHolding(world, lane, delivered, granularity).end
  return held > 0 ? delivered + held : partHolding(world, lane, delivered, 'unit').end
}

/** The lane's last stops at or before the cursor: enough of them that one lies before it, unless none does. */
function laneStopsUntil(world: World, lane: Lane, granularity: BackGranularity): Cursor[] {
  const stops = lastBoundaries(world, lane, granularity).map((end) => stopAfterBytes(world, lane, end))
  const ends = deliveredEndRecords(world, lane).filter((record) => record < world.cursor.record)
  return [...stops, ...ends.map((record) => settledAfter(world, record))]
}

/** What is delivered, when a byte, field or unit ends there, and the boundary before it; never 0. */
function lastBoundaries(world: World, lane: Lane, granularity: BackGranularity): number[] {
  const delivered = deliveredLength(world, lane)
  if (delivered === 0) return []
  const isBoundary =
    delivered === deliveredLength(worldAtEnd(world), lane) ||
    partHolding(world, lane, delivered, granularity).start === delivered
  const before = partHolding(world, lane, delivered - 1, granularity).start
  return [...(isBoundary ? [delivered] : []), before].filter((offset) => offset > 0)
}

/** The byte, field or unit that holds a byte delivered at some time in the log. */
function partHolding(world: World, lane: Lane, offset: number, granularity: BackGranularity) {
  const end = worldAtEnd(world)
  switch (granularity) {
    case 'byte':
      return { start: offset, end: offset + 1 }
    case 'field':
      return leafHolding(end, lane, offset)
    case 'unit':
      return unitHolding(end, lane, offset)!
    default:
      return unreachable(granularity)
  }
}

/** The stop once the lane's delivered stream is `end` bytes long. */
function stopAfterBytes(world: World, lane: Lane, end: number): Cursor {
  const record = world.connection.deliveredBy(lane, end - 1)
  const head = world.capture.head(record)
  const bytes = end - head.start
  return bytes < head.size ? { record, bytes } : settledAfter(world, record)
}

/** Just before the connection's next delivered record after `record`: the reactions in between are taken in. */
function settledAfter(world: World, record: number): Cursor {
  const after: World = { ...world, cursor: { record: record + 1, bytes: 0 } }
  return { record: Math.min(...lanes.map((lane) => nextDeliveredRecord(after, lane))), bytes: 0 }
}

/** Log index of the lane's first delivered bytes or end after the cursor; the log's length when there are none. */
function nextDeliveredRecord(world: World, lane: Lane): number {
  const delivered = deliveredLength(world, lane)
  if (delivered < deliveredLength(worldAtEnd(world), lane)) return world.connection.deliveredBy(lane, delivered)
  return endsAhead(world, lane)[0] ?? world.capture.length
}

/** Log indices of the lane's ends that are delivered after the cursor. */
function endsAhead(world: World, lane: Lane): number[] {
  return deliveredEndRecords(world, lane).filter((record) => record >= world.cursor.record)
}
