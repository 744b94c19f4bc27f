import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { UnitView } from '../../../shared/capture/view.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { type Focus, isPicked } from '../../state/focus.ts'
import { type FieldRow, fieldKey, fieldRows, startsOpen } from './explain.ts'

interface RowProps {
  readonly row: FieldRow
  readonly picked: boolean
  readonly onPick: () => void
  readonly onHover: (on: boolean) => void
  readonly onFold: (open: boolean) => void
}

function Row({ row, picked, onPick, onHover, onFold }: RowProps) {
  const { field, depth, open } = row
  return (
    <div
      className={`field-row role-${field.role} ${row.arrival} ${open === null ? 'leaf' : 'parted'}`}
      aria-current={picked}
      onPointerEnter={() => onHover(true)}
      onPointerLeave={() => onHover(false)}
    >
      <button
        type="button"
        className="field-pick"
        data-testid="field"
        data-name={field.name}
        aria-pressed={picked}
        title={[field.says, field.cite].filter(Boolean).join(' · ')}
        onClick={onPick}
      >
        <span className="field-name" style={{ paddingLeft: depth * 14 }}>
          <i className="swatch" aria-hidden="true" />
          <span>{field.name}</span>
        </span>
        <span className="field-what">
          <code>{row.value}</code>
          {row.note && <em>{row.note}</em>}
        </span>
        <em className="field-cite">{row.arrival === 'delivered' && field.cite?.replace(/^.*(?=§)/, '')}</em>
      </button>
      {open !== null && (
        <button
          type="button"
          className="field-fold"
          aria-expanded={open}
          aria-label={`Parts of ${field.name}`}
          onClick={() => onFold(!open)}
        >
          {open ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        </button>
      )}
    </div>
  )
}

/** Every field of the unit: colour, name, value, meaning, and where it is defined. */
export function FieldTree({ unit, focus }: { readonly unit: UnitView; readonly focus: Focus | null }) {
  const { select, highlight } = useSession()
  const bits = useWorld((world) => world.selection?.bits)
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map())
  const rows = fieldRows(unit, (field) => folds.get(fieldKey(field)) ?? startsOpen(field, focus?.span ?? null))
  return (
    <section className="field-tree" aria-label="Fields">
      {rows.map((row) => {
        const { start, end, bits: own } = row.field
        const key = fieldKey(row.field)
        return (
          <Row
            key={`${key}:${row.depth}`}
            row={row}
            picked={focus !== null && isPicked(row.field, focus, bits)}
            onPick={() => select({ lane: unit.lane, offset: start, span: { start, end }, ...(own && { bits: own }) })}
            onHover={(on) => highlight.set('hover', on ? { lane: unit.lane, start, end } : null)}
            onFold={(open) => setFolds(new Map(folds).set(key, open))}
          />
        )
      })}
    </section>
  )
}
