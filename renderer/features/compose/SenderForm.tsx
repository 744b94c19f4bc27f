import type { FormEvent, ReactNode } from 'react'
import { type Role, roles } from '../../../shared/bytes/lanes.ts'
import { Button } from '../../ui/Button.tsx'
import { Refusal } from '../../ui/Form.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import './compose.css'

const ends = roles.map((value) => ({ value, label: value === 'client' ? 'Client' : 'Server' }))

interface Props<K extends string> {
  readonly label: string
  /** What stands before the two ends: `Send from`. */
  readonly lead: string
  /** What the button does: `Send`. */
  readonly verb: string
  readonly icon: ReactNode
  readonly kinds: readonly { readonly value: K; readonly label: string }[]
  readonly draft: { readonly end: Role; readonly kind: K; readonly text: string }
  /** Of the text; null where the kind carries none. */
  readonly placeholder: string | null
  readonly onChange: (part: { readonly end?: Role; readonly kind?: K; readonly text?: string }) => void
  readonly onSubmit: () => Promise<void>
  readonly refusal: string
  /** Before the text, and below it. */
  readonly before?: ReactNode
  readonly below?: ReactNode
}

/** Who sends, what kind of thing, and what is in it. What is refused is said right here. */
export function SenderForm<K extends string>({ label, lead, verb, icon, kinds, draft, ...props }: Props<K>) {
  const { placeholder, onChange, onSubmit, refusal, before, below } = props
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSubmit()
  }
  return (
    <form className="composer" aria-label={label} onSubmit={submit}>
      <div className="composer-row">
        <span className="dim">{lead}</span>
        <Segmented label="Sender" value={draft.end} options={ends} onChange={(end) => onChange({ end })} />
        <span className="grow" />
        <select
          className="pick"
          aria-label={`What to ${verb.toLowerCase()}`}
          value={draft.kind}
          onChange={(event) => onChange({ kind: event.target.value as K })}
        >
          {kinds.map(({ value, label: name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="composer-row">
        {before}
        <input
          className="input"
          aria-label="Content"
          placeholder={placeholder ?? 'It carries nothing'}
          disabled={placeholder === null}
          value={placeholder === null ? '' : draft.text}
          onChange={(event) => onChange({ text: event.target.value })}
        />
        <Button type="submit" look="outlined icon" aria-label={verb} title={`${verb} (Enter)`} icon={icon} />
      </div>
      {below}
      <Refusal>{refusal}</Refusal>
    </form>
  )
}
