import { type FormEvent, useId, useState } from 'react'
import { laneName } from '../../../shared/bytes/lanes.ts'
import { decodeUtf8 } from '../../../shared/bytes/utf8.ts'
import type { UnitView } from '../../../shared/capture/view.ts'
import { useAnswer, useSession, useWorld } from '../../state/context.ts'
import type { Selection } from '../../state/selection.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Refusal } from '../../ui/Form.tsx'
import { formatOffset } from '../../ui/format.ts'
import { Segmented } from '../../ui/Segmented.tsx'
import { type PayloadType, rewriteLine } from './ladder.ts'

interface Props {
  readonly onClose: () => void
}

const types = [
  { value: 'text', label: 'Text' },
  { value: 'hex', label: 'Hex' },
] as const

function placeOf({ lane, offset }: Selection) {
  return { lane, offset }
}

/** What the frame carries now; empty where that is no text. */
function textOf(unit: UnitView | null): string {
  const layer = unit?.layers.find(({ name }) => name === 'text')
  return layer ? decodeUtf8(layer.bytes) : ''
}

/** What becomes of the payload of a compressed frame, and of what comes behind it; null for one that is not compressed. */
function deflatedSays(unit: UnitView | null, isTap: boolean): string | null {
  if (!unit?.layers.some(({ name }) => name === 'inflated')) return null
  const behind = isTap
    ? 'What this end sends later may refer to what you replace, so it is compressed again too, and labelled so.'
    : 'What this end sends later may refer to what you replace: its receiver may fail to inflate it, as it would anywhere.'
  return `The payload is compressed for you. ${behind}`
}

/** Gives the selected frame, which is held another payload; its header is made to fit, or left as it is to see what comes of that. */
export function RewriteDialog({ onClose }: Props) {
  const session = useSession()
  const id = useId()
  const selection = useWorld((world) => world.selection)
  const [type, setType] = useState<PayloadType>('text')
  const run = useWorld((world) => world.run?.id)
  const { answer: unit } = useAnswer('unit', run !== undefined && selection ? { run, ...placeOf(selection) } : null)
  const isTap = useWorld((world) => world.run?.tap != null)
  const [typed, setTyped] = useState<string | null>(null)
  const data = typed ?? (type === 'text' ? textOf(unit) : '')
  const [keepHeader, setKeepHeader] = useState(false)
  const [refusal, setRefusal] = useState('')
  const deflated = keepHeader ? null : deflatedSays(unit, isTap)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!selection) return onClose()
    const outcome = await session.send(rewriteLine(selection, type, data, keepHeader), { own: true })
    if (outcome.ok) onClose()
    else setRefusal(outcome.error)
  }
  return (
    <Dialog title="Rewrite the payload" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Segmented label="Payload as" value={type} options={types} onChange={setType} />
        <label className="field-label" htmlFor={id}>
          {selection && `${laneName(selection.lane)}, the frame at ${formatOffset(selection.offset)}: what it carries`}
        </label>
        <textarea
          id={id}
          className="input mono edit-hex"
          spellCheck={false}
          value={data}
          onChange={(event) => setTyped(event.target.value)}
        />
        <label className="rewrite-check">
          <input type="checkbox" checked={keepHeader} onChange={(event) => setKeepHeader(event.target.checked)} />
          Keep the header as it is, also when the length is wrong then
        </label>
        {deflated && <p className="dim rewrite-note">{deflated}</p>}
        <Refusal>{refusal}</Refusal>
        <DialogActions verb="Rewrite" onCancel={onClose} />
      </form>
    </Dialog>
  )
}
