import { X } from 'lucide-react'
import { Button } from './Button.tsx'

interface Props {
  readonly says: string
  /** What screen readers call the progress. */
  readonly label: string
  readonly value: number
  /** 0: not known. */
  readonly max: number
  readonly onCancel: () => void
}

/** How far long work is, and the way to stop it. */
export function ProgressLine({ says, label, value, max, onCancel }: Props) {
  return (
    <>
      <span className="progress-says">{says}</span>
      <progress className="grow" aria-label={label} {...(max > 0 && { max, value })} />
      <Button type="button" look="small" icon={<X />} onClick={onCancel}>
        Cancel
      </Button>
    </>
  )
}
