import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import type { ConnectionView, TransitionView } from '../../../shared/capture/view.ts'
import type { StateTable } from '../../../shared/endpoint/types.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { triggerName } from './diagram.ts'
import { Machine } from './Machine.tsx'
import './states.css'

const shown = 40

/** The newest moves of both ends as of the cursor, newest first. */
function useMoves() {
  const run = useWorld((world) => world.run?.id)
  const probe = useAnswer('transitions', run === undefined ? null : { run, from: 0, count: 1 })
  const from = Math.max(0, (probe.answer?.total ?? 0) - shown)
  const { answer, error, retry } = useAnswer('transitions', run === undefined ? null : { run, from, count: shown })
  return { moves: [...(answer?.rows ?? [])].reverse(), error, retry }
}

function Cause({ move }: { readonly move: TransitionView }) {
  const { select } = useSession()
  const { cause } = move
  if (!cause) return null
  return (
    <button
      type="button"
      className="link"
      onClick={() => select({ lane: cause.lane, offset: cause.span.start, span: cause.span })}
    >
      Show the bytes that caused it
    </button>
  )
}

/** What the last move was and why; what can come next. */
function Aside({
  role,
  table,
  last,
  state,
}: {
  role: Role
  table: StateTable
  last: TransitionView | null
  state: string
}) {
  const row =
    last && table.find(({ from, to, trigger }) => from === last.from && to === last.to && trigger === last.trigger)
  const next = table.filter(({ from, trigger }) => from === state && trigger !== 'fault' && trigger !== 'timeout')
  return (
    <div className={`moves of-${role}`}>
      {last && (
        <p>
          <b>{triggerName(last.trigger)}</b>: {row?.says ?? `${last.from} to ${last.to}`}{' '}
          <span className="dim">{last.cite}</span> <Cause move={last} />
        </p>
      )}
      {next.length > 0 && (
        <p className="dim">
          Can come next: {[...new Set(next.map(({ trigger }) => triggerName(trigger)))].join(', ')}.
        </p>
      )}
    </div>
  )
}

function End({
  role,
  connection,
  moves,
  table,
}: {
  role: Role
  connection: ConnectionView
  moves: readonly TransitionView[]
  table: StateTable
}) {
  const last = moves.find((move) => move.role === role && move.connection === connection.id) ?? null
  const state = connection.states[role]
  return (
    <section className={`end of-${role}`} aria-label={`States of the ${role}`}>
      <h3>
        <i className="dot" />
        {role === 'client' ? 'Client' : 'Server'}
        <code>{state}</code>
      </h3>
      <div className="machine-box">
        <Machine role={role} table={table} state={state} last={last} />
      </div>
      <Aside role={role} table={table} last={last} state={state} />
    </section>
  )
}

/** Both state machines, drawn from the tables the endpoints obey. */
export function States() {
  const run = useWorld((world) => world.run)
  const dialects = useWorld((world) => world.app?.dialects)
  const { moves, error, retry } = useMoves()
  const connection = run?.connections.find(({ id }) => id === run.connection)
  const dialect = dialects?.find(({ id }) => id === connection?.dialect)
  if (error) return <Trouble says={error} retry={retry} />
  if (!connection || !dialect) return <Empty title="No connection to show" />
  return (
    <div className="states">
      {roles.map((role) => (
        <End key={role} role={role} connection={connection} moves={moves} table={dialect.tables[role]} />
      ))}
    </div>
  )
}
