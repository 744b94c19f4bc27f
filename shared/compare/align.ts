// Ladders side by side: units that do the same stand on the same row.
import type { Lane } from '../bytes/lanes.ts'
import type { Cursor } from '../capture/record.ts'
import type { CaptureReader, ConnectionCapture } from '../capture/types.ts'
import type { LadderRow } from '../capture/view.ts'
import { ladderRows, unitView } from '../capture/views.ts'
import { leavesOf } from '../endpoint/describe.ts'
import type { ComparedCell, ComparedRow } from './types.ts'

/** A cell with the name of what it does: cells of the same lane, name and number in a phase are aligned. */
export interface NamedCell extends ComparedCell {
  readonly name: string
}

/** What was delivered between two cursors, in order. A connection has one run, so all of it is its doing. */
export function cellsBetween(
  capture: CaptureReader,
  connection: ConnectionCapture,
  from: Cursor,
  to: Cursor,
): NamedCell[] {
  const [first, end] = [connection.rowCountAt(from), connection.rowCountAt(to)]
  const { rows } = ladderRows(capture, connection.id, to, first, end - first)
  return rows.map((row) => cellOf(capture, connection, row))
}

function cellOf(capture: CaptureReader, connection: ConnectionCapture, row: LadderRow): NamedCell {
  const { lane, label, preview, tone, kind, span, index, fault } = row
  const keyBytes = kind === 'frame' ? keyBytesOf(capture, connection, row) : 0
  return {
    ...{ lane, label, preview, tone, keyBytes, name: nameOf(row) },
    size: kind === 'dropped' ? 0 : span.end - span.start,
    masked: keyBytes > 0,
    http: kind === 'request' || kind === 'response',
    ...(fault && { fault }),
    offset: span.start,
    cursor: connection.row(index).completed,
  }
}

function keyBytesOf(capture: CaptureReader, { id }: ConnectionCapture, { lane, span }: LadderRow): number {
  const unit = unitView(capture, id, capture.end, lane, span.start)
  const keys = leavesOf(unit?.fields ?? []).filter(({ role }) => role === 'mask')
  return keys.reduce((sum, { start, end }) => sum + end - start, 0)
}

function nameOf({ kind, opcode }: LadderRow): string {
  if (kind === 'fin') return 'end of the stream'
  if (kind === 'reset') return 'reset'
  if (kind !== 'frame') return kind === 'request' || kind === 'response' || kind === 'dropped' ? kind : proofName
  if (opcode === 'hello') return proofName
  return opcode ?? 'unknown frame'
}

/** What each dialect has between the heads and the first message. */
export const proofName = 'proof'

/** Rows of a phase from what each column delivered in it. The order of every column is kept where columns agree. */
export function aligned(columns: readonly (readonly NamedCell[])[]): readonly ComparedRow[] {
  const keyed = columns.map((cells) => numbered(cells))
  const order: string[] = []
  for (const cells of keyed) {
    let place = 0
    for (const key of cells.keys()) {
      const at = order.indexOf(key)
      if (at < 0) order.splice(place, 0, key)
      place = (at < 0 ? place : at) + 1
    }
  }
  return order.map((key) => {
    const cells = keyed.map((column) => column.get(key) ?? null)
    const { lane, name } = cells.find((cell) => cell !== null)!
    return { lane, name, cells: cells.map((cell) => cell && withoutName(cell)) }
  })
}

/**
 * Keys are equal for what stands on one row: the first text with the first text. A proof goes by the flight it is part
 * of, since some clients prove themselves with the request and some once the server has.
 */
function numbered(cells: readonly NamedCell[]): ReadonlyMap<string, NamedCell> {
  const seen = new Map<string, number>()
  let flight = 0
  return new Map(
    cells.map((cell, index) => {
      if (cell.lane !== cells[index - 1]?.lane) flight += 1
      const what = `${cell.lane} ${cell.name}${cell.name === proofName ? ` in flight ${flight}` : ''}`
      const number = (seen.get(what) ?? 0) + 1
      seen.set(what, number)
      return [`${what} ${number}`, cell]
    }),
  )
}

function withoutName({ name: _, ...cell }: NamedCell): ComparedCell {
  return cell
}

/** Bytes of a phase by lane. */
export function bytesOf(cells: readonly ComparedCell[]): Readonly<Record<Lane, number>> {
  const on = (lane: Lane) => cells.reduce((sum, cell) => sum + (cell.lane === lane ? cell.size : 0), 0)
  return { clientToServer: on('clientToServer'), serverToClient: on('serverToClient') }
}
