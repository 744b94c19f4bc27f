import type { ComponentProps, ReactNode } from 'react'

interface Props extends ComponentProps<'button'> {
  readonly look?: string
  readonly icon?: ReactNode
  /** The key that does the same, as shown. */
  readonly hint?: string | undefined
}

/** A key as drawn on its cap. It is a hint for the eye: no part of the name of what it stands in. */
export function KeyCap({ keys }: { readonly keys: string }) {
  return <kbd data-keys={keys} />
}

/** A button with its icon and key. Without children it needs an `aria-label`. */
export function Button({ look = '', icon, hint, children, ...rest }: Props) {
  return (
    <button type="button" className={`button ${look}`} {...rest}>
      {icon}
      {children}
      {hint && <KeyCap keys={hint} />}
    </button>
  )
}
