import { Repeat2, Square } from 'lucide-react'
import { type FormEvent, useId } from 'react'
import { useSession, useWorld } from '../../state/context.ts'
import { changeReplay, type ReplayDraft, startReplay } from '../../state/replay.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { SideBySide } from './SideBySide.tsx'
import './replay.css'

const roles = [
  { value: 'client', label: 'Its client, to a server' },
  { value: 'server', label: 'Its server, to a client' },
] as const

const speeds = ['max', '10', '2', '1', '0.5', '0.1'] as const

interface Props {
  readonly draft: ReplayDraft
  readonly change: (part: Partial<ReplayDraft>) => void
}

/** The server that is dialled, or the port that is listened on. */
function Where({ draft: { role, url, port }, change }: Props) {
  const id = useId()
  return role === 'client' ? (
    <div className="replay-field replay-url">
      <label htmlFor={id}>Server</label>
      <input
        id={id}
        className="input mono"
        placeholder="ws://127.0.0.1:9000"
        title="ws:// or wss://; without a path the recorded one is asked for"
        spellCheck={false}
        value={url}
        onChange={(event) => change({ url: event.target.value })}
      />
    </div>
  ) : (
    <div className="replay-field">
      <label htmlFor={id}>Port on 127.0.0.1; 0 takes a free one</label>
      <input
        id={id}
        className="input mono"
        inputMode="numeric"
        value={port}
        onChange={(event) => change({ port: event.target.value })}
      />
    </div>
  )
}

function Speed({ draft: { speed }, change }: Props) {
  const id = useId()
  return (
    <div className="replay-field">
      <label htmlFor={id}>Speed</label>
      <select id={id} className="input" value={speed} onChange={(event) => change({ speed: event.target.value })}>
        {speeds.map((each) => (
          <option key={each} value={each}>
            {each === 'max' ? 'as fast as answers come' : `${each}× as recorded`}
          </option>
        ))}
      </select>
    </div>
  )
}

function Form() {
  const session = useSession()
  const { draft, busy } = useWorld((world) => world.replay)
  const change = (part: Partial<ReplayDraft>) => changeReplay(session, { draft: { ...draft, ...part } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void startReplay(session)
  }
  return (
    <form className="replay-form" aria-label="What to replay" onSubmit={submit}>
      <Segmented label="Play" value={draft.role} options={roles} onChange={(role) => change({ role })} />
      <Where draft={draft} change={change} />
      <Speed draft={draft} change={change} />
      <label className="replay-check" title="Else each frame gets a fresh masking key">
        <input
          type="checkbox"
          checked={draft.keepMasks}
          onChange={(event) => change({ keepMasks: event.target.checked })}
        />
        Keep the masks
      </label>
      {busy ? (
        <Button icon={<Square />} look="outlined" onClick={() => void session.send('stop replay')}>
          Stop
        </Button>
      ) : (
        <Button type="submit" look="primary" icon={<Repeat2 />}>
          Replay
        </Button>
      )}
    </form>
  )
}

/** A recorded end against the living one: what to play, and then both side by side. */
export function ReplayDialog() {
  const session = useSession()
  const title = useWorld((world) => world.run?.title)
  const doing = useWorld((world) => world.app?.replaying)
  const { report, busy, error } = useWorld((world) => world.replay)
  return (
    <Dialog title={title ? `Replay ${title}` : 'Replay'} wide onClose={() => session.show({ overlay: null })}>
      <Form />
      <Refusal>{error}</Refusal>
      <p className="replay-doing" role="status">
        {busy && doing ? `${doing.charAt(0).toUpperCase()}${doing.slice(1)}…` : ''}
      </p>
      {report ? (
        <SideBySide report={report} />
      ) : (
        <p className="replay-note">
          The handshake is made anew, keys and proofs with it; what follows is sent as it was recorded, and waits for
          what the other end had said. Then both stand side by side, and what differs is marked.
        </p>
      )}
    </Dialog>
  )
}
