import { type FormEvent, useState } from 'react'
import { laneName, senderOf } from '../../../shared/bytes/lanes.ts'
import { type Span, spanLength } from '../../../shared/bytes/span.ts'
import type { UnitView } from '../../../shared/capture/view.ts'
import { useSession } from '../../state/context.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Refusal } from '../../ui/Form.tsx'
import { formatOffset } from '../../ui/format.ts'
import { Segmented } from '../../ui/Segmented.tsx'
import { editLine, hexOf } from './editing.ts'

type How = 'replace' | 'insert'

/** The held part of the span, as it is on the wire. */
function heldHex(unit: UnitView, { start, end }: Span): { at: number; hex: string } {
  const wire = unit.layers.find(({ name }) => name === 'wire')
  const at = Math.max(start, unit.span.start + unit.delivered)
  const bytes = wire?.bytes.slice(at - wire.at, end - wire.at) ?? new Uint8Array()
  return { at, hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ') }
}

interface Props {
  readonly unit: UnitView
  readonly span: Span
  readonly onClose: () => void
}

/** Replaces held bytes, or puts others before them. */
export function EditDialog({ unit, span, onClose }: Props) {
  const session = useSession()
  const held = heldHex(unit, span)
  const [how, setHow] = useState<How>('replace')
  const [text, setText] = useState(held.hex)
  const [refusal, setRefusal] = useState('')
  const remove = how === 'replace' ? spanLength({ start: held.at, end: span.end }) : 0
  const change = (next: How) => {
    setHow(next)
    setText(next === 'replace' ? held.hex : '')
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const hex = hexOf(text)
    if (hex === null) return setRefusal('That is not whole bytes in hex. Type two digits for each byte, such as 8f 18.')
    const line =
      how === 'replace' ? editLine(unit.lane, held.at, remove, hex) : `insert ${senderOf(unit.lane)} ${held.at} ${hex}`
    const outcome = await session.send(line, { own: true })
    if (outcome.ok) onClose()
    else setRefusal(outcome.error)
  }
  return (
    <Dialog title="Edit held bytes" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Segmented
          label="How"
          value={how}
          options={[
            { value: 'replace', label: 'Replace' },
            { value: 'insert', label: 'Insert before' },
          ]}
          onChange={change}
        />
        <label className="field-label" htmlFor="edit-hex">
          {laneName(unit.lane)}, at {formatOffset(held.at)}
          {remove > 0 && `, ${remove} bytes`}. Hex; empty takes the bytes away.
        </label>
        <textarea
          id="edit-hex"
          className="input mono edit-hex"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <Refusal>{refusal}</Refusal>
        <DialogActions verb={how === 'replace' ? 'Replace' : 'Insert'} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
