import { type FormEvent, useState } from 'react'
import { quoteWord } from '../../../shared/commands/words.ts'
import { pickPath } from '../../state/actions.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Line, Refusal } from '../../ui/Form.tsx'

interface FileLineProps {
  readonly label: string
  readonly hint: string
  readonly purpose: 'open' | 'keylog'
  readonly value: string
  readonly onChange: (path: string) => void
}

/** A path to be typed, or to be picked where the system has a dialog for it. */
function FileLine({ purpose, onChange, ...line }: FileLineProps) {
  const session = useSession()
  const canPick = useWorld((world) => world.app?.host === 'desktop')
  const pick = async () => {
    const path = await pickPath(session, purpose)
    if (path !== null) onChange(path)
  }
  return (
    <div className="file-line">
      <Line {...line} onChange={onChange} />
      {canPick && (
        <Button look="outlined" aria-label={`${line.label}: browse`} onClick={() => void pick()}>
          Browse…
        </Button>
      )}
    </div>
  )
}

/** Opens a capture of TLS with the secrets that one of its ends wrote down. */
export function KeyLogDialog() {
  const session = useSession()
  const [capture, setCapture] = useState('')
  const [keys, setKeys] = useState('')
  const [refusal, setRefusal] = useState('')
  const close = () => session.show({ overlay: null })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (capture.trim() === '' || keys.trim() === '') return setRefusal('It takes both files: say where they are.')
    const line = `open ${quoteWord(capture.trim())} --keylog ${quoteWord(keys.trim())}`
    const outcome = await session.send(line, { own: true })
    if (!outcome.ok) return setRefusal(outcome.error)
    close()
    session.show({ tab: 'lab' })
  }
  return (
    <Dialog title="Open with a key log" onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <p className="dim">
          What was captured of wss:// is read with the secrets that a browser or Node.js at one of its ends wrote to the
          file that SSLKEYLOGFILE names.
        </p>
        <FileLine label="Capture" hint="captured.pcapng" purpose="open" value={capture} onChange={setCapture} />
        <FileLine label="Key log" hint="keys.txt" purpose="keylog" value={keys} onChange={setKeys} />
        <Refusal>{refusal}</Refusal>
        <DialogActions verb="Open" onCancel={close} />
      </form>
    </Dialog>
  )
}
