import { Syringe } from 'lucide-react'
import { useId, useState } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import { type InjectDraft, injectable, injectLine, injectPlaceholder } from './compose.ts'
import { SenderForm } from './SenderForm.tsx'

const empty: InjectDraft = { end: 'client', kind: 'text', text: '', unmasked: false }

interface UnmaskedProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Unmasked({ checked, onChange }: UnmaskedProps) {
  const id = useId()
  return (
    <label className="composer-check" htmlFor={id} title="A frame of a client has to be masked: see what a server says">
      <input id={id} type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      unmasked
    </label>
  )
}

/** Puts a frame between those of other programs, as if one of them had sent it. */
export function Injector() {
  const session = useSession()
  const isOpen = useWorld(({ run }) => run?.gates != null)
  const isPolicy = useWorld(({ run }) => run?.connections.find(({ id }) => id === run.connection)?.policy === true)
  const dialect = useWorld(({ app, run }) => app?.dialects.find(({ id }) => id === run?.dialect))
  const [draft, setDraft] = useState(empty)
  const [refusal, setRefusal] = useState('')
  const change = (part: Partial<InjectDraft>) => {
    setDraft({ ...draft, ...part })
    setRefusal('')
  }
  const submit = async () => {
    const line = injectLine(draft)
    const outcome = line.ok ? await session.send(line.value, { own: true }) : line
    if (!outcome.ok) return setRefusal(outcome.error)
    change({ text: '' })
  }
  if (!isOpen || isPolicy) return null
  return (
    <SenderForm
      label="Inject"
      lead="Inject as"
      verb="Inject"
      icon={<Syringe />}
      kinds={injectable(dialect)}
      draft={draft}
      placeholder={injectPlaceholder(draft.kind, dialect?.closeBody ?? 'opaqueEchoed')}
      onChange={change}
      onSubmit={submit}
      refusal={refusal}
      below={
        draft.end === 'client' &&
        draft.kind !== 'raw' && <Unmasked checked={draft.unmasked} onChange={(unmasked) => change({ unmasked })} />
      }
    />
  )
}
