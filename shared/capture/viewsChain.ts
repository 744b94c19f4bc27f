// The ladder of a run whose ends have nodes in between: the rows of all its legs, in one order of time.
import type { Cursor } from './record.ts'
import { compareCursors } from './record.ts'
import type { CaptureReader } from './types.ts'
import type { LadderRow } from './view.ts'
import { ladderRows } from './viewsLadder.ts'
import { indicesIn, type ListPage } from './viewsPage.ts'

/** Units under way and held that are looked at on one leg: a gate holds few. */
const mostOpen = 1_000

/**
 * Rows [from, from + count) of all connections as of the cursor: what is done in the order it became complete, then what
 * is under way, then what is held. Indices are of the whole, those of the first fragment of a message too.
 */
export function chainRows(capture: CaptureReader, cursor: Cursor, from: number, count: number): ListPage<LadderRow> {
  const done = doneOrder(capture, cursor)
  const open = openRows(capture, cursor)
  const total = done.length + open.length
  const indexOf = wholeIndices([...done, ...open])
  const rows = indicesIn(from, Math.min(total, from + count)).map((index) => {
    const place = done[index]
    const row = place ? rowAt(capture, cursor, place) : open[index - done.length]!
    const { messageRow } = row
    return { ...row, index, ...(messageRow !== undefined && { messageRow: indexOf(row.connection, messageRow) }) }
  })
  return { total, rows }
}

/** A row by its index on its own leg. */
interface Place {
  readonly connection: number
  readonly index: number
}

/** The index in the whole of a row of a leg. */
function wholeIndices(places: readonly Place[]): (connection: number, index: number) => number {
  const legs = new Map<number, Map<number, number>>()
  for (const [whole, { connection, index }] of places.entries()) {
    const leg = legs.get(connection) ?? new Map<number, number>()
    legs.set(connection, leg.set(index, whole))
  }
  return (connection, index) => legs.get(connection)!.get(index)!
}

interface DonePlace extends Place {
  readonly completed: Cursor
}

function doneOrder(capture: CaptureReader, cursor: Cursor): readonly DonePlace[] {
  const places = capture.connections.flatMap((connection) =>
    indicesIn(0, connection.rowCountAt(cursor)).map((index) => ({
      ...{ connection: connection.id, index, completed: connection.row(index).completed },
    })),
  )
  return places.sort((a, b) => compareCursors(a.completed, b.completed))
}

function rowAt(capture: CaptureReader, cursor: Cursor, { connection, index }: Place): LadderRow {
  return ladderRows(capture, connection, cursor, index, 1).rows[0]!
}

function openRows(capture: CaptureReader, cursor: Cursor): readonly LadderRow[] {
  const rows = capture.connections.flatMap(
    (connection) => ladderRows(capture, connection.id, cursor, connection.rowCountAt(cursor), mostOpen).rows,
  )
  return rows.sort((a, b) => Number(b.delivered > 0) - Number(a.delivered > 0) || a.time - b.time)
}
