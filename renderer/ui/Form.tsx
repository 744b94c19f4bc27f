// What forms end with: why it could not be done, and in dialogs the way on or back.
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

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
