// A breakpoint's expression made from a unit: hold before every unit like this one.
import { type Lane, lanes, senderOf } from '../../shared/bytes/lanes.ts'
import type { LadderRow } from '../../shared/capture/view.ts'
import { ladderRows } from '../../shared/capture/views.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { Run } from '../lab/types.ts'

/** Held units that are looked at to find the one at an offset. */
const mostHeld = 1_000

/** The expression every unit like the one at `offset` meets; without an offset, like the next one to be let through. */
export function likeUnit(run: Run, lane: Lane | undefined, offset: number | undefined): Result<string> {
  const row = offset === undefined ? nextRow(run, lane) : rowAt(run, lane, offset)
  if (!row) return failure('There is no unit there to break at: give the lane and an offset inside a unit.')
  const { kind, opcode } = row
  if (kind === 'fin' || kind === 'reset' || kind === 'dropped') {
    return failure('A breakpoint holds before a unit; the end of a stream and dropped bytes are none.')
  }
  return success(`lane=${senderOf(row.lane)} kind=${kind}${opcode ? ` opcode=${opcode}` : ''}`)
}

function nextRow(run: Run, lane: Lane | undefined): LadderRow | undefined {
  const next = lane ?? run.view().next?.lane
  return openRows(run).find((row) => row.lane === next)
}

function rowAt(run: Run, lane: Lane | undefined, offset: number): LadderRow | undefined {
  const { capture } = run
  const { connection: id, cursor } = run.view()
  const connection = capture.connection(id)
  const wanted = lane ? [lane] : lanes
  const done = wanted.map((each) => connection.rowHolding(each, offset)).find((index) => index >= 0)
  if (done !== undefined && done < connection.rowCountAt(cursor))
    return ladderRows(capture, id, cursor, done, 1).rows[0]
  return openRows(run).find((row) => wanted.includes(row.lane) && offset >= row.span.start && offset < row.span.end)
}

/** Units not wholly let through yet. */
function openRows(run: Run): readonly LadderRow[] {
  const { connection: id, cursor } = run.view()
  return ladderRows(run.capture, id, cursor, run.capture.connection(id).rowCountAt(cursor), mostHeld).rows
}
