// What is under way as of a cursor: the unfinished unit of each lane, the units held behind it, and held ends.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { countWhile } from './columns.ts'
import type { Cursor, StreamEnd } from './record.ts'
import { deliveredLength, heldLength, type LaneUnit, openUnits, type World } from './viewsUnits.ts'

export type OpenRow =
  | { readonly kind: 'unit'; readonly lane: Lane; readonly unit: LaneUnit }
  | { readonly kind: 'end'; readonly lane: Lane; readonly how: StreamEnd }

/** Both lanes' open rows: units in flight first, then in the order their first byte, or the end, arrived. */
export function openRows(world: World): OpenRow[] {
  const [one, other] = lanes.map((lane) => placedRows(world, laneRows(world, lane))) as [PlacedRow[], PlacedRow[]]
  const merged: PlacedRow[] = []
  let taken = 0
  for (const placed of one) {
    while (taken < other.length && !comesFirst(placed, other[taken]!)) merged.push(other[taken++]!)
    merged.push(placed)
  }
  return [...merged, ...other.slice(taken)].map(({ row }) => row)
}

/** The units of which some bytes were let through and some not: the first rows of `openRows`, found without the others. */
export function rowsInFlight(world: World): OpenRow[] {
  const rows = lanes.flatMap((lane) => {
    const boundary = world.connection.boundaryAt(lane, world.cursor)
    if (deliveredLength(world, lane) === boundary) return []
    return openUnits(world, lane, boundary + 1).map((unit): OpenRow => ({ kind: 'unit', lane, unit }))
  })
  return placedRows(
    world,
    rows.filter((row) => isInFlight(world, row)),
  )
    .sort((one, other) => one.arrival - other.arrival)
    .map(({ row }) => row)
}

/** A row with what decides its place. */
interface PlacedRow {
  readonly row: OpenRow
  readonly flying: boolean
  readonly arrival: number
}

function placedRows(world: World, rows: readonly OpenRow[]): PlacedRow[] {
  return rows.map((row) => ({ row, flying: isInFlight(world, row), arrival: arrivalOf(world, row) }))
}

function laneRows(world: World, lane: Lane): OpenRow[] {
  const units: OpenRow[] = openUnits(world, lane).map((unit) => ({ kind: 'unit', lane, unit }))
  const how = heldEnd(world, lane)
  return how === null ? units : [...units, { kind: 'end', lane, how }]
}

function comesFirst(one: PlacedRow, other: PlacedRow): boolean {
  return one.flying === other.flying ? one.arrival <= other.arrival : one.flying
}

/** Whether some of the unit's bytes were let through. */
export function isInFlight(world: World, row: OpenRow): boolean {
  return row.kind === 'unit' && row.unit.start < deliveredLength(world, row.lane)
}

/** Log index of the record that brought the row's first byte, or the end: to the receiver if it got there, else to the gate. */
export function arrivalOf(world: World, row: OpenRow): number {
  const { connection, cursor } = world
  if (row.kind === 'end') return sentEndRecord(world, row.lane)
  return isInFlight(world, row)
    ? connection.deliveredBy(row.lane, row.unit.start)
    : connection.arrivedBy(row.lane, cursor, row.unit.start)
}

/** How a lane's stream ended at its sender, when the receiver has not been told yet. A reset may follow a FIN. */
export function heldEnd({ connection, cursor }: World, lane: Lane): StreamEnd | null {
  const sent = connection.sentEndAt(lane, cursor)
  const delivered = connection.deliveredEndAt(lane, cursor)
  return delivered === null || (delivered === 'fin' && sent === 'reset') ? sent : null
}

/** Whether there is anything to let through on a lane: bytes, or the end. */
export function holdsAnything(world: World, lane: Lane): boolean {
  return heldLength(world, lane) > 0 || heldEnd(world, lane) !== null
}

/** Log index of what has waited longest on a lane: its first held byte, or its end when no byte is held. */
export function firstArrival(world: World, lane: Lane): number {
  return heldLength(world, lane) > 0
    ? world.connection.arrivedBy(lane, world.cursor, deliveredLength(world, lane))
    : sentEndRecord(world, lane)
}

/** Log index of the record by which the lane's sender ended its half of the stream, as of the cursor. */
function sentEndRecord({ capture, connection, cursor }: World, lane: Lane): number {
  const how = connection.sentEndAt(lane, cursor)
  return recordThatMade(capture.length, (at) => connection.sentEndAt(lane, at) === how)
}

/** Log indices of the records by which the receiver was told of the end of the lane's stream: a FIN, a reset, both. */
export function deliveredEndRecords({ capture, connection }: World, lane: Lane): number[] {
  const whole = connection.deliveredEndAt(lane, capture.end)
  if (whole === null) return []
  const first = recordThatMade(capture.length, (at) => connection.deliveredEndAt(lane, at) !== null)
  const last = recordThatMade(capture.length, (at) => connection.deliveredEndAt(lane, at) === whole)
  return first === last ? [first] : [first, last]
}

/** The first record with which `holds` is true; from then on it stays true. */
function recordThatMade(length: number, holds: (cursor: Cursor) => boolean): number {
  return countWhile(length, (record) => !holds({ record: record + 1, bytes: 0 }))
}
