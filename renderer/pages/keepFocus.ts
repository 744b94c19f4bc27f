// A browser forgets what had the focus in a framed page once the focus is in another document, as in a dialog of the
// window. What is given back to the frame then is given back to that.

export function keepFocus(): void {
  let last: EventTarget | null = null
  window.addEventListener('focusin', ({ target }) => {
    last = target
  })
  window.addEventListener('focus', () => {
    const isLost = document.activeElement === document.body
    if (isLost && last instanceof HTMLElement && last.isConnected) last.focus()
  })
}
