// A replay beside its recording: the heads, then what both ends said, in the order of the recording.
import { equalBytes } from '../bytes/concat.ts'
import { type Lane, laneFrom, lanes, laneTo, type Role } from '../bytes/lanes.ts'
import type { StreamEnd } from '../capture/record.ts'
import type { World } from '../capture/viewsUnits.ts'
import type { HeadKind } from '../handshake/head.ts'
import { headDifference, headFacts, headPreview } from './headFacts.ts'
import { itemsOf, type SaidItem } from './items.ts'
import { type Likeness, type Pair, pairs } from './pair.ts'
import { differenceOf, previewOf } from './said.ts'
import type { ReplayCell, ReplayRow } from './types.ts'

export interface ComparedRuns {
  readonly recorded: World
  /** Of the same dialect. */
  readonly replayed: World
  /** Who was played: the other end is the living one, and its head is judged. */
  readonly role: Role
}

/** Row by row, as they are asked for. */
export function* compareRuns(runs: ComparedRuns): Iterable<ReplayRow> {
  yield* headRow(runs, 'clientToServer', 'request')
  yield* headRow(runs, 'serverToClient', 'response')
  yield* inOrder(lanes.map((lane) => laneRows(runs, lane)))
  for (const lane of lanes) yield* endRow(runs, lane)
}

function* headRow({ recorded, replayed, role }: ComparedRuns, lane: Lane, kind: HeadKind): Iterable<ReplayRow> {
  const [old, now] = [headOn(recorded, lane, kind), headOn(replayed, lane, kind)]
  if (!old && !now) return
  const differs = old && now && lane === laneTo(role) ? headDifference(old.facts, now.facts) : null
  const difference = old && now ? differs : old ? 'is missing' : 'is new'
  yield { lane, name: kind, recorded: old?.cell ?? null, replayed: now?.cell ?? null, difference }
}

function headOn({ connection, dialect }: World, lane: Lane, kind: HeadKind) {
  const index = connection.rowHolding(lane, 0)
  const row = index < 0 ? null : connection.row(index)
  if (row?.kind !== kind) return null
  const facts = headFacts(connection.readDelivered(lane, row.span.start, row.span.end), kind, dialect)
  const cell: ReplayCell = { offset: 0, cursor: row.completed, size: row.span.end, preview: headPreview(facts) }
  return { facts, cell }
}

/** A row, and the recorded unit after which it stands. */
interface PlacedRow {
  readonly row: ReplayRow
  readonly place: number
}

const likeness: Likeness<SaidItem> = {
  same: (one, other) => one.kind === other.kind && one.fault === other.fault && equalBytes(one.payload, other.payload),
  comparable: (one, other) => one.kind === other.kind || (isMessage(one) && isMessage(other)),
  size: ({ payload }) => payload.length,
}

function isMessage({ kind }: SaidItem): boolean {
  return kind === 'text' || kind === 'binary'
}

function* laneRows({ recorded, replayed }: ComparedRuns, lane: Lane): Iterable<PlacedRow> {
  let place = 0
  for (const pair of pairs(itemsOf(recorded, lane), itemsOf(replayed, lane), likeness)) {
    if (pair.recorded) place = Math.max(place, recorded.connection.rowHolding(lane, pair.recorded.span.end - 1))
    yield { place, row: rowOf(pair, lane, recorded, replayed) }
  }
}

function rowOf({ recorded, replayed, moved }: Pair<SaidItem>, lane: Lane, old: World, now: World): ReplayRow {
  const name = (recorded ?? replayed)!.kind
  const cells = {
    recorded: recorded && cellOf(recorded, lane, old),
    replayed: replayed && cellOf(replayed, lane, now),
  }
  return { lane, name, ...cells, difference: moved ? `came ${moved}` : difference(recorded, replayed) }
}

function difference(recorded: SaidItem | null, replayed: SaidItem | null): string | null {
  if (!replayed) return 'is missing'
  return recorded ? differenceOf(recorded, replayed) : 'is new'
}

function cellOf(item: SaidItem, lane: Lane, { connection, cursor }: World): ReplayCell {
  const { start, end } = item.span
  const index = connection.rowHolding(lane, end - 1)
  const complete = index < 0 ? cursor : connection.row(index).completed
  return { offset: start, cursor: complete, size: item.payload.length, preview: previewOf(item) }
}

/** Merges rows of several lanes by their places. */
function* inOrder(sources: readonly Iterable<PlacedRow>[]): Iterable<ReplayRow> {
  const heads = sources.map((source) => {
    const rows = source[Symbol.iterator]()
    return { rows, next: rows.next() }
  })
  for (;;) {
    const open = heads.filter(({ next }) => !next.done)
    if (open.length === 0) return
    const first = open.reduce((one, other) => (other.next.value.place < one.next.value.place ? other : one))
    yield first.next.value.row
    first.next = first.rows.next()
  }
}

/**
 * Ends are compared where the recording has them: one that stops before them says nothing of how it goes on. When the
 * end that is played breaks the connection off, nothing is seen any more of the other's.
 */
function* endRow({ recorded, replayed, role }: ComparedRuns, lane: Lane): Iterable<ReplayRow> {
  const old = endOn(recorded, lane)
  if (!old || endOn(recorded, laneFrom(role))?.how === 'reset') return
  const now = endOn(replayed, lane)
  const differs = now && now.how !== old.how ? `is a ${endNames[now.how]}, was a ${endNames[old.how]}` : null
  const cells = { recorded: old.cell, replayed: now?.cell ?? null }
  yield { lane, name: 'end of the stream', ...cells, difference: now ? differs : 'is missing' }
}

const endNames: Readonly<Record<StreamEnd, string>> = { fin: 'FIN', reset: 'RST' }

function endOn({ connection, cursor }: World, lane: Lane) {
  const how = connection.deliveredEndAt(lane, cursor)
  const offset = connection.deliveredLengthAt(lane, cursor)
  return how === null ? null : { how, cell: { offset, cursor, size: 0, preview: endNames[how] } satisfies ReplayCell }
}
