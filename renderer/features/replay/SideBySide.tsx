import { replayOutcome } from '../../../shared/commands/replayText.ts'
import { laneArrow } from '../../../shared/commands/transcript.ts'
import type { ReplayCell, ReplayReport, ReplayRow, ReplaySide } from '../../../shared/replay/types.ts'
import { useSession } from '../../state/context.ts'
import { openReplayed } from '../../state/replay.ts'
import { formatSize } from '../../ui/format.ts'

interface CellProps {
  readonly side: ReplaySide
  readonly row: ReplayRow
  readonly cell: ReplayCell | null
  readonly column: string
}

function Cell({ side, row, cell, column }: CellProps) {
  const session = useSession()
  if (cell === null) return <td className="replay-none">–</td>
  return (
    <td>
      <button
        type="button"
        className="replay-cell"
        title="Shows it in the stepper"
        onClick={() => void openReplayed(session, side, row.lane, cell)}
      >
        <span className="visually-hidden">{column}, </span>
        <span className="replay-preview">{cell.preview}</span>
        {cell.size > 0 && <code>{formatSize(cell.size)}</code>}
      </button>
    </td>
  )
}

function Row({ row, report }: { readonly row: ReplayRow; readonly report: ReplayReport }) {
  return (
    <tr data-testid="replay-row" data-differs={row.difference !== null}>
      <th scope="row">
        <span className={row.lane === 'clientToServer' ? 'of-client' : 'of-server'}>
          <span className="end-name">{laneArrow(row.lane)}</span>
        </span>
        {row.name}
      </th>
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to be able to do that too */}
      <section className="replay-table" aria-label="Recording and replay side by side" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">unit</th>
              <th scope="col">recorded</th>
              <th scope="col">replayed</th>
              <th scope="col">what differs</th>
            </tr>
          </thead>
          <tbody>
            {report.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a report never move
              <Row key={index} row={row} report={report} />
            ))}
          </tbody>
        </table>
      </section>
      {report.left > 0 && (
        <p className="replay-note">{report.left} more rows are not shown: wirestep replay --diff shows all.</p>
      )}
    </>
  )
}
