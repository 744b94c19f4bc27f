import { Play } from 'lucide-react'
import { useId } from 'react'
import { changeComparison, startComparison } from '../../state/comparison.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { toggled, whyNot } from './compare.ts'

function Dialects() {
  const session = useSession()
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  const picked = useWorld((world) => world.comparison.dialects)
  const listed = dialects.map(({ id }) => id)
  return (
    <fieldset className="compare-dialects">
      <legend>Dialects</legend>
      {dialects.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={picked.includes(id)}
            onChange={() => changeComparison(session, { dialects: toggled(picked, id, listed) })}
          />
          <span>
            {name}
            {name !== id && <code>{id}</code>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** Which dialects, which scenario, and go. */
export function Setup() {
  const session = useSession()
  const scenario = useId()
  const note = useId()
  const { script, dialects, busy } = useWorld((world) => world.comparison)
  const problem = whyNot(dialects)
  return (
    <form
      className="compare-setup"
      aria-label="What to compare"
      onSubmit={(event) => {
        event.preventDefault()
        void startComparison(session)
      }}
    >
      <Dialects />
      <label className="field-label" htmlFor={scenario}>
        Scenario
      </label>
      <textarea
        id={scenario}
        className="input mono compare-script"
        spellCheck={false}
        aria-describedby={note}
        value={script}
        onChange={(event) => changeComparison(session, { script: event.target.value })}
      />
      <p className="compare-note" id={note}>
        One line a step, as in the console: send, ping, pong, close, end. Everything held is let through after each.
      </p>
      <Button type="submit" look="primary" icon={<Play />} disabled={busy || problem !== null}>
        {busy ? 'Comparing…' : 'Compare'}
      </Button>
      <p className="compare-note" role="status">
        {problem}
      </p>
    </form>
  )
}
