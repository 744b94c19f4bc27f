import { SlidersHorizontal } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type FormEvent, useId, useState } from 'react'
import { type Lane, lanes, senderOf } from '../../../shared/bytes/lanes.ts'
import { commandNamed } from '../../../shared/commands/registry.ts'
import type { GateView } from '../../../shared/ipc/live.ts'
import { useSession } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { laneTitle, segmentNames, shapingText } from './live.ts'

interface NumberProps {
  readonly label: string
  readonly help: string
  readonly unit: string
  readonly value: number
  readonly send: (value: number) => void
}

/** A number that takes effect with Enter, or when the box is left. */
function NumberBox({ label, help, unit, value, send }: NumberProps) {
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const commit = (event?: FormEvent) => {
    event?.preventDefault()
    const next = Number(typed)
    if (typed !== null && typed !== '' && next !== value) send(next)
    setTyped(null)
  }
  return (
    <form className="shaping-row" onSubmit={commit}>
      <label htmlFor={id} title={help}>
        {label}
      </label>
      <input
        id={id}
        className="input mono"
        inputMode="numeric"
        value={typed ?? String(value)}
        onChange={(event) => setTyped(event.target.value.replace(/\D/g, ''))}
        onBlur={() => commit()}
      />
      <small>{unit}</small>
    </form>
  )
}

function LaneShaping({ lane, gate }: { readonly lane: Lane; readonly gate: GateView }) {
  const { send } = useSession()
  const id = useId()
  const from = senderOf(lane)
  const word = segmentNames.find(({ value }) => value === gate.segments)?.word
  return (
    <fieldset className={`shaping-lane of-${from}`}>
      <legend className="end-name">{laneTitle(lane)} lane</legend>
      <NumberBox
        label="Delay"
        help={commandNamed('delay').help}
        unit="ms"
        value={gate.delay}
        send={(milliseconds) => void send(`delay ${from} ${milliseconds}`)}
      />
      <NumberBox
        label="Throttle"
        help={commandNamed('throttle').help}
        unit="bytes/s, 0 for all"
        value={gate.rate ?? 0}
        send={(rate) => void send(`throttle ${from} ${rate}`)}
      />
      <div className="shaping-row">
        <label htmlFor={id} title={commandNamed('segment').help}>
          Segments
        </label>
        <select
          id={id}
          className="input"
          value={word}
          onChange={(event) => void send(`segment ${from} ${event.target.value}`)}
        >
          {segmentNames.map(({ word, label }) => (
            <option key={word} value={word}>
              {label}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  )
}

/** Delay, rate and segments of the connection that is shown; null while there is none that could be shaped. */
export function ShapingButton({ gates }: { readonly gates: Readonly<Record<Lane, GateView>> | null }) {
  const shaped = gates ? lanes.filter((lane) => shapingText(gates[lane]) !== '') : []
  const says = shaped.map((lane) => `${laneTitle(lane)}: ${shapingText(gates![lane])}`).join('\n')
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button
          look={shaped.length > 0 ? 'small outlined shaped' : 'small outlined'}
          icon={<SlidersHorizontal />}
          disabled={gates === null}
          title={says || 'Delay, throttle or cut what runs on this connection'}
        >
          Shaping
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="menu shaping" aria-label="Shaping" sideOffset={6} collisionPadding={8}>
          {gates && lanes.map((lane) => <LaneShaping key={lane} lane={lane} gate={gates[lane]} />)}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
