// How long the window takes from a key press to the painted step. Measured inside the page, from the time stamp that
// the press itself carries.
import type { Page } from '@playwright/test'

/** Milliseconds from the press. */
export interface Step {
  /** Until the frame is painted in which the window first shows where the run now is. */
  readonly shown: number
  /** Until the start of the frame after that: by then the other is on the display. */
  readonly displayed: number
  /** Until the frame is painted with the last change that the press made in any pane. */
  readonly settled: number
}

/** Presses a key `count` times, each time when the window has come to rest after the last one. */
export async function pressRepeatedly(page: Page, key: string, count: number): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (let press = 0; press < count; press++) {
    const watching = await page.evaluateHandle(watchNextPress)
    await page.keyboard.press(key)
    steps.push(await watching.evaluate(({ step }) => step))
    await watching.dispose()
  }
  return steps
}

/** Runs in the page, so it can use nothing from outside. */
function watchNextPress(): { readonly step: Promise<Step> } {
  const panes = 'section.pane, [data-testid="timeline"], .toolbar'
  const restingFrames = 12
  const mostFrames = 600
  const paint = new MessageChannel()

  /** What the window says about where the run is. */
  const place = () => {
    const slider = document.querySelector('[data-testid="timeline"] [role="slider"]')
    return `${slider?.getAttribute('aria-valuenow')} ${document.querySelector('.next-step')?.textContent}`
  }

  const before = place()
  let pressed = 0
  let shown = 0
  let displayed = 0
  let settled = 0
  let moved = false
  let frames = 0
  let framesAtRest = 0

  const step = new Promise<Step>((resolve, reject) => {
    /** Tasks that a frame posts run when its painting is done. */
    paint.port2.onmessage = () => {
      settled = performance.now()
      shown ||= settled
    }
    const observer = new MutationObserver(() => {
      moved ||= place() !== before
      if (!moved) return
      framesAtRest = 0
    })
    const frame = () => {
      if (moved && shown > 0) displayed ||= performance.now()
      if (moved && framesAtRest === 0) paint.port1.postMessage(null)
      frames += 1
      framesAtRest += moved ? 1 : 0
      if (framesAtRest <= restingFrames && frames < mostFrames) return void requestAnimationFrame(frame)
      observer.disconnect()
      if (!moved) reject(new Error(`the press changed nothing: ${before}`))
      resolve({ shown: shown - pressed, displayed: displayed - pressed, settled: settled - pressed })
    }
    const whenPressed = (event: KeyboardEvent) => {
      pressed = event.timeStamp
      for (const pane of document.querySelectorAll(panes)) {
        observer.observe(pane, { subtree: true, childList: true, attributes: true, characterData: true })
      }
      requestAnimationFrame(frame)
    }
    window.addEventListener('keydown', whenPressed, { capture: true, once: true })
  })
  return { step }
}
