import { X } from 'lucide-react'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { Button } from './Button.tsx'

interface Props {
  readonly title: string
  readonly onClose: () => void
  /** Near the top, without a heading, for what is typed into at once. */
  readonly bare?: boolean
  /** For tables. */
  readonly wide?: boolean
  readonly children: ReactNode
}

/**
 * A modal dialog on the platform's own element: it traps and restores the focus, and Escape closes it. Where something
 * is to be typed, that has the focus first.
 */
export function Dialog({ title, onClose, bare = false, wide = false, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  // Before the page is drawn, and closed while it is still in the page: only then does it give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('input, textarea')?.focus()
    return () => {
      dialog?.close()
      // To a frame it does not give it back.
      if (before instanceof HTMLIFrameElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      className={`dialog${bare ? ' high' : ''}${wide ? ' wide' : ''}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === element.current && onClose()}
    >
      {!bare && (
        <header>
          <h2>{title}</h2>
          <Button look="small icon" aria-label="Close" icon={<X />} onClick={onClose} />
        </header>
      )}
      {bare ? (
        children
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        <div className="dialog-body" tabIndex={0}>
          {children}
        </div>
      )}
    </dialog>
  )
}
