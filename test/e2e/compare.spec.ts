// Several dialects side by side, and from a cell into the stepper.
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { expectStates } from './window.ts'

async function openCompare(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Compare' }).click()
  await expect(page.getByRole('columnheader', { name: /^RFC 6455/ }).first()).toBeVisible()
}

function rowOf(page: Page, name: RegExp): Locator {
  return page.getByTestId('compare-row').filter({ has: page.getByRole('rowheader', { name }) })
}

const setup = (page: Page) => page.getByRole('form', { name: 'What to compare' })

test('the tab compares Upgrade+Hello with RFC 6455 at once, and says what differs', async ({ app }) => {
  const { page } = app
  await openCompare(page)
  const proof = rowOf(page, /server → client\s*proof/)
  await expect(proof.getByRole('cell')).toHaveText([/Hello.*26 B/, '–'])
  await expect(proof).toHaveAttribute('data-differs', 'true')
  const text = rowOf(page, /client → server\s*text/).first()
  await expect(text.getByRole('cell')).toHaveText([/text.*7 B/, /text.*masked.*11 B/])
  await expect(page.getByRole('region', { name: 'What differs' })).toContainText(
    'hello-00 sends 44 bytes behind the heads to prove that both ends took part',
  )
  await expect(page.getByRole('region', { name: 'Counted' }).getByRole('row', { name: /bytes of proof/ })).toHaveText(
    /bytes of proof\s*44\s*0/,
  )
  expect(app.problems).toEqual([])
})

test('a cell opens its unit in the run of its column, stepped to where it is complete', async ({ app: { page } }) => {
  await openCompare(page)
  await page.getByRole('button', { name: /^hello-00, Hello 26 B/ }).click()
  await expect(page.getByRole('button', { name: /^Dialect: Upgrade\+Hello/ })).toBeVisible()
  await expectStates(page, 'OPEN', 'AWAITING_CLIENT_HELLO')
  await expect(page.locator('[data-testid="ladder-row"][aria-selected="true"]')).toContainText('Hello')
  await page.getByRole('tab', { name: 'Compare' }).click()
  await page
    .getByRole('button', { name: /^rfc6455, text masked 11 B/ })
    .first()
    .click()
  await expect(page.getByRole('button', { name: /^Dialect: RFC 6455/ })).toBeVisible()
  await expectStates(page, 'OPEN', 'OPEN')
})

test('every dialect can be a column, and a scenario of one’s own is run in each', async ({ app: { page } }) => {
  await openCompare(page)
  for (const box of await setup(page).getByRole('checkbox').all()) await box.check()
  const count = await setup(page).getByRole('checkbox').count()
  await setup(page).getByLabel('Scenario').fill('send server text hi\nclose client 1000 bye')
  await setup(page).getByRole('button', { name: 'Compare' }).click()
  const ladders = page.getByRole('region', { name: 'Ladders side by side' })
  await expect(ladders.getByRole('columnheader')).toHaveCount(count + 1)
  await expect(page.getByTestId('compare-phase')).toHaveCount(3)
  await expect(page.getByTestId('compare-phase').last()).toContainText('not in this dialect')
})

test('one dialect is not enough, and a line that is wrong is named', async ({ app: { page } }) => {
  await openCompare(page)
  const hello = setup(page).getByRole('checkbox', { name: /hello-00/ })
  await hello.uncheck()
  await expect(setup(page).getByText('Pick two dialects or more.')).toBeVisible()
  await expect(setup(page).getByRole('button', { name: 'Compare' })).toBeDisabled()
  await hello.check()
  await setup(page).getByLabel('Scenario').fill('ping client\nstep unit')
  await setup(page).getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Line 2: step unit is not for a comparison' })).toBeVisible()
  await expect(rowOf(page, /client → server\s*request/), 'the last result stays').toBeVisible()
})

test('arrow keys go from cell to cell over empty ones, Enter opens', async ({ app: { page } }) => {
  await openCompare(page)
  await page.getByRole('button', { name: /^hello-00, GET \/demo/ }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: /^rfc6455, GET \/demo/ })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('button', { name: /^rfc6455, text masked 11 B/ }).first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: 'Lab', exact: true })).toHaveAttribute('aria-selected', 'true')
})

test('comparing again keeps one run a column, and the run that was shown', async ({ app: { page } }) => {
  await openCompare(page)
  await setup(page).getByRole('button', { name: 'Compare' }).click()
  await expect(setup(page).getByRole('button', { name: 'Compare' })).toBeEnabled()
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await expect(page.getByTestId('open-run')).toHaveCount(3)
  await expect(page.getByTestId('open-run').filter({ hasText: 'shown' })).toContainText('Upgrade+Hello, seed 7')
})

test('of a long scenario only the rows in view exist, and keys go on past them', async ({ app: { page } }) => {
  await openCompare(page)
  const lines = Array.from({ length: 200 }, (_, index) => `send client text ${index}`)
  await setup(page).getByLabel('Scenario').fill(lines.join('\n'))
  await setup(page).getByRole('button', { name: 'Compare' }).click()
  const ladders = page.getByRole('region', { name: 'Ladders side by side' })
  await expect(ladders.getByRole('table')).toHaveAttribute('aria-rowcount', /^4\d\d$/)
  expect(await page.getByTestId('compare-row').count()).toBeLessThan(60)
  const differences = page.getByRole('region', { name: 'What differs' })
  await differences.getByRole('button', { name: /^All \d+ differences$/ }).click()
  await expect(differences.getByRole('listitem').filter({ hasText: '“send client text 199”' })).toBeVisible()
  await ladders.evaluate((box) => box.scrollTo(0, box.scrollHeight))
  const last = page.getByTestId('compare-row').last()
  await expect(last).toHaveAttribute('aria-rowindex', /^4\d\d$/)
  await last.getByRole('button', { name: /^rfc6455/ }).focus()
  const focused = page.locator('tr:has(.side-cell:focus)')
  await expect(focused).toHaveCount(1)
  const row = async () => Number(await focused.getAttribute('aria-rowindex'))
  for (const before = await row(); (await row()) > before - 60; ) await page.keyboard.press('ArrowUp')
  await expect(focused).toBeInViewport()
  expect(await page.getByTestId('compare-row').count()).toBeLessThan(60)
})
