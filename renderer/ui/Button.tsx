import type { ComponentProps, ReactNode } from 'react'

interface Props extends ComponentProps<'button'> {
  readonly look?: string
  readonly icon?: ReactNode
  /** The key that does the same, as shown. */
  readonly hint?: string | undefined
}

/** A button with its icon and key. Without children it needs an `aria-label`. */
export function Button({ look = '', icon, hint, children, ...rest }: Props) {
  return (
    <button type="button" className={`button ${look}`} {...rest}>
      {icon}
      {children}
      {hint && <kbd>{hint}</kbd>}
    </button>
  )
}
