// Scrolling through more than a browser can hold. An element can be about 33 million pixels high; a million rows of
// the ladder are more. The scroll bar then moves through a shorter picture of the list, the wheel through the list.

/** Heights past this are scaled down. Chromium stops at 2^25 pixels. */
export const tallest = 16_000_000

export interface ScrollScale {
  /** Pixels of list per pixel of scroll bar; 1 for lists that fit. */
  readonly ratio: number
  /** Height to give the scrolled element. */
  readonly height: number
  /** The greatest offset there is to scroll to. */
  readonly last: number
}

/**
 * @param total pixels of the whole list
 * @param view height of what is visible, in pixels
 */
export function scaleFor(total: number, view: number): ScrollScale {
  const last = Math.max(0, total - view)
  if (total <= tallest) return { ratio: 1, height: total, last }
  return { ratio: last / (tallest - view), height: tallest, last }
}

export interface ScaledScroll {
  /** Offset in the list, in pixels. */
  offset(): number
  /** Scrolls there. */
  to(offset: number): void
  /** Takes the listeners off again. */
  stop(): void
}

/**
 * Scrolls an element by offsets in the list.
 * @param scale asked anew at each move, since the list grows
 * @param tell called with every new offset
 */
export function scaledScroll(
  element: HTMLElement,
  scale: () => ScrollScale,
  tell: (offset: number) => void,
): ScaledScroll {
  let offset = element.scrollTop * scale().ratio

  function put(next: number) {
    offset = Math.max(0, Math.min(next, scale().last))
    element.scrollTop = offset / scale().ratio
    tell(offset)
  }

  /** The bar was dragged, or the browser scrolled: what is not the echo of `put` is taken over. */
  function whenScrolled() {
    const { ratio } = scale()
    if (ratio === 1 || Math.abs(element.scrollTop - offset / ratio) > 1) offset = element.scrollTop * ratio
    tell(offset)
  }

  function whenWheeled(event: WheelEvent) {
    if (scale().ratio === 1 || event.deltaY === 0) return
    event.preventDefault()
    put(offset + event.deltaY)
  }

  element.addEventListener('scroll', whenScrolled, { passive: true })
  element.addEventListener('wheel', whenWheeled, { passive: false })
  return {
    offset: () => offset,
    to: put,
    stop() {
      element.removeEventListener('scroll', whenScrolled)
      element.removeEventListener('wheel', whenWheeled)
    },
  }
}
