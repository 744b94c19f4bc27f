import { SendHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import { type Draft, kindsOf, lineOf, placeholderOf, sendable } from './compose.ts'
import { SenderForm } from './SenderForm.tsx'

const empty: Draft = { end: 'client', kind: 'text', text: '', code: '' }

/** Makes an end send something. */
export function Composer() {
  const session = useSession()
  const inProcess = useWorld(({ run }) => run?.connections.find(({ id }) => id === run.connection)?.inProcess ?? false)
  const dialect = useWorld(({ app, run }) => app?.dialects.find(({ id }) => id === run?.dialect))
  const [written, setDraft] = useState(empty)
  const [refusal, setRefusal] = useState('')
  const closeBody = dialect?.closeBody ?? 'opaqueEchoed'
  const draft = sendable(written, dialect)
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    setRefusal('')
  }
  const submit = async () => {
    const line = lineOf(draft, closeBody)
    const outcome = line.ok ? await session.send(line.value, { own: true }) : line
    if (!outcome.ok) return setRefusal(outcome.error)
    change({ text: '' })
  }
  if (!inProcess) return null
  return (
    <SenderForm
      label="Send from an end"
      lead="Send from"
      verb="Send"
      icon={<SendHorizontal />}
      kinds={kindsOf(dialect)}
      draft={draft}
      placeholder={placeholderOf(draft.kind, closeBody)}
      onChange={change}
      onSubmit={submit}
      refusal={refusal}
      before={
        draft.kind === 'close' &&
        closeBody === 'codeAndReason' && (
          <input
            className="input mono code-input"
            aria-label="Close code"
            placeholder="1000"
            inputMode="numeric"
            value={draft.code}
            onChange={(event) => change({ code: event.target.value.trim() })}
          />
        )
      }
    />
  )
}
