import type { UnitView } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { type Focus, isPicked } from '../../state/focus.ts'
import { type FieldRow, fieldRows } from './explain.ts'

interface RowProps {
  readonly row: FieldRow
  readonly picked: boolean
  readonly onPick: () => void
  readonly onHover: (on: boolean) => void
}

function Row({ row, picked, onPick, onHover }: RowProps) {
  const { field, depth } = row
  return (
    <button
      type="button"
      className={`field-row role-${field.role} ${row.arrival}`}
      data-testid="field"
      data-name={field.name}
      aria-pressed={picked}
      title={[field.says, field.cite].filter(Boolean).join(' · ')}
      onClick={onPick}
      onPointerEnter={() => onHover(true)}
      onPointerLeave={() => onHover(false)}
    >
      <span className="field-name" style={{ paddingLeft: depth * 14 }}>
        <i className="swatch" aria-hidden="true" />
        <span>{field.name}</span>
      </span>
      <code>{row.value}</code>
      <em>{row.note}</em>
      {field.cite && row.arrival === 'delivered' && (
        <em className="field-cite">{field.cite.replace(/^.*(?=§)/, '')}</em>
      )}
    </button>
  )
}

/** Every field of the unit: colour, name, value, meaning, and where it is defined. */
export function FieldTree({ unit, focus }: { readonly unit: UnitView; readonly focus: Focus | null }) {
  const { select, highlight } = useSession()
  const bits = useWorld((world) => world.selection?.bits)
  return (
    <section className="field-tree" aria-label="Fields">
      {fieldRows(unit).map((row) => {
        const { start, end, bits: own } = row.field
        return (
          <Row
            key={`${start}:${end}:${own?.from ?? ''}:${row.depth}:${row.field.name}`}
            row={row}
            picked={focus !== null && isPicked(row.field, focus, bits)}
            onPick={() => select({ lane: unit.lane, offset: start, span: { start, end }, ...(own && { bits: own }) })}
            onHover={(on) => highlight.set('hover', on ? { lane: unit.lane, start, end } : null)}
          />
        )
      })}
    </section>
  )
}
