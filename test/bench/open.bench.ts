import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { openBrowser, openDesktop } from '../e2e/app.ts'
import { recordLongSession, writeAsCaptured } from './longSession.ts'
import { loadSubject, measurePairs, median, quantile } from './measure.ts'
import { type Cost, costOf } from './program.ts'
import { reportFigure, reportRatio, section, short } from './report.ts'
import { newStore, scratchFolder } from './scratch.ts'
import { scrollByWheel, seekTo } from './scrolling.ts'

const { WIRESTEP_ELECTRON: electron } = process.env
const hasTshark = spawnSync('tshark', ['--version']).status === 0
const subject = await loadSubject()
const folder = await scratchFolder()
const frames = 1_000_000
const recorded = join(folder, 'recorded.pcapng')
const captured = join(folder, 'captured.pcapng')

beforeAll(async () => {
  recordLongSession(subject, await newStore(recorded), frames)
  writeAsCaptured(recorded, captured)
})

async function open(path: string): Promise<Cost> {
  const cost = await costOf(process.execPath, [join(import.meta.dirname, 'openFile.mjs'), inject('subject'), path])
  expect(JSON.parse(cost.out)).toEqual({ rows: frames + 2, problems: [] })
  return cost
}

/** Plain `-q` would take nothing apart. */
async function dissect(path: string): Promise<Cost> {
  const cost = await costOf('tshark', ['-q', '-z', 'io,stat,0,websocket', '-r', path])
  expect(cost.out).toMatch(new RegExp(`\\| *${frames} *\\|`))
  return cost
}

describe.skipIf(!hasTshark)('opening a session of a million frames', () => {
  beforeAll(() =>
    section(
      'Opening 1,000,000 frames',
      'A process that opens the file and indexes all of it, against `tshark -q -z io,stat,0,websocket -r FILE`, from start ' +
        'to end of the process. Binary frames of 16 bytes, masked from the client, each of them a packet of its own. ' +
        '*Recorded* is a recording of Wirestep of lanes that ran, which has every frame once, as sent and delivered. ' +
        '*Captured* has what another tool captures of the same traffic. Memory is the peak of the ' +
        'resident set.',
    ),
  )

  it.each([
    ['recorded', recorded],
    ['captured', captured],
  ])('%s', { timeout: 600_000 }, async (name, path) => {
    const pairs = await measurePairs({ warmUps: 0, rounds: 3, ours: () => open(path), peer: () => dissect(path) })
    const report = (what: string, unit: string, pick: (cost: Cost) => number, atMost: number) => {
      const format = (costs: readonly Cost[]) => `${short(median(costs.map(pick)))} ${unit}`
      const figures = { ours: format(pairs.map(({ ours }) => ours)), peer: format(pairs.map(({ peer }) => peer)) }
      const ratios = pairs.map(({ ours, peer }) => pick(ours) / pick(peer))
      reportRatio({ name: `${name}: ${what}`, ...figures }, ratios, { atMost })
    }
    report('time', 's', ({ seconds }) => seconds, 1 / 20)
    if (pairs.every(({ ours, peer }) => ours.memory > 0 && peer.memory > 0)) {
      report('peak memory', 'MiB', ({ memory }) => memory, 1 / 4)
    }
  })
})

/** Opens the session in the window, and waits until all of it is there. */
async function openInWindow(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Console' }).click()
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  await page.keyboard.type(`open "${recorded}"`)
  await page.keyboard.press('Enter')
  await page.getByTestId('opening').waitFor()
  await page.getByTestId('opening').waitFor({ state: 'detached', timeout: 120_000 })
}

describe(`a session of a million frames in the window in ${electron ? 'Electron' : 'Chromium'}`, () => {
  it('scrolls and seeks', { timeout: 300_000 }, async () => {
    section(
      `1,000,000 frames in ${electron ? 'Electron' : 'Chromium, the browser host: no Electron was there'}`,
      'The recording above, open in the window at 1280x800. *Scrolling* turns the wheel by 120 pixels with every frame, ' +
        'for 5 seconds: frames that were painted, and among them those in which a row was still missing. *Seeking* moves ' +
        'the scroll bar to 60 places all over the session, each when the rows of the last are there: until the rows at the ' +
        'place are painted. The aim is for the p95.',
    )
    const { page, close } = await (electron ? openDesktop : openBrowser)(folder, { width: 1280, height: 800 })
    try {
      await page.getByTestId('ladder-row').first().waitFor()
      await openInWindow(page)
      await seekTo(page, [0.5])
      const { painted, lacking } = await scrollByWheel(page, 5)
      reportFigure('scrolling: frames painted', painted, 'a second', { atLeast: 60 })
      reportFigure('scrolling: frames that lacked a row', lacking, 'a second')
      const places = Array.from({ length: 60 }, (_, index) => ((index * 37) % 61) / 61)
      const times = await seekTo(page, places)
      const beside = `p50 ${short(median(times))} ms, p95 `
      reportFigure('seeking: rows painted', quantile(times, 0.95), 'ms', { atMost: 50 }, beside)
    } finally {
      await close()
    }
  })
})
