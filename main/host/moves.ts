// What a command did to a run, as lines for the console.
import { type Cursor, compareCursors } from '../../shared/capture/record.ts'
import { faultViews, passedRows, transitionViews } from '../../shared/capture/views.ts'
import { counted, dim, faultLines, standingLines, wireLines } from '../../shared/commands/transcript.ts'
import type { ConsoleLine } from '../../shared/ipc/contract.ts'
import type { Moved, Run } from '../lab/types.ts'

/** Rows one command prints at most; the rest is counted. */
const mostLines = 200

/** Lines for a move of `asked`'s cursor, which may have gone on in a fork. */
export function movedLines(asked: Run, moved: Moved): readonly ConsoleLine[] {
  const { run, from, to } = moved
  const forked = run.id === asked.id ? [] : [dim(`run ${run.id} goes on from here; run ${asked.id} stays as it was`)]
  const happened = compareCursors(from, to) < 0 ? happenedLines(run, from, to) : []
  const view = run.view()
  const quiet = happened.length === 0 && forked.length === 0
  const standing = quiet || view.stoppedBy !== null ? standingLines(view) : []
  return [...forked, ...happened, ...standing]
}

function happenedLines(run: Run, from: Cursor, to: Cursor): readonly ConsoleLine[] {
  const id = run.view().connection
  const { capture } = run
  const { connections } = capture
  if (!connections.some((connection) => connection.id === id)) return []
  const connection = capture.connection(id)
  const [first, last] = [connection.rowCountAt(from), connection.rowCountAt(to)]
  const shown = Math.min(last - first, mostLines)
  const rows = passedRows(capture, id, to, first, shown)
  const before = transitionViews(capture, id, from, 0, 0).total
  const transitions = transitionViews(capture, id, to, before, mostLines * 4).rows
  const faultsBefore = faultViews(capture, id, from, 0, 0).total
  const faults = faultViews(capture, id, to, faultsBefore, mostLines).rows
  const more = last - first - shown
  return [
    ...wireLines(rows, transitions),
    ...(more > 0 ? [dim(`and ${counted(more, 'more unit')}`)] : []),
    ...faultLines(faults),
  ]
}
