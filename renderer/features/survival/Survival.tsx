import { Network, Play, Square } from 'lucide-react'
import type { SurvivalView } from '../../../shared/intermediaries/survival.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Grid } from './Grid.tsx'
import { progressText } from './survival.ts'
import './survival.css'

/** How far the runs have come, and what can be done about it. */
function Progress({ survival }: { readonly survival: SurvivalView }) {
  const { send } = useSession()
  const { dialects, via, done, running, seed } = survival
  return (
    <div className="survival-progress">
      <progress aria-label="Runs that have ended" value={done.length} max={dialects.length * via.length} />
      <span role="status">{progressText(survival)}</span>
      <span className="dim">seed {seed}</span>
      {running ? (
        <Button look="outlined" icon={<Square />} onClick={() => void send('stop survival')}>
          Cancel
        </Button>
      ) : (
        <Button look="outlined" icon={<Play />} onClick={() => void send('survive')}>
          Run all again
        </Button>
      )}
    </div>
  )
}

/** Every dialect behind every intermediary: which get through, and where the others break. */
export function Survival() {
  const { send } = useSession()
  const survival = useWorld((world) => world.app?.survival)
  return (
    <main className="survival" aria-label="Behind intermediaries" aria-busy={survival?.running != null}>
      <header>
        <div>
          <h2>What survives in between</h2>
          <p className="dim">
            Each cell is a lab run over real sockets: opened, a message each way, an attempt to poison a cache, closed.
            A click opens it in the lab, at the step where it breaks.
          </p>
        </div>
        {survival && <Progress survival={survival} />}
      </header>
      {survival ? (
        <Grid survival={survival} />
      ) : (
        <Empty title="Nothing has run yet" icon={<Network />}>
          <p>Every dialect is run behind each kind of proxy, a cache and a slow link. It takes some seconds.</p>
          <Button look="primary" icon={<Play />} onClick={() => void send('survive')}>
            Run all
          </Button>
        </Empty>
      )}
    </main>
  )
}
