import { type KeyboardEvent, useMemo, useRef } from 'react'
import type {
  ComparedCell,
  ComparedColumn,
  ComparedPhase,
  ComparedRow,
  Comparison,
} from '../../../shared/compare/types.ts'
import { openCell } from '../../state/comparison.ts'
import { useSession } from '../../state/context.ts'
import { FaultChip } from '../../ui/FaultChip.tsx'
import { NoSideCell, SideCell, SideRowHead, type SideTableHandle, VirtualSideTable } from '../../ui/SideTable.tsx'
import { cellAfter, linesOf, type Place, phaseText, resultNote, rowDiffers } from './compare.ts'

type Columns = readonly ComparedColumn[]

function Cell({ column, cell }: { readonly column: ComparedColumn; readonly cell: ComparedCell | null }) {
  const session = useSession()
  if (cell === null) return <NoSideCell />
  return (
    <SideCell
      column={column.dialect}
      title={[cell.label, cell.preview].filter(Boolean).join('  ')}
      tone={cell.fault?.severity === 'violation' ? 'fault' : cell.tone}
      size={cell.size}
      onOpen={() => void openCell(session, column, cell)}
    >
      <span className="side-text">{cell.label}</span>
      {cell.masked && <span className="chip compare-masked">masked</span>}
      {cell.http && <span className="chip">HTTP</span>}
      {cell.fault && <FaultChip {...cell.fault} />}
      {cell.size === 0 && <code>✓</code>}
    </SideCell>
  )
}

interface RowProps {
  readonly index: number
  readonly columns: Columns
}

function Units({ index, columns, row }: RowProps & { readonly row: ComparedRow }) {
  return (
    <tr data-testid="compare-row" data-index={index} aria-rowindex={index + 2} data-differs={rowDiffers(row)}>
      <SideRowHead lane={row.lane}>{row.name}</SideRowHead>
      {columns.map((column, at) => (
        <Cell key={column.dialect} column={column} cell={row.cells[at] ?? null} />
      ))}
    </tr>
  )
}

function Phase({ index, columns, phase }: RowProps & { readonly phase: ComparedPhase }) {
  return (
    <tr className="compare-phase" data-testid="compare-phase" data-index={index} aria-rowindex={index + 2}>
      <th scope="row" title={phase.line}>
        <code>{phase.line}</code>
      </th>
      {columns.map(({ dialect }, at) => (
        <td key={dialect} className={`result-${phase.results[at]?.kind}`} title={resultNote(phase.results[at]!)}>
          {phaseText(phase, at)}
        </td>
      ))}
    </tr>
  )
}

function Heads({ columns, seed }: { readonly columns: Columns; readonly seed: number }) {
  return (
    <>
      <th scope="col">
        step <small>seed {seed}</small>
      </th>
      {columns.map(({ dialect, name }) => (
        <th key={dialect} scope="col">
          {name}
          {name !== dialect && <small>{dialect}</small>}
        </th>
      ))}
    </>
  )
}

/** The cell that has the focus. */
function placeOf(target: EventTarget): Place | null {
  const cell = target instanceof HTMLElement ? target.closest('td') : null
  const line = cell?.parentElement?.getAttribute('data-index')
  return cell && line ? { line: Number(line), column: cell.cellIndex - 1 } : null
}

/** The ladders of all dialects, aligned: what does the same stands on the same row. */
export function Ladders({ comparison: { columns, phases, seed } }: { readonly comparison: Comparison }) {
  const lines = useMemo(() => linesOf(phases), [phases])
  const table = useRef<SideTableHandle>(null)
  const whenPressed = (event: KeyboardEvent) => {
    const from = placeOf(event.target)
    const to = from && cellAfter(event.key, from, lines)
    if (!to) return
    event.preventDefault()
    table.current?.focus(to.line, to.column)
  }
  return (
    <VirtualSideTable
      label="Ladders side by side"
      className="compare-ladders"
      columns={columns.length}
      handle={table}
      heads={<Heads columns={columns} seed={seed} />}
      count={lines.length}
      row={(index) => {
        const line = lines[index]!
        return line.kind === 'phase' ? (
          <Phase key={index} index={index} columns={columns} phase={line.phase} />
        ) : (
          <Units key={index} index={index} columns={columns} row={line.row} />
        )
      }}
      onKeyDown={whenPressed}
    />
  )
}
