import { CirclePause, Plus, X } from 'lucide-react'
import { Switch } from 'radix-ui'
import { type FormEvent, useRef, useState } from 'react'
import type { Breakpoint } from '../../../shared/commands/expression.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { addLine, hitOf, parts, withPart } from './breakpoints.ts'
import './breakpoints.css'

function Row({ breakpoint, hit }: { readonly breakpoint: Breakpoint; readonly hit: boolean }) {
  const { send } = useSession()
  const { id, enabled, text } = breakpoint
  return (
    <li className={`break-row ${enabled ? '' : 'off'} ${hit ? 'hit' : ''}`} data-testid="breakpoint">
      <Switch.Root
        className="switch"
        checked={enabled}
        aria-label={`Breakpoint ${id}`}
        title={enabled ? 'Switch it off' : 'Switch it on'}
        onCheckedChange={() => void send(`break toggle ${id}`)}
      >
        <Switch.Thumb />
      </Switch.Root>
      <span className="break-number">{id}</span>
      <code title={text}>{text}</code>
      {hit && <span className="chip warning">stopped here</span>}
      <Button
        look="small icon"
        aria-label={`Remove breakpoint ${id}`}
        title="Remove"
        icon={<X />}
        onClick={() => void send(`break remove ${id}`)}
      />
    </li>
  )
}

function List() {
  const breakpoints = useWorld((world) => world.run?.breakpoints) ?? []
  const hit = useWorld((world) => hitOf(world.run?.stoppedBy ?? null))
  if (breakpoints.length === 0) {
    return (
      <Empty title="No breakpoints" icon={<CirclePause />}>
        <p>F9 sets one for units like the selected one, or type a condition beside this list.</p>
      </Empty>
    )
  }
  return (
    <ul className="break-list" aria-label="Breakpoints">
      {breakpoints.map((breakpoint) => (
        <Row key={breakpoint.id} breakpoint={breakpoint} hit={breakpoint.id === hit} />
      ))}
    </ul>
  )
}

function AddForm() {
  const { send } = useSession()
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const change = (next: string) => {
    setTyped(next)
    setRefusal('')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const line = addLine(typed)
    if (!line.ok) return setRefusal(line.error)
    const outcome = await send(line.value, { own: true })
    // What was typed in the meantime stays.
    if (outcome.ok) setTyped((now) => (now === typed ? '' : now))
    setRefusal(outcome.ok ? '' : outcome.error)
  }
  return (
    <form className="break-form" aria-label="Add a breakpoint" onSubmit={(event) => void submit(event)}>
      <div className="break-entry">
        <input
          ref={input}
          className="input mono"
          aria-label="Condition"
          aria-describedby="break-help"
          aria-invalid={refusal !== ''}
          placeholder="opcode=text size>=126"
          spellCheck={false}
          value={typed}
          onChange={(event) => change(event.target.value)}
        />
        <Button type="submit" look="outlined" icon={<Plus />}>
          Add
        </Button>
      </div>
      <Refusal>{refusal}</Refusal>
      <p className="dim" id="break-help">
        A run holds before every unit that matches; join with and, or, not, ( ):
      </p>
      <ul className="break-parts">
        {parts.map(({ typed: part, says }) => (
          <li key={part}>
            <button
              type="button"
              onClick={() => {
                change(withPart(typed, part))
                input.current?.focus()
              }}
            >
              <code>{part}</code> {says}
            </button>
          </li>
        ))}
      </ul>
    </form>
  )
}

/** When a run holds by itself: every breakpoint, switched and removed here, and the way to add one. */
export function Breakpoints() {
  const open = useWorld((world) => world.run !== null)
  if (!open) return <Empty title="No run is open" icon={<CirclePause />} />
  return (
    <div className="breakpoints">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="break-box" tabIndex={0} aria-label="Breakpoints that are set">
        <List />
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="break-box" tabIndex={0} aria-label="A new breakpoint">
        <AddForm />
      </section>
    </div>
  )
}
