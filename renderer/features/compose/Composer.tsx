import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { roles } from '../../../shared/bytes/lanes.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { type Draft, kindsOf, lineOf, placeholderOf, sendable } from './compose.ts'
import './compose.css'

const empty: Draft = { end: 'client', kind: 'text', text: '', code: '' }
const ends = roles.map((value) => ({ value, label: value === 'client' ? 'Client' : 'Server' }))

/** Makes an end send something. What an end refuses to send is said right here. */
export function Composer() {
  const session = useSession()
  const inProcess = useWorld(({ run }) => run?.connections.find(({ id }) => id === run.connection)?.inProcess ?? false)
  const dialect = useWorld(({ app, run }) => app?.dialects.find(({ id }) => id === run?.dialect))
  const [written, setDraft] = useState(empty)
  const [refusal, setRefusal] = useState('')
  const closeBody = dialect?.closeBody ?? 'opaqueEchoed'
  const draft = sendable(written, dialect)
  const placeholder = placeholderOf(draft.kind, closeBody)
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    setRefusal('')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const line = lineOf(draft, closeBody)
    if (!line.ok) return setRefusal(line.error)
    const outcome = await session.send(line.value, { own: true })
    if (outcome.ok) setDraft({ ...draft, text: '' })
    setRefusal(outcome.ok ? '' : outcome.error)
  }
  if (!inProcess) return null
  return (
    <form className="composer" aria-label="Send from an end" onSubmit={(event) => void submit(event)}>
      <div className="composer-row">
        <span className="dim">Send from</span>
        <Segmented label="Sender" value={draft.end} options={ends} onChange={(end) => change({ end })} />
        <span className="grow" />
        <select
          className="pick"
          aria-label="What to send"
          value={draft.kind}
          onChange={(event) => change({ kind: event.target.value as Draft['kind'] })}
        >
          {kindsOf(dialect).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div className="composer-row">
        {draft.kind === 'close' && closeBody === 'codeAndReason' && (
          <input
            className="input mono code-input"
            aria-label="Close code"
            placeholder="1000"
            inputMode="numeric"
            value={draft.code}
            onChange={(event) => change({ code: event.target.value.trim() })}
          />
        )}
        <input
          className="input"
          aria-label="Content"
          placeholder={placeholder ?? 'It carries nothing'}
          disabled={placeholder === null}
          value={placeholder === null ? '' : draft.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <Button type="submit" look="outlined icon" aria-label="Send" title="Send (Enter)" icon={<SendHorizontal />} />
      </div>
      <Refusal>{refusal}</Refusal>
    </form>
  )
}
