import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { describe, expect, it } from 'vitest'
import { openBrowser, openDesktop, root } from '../e2e/app.ts'
import { pressRepeatedly, type Step } from './keyPresses.ts'
import { measurePairs, median, quantile } from './measure.ts'
import { type Aim, mediansOf, reportFigure, reportRatio, section, short } from './report.ts'
import { scratchFolder } from './scratch.ts'
import { type Paints, timeToPaints } from './startUp.ts'

const { WIRESTEP_ELECTRON: electron } = process.env
const moments: Readonly<Record<keyof Step, string>> = {
  shown: 'the new place painted',
  settled: 'every pane painted',
  displayed: 'the new place a frame old',
}
const viewport = { width: 1280, height: 800 }
const warmUps = 10
const presses = 120
const folder = await scratchFolder()

/** Types a command into the window's console. */
async function command(page: Page, line: string): Promise<void> {
  await page.getByRole('tab', { name: 'Console' }).click()
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

function report(name: string, steps: readonly Step[]): void {
  for (const [moment, says] of Object.entries(moments)) {
    const times = steps.map((step) => step[moment as keyof Step])
    const beside = `p50 ${short(median(times))} ms, p95 `
    reportFigure(`${name}: ${says}`, quantile(times, 0.95), 'ms', { atMost: 33 }, beside)
  }
}

describe(`the window in ${electron ? 'Electron' : 'Chromium'}`, () => {
  it('paints a step soon after its key', async () => {
    section(
      `From key press to painted step, in ${electron ? 'Electron' : 'Chromium, the browser host: no Electron was there'}`,
      'A live lab run at 1280x800; real presses of a key, each when the window has come to rest after the last. ' +
        'Counted from the time stamp of the press: until the window has painted the frame with the new place in the ' +
        'run, until it has painted the last change in any pane, and, as an upper bound for what a display adds, until ' +
        'the start of the frame after the first of these. Aims are for the p95.',
    )
    const { page, close } = await (electron ? openDesktop : openBrowser)(folder, viewport)
    try {
      await page.getByTestId('ladder-row').first().waitFor()
      await pressRepeatedly(page, 'Shift+F11', warmUps)
      report('step byte, Shift+F11', await pressRepeatedly(page, 'Shift+F11', presses))
      await command(page, 'run')
      const text = 'x'.repeat(presses)
      for (const end of ['client', 'server']) await command(page, `send ${end} text --fragments ${presses} ${text}`)
      await pressRepeatedly(page, 'F10', warmUps)
      report('step unit, F10', await pressRepeatedly(page, 'F10', presses))
    } finally {
      await close()
    }
  })

  it.skipIf(!electron)('is painted first soon after its start', async () => {
    section(
      'Start-up',
      'From the start of the process to the first contentful paint, which says that Wirestep starts, and to the largest, ' +
        'which is of the first run, ready to be stepped; against an Electron window with one word of static HTML. Both ' +
        'with a folder of their own, warm from an earlier start.',
    )
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu']
    const start = (title: string, selector: string, app: readonly string[]) => () =>
      timeToPaints({
        ...{ electron: electron!, title, selector, args: [...args, ...app] },
        env: { ...process.env, WIRESTEP_DATA: join(folder, 'started') },
      })
    const empty = [`--user-data-dir=${join(folder, 'empty')}`, join(import.meta.dirname, 'emptyWindow')]
    const pairs = await measurePairs({
      ...{ warmUps: 1, rounds: 7 },
      ours: start('Wirestep', '[data-testid="ladder-row"]', [root]),
      peer: start('Empty', 'body', empty),
    })
    const report = (name: string, pick: (paints: Paints) => number, aim?: Aim) => {
      const figures = mediansOf(pairs, (all) => `${short(median(all.map(pick)))} ms`)
      const ratios = pairs.map(({ ours, peer }) => pick(ours) / pick(peer))
      reportRatio({ name, ...figures }, ratios, aim)
    }
    report('first contentful paint', ({ first }) => first, { atMost: 1.3 })
    report('largest contentful paint, of the first run', ({ largest }) => largest)
    expect(pairs).toHaveLength(7)
  })
})
