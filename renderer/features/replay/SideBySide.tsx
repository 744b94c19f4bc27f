import { replayOutcome } from '../../../shared/commands/replayText.ts'
import type { ReplayCell, ReplayReport, ReplayRow, ReplaySide } from '../../../shared/replay/types.ts'
import { useSession } from '../../state/context.ts'
import { openReplayed } from '../../state/replay.ts'
import { useReplayRows } from '../../state/rows.ts'
import { Trouble } from '../../ui/Empty.tsx'
import { NoSideCell, SideCell, SideRowHead, VirtualSideTable } from '../../ui/SideTable.tsx'

interface CellProps {
  readonly side: ReplaySide
  readonly row: ReplayRow
  readonly cell: ReplayCell | null
  readonly column: string
}

function Cell({ side, row, cell, column }: CellProps) {
  const session = useSession()
  if (cell === null) return <NoSideCell />
  const open = () => void openReplayed(session, side, row.lane, cell)
  return (
    <SideCell column={column} title="Shows it in the stepper" size={cell.size} onOpen={open}>
      <span className="side-text">{cell.preview}</span>
    </SideCell>
  )
}

interface RowProps {
  readonly index: number
  /** Undefined until it is here. */
  readonly row: ReplayRow | undefined
  readonly report: ReplayReport
}

function Row({ index, row, report }: RowProps) {
  if (!row) return <tr data-index={index} />
  return (
    <tr data-index={index} data-testid="replay-row" data-differs={row.difference !== null}>
      <SideRowHead lane={row.lane}>{row.name}</SideRowHead>
      <Cell side={report.recorded} row={row} cell={row.recorded} column="recorded" />
      <Cell side={report.replayed} row={row} cell={row.replayed} column="replayed" />
      <td className="replay-difference" title={row.difference ?? undefined}>
        {row.difference}
      </td>
    </tr>
  )
}

const heads = ['unit', 'recorded', 'replayed', 'what differs'].map((head) => (
  <th key={head} scope="col">
    {head}
  </th>
))

/** All rows, of which only those in view are asked for and drawn. */
function Rows({ report }: { readonly report: ReplayReport }) {
  const { from, rows, error, retry, whenVisible } = useReplayRows(report)
  if (error) return <Trouble says={error} retry={retry} />
  return (
    <VirtualSideTable
      label="Recording and replay side by side"
      className="replay-table"
      heads={heads}
      count={report.rows}
      onVisible={whenVisible}
      row={(index) => <Row key={index} index={index} row={rows[index - from]} report={report} />}
    />
  )
}

/** What happened, and then the recording and its replay, what is the same on the same row. */
export function SideBySide({ report }: { readonly report: ReplayReport }) {
  return (
    <>
      <p className="replay-outcome" data-differs={report.differences > 0} role="status">
        {replayOutcome(report)}
      </p>
      <ul className="replay-events" aria-label="What happened">
        {report.events.map((event) => (
          <li key={event}>{event}</li>
        ))}
      </ul>
      <Rows key={report.replayed.run} report={report} />
      {report.left > 0 && (
        <p className="replay-note">{report.left} more rows are not shown: wirestep replay --diff shows all.</p>
      )}
    </>
  )
}
