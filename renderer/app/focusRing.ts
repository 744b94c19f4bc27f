// When the focus ring is drawn: after keys that move the focus, not after the pointer.
//
// `:focus-visible` alone is not enough: it stays on once any key was pressed, and stepping is done with keys.
import { useEffect } from 'react'

/** True for keys that move the focus or what is picked inside it. */
export function movesFocus({ key }: Pick<KeyboardEvent, 'key'>): boolean {
  return key === 'Tab' || key === 'Home' || key === 'End' || key === 'Escape' || key.startsWith('Arrow')
}

/** Puts on the page whether the pointer or the keyboard was used last, where base.css looks for it. Returns its undo. */
export function watchFocusRing(): () => void {
  const page = document.documentElement
  const whenPointed = () => page.setAttribute('data-focus', 'pointer')
  const whenPressed = (event: KeyboardEvent) => {
    if (movesFocus(event)) page.removeAttribute('data-focus')
  }
  window.addEventListener('pointerdown', whenPointed, { capture: true })
  window.addEventListener('keydown', whenPressed, { capture: true })
  return () => {
    window.removeEventListener('pointerdown', whenPointed, { capture: true })
    window.removeEventListener('keydown', whenPressed, { capture: true })
  }
}

export function useFocusRing(): void {
  useEffect(watchFocusRing, [])
}
