// Moving through what is recorded.
import type { Lane } from '../../shared/bytes/lanes.ts'
import { type Cursor, compareCursors, type Time } from '../../shared/capture/record.ts'
import { nextDeliveredLane, nextLane } from '../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'

/** Milliseconds the longest pause lasts when a recording plays. */
const longestPause = 1000

export function isAtEnd(capture: CaptureReader, cursor: Cursor): boolean {
  return compareCursors(cursor, capture.end) >= 0
}

/** The lane that the next thing delivered after the cursor is on: as recorded, and at the end of the log as held. */
export function upcomingLane(capture: CaptureReader, connection: number, cursor: Cursor): Lane | null {
  return nextDeliveredLane(capture, connection, cursor) ?? nextLane(capture, connection, capture.end)
}

/** The cursor as one that exists in the log, or a sentence. */
export function checkCursor(capture: CaptureReader, { record, bytes }: Cursor): Result<Cursor> {
  if (record < 0 || record > capture.length) {
    return failure(`There is no record ${record}: the log has ${capture.length}. Choose 0 to ${capture.length}.`)
  }
  if (bytes === 0) return success({ record, bytes })
  const size = record < capture.length && capture.head(record).kind === 'delivered' ? capture.head(record).size : 0
  if (bytes > 0 && size === 0)
    return failure(`Record ${record} delivers no bytes to stop between: choose ${record} alone.`)
  if (bytes < 0 || bytes > size) {
    return failure(`Record ${record} delivers ${size} bytes; choose a place from 0 to ${size} in it.`)
  }
  return success(bytes === size ? { record: record + 1, bytes: 0 } : { record, bytes })
}

/** How far playing goes in `budget` milliseconds of recorded time, and what is left of the budget then. */
export function playFor(capture: CaptureReader, from: number, budget: number): { record: number; left: number } {
  let record = from
  let left = budget
  while (record < capture.length) {
    const pause = pauseBefore(capture, record)
    if (pause > left) break
    left -= pause
    record += 1
  }
  return { record, left }
}

function pauseBefore(capture: CaptureReader, record: number): Time {
  if (record === 0) return 0
  const pause = capture.head(record).time - capture.head(record - 1).time
  return Math.min(longestPause, Math.max(0, pause))
}
