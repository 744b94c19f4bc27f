import { type FormEvent, useId, useMemo, useState } from 'react'
import { type Lane, senderOf } from '../../../shared/bytes/lanes.ts'
import type { Pasted } from '../../../shared/bytes/pasted.ts'
import type { Result } from '../../../shared/ipc/result.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Line, Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { emptyDraft, foundWords, type PasteDraft, pasteLine, readText, settled } from './paste.ts'
import './paste.css'

const beginnings = [
  { value: 'handshake', label: 'The handshake' },
  { value: 'open', label: 'An open connection' },
] as const

interface BytesProps {
  readonly lane: Lane
  readonly text: string
  readonly found: Result<Pasted>
  readonly onChange: (text: string) => void
}

/** What one end sent, and what it was read as. */
function Bytes({ lane, text, found, onChange }: BytesProps) {
  const id = useId()
  const end = senderOf(lane)
  return (
    <div className="paste-lane">
      <label className={`field-label of-${end}`} htmlFor={id}>
        What the <span className="end-name">{end}</span> sent
      </label>
      <textarea
        id={id}
        className="input mono paste-text"
        placeholder={
          end === 'client' ? '81 85 37 fa 21 3d 7f 9f 4d 51 58' : '00000000  81 05 48 65 6c 6c 6f  |..Hello|'
        }
        spellCheck={false}
        aria-invalid={!found.ok}
        aria-describedby={`${id}-found`}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <small id={`${id}-found`} className={found.ok ? 'dim' : 'refused'} role="status">
        {found.ok ? foundWords(found.value, lane) : found.error}
      </small>
    </div>
  )
}

interface SettingsProps {
  readonly draft: PasteDraft
  readonly told: ReturnType<typeof settled>
  readonly change: (part: Partial<PasteDraft>) => void
}

function Settings({ draft, told, change }: SettingsProps) {
  const id = useId()
  const dialects = useWorld((world) => world.app?.dialects) ?? []
  return (
    <div className="paste-pair">
      <div>
        <span className="field-label">The bytes begin with</span>
        <Segmented
          label="The bytes begin with"
          value={told.begins}
          options={beginnings}
          onChange={(begins) => change({ begins })}
        />
      </div>
      <div>
        <label className="field-label" htmlFor={id}>
          Dialect
        </label>
        <select
          id={id}
          className="input"
          value={told.dialect}
          onChange={(event) => change({ dialect: event.target.value as PasteDraft['dialect'] })}
        >
          {told.canTell && <option value="auto">as the request tells</option>}
          {dialects.map(({ id: value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {told.asks.masks && (
        <>
          <Line
            label="Sec-WebSocket-Key of the request"
            hint="the masks take it"
            value={draft.key}
            onChange={(key) => change({ key })}
          />
          <Line
            label="Sec-WebSocket-Nonce of the response"
            hint="the masks take it"
            value={draft.nonce}
            onChange={(nonce) => change({ nonce })}
          />
        </>
      )}
      {told.asks.extensions && (
        <Line
          label="Sec-WebSocket-Extensions of the response, if you know"
          hint="permessage-deflate"
          value={draft.extensions}
          onChange={(extensions) => change({ extensions })}
        />
      )}
    </div>
  )
}

/** Opens bytes that were pasted as a session. */
export function PasteDialog() {
  const session = useSession()
  const pasted = useWorld((world) => world.pasted)
  const [draft, setDraft] = useState<PasteDraft>(() => ({ ...emptyDraft, client: pasted }))
  const [refusal, setRefusal] = useState('')
  const client = useMemo(() => readText(draft.client), [draft.client])
  const server = useMemo(() => readText(draft.server), [draft.server])
  const told = settled(draft, { client, server })
  const change = (part: Partial<PasteDraft>) => {
    setDraft({ ...draft, ...part })
    setRefusal('')
  }
  const close = () => session.show({ overlay: null, pasted: '' })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const outcome = await session.send(pasteLine(draft, { client, server }), { own: true, quiet: true })
    if (!outcome.ok) return setRefusal(outcome.error)
    close()
    session.show({ tab: 'lab' })
  }
  return (
    <Dialog title="Open a hex dump" wide onClose={close}>
      <form className="paste-form" onSubmit={(event) => void submit(event)}>
        <p className="dim">
          Paste hex, a dump of xxd, hexdump or Wireshark, an array of C, or base64. A stream that Wireshark follows has
          both directions in one text.
        </p>
        <div className="paste-pair">
          <Bytes
            lane="clientToServer"
            text={draft.client}
            found={client}
            onChange={(text) => change({ client: text })}
          />
          <Bytes
            lane="serverToClient"
            text={draft.server}
            found={server}
            onChange={(text) => change({ server: text })}
          />
        </div>
        <Settings draft={draft} told={told} change={change} />
        <Refusal>{refusal}</Refusal>
        <DialogActions verb="Open" onCancel={close} />
      </form>
    </Dialog>
  )
}
