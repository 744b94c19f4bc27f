// Parts of forms: a line to type into, why it could not be done, and in dialogs the way on or back.
import { type ReactNode, useId } from 'react'
import { Button } from './Button.tsx'

interface LineProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A line of text with its label above it. */
export function Line({ label, hint, value, onChange }: LineProps) {
  const id = useId()
  return (
    <div>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="input mono"
        placeholder={hint}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

/** Why what was asked for was not done; nothing while there is nothing to say. */
export function Refusal({ children }: { readonly children: ReactNode }) {
  if (!children) return null
  return (
    <p className="refused" role="alert">
      {children}
    </p>
  )
}

/** `verb` submits the form these are in. */
export function DialogActions({ verb, onCancel }: { readonly verb: string; readonly onCancel: () => void }) {
  return (
    <div className="dialog-actions">
      <Button onClick={onCancel}>Cancel</Button>
      <Button type="submit" look="primary">
        {verb}
      </Button>
    </div>
  )
}
