import { type FormEvent, useState } from 'react'
import { type ExportFormat, exportFormats } from '../../../shared/export/formats.ts'
import { useSession, useWorld } from '../../state/context.ts'
import { exportingSays } from '../../state/exporting.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { DialogActions, Line, Refusal } from '../../ui/Form.tsx'
import { ProgressLine } from '../../ui/ProgressLine.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { type ExportDraft, exportLine, formatWords, withEnding } from './export.ts'
import './export.css'

const formats = exportFormats.map((value) => ({ value, label: formatWords[value].label }))
const scopes = [
  { value: 'session', label: 'The whole session' },
  { value: 'connection', label: 'The connection shown' },
] as const

/** Writes the run that is shown, or a part of it, to a file. What was left out of the file is said before it closes. */
export function ExportDialog() {
  const session = useSession()
  const run = useWorld((world) => world.run)
  const [draft, setDraft] = useState<ExportDraft>(() => ({
    ...{ format: 'html', scope: 'session', headers: '', pattern: '', path: 'session.html' },
    filter: run?.filter?.text ?? '',
  }))
  const [isBusy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<{ readonly ok: boolean; readonly lines: readonly string[] } | null>(null)
  const change = (part: Partial<ExportDraft>) => setDraft({ ...draft, ...part })
  const close = () => session.show({ overlay: null })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (draft.path.trim() === '') return setOutcome({ ok: false, lines: ['Type a path first.'] })
    setBusy(true)
    const sent = await session.send(exportLine(draft, run?.connection ?? 0), { own: true })
    setBusy(false)
    setOutcome({ ok: sent.ok, lines: sent.ok ? sent.value.lines.map(({ text }) => text) : [sent.error] })
  }
  return (
    <Dialog title="Export the session" onClose={close}>
      {outcome?.ok ? (
        <Done lines={outcome.lines} onClose={close} />
      ) : (
        <form className="export-form" onSubmit={(event) => void submit(event)}>
          <Segmented
            label="Format"
            value={draft.format}
            options={formats}
            onChange={(format: ExportFormat) => change({ format, path: withEnding(draft.path, format) })}
          />
          <p className="dim">{formatWords[draft.format].says}</p>
          <Segmented label="How much" value={draft.scope} options={scopes} onChange={(scope) => change({ scope })} />
          <Line
            label="Only what matches, if not everything"
            hint={'opcode text and "hello"'}
            value={draft.filter}
            onChange={(filter) => change({ filter })}
          />
          <div className="export-pair">
            <Line
              label="Blank the values of these headers"
              hint="cookie, authorization"
              value={draft.headers}
              onChange={(headers) => change({ headers })}
            />
            <Line
              label="Blank what matches this pattern"
              hint="/token=\w+/i"
              value={draft.pattern}
              onChange={(pattern) => change({ pattern })}
            />
          </div>
          <Line
            label="Path of the file, on the machine Wirestep runs on"
            hint="session.html"
            value={draft.path}
            onChange={(path) => change({ path })}
          />
          {outcome && <Refusal>{outcome.lines.join(' ')}</Refusal>}
          {isBusy ? <Going /> : <DialogActions verb="Export" onCancel={close} />}
        </form>
      )}
    </Dialog>
  )
}

function Going() {
  const { send } = useSession()
  const exporting = useWorld((world) => world.run?.exporting)
  return (
    <div className="export-going">
      <ProgressLine
        says={exporting ? exportingSays(exporting) : 'Exporting…'}
        label="Exporting"
        value={exporting?.done ?? 0}
        max={exporting?.of ?? 0}
        onCancel={() => void send('cancel', { own: true })}
      />
    </div>
  )
}

function Done({ lines, onClose }: { readonly lines: readonly string[]; readonly onClose: () => void }) {
  return (
    <div className="export-form" role="status">
      {lines.map((line) => (
        <p key={line} className="export-note">
          {line}
        </p>
      ))}
      <div className="dialog-actions">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
