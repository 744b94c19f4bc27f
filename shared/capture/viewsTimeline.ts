// The timeline: the whole log on one scale, thinned so that it can be drawn.
import { faultInfo } from '../faults/catalogue.ts'
import { type Cursor, compareCursors } from './record.ts'
import type { CaptureReader, ConnectionCapture } from './types.ts'
import type { TimelineMark } from './view.ts'
import { doneRow } from './viewsLadder.ts'
import { type World, worldAt } from './viewsUnits.ts'

/** Marks at most. */
export const mostMarks = 400

/**
 * Marks for a connection's whole log: its rows, thinned evenly, and every fault, edit and note; when these alone are
 * more than `mostMarks`, they are thinned too. In the order they happened. `at` is the place by record, 0 to 1.
 */
export function timelineMarks(capture: CaptureReader, connectionId: number): readonly TimelineMark[] {
  const connection = capture.connection(connectionId)
  const known = made.get(connection)
  if (known?.length === capture.length) return known.marks
  const marks = makeMarks(worldAt(capture, connectionId, capture.end))
  made.set(connection, { length: capture.length, marks })
  return marks
}

/** The window asks again at every step, and they only change when more was recorded. */
const made = new WeakMap<ConnectionCapture, { readonly length: number; readonly marks: readonly TimelineMark[] }>()

function makeMarks(world: World): readonly TimelineMark[] {
  const { faults, asides, rowCount } = world.connection
  const special = spread(faults.length + asides.length, mostMarks).map((index) => specialMark(world, index))
  const rows = spread(rowCount, mostMarks - special.length).map((index) => rowMark(world, index))
  return [...rows, ...special].sort((a, b) => compareCursors(a.cursor, b.cursor))
}

/** Indices below `total`, all of them or `most` evenly apart, the first and the last always. */
function spread(total: number, most: number): number[] {
  const length = Math.min(total, Math.max(0, most))
  if (length === total) return Array.from({ length }, (_, index) => index)
  if (length === 1) return [total - 1]
  return Array.from({ length }, (_, place) => Math.round((place * (total - 1)) / (length - 1)))
}

function rowMark(world: World, index: number): TimelineMark {
  const { lane, label, tone, time } = doneRow(world, index)
  const { completed } = world.connection.row(index)
  return { ...placeOf(world, completed), lane, label, tone, time }
}

/** Faults first, then edits and notes. */
function specialMark(world: World, index: number): TimelineMark {
  const { faults, asides } = world.connection
  const fault = faults[index]
  if (fault === undefined) return asideMark(world, asides[index - faults.length]!)
  const { lane, code, time } = fault
  const tone = faultInfo(code).severity === 'violation' ? 'fault' : 'warning'
  return { ...placeOf(world, fault.cursor), lane, label: code, tone, time }
}

function asideMark(world: World, index: number): TimelineMark {
  const record = world.capture.record(index)
  const place = { ...placeOf(world, { record: index + 1, bytes: 0 }), time: record.time, tone: 'note' as const }
  if (record.kind === 'note') return { ...place, label: record.text }
  if (record.kind === 'edit') return { ...place, lane: record.lane, label: record.label }
  throw new Error(`record ${index} is neither an edit nor a note`)
}

/** By record, and inside a delivered record by byte, so that the cursor's own place on the scale agrees. */
function placeOf({ capture }: World, cursor: Cursor): Pick<TimelineMark, 'cursor' | 'at'> {
  const inside = cursor.bytes > 0 ? cursor.bytes / capture.head(cursor.record).size : 0
  return { cursor, at: (cursor.record + inside) / capture.length }
}
