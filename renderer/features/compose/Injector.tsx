import { Syringe } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { roles } from '../../../shared/bytes/lanes.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { type InjectDraft, injectable, injectLine, injectPlaceholder } from './compose.ts'
import './compose.css'

const empty: InjectDraft = { end: 'client', kind: 'text', text: '', unmasked: false }
const ends = roles.map((value) => ({ value, label: value === 'client' ? 'Client' : 'Server' }))

/** Puts a frame between those of other programs, as if one of them had sent it. What is refused is said right here. */
export function Injector() {
  const session = useSession()
  const isOpen = useWorld(({ run }) => run?.gates != null)
  const dialect = useWorld(({ app, run }) => app?.dialects.find(({ id }) => id === run?.dialect))
  const [draft, setDraft] = useState(empty)
  const [refusal, setRefusal] = useState('')
  const bare = useId()
  const change = (part: Partial<InjectDraft>) => {
    setDraft({ ...draft, ...part })
    setRefusal('')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const line = injectLine(draft)
    const outcome = line.ok ? await session.send(line.value, { own: true }) : line
    if (!outcome.ok) return setRefusal(outcome.error)
    change({ text: '' })
  }
  if (!isOpen) return null
  return (
    <form className="composer" aria-label="Inject" onSubmit={(event) => void submit(event)}>
      <div className="composer-row">
        <span className="dim">Inject as</span>
        <Segmented label="Sender" value={draft.end} options={ends} onChange={(end) => change({ end })} />
        <span className="grow" />
        <select
          className="pick"
          aria-label="What to inject"
          value={draft.kind}
          onChange={(event) => change({ kind: event.target.value as InjectDraft['kind'] })}
        >
          {injectable(dialect).map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <div className="composer-row">
        <input
          className="input"
          aria-label="Content"
          placeholder={injectPlaceholder(draft.kind, dialect?.closeBody ?? 'opaqueEchoed')}
          value={draft.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <Button type="submit" look="outlined icon" aria-label="Inject" title="Inject (Enter)" icon={<Syringe />} />
      </div>
      {draft.end === 'client' && draft.kind !== 'raw' && (
        <label
          className="composer-check"
          htmlFor={bare}
          title="A frame of a client has to be masked: see what a server says"
        >
          <input
            id={bare}
            type="checkbox"
            checked={draft.unmasked}
            onChange={(event) => change({ unmasked: event.target.checked })}
          />
          unmasked
        </label>
      )}
      <Refusal>{refusal}</Refusal>
    </form>
  )
}
