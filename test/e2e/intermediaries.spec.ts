// What stands between the ends, in the window: a lifeline each, stepped as one, and where a dialect breaks.
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { attack } from '../../shared/intermediaries/attack.ts'
import { expect, root, test } from './app.ts'
import { answer, command, expectStates, leaveInput } from './window.ts'

const said = (page: Page) => page.getByTestId('ladder-said')

async function labVia(page: Page, dialect: string, via: string): Promise<void> {
  await command(page, `lab ${dialect} --seed 7 --via ${via}`)
  await expect(page.getByTestId('lifelines')).toBeVisible()
  await leaveInput(page)
}

test('nodes are picked in the menu of the dialects, and each has its lifeline', async ({ app }) => {
  const { page, host } = app
  await page.getByRole('button', { name: /^Dialect: / }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Reverse proxy' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Cache' }).click()
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-via-picker.png`) })
  await page.getByRole('menuitem').filter({ hasText: 'hixie-76' }).first().click()
  await expect(page.getByTestId('lifelines').locator('span')).toHaveText(['Client', 'Reverse proxy', 'Cache', 'Server'])
  expect(app.problems).toEqual([])
})

test('hixie-76 fails behind the reverse proxy, which says what it does with the eight bytes', async ({ app }) => {
  const { page, host } = app
  await labVia(page, 'hixie-76', 'reverse-proxy')
  await page.keyboard.press('F10')
  await page.keyboard.press('F10')
  await expect(said(page)).toContainText('the 8 bytes behind it are not part of it')
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-via-hixie-76.png`) })
  await page.keyboard.press('F5')
  await expect(said(page)).toContainText('the server waits for them for ever')
  await expectStates(page, 'AWAITING_CHALLENGE', 'AWAITING_KEY3')
  await expect(page.getByTestId('ladder-foot')).toContainText('Nothing is held')
  // What the proxy says takes room from the list, and not from what is selected in it.
  await expect(page.locator('[data-testid="ladder-row"][aria-selected="true"]')).toBeInViewport({ ratio: 0.9 })
  expect(app.problems).toEqual([])
})

test('Upgrade+Hello passes the reverse proxy, step by step over both legs', async ({ app: { page, host } }) => {
  await labVia(page, 'hello-00', 'reverse-proxy')
  const rows = page.getByTestId('ladder-row')
  for (const leg of ['0', '1', '1', '1', '0']) {
    const done = await page.locator('[data-phase="done"]').count()
    await page.keyboard.press('F10')
    await expect(rows.nth(done)).toHaveAttribute('data-phase', 'done')
    await expect(rows.nth(done)).toHaveAttribute('data-leg', leg)
  }
  await page.keyboard.press('F5')
  await expectStates(page, 'OPEN', 'OPEN')
  await expect(said(page)).toHaveCount(0)
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-via-hello.png`) })
  await rows.first().click()
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true')
  await expect(page.locator('[data-testid="ladder-row"][aria-selected="true"]')).toHaveCount(1)
})

/** A page and its own server talk about a script of somebody else's. */
async function talkToYourself(page: Page): Promise<void> {
  const hex = (text: string) => Buffer.from(text).toString('hex')
  await page.keyboard.press('F5')
  await expectStates(page, 'OPEN', 'OPEN')
  for (const [end, text] of [
    ['client', attack.request],
    ['server', attack.response],
  ] as const) {
    await command(page, `send ${end} hex ${hex(text)}`)
    await command(page, 'run')
  }
}

test('the cache is poisoned under hybi-03', async ({ app: { page, host } }) => {
  await labVia(page, 'hybi-03', 'cache')
  await talkToYourself(page)
  await expect(said(page)).toContainText(`the cache keeps it for everybody who asks for ${attack.url}`)
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-via-poisoned.png`) })
})

test('the cache is not poisoned under hybi-08, whose clients mask', async ({ app: { page } }) => {
  await labVia(page, 'hybi-08', 'cache')
  await talkToYourself(page)
  await command(page, 'close client 1000')
  await command(page, 'run')
  await expectStates(page, 'CLOSED', 'CLOSED')
  await expect(said(page)).toHaveCount(0)
})

test('the samples of nodes and of the prototype start with one click, where their cards say', async ({
  app: { page },
}) => {
  const start = async (title: string) => {
    await page.getByRole('tab', { name: 'Samples' }).click()
    await page.getByRole('button', { name: `Start ${title}` }).click()
    await expect(page.getByRole('tab', { name: 'Lab' })).toHaveAttribute('aria-selected', 'true')
  }
  await start('Behind a reverse proxy')
  await page.keyboard.press('F5')
  await expect(said(page)).toContainText('the server waits for them for ever')
  await start('A cache is poisoned')
  await page.keyboard.press('F10')
  await expect(said(page)).toContainText(
    'the cache keeps it for everybody who asks for http://victim.example/script.js',
  )
  await start('The prototype of 2010')
  await expectStates(page, 'OPEN', 'OPEN')
  await command(page, `send client text ${'x'.repeat(126)}`)
  await expect(answer(page)).toContainText('126')
})
