import { Copy, Plus, Unplug } from 'lucide-react'
import { useRef, useState } from 'react'
import { type Lane, lanes, senderOf } from '../../../shared/bytes/lanes.ts'
import { commandNamed } from '../../../shared/commands/registry.ts'
import type { LaneMode, TapView } from '../../../shared/ipc/live.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { laneTitle, modeLine, placeOf } from './live.ts'
import { ShapingButton } from './Shaping.tsx'
import './live.css'

/** Text to be taken elsewhere. Its box can be read, selected and copied from without a permission. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const box = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)
  const copy = () => {
    box.current?.select()
    // The asynchronous clipboard asks for a permission, and the window has none.
    setCopied(document.execCommand('copy'))
  }
  return (
    <span className="copyable">
      <input
        ref={box}
        className="input mono"
        aria-label={label}
        readOnly
        size={text.length}
        value={text}
        onFocus={() => box.current?.select()}
        onBlur={() => setCopied(false)}
      />
      <Button look="small icon" aria-label={`Copy: ${label}`} title="Copy" icon={<Copy />} onClick={copy} />
      <span className="visually-hidden" role="status">
        {copied && 'copied'}
      </span>
    </span>
  )
}

function Where({ tap }: { readonly tap: TapView }) {
  const place = placeOf(tap)
  return (
    <span className="tap-where">
      {place === null ? (
        <span className="chip">not listening</span>
      ) : (
        <Copyable text={place} label={tap.upstream === null ? 'Proxy address for clients' : 'URL for clients'} />
      )}
      <span className="tap-behind" title={tap.upstream ?? 'Clients say where they want to go'}>
        → {tap.upstream ?? 'wherever clients ask'}
      </span>
    </span>
  )
}

const options = [
  { value: 'running', label: 'Run' },
  { value: 'held', label: 'Hold' },
] as const

interface LaneProps {
  readonly lane: Lane
  readonly mode: LaneMode
  readonly all: boolean
}

function LaneSwitch({ lane, mode, all }: LaneProps) {
  const { send } = useSession()
  return (
    <span className={`tap-lane of-${senderOf(lane)}`}>
      <span className="end-name">{laneTitle(lane)}</span>
      <Segmented
        label={`Lane of the ${senderOf(lane)}`}
        value={mode}
        options={options}
        onChange={(next) => void send(modeLine(lane, next, all))}
      />
    </span>
  )
}

/** Where the tap listens, and how the lanes of the connection that is shown are let through. */
export function TapBar({ startAnother }: { readonly startAnother: () => void }) {
  const { send } = useSession()
  const tap = useWorld((world) => world.run?.tap)
  const gates = useWorld((world) => world.run?.gates)
  const shown = useWorld((world) => world.run?.connection)
  const hasAny = useWorld((world) => (world.run?.connectionCount ?? 0) > 0)
  const [all, setAll] = useState(false)
  if (!tap) return null
  const isAll = all || !gates
  const { title, help } = commandNamed('stop listening')
  return (
    <section className="tap-bar" aria-label="Tap">
      <Where tap={tap} />
      <span className="grow" />
      {gates ? (
        <Segmented
          label="Which connections"
          value={all ? 'all' : 'one'}
          options={[
            { value: 'one', label: `Connection ${shown}` },
            { value: 'all', label: 'All' },
          ]}
          onChange={(which) => setAll(which === 'all')}
        />
      ) : (
        <span className="dim">{hasAny ? 'This one is over. New ones:' : 'New connections:'}</span>
      )}
      {lanes.map((lane) => (
        <LaneSwitch key={lane} lane={lane} mode={isAll ? tap.modes[lane] : gates[lane].mode} all={isAll} />
      ))}
      <ShapingButton gates={gates ?? null} />
      <Button
        look="icon"
        icon={<Unplug />}
        aria-label={title}
        title={`${title}\n${help}`}
        disabled={tap.listening === null}
        onClick={() => void send('stop listening')}
      />
      <Button
        look="icon"
        icon={<Plus />}
        aria-label="Start another tap"
        title="Start another tap"
        onClick={startAnother}
      />
    </section>
  )
}
