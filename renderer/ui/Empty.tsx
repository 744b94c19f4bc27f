import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'

interface Props {
  readonly title: string
  readonly icon?: ReactNode
  readonly children?: ReactNode
}

/** What a pane shows while it has nothing: what happened, and what to do next. */
export function Empty({ title, icon, children }: Props) {
  return (
    <div className="empty">
      {icon}
      <strong>{title}</strong>
      {children}
    </div>
  )
}

/** A question the host could not answer, and a way to ask again. */
export function Trouble({ says, retry }: { readonly says: string; readonly retry: () => void }) {
  return (
    <div className="trouble" role="alert">
      <TriangleAlert aria-hidden="true" />
      <span className="grow">{says}</span>
      <Button look="small outlined" onClick={retry}>
        Try again
      </Button>
    </div>
  )
}
