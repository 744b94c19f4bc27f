// All rows of a connection that an expression asks for, found a few at a time so that whoever looks may do other things
// in between. Of each match four bytes are kept.
import type { Span } from '../bytes/span.ts'
import { type Column, countWhile, createU32Column } from './columns.ts'
import type { Matcher } from './matcher.ts'
import type { Cursor } from './record.ts'
import { doneSubject, openSubject } from './rowSubjects.ts'
import type { CaptureReader } from './types.ts'
import type { LadderRow } from './view.ts'
import { ladderRows } from './viewsLadder.ts'
import { openRows } from './viewsOpen.ts'
import { indicesIn, type ListPage } from './viewsPage.ts'
import { type World, worldAt, worldReadingAhead } from './viewsUnits.ts'

export interface RowSearch {
  readonly connection: number
  readonly matcher: Matcher
  /** Rows of the index looked at so far: [0, searched). */
  readonly searched: number
  /** Indices of those that match, in order. */
  readonly matches: Pick<Column, 'length' | 'get'>
  /** Looks at up to `count` more; answers whether there are more. */
  advance(count: number): boolean
}

/** A search that has looked at nothing yet. */
export function createRowSearch(capture: CaptureReader, connection: number, matcher: Matcher): RowSearch {
  const matches = createU32Column()
  let searched = 0
  return {
    connection,
    matcher,
    matches,
    get searched() {
      return searched
    },
    advance(count) {
      const world = worldReadingAhead(worldAt(capture, connection, capture.end))
      const { rowCount } = world.connection
      const until = Math.min(rowCount, searched + count)
      for (; searched < until; searched += 1) {
        if (matcher.matches(doneSubject(world, searched)) === true) matches.push(searched)
      }
      return searched < rowCount
    },
  }
}

/** The ladder's rows that match, as far as was searched, as of a cursor. */
export interface MatchedRows {
  readonly total: number
  /** Ladder index of match number `place`. */
  rowAt(place: number): number
}

/** Complete rows come from the search; the open ones are looked at now. */
export function matchedRows(capture: CaptureReader, cursor: Cursor, search: RowSearch): MatchedRows {
  const world = worldAt(capture, search.connection, cursor)
  const done = world.connection.rowCountAt(cursor)
  const found = countWhile(search.matches.length, (place) => search.matches.get(place) < done)
  const open = openMatches(world, search.matcher).map((place) => done + place)
  return {
    total: found + open.length,
    rowAt: (place) => (place < found ? search.matches.get(place) : open[place - found]!),
  }
}

function openMatches(world: World, matcher: Matcher): number[] {
  return openRows(world).flatMap((row, place) => (matcher.matches(openSubject(world, row)) === true ? [place] : []))
}

/** Matches [from, from + count) as rows of the ladder. */
export function matchingLadderRows(
  capture: CaptureReader,
  cursor: Cursor,
  search: RowSearch,
  from: number,
  count: number,
): ListPage<LadderRow> {
  const { total, rowAt } = matchedRows(capture, cursor, search)
  const places = indicesIn(from, Math.min(total, from + count))
  const rows = places.flatMap((place) => ladderRows(capture, search.connection, cursor, rowAt(place), 1).rows)
  return { total, rows }
}

/** One of the rows that match, and where in its bytes that shows. */
export interface Match {
  /** How many match, as far as was searched. */
  readonly total: number
  readonly row: LadderRow | null
  readonly hits: readonly Span[]
}

/** Match number `place`; without a row when there are not so many. */
export function matchAt(capture: CaptureReader, cursor: Cursor, search: RowSearch, place: number): Match {
  const { total, rowAt } = matchedRows(capture, cursor, search)
  if (place >= total) return { total, row: null, hits: [] }
  const world = worldAt(capture, search.connection, cursor)
  const index = rowAt(place)
  const done = world.connection.rowCountAt(cursor)
  const subject = index < done ? doneSubject(world, index) : openSubject(world, openRows(world)[index - done]!)
  const row = ladderRows(capture, search.connection, cursor, index, 1).rows[0] ?? null
  return { total, row, hits: search.matcher.hits(subject) }
}
