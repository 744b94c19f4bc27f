import { useState } from 'react'
import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import type { ConnectionView, TransitionView } from '../../../shared/capture/view.ts'
import { policyTable } from '../../../shared/endpoint/policyEnds.ts'
import type { StateName, StateTable } from '../../../shared/endpoint/types.ts'
import { useAnswer, useWorld } from '../../state/context.ts'
import { Empty, Trouble } from '../../ui/Empty.tsx'
import { Machine } from './Machine.tsx'
import { LastMove, Moves } from './Moves.tsx'
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

interface EndProps {
  readonly role: Role
  readonly connection: ConnectionView
  readonly moves: readonly TransitionView[]
  readonly table: StateTable
}

/** The state that is looked at: the present one, until another is picked or the end moves on. */
function useLooked(state: StateName) {
  const [picked, setPicked] = useState<{ readonly state: StateName; readonly when: StateName } | null>(null)
  const looked = picked?.when === state ? picked.state : state
  return { looked, look: (next: StateName) => setPicked({ state: next, when: state }) }
}

function End({ role, connection, moves, table }: EndProps) {
  const last = moves.find((move) => move.role === role && move.connection === connection.id) ?? null
  const state = connection.states[role]
  const { looked, look } = useLooked(state)
  return (
    <section className={`end of-${role}`} aria-label={`States of the ${role}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="end-says" tabIndex={0} aria-label={`Moves of the ${role}`}>
        <header>
          <i className="dot" />
          <h3>{role === 'client' ? 'Client' : 'Server'}</h3>
          <code>{state}</code>
        </header>
        {looked !== state && (
          <button type="button" className="link" onClick={() => look(state)}>
            Back to the present state
          </button>
        )}
        {looked === state && last && <LastMove move={last} table={table} />}
        <Moves table={table} state={looked} />
      </section>
      <div className="machine-box">
        <Machine
          role={role}
          table={table}
          state={state}
          looked={looked}
          onLook={look}
          last={looked === state ? last : null}
        />
      </div>
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
  if (!connection || !dialect) {
    return (
      <Empty title="No connection to show">
        <p>Start a lab run or open a session, and both state machines are drawn here.</p>
      </Empty>
    )
  }
  return (
    <div className="states">
      {roles.map((role) => (
        <End
          key={role}
          role={role}
          connection={connection}
          moves={moves}
          table={connection.policy ? policyTable(role) : dialect.tables[role]}
        />
      ))}
    </div>
  )
}
