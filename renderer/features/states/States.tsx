import { useEffect, useRef } from 'react'
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
      Show its bytes
    </button>
  )
}

interface EndProps {
  readonly role: Role
  readonly connection: ConnectionView
  readonly moves: readonly TransitionView[]
  readonly table: StateTable
}

/** What the last move was, why, and the bytes that caused it. */
function LastMove({ move, table }: { readonly move: TransitionView; readonly table: StateTable }) {
  const row = table.find(({ from, to, trigger }) => from === move.from && to === move.to && trigger === move.trigger)
  const says = row?.says ?? `${move.from} to ${move.to}`
  return (
    <p className="last-move" title={`${says} ${move.cite}`}>
      <b>{triggerName(move.trigger)}</b> {says} <span className="dim">{move.cite}</span>
    </p>
  )
}

/** Keeps the present state in the middle of what is visible. */
function useCentred(state: string) {
  const box = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is what moves the picture
  useEffect(() => {
    const lit = box.current?.querySelector('.node.lit')
    if (!box.current || !lit) return
    const [outer, inner] = [box.current.getBoundingClientRect(), lit.getBoundingClientRect()]
    box.current.scrollBy({
      left: (inner.left + inner.right - outer.left - outer.right) / 2,
      top: (inner.top + inner.bottom - outer.top - outer.bottom) / 2,
    })
  }, [state])
  return box
}

function End({ role, connection, moves, table }: EndProps) {
  const last = moves.find((move) => move.role === role && move.connection === connection.id) ?? null
  const state = connection.states[role]
  const box = useCentred(state)
  return (
    <section className={`end of-${role}`} aria-label={`States of the ${role}`}>
      <header>
        <i className="dot" />
        <h3>{role === 'client' ? 'Client' : 'Server'}</h3>
        <code>{state}</code>
        {last && <LastMove move={last} table={table} />}
        {last && <Cause move={last} />}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="machine-box" ref={box} tabIndex={0} aria-label={`Machine of the ${role}`}>
        <Machine role={role} table={table} state={state} last={last} />
      </section>
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
