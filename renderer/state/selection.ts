// What the person looks at: a unit, one of its fields, or a byte. Every pane shows the same selection.
import { type Lane, lanes } from '../../shared/bytes/lanes.ts'
import type { BitRange, Span } from '../../shared/bytes/span.ts'
import type { RunView } from '../../shared/ipc/contract.ts'

export interface Selection {
  readonly lane: Lane
  /** A byte of the unit, as a gate-stream offset. */
  readonly offset: number
  /** The field or byte picked inside the unit; null when it is the unit as a whole. */
  readonly span: Span | null
  /** Only these bytes of the span are meant: it goes on in other frames. */
  readonly parts?: readonly Span[]
  /** Set when the field is less than a byte wide. */
  readonly bits?: BitRange
  /** True when it was put there by a step and goes on with the next one. */
  readonly follows: boolean
}

function shownConnection(run: RunView) {
  return run.connections.find((connection) => connection.id === run.connection)
}

/** Bytes let through on a lane of the connection shown. */
export function deliveredOn(run: RunView, lane: Lane): number {
  return shownConnection(run)?.lanes[lane].delivered ?? 0
}

function hasEnded(run: RunView, lane: Lane): boolean {
  return (shownConnection(run)?.lanes[lane].deliveredEnd ?? null) !== null
}

/** One run, or a run and the fork that was just made of it. */
function isSameRun(before: RunView | null, after: RunView): before is RunView {
  return before !== null && (before.id === after.id || after.forkOf?.run === before.id)
}

/** True when offsets mean the same in both. */
function sharesHistory(before: RunView | null, after: RunView): before is RunView {
  return isSameRun(before, after) && before.connection === after.connection
}

/** Of the connection that is shown now: a step may have turned to it. */
function laneThatMoved(before: RunView | null, after: RunView): Lane | null {
  if (!isSameRun(before, after)) return null
  const was = before.connections.find(({ id }) => id === after.connection)
  const is = shownConnection(after)
  if (!was || !is) return null
  const moved = (lane: Lane) =>
    was.lanes[lane].delivered !== is.lanes[lane].delivered ||
    was.lanes[lane].deliveredEnd !== is.lanes[lane].deliveredEnd
  return lanes.find(moved) ?? null
}

function laneWithBytes(run: RunView): Lane | null {
  return lanes.find((lane) => deliveredOn(run, lane) > 0) ?? null
}

/**
 * Where the selection goes when the world changed: to the byte let through last, or behind it when the stream's end
 * was; before the first, to the byte the next step lets through.
 */
export function followCursor(before: RunView | null, after: RunView, now: Selection | null): Selection | null {
  const lane = laneThatMoved(before, after) ?? (now && sharesHistory(before, after) ? now.lane : laneWithBytes(after))
  const delivered = lane === null ? 0 : deliveredOn(after, lane)
  if (lane !== null && delivered > 0) {
    const offset = hasEnded(after, lane) ? delivered : delivered - 1
    return { lane, offset, span: null, follows: true }
  }
  return after.next ? { lane: after.next.lane, offset: 0, span: null, follows: true } : now
}

/** True when the cursor moved, or another run or connection is shown. */
export function cursorMoved(before: RunView | null, after: RunView): boolean {
  return (
    before === null ||
    before.id !== after.id ||
    before.connection !== after.connection ||
    before.cursor.record !== after.cursor.record ||
    before.cursor.bytes !== after.cursor.bytes
  )
}
