import type { TransitionView } from '../../../shared/capture/view.ts'
import type { StateName, StateTable, TableRow } from '../../../shared/endpoint/types.ts'
import { useSession } from '../../state/context.ts'
import { isFailing, movesFrom, triggerName } from './diagram.ts'

/** The move that led here: why, and the bytes that caused it. */
export function LastMove({ move, table }: { readonly move: TransitionView; readonly table: StateTable }) {
  const { select } = useSession()
  const { from, to, trigger, cite, cause } = move
  const row = table.find((one) => one.from === from && one.to === to && one.trigger === trigger)
  return (
    <p className="last-move">
      <b>{triggerName(trigger)}</b> led here. {row?.says} <span className="dim">{cite}</span>{' '}
      {cause && (
        <button
          type="button"
          className="link"
          onClick={() => select({ lane: cause.lane, offset: cause.span.start, span: cause.span })}
        >
          Show its bytes
        </button>
      )}
    </p>
  )
}

function Move({ move }: { readonly move: TableRow }) {
  const stays = move.from === move.to
  return (
    <li className={isFailing(move) ? 'move failing' : 'move'}>
      <span className="move-line">
        <b>{triggerName(move.trigger)}</b>
        <span aria-hidden="true">{stays ? '↻' : '→'}</span>
        {stays ? <span className="dim">stays</span> : <code>{move.to}</code>}
        <span className="dim move-cite">{move.cite}</span>
      </span>
      <span className="move-says">{move.says}</span>
    </li>
  )
}

interface Props {
  readonly table: StateTable
  readonly state: StateName
}

/** What can happen in a state, and where it leads. */
export function Moves({ table, state }: Props) {
  const moves = movesFrom(table, state)
  if (moves.length === 0) return <p className="dim moves-none">Nothing leads on from {state}: it is final.</p>
  return (
    <>
      <h4>What can happen in {state}</h4>
      <ul aria-label={`What can happen in ${state}`}>
        {moves.map((move) => (
          <Move key={`${move.trigger}>${move.to}`} move={move} />
        ))}
      </ul>
    </>
  )
}
