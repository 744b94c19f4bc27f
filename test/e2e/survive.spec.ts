// Which dialect survives which intermediary, in the window: filled in as the runs end, cancelled, and opened where it breaks.
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, root, test } from './app.ts'
import { command, foot } from './window.ts'

const cell = (page: Page, dialect: string, via: string): Locator =>
  page.getByRole('button', { name: new RegExp(`^${dialect} behind ${via},`) })
const said = (page: Page) => page.getByTestId('ladder-said')
const status = (page: Page) => page.getByRole('main', { name: 'Behind intermediaries' }).getByRole('status')

/** Only some, so that a test is about the table and not about sixty runs. */
async function runSome(page: Page, words = '--dialects hixie-76,hello-00 --via relay,reverse-proxy'): Promise<void> {
  await command(page, `survive ${words}`)
  await page.getByRole('tab', { name: 'Compare' }).click()
  await page.getByRole('radio', { name: 'Behind intermediaries' }).click()
}

test('each cell says whether the dialect survives, or at which step it breaks and why', async ({ app }) => {
  const { page } = app
  await runSome(page)
  await expect(status(page)).toHaveText('4 runs, 1 does not survive')
  await expect(cell(page, 'hello-00', 'reverse-proxy')).toContainText('survives')
  const broken = cell(page, 'hixie-76', 'reverse-proxy')
  await expect(broken).toContainText('handshake fails')
  await expect(broken).toContainText('at step 4, 101')
  await expect(broken).toContainText('the 8 bytes')
  expect(app.problems).toEqual([])
})

test('a click opens that run in the lab at the step where it breaks, with the reason', async ({ app }) => {
  const { page } = app
  await runSome(page)
  await expect(status(page)).toHaveText(/^4 runs/)
  await cell(page, 'hixie-76', 'reverse-proxy').click()
  await expect(page.getByTestId('lifelines').locator('span')).toHaveText(['Client', 'Reverse proxy', 'Server'])
  await expect(said(page)).toContainText('the 8 bytes stay')
  await expect(page.locator('[data-testid="ladder-row"][data-phase="done"]')).toHaveCount(4)
  await expect(page.locator('[data-testid="ladder-row"][aria-selected="true"]')).toContainText('101')
  await page.keyboard.press('Shift+F10')
  await expect(page.locator('[data-testid="ladder-row"][data-phase="done"]')).toHaveCount(3)
  expect(app.problems).toEqual([])
})

test('arrow keys go from cell to cell, and Enter opens one', async ({ app: { page } }) => {
  await runSome(page)
  await expect(status(page)).toHaveText(/^4 runs/)
  await cell(page, 'hixie-76', 'relay').focus()
  await page.keyboard.press('ArrowRight')
  await expect(cell(page, 'hixie-76', 'reverse-proxy')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(cell(page, 'hello-00', 'reverse-proxy')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(cell(page, 'hello-00', 'reverse-proxy')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('lifelines')).toBeVisible()
  await expect(foot(page)).toContainText('end of the record')
})

test('it can be cancelled, keeps what has ended, and begins again', async ({ app }) => {
  const { page } = app
  await page.getByRole('tab', { name: 'Samples' }).click()
  await page.getByRole('button', { name: 'Start What survives in between' }).click()
  await expect(cell(page, 'hixie-75', 'relay')).toContainText('survives')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(status(page)).toContainText('of 60 runs, stopped')
  await expect(cell(page, 'hixie-75', 'relay')).toContainText('survives')
  await expect(cell(page, 'rfc6455', 'link')).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('button', { name: 'Run all again' }).click()
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(status(page)).toContainText('stopped')
  expect(app.problems).toEqual([])
})

for (const theme of ['dark', 'light'] as const) {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 1920, height: 1080 },
  ]) {
    test.describe(`${size.width}x${size.height}, ${theme}`, () => {
      test.use({ size, theme })

      test('the table is drawn whole', async ({ app }) => {
        const { page, host } = app
        const shoot = (name: string) =>
          page.screenshot({ path: join(root, 'test-results/screens', `${host}-${theme}-${size.width}-${name}.png`) })
        await runSome(page, '--dialects hixie-75,hixie-76,hybi-03,hello-00,rfc6455')
        await expect(cell(page, 'hixie-76', 'relay')).toContainText('survives')
        await shoot('survive-1-running')
        await expect(status(page)).toHaveText(/^30 runs/)
        await shoot('survive-2-done')
        await cell(page, 'hybi-03', 'cache').click()
        await expect(said(page)).toBeVisible()
        await shoot('survive-3-opened')
        expect(app.problems).toEqual([])
      })
    })
  }
}
