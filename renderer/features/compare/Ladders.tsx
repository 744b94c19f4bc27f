import type { KeyboardEvent } from 'react'
import type {
  ComparedCell,
  ComparedColumn,
  ComparedPhase,
  ComparedRow,
  Comparison,
} from '../../../shared/compare/types.ts'
import { openCell } from '../../state/comparison.ts'
import { useSession } from '../../state/context.ts'
import { cellSize, phaseText, resultNote, rowDiffers, rowLane, stepOfKey } from './compare.ts'

function Cell({ column, cell }: { readonly column: ComparedColumn; readonly cell: ComparedCell | null }) {
  const session = useSession()
  if (cell === null) return <td className="compare-none">–</td>
  return (
    <td>
      <button
        type="button"
        className={`compare-cell tone-${cell.fault ? 'fault' : cell.tone}`}
        title={[cell.label, cell.preview].filter(Boolean).join('  ')}
        onClick={() => void openCell(session, column, cell)}
      >
        <i className="dot" aria-hidden="true" />
        <span className="visually-hidden">{column.dialect}, </span>
        <span className="compare-label">{cell.label}</span>
        {cell.masked && <span className="chip compare-masked">masked</span>}
        {cell.http && <span className="chip">HTTP</span>}
        {cell.fault && <span className="chip fault">{cell.fault}</span>}
        <code>{cellSize(cell)}</code>
      </button>
    </td>
  )
}

function Row({ row, columns }: { readonly row: ComparedRow; readonly columns: readonly ComparedColumn[] }) {
  return (
    <tr data-testid="compare-row" data-differs={rowDiffers(row)}>
      <th scope="row">
        <span className={row.lane === 'clientToServer' ? 'of-client' : 'of-server'}>
          <span className="end-name">{rowLane(row)}</span>
        </span>
        {row.name}
      </th>
      {columns.map((column, index) => (
        <Cell key={column.dialect} column={column} cell={row.cells[index] ?? null} />
      ))}
    </tr>
  )
}

function Phase({ phase, columns }: { readonly phase: ComparedPhase; readonly columns: readonly ComparedColumn[] }) {
  return (
    <tbody>
      <tr className="compare-phase" data-testid="compare-phase">
        <th scope="rowgroup">
          <code>{phase.line}</code>
        </th>
        {columns.map(({ dialect }, index) => (
          <td
            key={dialect}
            className={`result-${phase.results[index]?.kind}`}
            title={resultNote(phase.results[index]!)}
          >
            {phaseText(phase, index)}
          </td>
        ))}
      </tr>
      {phase.rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a comparison never move
        <Row key={index} row={row} columns={columns} />
      ))}
    </tbody>
  )
}

/** Arrows go from cell to cell, over those that are empty. */
function whenPressed(event: KeyboardEvent<HTMLTableElement>) {
  const step = stepOfKey(event.key)
  const from = event.target instanceof HTMLElement ? event.target.closest('td') : null
  const row = from?.parentElement
  if (!step || !from || !(row instanceof HTMLTableRowElement)) return
  event.preventDefault()
  const { rows } = event.currentTarget
  let [down, across] = [row.rowIndex + step[0], from.cellIndex + step[1]]
  for (; rows[down]?.cells[across]; down += step[0], across += step[1]) {
    const target = rows[down]?.cells[across]?.querySelector('button')
    if (target) return target.focus()
  }
}

/** The ladders of all dialects, aligned: what does the same stands on the same row. */
export function Ladders({ comparison: { columns, phases, seed } }: { readonly comparison: Comparison }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to be able to do that too
    <section className="compare-ladders" aria-label="Ladders side by side" tabIndex={0}>
      <table onKeyDown={whenPressed}>
        <thead>
          <tr>
            <th scope="col">
              step <small>seed {seed}</small>
            </th>
            {columns.map(({ dialect, name }) => (
              <th key={dialect} scope="col">
                {name}
                {name !== dialect && <small>{dialect}</small>}
              </th>
            ))}
          </tr>
        </thead>
        {phases.map((phase, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: phases of a comparison never move
          <Phase key={index} phase={phase} columns={columns} />
        ))}
      </table>
    </section>
  )
}
