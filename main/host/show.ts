// `show`: what a panel of the window shows, as lines.
import { type Lane, lanes } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import {
  bytesView,
  connectionView,
  faultViews,
  ladderRows,
  messageViews,
  segmentViews,
  textView,
  transitionViews,
  unitView,
} from '../../shared/capture/views.ts'
import type { ArgsOf } from '../../shared/commands/command.ts'
import { jsonLines } from '../../shared/commands/jsonText.ts'
import type { commands } from '../../shared/commands/registry.ts'
import {
  byteLines,
  dim,
  faultLines,
  messageLines,
  segmentLines,
  stateLines,
  unitLines,
  wireLines,
} from '../../shared/commands/transcript.ts'
import type { ConsoleLine } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { Run } from '../lab/types.ts'

type What = ArgsOf<(typeof commands)['show']>['what']

/** Lines a `show` prints at most; the newest are kept. */
const mostRows = 500
const mostBytes = 1_024

export function showLines(
  run: Run,
  what: What,
  lane: Lane | undefined,
  offset: number | undefined,
): Result<readonly ConsoleLine[]> {
  const { capture } = run
  const { connection: id, cursor } = run.view()
  const newest = <R>(page: (from: number, count: number) => { readonly total: number; readonly rows: readonly R[] }) =>
    lastPage(page, offset)
  switch (what) {
    case 'ladder':
      return success(
        listed(
          wireLines(
            newest((from, count) => ladderRows(capture, id, cursor, from, count)),
            [],
          ),
          'units',
        ),
      )
    case 'bytes':
      return success(bytesOf(run, lane, offset))
    case 'fields':
      return fieldsOf(run, lane, offset)
    case 'json':
      return jsonOf(run, lane, offset)
    case 'states': {
      const made = newest((from, count) => transitionViews(capture, id, cursor, from, count))
      return success(stateLines(connectionView(capture, id, cursor), made))
    }
    case 'faults':
      return success(
        listed(faultLines(newest((from, count) => faultViews(capture, id, cursor, from, count))), 'faults'),
      )
    case 'messages':
      return success(
        listed(messageLines(newest((from, count) => messageViews(capture, id, cursor, from, count))), 'messages'),
      )
    case 'segments':
      return success(
        listed(segmentLines(newest((from, count) => segmentViews(capture, id, cursor, from, count))), 'segments'),
      )
    default:
      return unreachable(what)
  }
}

function lastPage<R>(
  page: (from: number, count: number) => { readonly total: number; readonly rows: readonly R[] },
  from: number | undefined,
): readonly R[] {
  const { total } = page(0, 0)
  return page(from ?? Math.max(0, total - mostRows), mostRows).rows
}

function listed(lines: readonly ConsoleLine[], what: string): readonly ConsoleLine[] {
  return lines.length > 0 ? lines : [dim(`no ${what} yet`)]
}

function bytesOf(run: Run, lane: Lane | undefined, offset = 0): readonly ConsoleLine[] {
  const { connection, cursor } = run.view()
  const asked = lane ? [lane] : lanes
  return asked.flatMap((each) => byteLines(bytesView(run.capture, connection, cursor, each, offset, mostBytes)))
}

function fieldsOf(run: Run, lane: Lane | undefined, offset: number | undefined): Result<readonly ConsoleLine[]> {
  const place = placeOf(run, lane, offset)
  if (!place) return success([dim('no units yet')])
  const { connection, cursor } = run.view()
  const unit = unitView(run.capture, connection, cursor, place.lane, place.offset)
  return unit ? success(unitLines(unit)) : failure(`There is no byte ${place.offset} on that lane yet.`)
}

function jsonOf(run: Run, lane: Lane | undefined, offset: number | undefined): Result<readonly ConsoleLine[]> {
  const place = placeOf(run, lane, offset)
  if (!place) return success([dim('no units yet')])
  const { connection, cursor } = run.view()
  const text = textView(run.capture, connection, cursor, place.lane, place.offset)
  return text
    ? success(jsonLines(text, mostRows))
    : failure(`The unit at byte ${place.offset} of that lane is no part of a text: show ladder lists the units.`)
}

/** The unit at the offset; without one, the unit that was let through last, wholly or in part. */
function placeOf(run: Run, lane: Lane | undefined, offset: number | undefined) {
  return offset === undefined ? lastTouched(run, lane) : { lane: lane ?? ('clientToServer' as const), offset }
}

function lastTouched(run: Run, lane: Lane | undefined): { readonly lane: Lane; readonly offset: number } | null {
  const { connection: id, cursor } = run.view()
  const done = run.capture.connection(id).rowCountAt(cursor)
  const { rows } = ladderRows(run.capture, id, cursor, Math.max(0, done - mostRows), mostRows + 8)
  const touched = rows.filter((row) => row.delivered > 0 && (!lane || row.lane === lane)).at(-1)
  return touched ? { lane: touched.lane, offset: touched.span.start } : null
}
