// The ladder: what is done as of the cursor, in the order it became complete, then what is under way and what is held.
// Only the rows asked for are described.
import { type Lane, lanes, senderOf } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { summariseUnit } from '../endpoint/describe.ts'
import type { Cursor, StreamEnd, Time } from './record.ts'
import type { CaptureReader, IndexRow } from './types.ts'
import type { LadderRow, Tone } from './view.ts'
import { summaryBytes, unitInput } from './viewsDescribe.ts'
import { editMarker } from './viewsEdits.ts'
import { faultsOn, worstOf } from './viewsFaults.ts'
import { createLinker, type Linker, linkedUnit, type MessageStart } from './viewsFragments.ts'
import { arrivalOf, heldEnd, type OpenRow, openRows, rowsInFlight } from './viewsOpen.ts'
import { indicesIn, type ListPage } from './viewsPage.ts'
import {
  deliveredLength,
  type LaneUnit,
  opcodeNameOf,
  recordBefore,
  unitOfRow,
  type World,
  worldAt,
} from './viewsUnits.ts'

/**
 * Rows [from, from + count) of the ladder as of the cursor: the complete ones, then the unfinished and held units of
 * both lanes, those in flight first and the others in the order their first byte arrived. A held end is a row too.
 */
export function ladderRows(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): ListPage<LadderRow> {
  const world = worldAt(capture, connectionId, cursor)
  const done = world.connection.rowCountAt(cursor)
  const open = openRows(world)
  const total = done + open.length
  const end = Math.min(total, from + count)
  const sketches = [
    ...sketchDone(world, from, Math.min(end, done)),
    ...(end > done ? sketchOpen(world, open, done).slice(Math.max(0, from - done), end - done) : []),
  ]
  const rows = sketches.map((sketch) => sketch())
  return { total, rows: finished(world, rows) }
}

/**
 * What passed as of the cursor from row `from` on, at most `count` rows, and then the units in flight: the same rows as
 * of `ladderRows`, without a look at what is held behind them.
 */
export function passedRows(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): LadderRow[] {
  const world = worldAt(capture, connectionId, cursor)
  const done = world.connection.rowCountAt(cursor)
  const sketches = [
    ...sketchDone(world, from, Math.min(done, from + count)),
    ...sketchOpen(world, rowsInFlight(world), done),
  ]
  return finished(
    world,
    sketches.map((sketch) => sketch()),
  )
}

/** One row of the connection's index, as the timeline marks it. */
export function doneRow(world: World, index: number): Pick<LadderRow, 'lane' | 'label' | 'tone' | 'time'> {
  return sketchDone(world, index, index + 1)[0]!()
}

/** What a lane lets through next: its unfinished or first held unit, or its held end. Something must be held. */
export function nextLabel(world: World, lane: Lane): string {
  const linked = linkedUnit(world, lane, deliveredLength(world, lane))
  if (linked) return summariseUnit(unitInput(world, linked, summaryBytes)).label
  return endLabels[heldEnd(world, lane) ?? 'fin']
}

/** A row without what faults and edits say of it. */
type Sketch = Omit<LadderRow, 'connection' | 'fault' | 'edited'>

function finished(world: World, sketches: readonly Sketch[]): LadderRow[] {
  const faults = lanes.flatMap((lane) => faultsOn(world, lane, hull(sketches.filter((sketch) => sketch.lane === lane))))
  const editOn = editMarker(world)
  return sketches.map((sketch) => {
    const isDropped = sketch.kind === 'dropped'
    const fault = isDropped ? undefined : worstOf(faults, sketch.lane, sketch.span)
    const edited = isDropped ? 'dropped' : editOn(sketch.lane, sketch.span)
    return { ...sketch, connection: world.connection.id, ...(fault && { fault }), ...(edited && { edited }) }
  })
}

/** From the first byte of any of them to past the last, so that an empty fault at the very end is in it too. */
function hull(sketches: readonly Sketch[]): Span {
  const start = Math.min(...sketches.map(({ span }) => span.start))
  return { start, end: Math.max(start, ...sketches.map(({ span }) => span.end)) + 1 }
}

/** Rows are made when called, since a page needs to know of rows outside it. */
function sketchDone(world: World, from: number, to: number): (() => Sketch)[] {
  const { connection, capture } = world
  const linkers: Partial<Record<Lane, Linker>> = {}
  return indicesIn(from, to).map((index) => {
    const row = connection.row(index)
    const { time } = capture.head(recordBefore(row.completed))
    const unit = unitOfRow(row)
    if (unit === null) return () => endOrDrop(row, index, time)
    linkers[row.lane] ??= createLinker(world, row.lane, unit.start)
    const message = linkers[row.lane]!(unit)
    return () => unitSketch(world, unit, index, time, message, (start) => connection.rowHolding(row.lane, start))
  })
}

function sketchOpen(world: World, open: readonly OpenRow[], done: number): (() => Sketch)[] {
  const { connection, capture, cursor } = world
  const indices = openIndices(open, done)
  const linkers = Object.fromEntries(
    lanes.map((lane) => [lane, createLinker(world, lane, connection.boundaryAt(lane, cursor))]),
  ) as Record<Lane, Linker>
  return open.map((row, place) => {
    const timeOf = () => capture.head(arrivalOf(world, row)).time
    const { lane } = row
    if (row.kind === 'end') {
      const at = deliveredLength(world, lane) + connection.heldLengthAt(lane, cursor)
      return () => endSketch(lane, row.how, { start: at, end: at }, done + place, timeOf())
    }
    const message = linkers[lane](row.unit)
    const rowOf = (start: number) => indices[lane].get(start) ?? connection.rowHolding(lane, start)
    return () => unitSketch(world, row.unit, done + place, timeOf(), message, rowOf)
  })
}

/** Ladder indices of the open units, by lane and first byte. */
function openIndices(open: readonly OpenRow[], done: number): Readonly<Record<Lane, ReadonlyMap<number, number>>> {
  const indices = { clientToServer: new Map<number, number>(), serverToClient: new Map<number, number>() }
  open.forEach((row, place) => {
    if (row.kind === 'unit') indices[row.lane].set(row.unit.start, done + place)
  })
  return indices
}

function unitSketch(
  world: World,
  unit: LaneUnit,
  index: number,
  time: Time,
  message: MessageStart | null,
  rowOf: (start: number) => number,
): Sketch {
  const { lane, kind, start, end, known, final } = unit
  const delivered = Math.max(0, Math.min(end, deliveredLength(world, lane)) - start)
  const opcode = opcodeNameOf(world, unit)
  const isFragment = message !== null && (message.start !== start || !final)
  return {
    ...summariseUnit(unitInput(world, { unit, message }, summaryBytes)),
    ...{ index, lane, kind, span: { start, end }, delivered, complete: known, time },
    ...(opcode && { opcode }),
    ...(kind === 'frame' && { final }),
    ...(isFragment && { messageRow: rowOf(message.start) }),
  }
}

function endOrDrop({ lane, kind, span }: IndexRow, index: number, time: Time): Sketch {
  if (kind === 'fin' || kind === 'reset') return endSketch(lane, kind, span, index, time)
  const size = span.end - span.start
  return {
    ...{ index, lane, kind, span, time, delivered: 0, complete: true, tone: 'junk' as Tone },
    label: 'dropped',
    preview: `${size} ${size === 1 ? 'byte' : 'bytes'} that never arrived`,
  }
}

function endSketch(lane: Lane, how: StreamEnd, span: Span, index: number, time: Time): Sketch {
  const sender = senderOf(lane)
  return {
    ...{ index, lane, kind: how, span, time, delivered: 0, complete: true, tone: 'end' as Tone },
    label: endLabels[how],
    preview: how === 'fin' ? `the ${sender} sends nothing more` : `the ${sender} broke the connection off`,
  }
}

const endLabels: Readonly<Record<StreamEnd, string>> = { fin: 'FIN', reset: 'RST' }
