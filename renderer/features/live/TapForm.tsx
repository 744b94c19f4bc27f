import { Radio } from 'lucide-react'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { firstDraft, mayBeSecure, type TapDraft, tapLine } from './live.ts'
import './live.css'

interface FieldProps {
  readonly label: string
  readonly note: string
  readonly children: (id: string, note: string) => ReactNode
}

function Field({ label, note, children }: FieldProps) {
  const id = useId()
  return (
    <div className="tap-field">
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-note`)}
      <small id={`${id}-note`}>{note}</small>
    </div>
  )
}

const sides = [
  { value: 'server', label: 'One server' },
  { value: 'proxy', label: 'Any, as an HTTP proxy' },
] as const

const modes = [
  { value: 'running', label: 'Pass on as it comes' },
  { value: 'held', label: 'Hold at the gate' },
] as const

interface Props {
  readonly change: (part: Partial<TapDraft>) => void
  readonly draft: TapDraft
}

/** What stands behind the port. */
function Behind({ draft, change }: Props) {
  return (
    <>
      <div className="tap-field">
        <span>Behind it</span>
        <Segmented label="Behind it" value={draft.behind} options={sides} onChange={(behind) => change({ behind })} />
      </div>
      {draft.behind === 'server' ? (
        <Field label="Server" note="Where every connection is passed on to: ws://, or wss:// for one that speaks TLS.">
          {(id, note) => (
            <input
              id={id}
              className="input mono"
              placeholder="ws://127.0.0.1:9000/"
              spellCheck={false}
              aria-describedby={note}
              value={draft.upstream}
              onChange={(event) => change({ upstream: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <p className="tap-note">
          Set it as the HTTP proxy of a browser or a client. Each connection says where it goes, by CONNECT or an
          absolute URL, in the clear or in TLS.
        </p>
      )}
    </>
  )
}

function DialectField({ draft, change }: Props) {
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  return (
    <Field label="Dialect" note="What the two sides speak. Their requests tell it, unless you know better.">
      {(id, note) => (
        <select
          id={id}
          className="input"
          aria-describedby={note}
          value={draft.dialect}
          onChange={(event) => change({ dialect: event.target.value })}
        >
          <option value="auto">as each request tells</option>
          {dialects.map(({ id: value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** Where servers speak TLS: whether their certificates are judged. */
function Judging({ draft, change }: Props) {
  return (
    <label className="tap-check">
      <input
        type="checkbox"
        checked={draft.insecure}
        onChange={(event) => change({ insecure: event.target.checked })}
      />
      Take any certificate that a server shows
    </label>
  )
}

/** Starts a tap. `cancel` leaves the one that is there as it is. */
export function TapForm({ cancel }: { readonly cancel?: (() => void) | undefined }) {
  const session = useSession()
  const [draft, setDraft] = useState(firstDraft)
  const [refusal, setRefusal] = useState('')
  const change = (part: Partial<TapDraft>) => {
    setDraft((now) => ({ ...now, ...part }))
    setRefusal('')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const line = tapLine(draft)
    const outcome = line.ok ? await session.send(line.value, { own: true }) : line
    if (!outcome.ok) return setRefusal(outcome.error)
    session.show({ bottom: 'connections' })
    cancel?.()
  }
  return (
    <main className="tap-start" aria-label="Live">
      <form className="tap-form" aria-label="Start a tap" onSubmit={(event) => void submit(event)}>
        <header>
          <Radio aria-hidden="true" />
          <div>
            <h2>Watch live traffic</h2>
            <p>
              A tap listens on a port and passes every byte on as it is. Point a client at the port instead of at its
              server: you see what both say, and can hold, change or slow it.
            </p>
          </div>
        </header>
        <Field label="Port" note="On 127.0.0.1, where only this machine reaches it. 0 takes a free one.">
          {(id, note) => (
            <input
              id={id}
              className="input mono tap-port"
              inputMode="numeric"
              aria-describedby={note}
              value={draft.port}
              onChange={(event) => change({ port: event.target.value.trim() })}
            />
          )}
        </Field>
        <Behind draft={draft} change={change} />
        {mayBeSecure(draft) && <Judging draft={draft} change={change} />}
        <DialectField draft={draft} change={change} />
        <div className="tap-field">
          <span>What arrives</span>
          <Segmented label="What arrives" value={draft.mode} options={modes} onChange={(mode) => change({ mode })} />
        </div>
        <Refusal>{refusal}</Refusal>
        <div className="dialog-actions">
          <Button type="submit" look="primary">
            Start listening
          </Button>
          {cancel && <Button onClick={cancel}>Cancel</Button>}
        </div>
      </form>
    </main>
  )
}
