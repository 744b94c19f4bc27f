import { Check, LoaderCircle, ShieldAlert, Unplug, X } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { type IntermediaryKind, intermediaries } from '../../../shared/intermediaries/intermediary.ts'
import type { SurvivalView } from '../../../shared/intermediaries/survival.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { openSurvival } from '../../state/survival.ts'
import { cellOf, type Place, placeAfter, type SurvivalCell } from './survival.ts'

const icons = {
  waiting: null,
  running: <LoaderCircle className="turning" aria-hidden="true" />,
  survives: <Check aria-hidden="true" />,
  poisoned: <ShieldAlert aria-hidden="true" />,
  fails: <X aria-hidden="true" />,
  breaks: <Unplug aria-hidden="true" />,
} as const

interface CellProps {
  readonly cell: SurvivalCell
  readonly name: string
  readonly isStop: boolean
  readonly onOpen: () => void
}

/** One run: how it went, where it broke, and why. */
function Cell({ cell: { state, word, where, why }, name, isStop, onOpen }: CellProps) {
  const hasEnded = state !== 'waiting' && state !== 'running'
  return (
    <button
      type="button"
      className={`survival-cell ${state}`}
      tabIndex={isStop ? 0 : -1}
      aria-disabled={!hasEnded}
      title={hasEnded ? [why, 'Opens this run in the lab'].filter(Boolean).join('\n') : undefined}
      onClick={onOpen}
    >
      <span className="visually-hidden">
        {name}, {word === '' && 'has not run'}
      </span>
      <strong>
        {icons[state]}
        {word}
      </strong>
      {where && <span>{where}</span>}
      {why && <small>{why}</small>}
    </button>
  )
}

function Heads({ via }: { readonly via: readonly IntermediaryKind[] }) {
  return (
    <tr>
      <th scope="col">Dialect</th>
      {via.map((kind) => (
        <th key={kind} scope="col" title={intermediaries[kind].says}>
          {intermediaries[kind].name}
        </th>
      ))}
    </tr>
  )
}

function RowHead({ id }: { readonly id: DialectId }) {
  const name = useWorld((world) => world.app?.dialects.find((dialect) => dialect.id === id)?.name ?? id)
  return (
    <th scope="row">
      {name}
      {name !== id && <code>{id}</code>}
    </th>
  )
}

/** Dialects as rows, intermediaries as columns. Arrow keys go from cell to cell. */
export function Grid({ survival }: { readonly survival: SurvivalView }) {
  const session = useSession()
  const table = useRef<HTMLTableElement>(null)
  const [stop, setStop] = useState<Place>({ row: 0, column: 0 })
  const { dialects, via, done } = survival
  const open = (dialect: DialectId, kind: IntermediaryKind) => {
    const ended = done.find((one) => one.dialect === dialect && one.via === kind)
    if (ended) void openSurvival(session, ended)
  }
  const whenPressed = (event: KeyboardEvent) => {
    const next = placeAfter(stop, event.key, dialects.length, via.length)
    if (next === null) return
    event.preventDefault()
    setStop(next)
    table.current?.tBodies[0]?.rows[next.row]?.querySelectorAll('button')[next.column]?.focus()
  }
  return (
    <div className="survival-table">
      <table ref={table} onKeyDown={whenPressed}>
        <thead>
          <Heads via={via} />
        </thead>
        <tbody>
          {dialects.map((dialect, row) => (
            <tr key={dialect}>
              <RowHead id={dialect} />
              {via.map((kind, column) => (
                <td key={kind} onFocus={() => setStop({ row, column })}>
                  <Cell
                    cell={cellOf(survival, dialect, kind)}
                    name={`${dialect} behind ${kind}`}
                    isStop={stop.row === row && stop.column === column}
                    onOpen={() => open(dialect, kind)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
