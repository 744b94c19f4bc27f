import { type FormEvent, useState } from 'react'
import { quoteWord } from '../../../shared/commands/words.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Refusal } from '../../ui/Form.tsx'
import { splitPath } from './sessions.ts'

const words = {
  open: {
    title: 'Open a session',
    label: 'Path of a pcapng, pcap or HAR file, on the machine Wirestep runs on',
    verb: 'Open',
  },
  save: { title: 'Save the session', label: 'Path of the file, on the machine Wirestep runs on', verb: 'Save' },
} as const satisfies Record<string, object>

/** Asks for a path where no system dialog can be had. What is wrong with it is said right here. */
export function PathDialog({ purpose }: { readonly purpose: keyof typeof words }) {
  const session = useSession()
  const recorded = useWorld((world) => world.run?.path)
  const [path, setPath] = useState(purpose === 'save' && recorded ? splitPath(recorded).name : '')
  const [refusal, setRefusal] = useState('')
  const { title, label, verb } = words[purpose]
  const close = () => session.show({ overlay: null })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (path.trim() === '') return setRefusal('Type a path first.')
    const outcome = await session.send(`${purpose} ${quoteWord(path.trim())}`, { own: true })
    if (!outcome.ok) return setRefusal(outcome.error)
    close()
    if (purpose === 'open') session.show({ tab: 'lab' })
  }
  return (
    <Dialog title={title} onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <label className="field-label" htmlFor="path">
          {label}
        </label>
        <input
          id="path"
          className="input mono"
          value={path}
          spellCheck={false}
          onChange={(event) => setPath(event.target.value)}
        />
        <Refusal>{refusal}</Refusal>
        <DialogActions verb={verb} onCancel={close} />
      </form>
    </Dialog>
  )
}
