import { replayOutcome } from '../../../shared/commands/replayText.ts'
import type { ReplayCell, ReplayReport, ReplayRow, ReplaySide } from '../../../shared/replay/types.ts'
import { useSession } from '../../state/context.ts'
import { openReplayed } from '../../state/replay.ts'
import { NoSideCell, SideCell, SideRowHead, SideTable } from '../../ui/SideTable.tsx'

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

function Row({ row, report }: { readonly row: ReplayRow; readonly report: ReplayReport }) {
  return (
    <tr data-testid="replay-row" data-differs={row.difference !== null}>
      <SideRowHead lane={row.lane}>{row.name}</SideRowHead>
      <Cell side={report.recorded} row={row} cell={row.recorded} column="recorded" />
      <Cell side={report.replayed} row={row} cell={row.replayed} column="replayed" />
      <td className="replay-difference">{row.difference}</td>
    </tr>
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
      <SideTable
        label="Recording and replay side by side"
        className="replay-table"
        heads={['unit', 'recorded', 'replayed', 'what differs'].map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
        body={report.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a report never move
          <Row key={index} row={row} report={report} />
        ))}
      />
      {report.left > 0 && (
        <p className="replay-note">{report.left} more rows are not shown: wirestep replay --diff shows all.</p>
      )}
    </>
  )
}
