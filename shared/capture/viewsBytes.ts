// The bytes of a lane and which field each is in, for the part that is looked at.
import type { Lane } from '../bytes/lanes.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader } from './types.ts'
import type { BytesView, Leaf } from './view.ts'
import { unitLeaves } from './viewsDescribe.ts'
import { linkedUnits } from './viewsFragments.ts'
import { deliveredLength, gateLength, readGate, type World, worldAt } from './viewsUnits.ts'

/** Bytes answered at once, at most. */
export const longestBytesView = 65536

/** Bytes [from, from + count) of a lane's gate stream as of the cursor, at most `longestBytesView` of them. */
export function bytesView(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
  from: number,
  count: number,
): BytesView {
  const world = worldAt(capture, connectionId, cursor)
  const length = gateLength(world, lane)
  const start = Math.min(from, length)
  const end = Math.min(length, start + Math.min(count, longestBytesView))
  return {
    ...{ lane, length, from: start },
    delivered: deliveredLength(world, lane),
    bytes: readGate(world, lane, start, end),
    leaves: leavesBetween(world, lane, start, end),
    edits: world.connection
      .editsAt(lane, cursor)
      .filter((edit) => edit.start < end && Math.max(edit.end, edit.start + 1) > start),
  }
}

function leavesBetween(world: World, lane: Lane, start: number, end: number): Leaf[] {
  const units = start < end ? linkedUnits(world, lane, start, end) : []
  return units.flatMap((linked) => unitLeaves(world, linked)).filter((leaf) => leaf.start < end && leaf.end > start)
}
