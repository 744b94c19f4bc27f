// How the ladder of a long session scrolls. Measured inside the page.
import type { Page } from '@playwright/test'

/** Frames painted a second while the wheel turns by a page a frame for `seconds`; and those in which rows were missing. */
export async function scrollByWheel(page: Page, seconds: number): Promise<{ painted: number; lacking: number }> {
  return page.getByTestId('ladder').evaluate(async (ladder, seconds) => {
    let painted = 0
    let lacking = 0
    const paint = new MessageChannel()
    // A task that a frame posts runs when its painting is done.
    paint.port2.onmessage = () => {
      painted += 1
      if (ladder.querySelector('.waiting')) lacking += 1
    }
    const from = performance.now()
    await new Promise<void>((resolve) => {
      const frame = (now: number) => {
        ladder.dispatchEvent(new WheelEvent('wheel', { deltaY: 120, bubbles: true, cancelable: true }))
        paint.port1.postMessage(null)
        if (now - from < seconds * 1000) requestAnimationFrame(frame)
        else resolve()
      }
      requestAnimationFrame(frame)
    })
    const took = (performance.now() - from) / 1000
    return { painted: painted / took, lacking: lacking / took }
  }, seconds)
}

/** Milliseconds from a jump of the scroll bar to each of these places, 0 to 1, until the rows there are painted. */
export async function seekTo(page: Page, places: readonly number[]): Promise<readonly number[]> {
  const ladder = page.getByTestId('ladder')
  const times: number[] = []
  for (const place of places) {
    const time = await ladder.evaluate(async (list, place) => {
      const paint = new MessageChannel()
      const from = performance.now()
      list.scrollTop = (list.scrollHeight - list.clientHeight) * place
      return new Promise<number>((resolve) => {
        const frame = () => {
          const rows = list.querySelectorAll('.virtual-row').length
          const isThere = rows > 0 && !list.querySelector('.waiting') && performance.now() > from + 1
          if (!isThere) return void requestAnimationFrame(frame)
          paint.port2.onmessage = () => resolve(performance.now() - from)
          paint.port1.postMessage(null)
        }
        // The first frame still shows the rows from before.
        requestAnimationFrame(() => requestAnimationFrame(frame))
      })
    }, place)
    times.push(time)
  }
  return times
}
