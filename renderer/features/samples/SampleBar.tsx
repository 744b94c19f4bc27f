import { Gauge, LayoutGrid, Microscope, PauseCircle, PlayCircle, RotateCcw } from 'lucide-react'
import type { SampleView } from '../../../shared/ipc/contract.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { samples } from './samples.ts'

/** Bytes a second of the slow link. */
const slow = 4000

function Dialects({ sample: { name, dialect } }: { readonly sample: SampleView }) {
  const { send } = useSession()
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  return (
    <select
      className="pick"
      aria-label="Dialect of the sample"
      value={dialect}
      onChange={(event) => void send(`sample ${name} --dialect ${event.target.value}`)}
    >
      {dialects.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

/** What the gate does to what the server sends on the connection that is shown. */
function GateButtons() {
  const { send } = useSession()
  const gate = useWorld((world) => world.run?.gates?.serverToClient)
  if (!gate) return null
  const held = gate.mode === 'held'
  return (
    <>
      <Button
        look="outlined"
        icon={held ? <PlayCircle /> : <PauseCircle />}
        aria-pressed={held}
        title="Holds what the server sends on the connection that the ladder shows, or lets it pass"
        onClick={() => void send(held ? 'pass server' : 'hold server')}
      >
        {held ? 'Let it pass' : 'Hold the server’s lane'}
      </Button>
      <Button
        look="outlined"
        icon={<Gauge />}
        aria-pressed={gate.rate !== null}
        title={`Lets ${slow} bytes a second through on the lane of the server, or as many as come`}
        onClick={() => void send(`throttle server ${gate.rate === null ? slow : 0}`)}
      >
        {gate.rate === null ? 'Slow link' : 'Fast link'}
      </Button>
    </>
  )
}

/** What can be done with the sample as a whole. */
export function SampleBar({ sample }: { readonly sample: SampleView }) {
  const session = useSession()
  const row = samples.find(({ id }) => id === sample.name)
  const shown = useWorld((world) => world.run?.id === sample.run)
  return (
    <header className="sample-bar">
      <h2>{row?.title}</h2>
      <Dialects sample={sample} />
      <Button
        look="outlined"
        icon={<RotateCcw />}
        onClick={() => void session.send(`sample ${sample.name} --dialect ${sample.dialect}`)}
      >
        Reset
      </Button>
      {shown && <GateButtons />}
      <span className="grow" />
      {!shown && (
        <Button look="outlined" onClick={() => void session.send(`use ${sample.run}`)}>
          Show its ladder
        </Button>
      )}
      <Button look="outlined" icon={<Microscope />} disabled={!shown} onClick={() => session.show({ tab: 'live' })}>
        Step through it
      </Button>
      <Button look="outlined" icon={<LayoutGrid />} onClick={() => void session.send(`close-run ${sample.run}`)}>
        All samples
      </Button>
    </header>
  )
}
