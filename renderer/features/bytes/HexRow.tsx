import { memo, useCallback, useSyncExternalStore } from 'react'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { useSession } from '../../state/context.ts'
import { light } from '../../state/highlight.ts'
import { hexDigits } from '../../ui/format.ts'
import { type Cell, cellsOf, characterOf, perRow, type Sheet } from './cells.ts'

function useLight(lane: Lane, offset: number): number {
  const { highlight } = useSession()
  const watch = useCallback(
    (listener: () => void) => highlight.watchByte(lane, offset, listener),
    [highlight, lane, offset],
  )
  return useSyncExternalStore(watch, () => highlight.lightOf(lane, offset))
}

function classOf(cell: Cell, lit: number): string {
  return [
    `cell role-${cell.leaf?.role ?? 'value'}`,
    cell.phase !== 'delivered' && 'is-held',
    cell.phase === 'next' && 'is-next',
    cell.edited && 'is-edited',
    lit & light.unit && 'in-unit',
    lit & light.selected && 'is-selected',
    lit & light.hover && 'is-hovered',
    lit & light.caret && 'is-caret',
  ]
    .filter(Boolean)
    .join(' ')
}

interface CellProps {
  readonly lane: Lane
  readonly cell: Cell
  readonly as: 'hex' | 'text'
}

const Byte = memo(function Byte({ lane, cell, as }: CellProps) {
  const lit = useLight(lane, cell.lane)
  if (as === 'text') {
    return (
      <span className={classOf(cell, lit)} data-offset={cell.offset} aria-hidden="true">
        {characterOf(cell.value)}
      </span>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list places its rows itself, which a table's cannot be
    <span
      id={`byte-${cell.offset}`}
      role="gridcell"
      tabIndex={-1}
      className={classOf(cell, lit)}
      data-testid="byte"
      data-offset={cell.offset}
      data-phase={cell.phase}
      aria-selected={(lit & light.caret) !== 0}
    >
      {cell.value.toString(16).padStart(2, '0')}
    </span>
  )
}, sameCell)

/** A new answer makes new cells; those that look the same are not drawn again. */
function sameCell(a: CellProps, b: CellProps): boolean {
  const [x, y] = [a.cell, b.cell]
  return (
    a.lane === b.lane &&
    x.offset === y.offset &&
    x.lane === y.lane &&
    x.value === y.value &&
    x.phase === y.phase &&
    x.edited === y.edited &&
    x.leaf?.role === y.leaf?.role
  )
}

/** Sixteen bytes as hex and as text. */
export const HexRow = memo(function HexRow({ sheet, row }: { readonly sheet: Sheet; readonly row: number }) {
  const cells = cellsOf(sheet, row)
  const draw = (as: 'hex' | 'text') =>
    cells.map((cell, column) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
      cell ? <Byte key={column} lane={sheet.lane} cell={cell} as={as} /> : <i key={column} aria-hidden="true" />,
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div className="hex-row" role="row" tabIndex={-1}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span className="hex-offset" role="rowheader" tabIndex={-1}>
        {hexDigits(sheet.base + row * perRow, sheet.length)}
      </span>
      <span className="hex-cells" role="presentation">
        {draw('hex')}
      </span>
      <span className="text-cells" aria-hidden="true">
        {draw('text')}
      </span>
    </div>
  )
})
