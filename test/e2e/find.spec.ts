import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { openBothEnds, pickDialect, row, sendText } from './window.ts'

function bar(page: Page) {
  return page.getByRole('search')
}

test('units are found with an expression, counted, gone through, and lit in the bytes', async ({ app: { page } }) => {
  await pickDialect(page, 'RFC 6455')
  await openBothEnds(page)
  for (const text of ['first needle', 'straw', 'second needle']) await sendText(page, 'Server', text)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(row(page, 4)).toHaveAttribute('data-phase', 'done')
  await page.keyboard.press('Control+f')
  await bar(page).getByText('Units', { exact: true }).click()
  const box = bar(page).getByRole('textbox')
  await box.fill('lane server and "needle"')
  await box.press('Enter')
  await expect(bar(page).getByRole('status')).toHaveText('1 of 2')
  await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true')
  await box.press('Enter')
  await expect(bar(page).getByRole('status')).toHaveText('2 of 2')
  await expect(row(page, 4)).toHaveAttribute('aria-selected', 'true')
  const lit = page.locator('[data-testid="byte"].is-selected')
  await expect(lit).toHaveCount('needle'.length)
  await expect(lit).toHaveText(['6e', '65', '65', '64', '6c', '65'])
  await box.press('Enter')
  await expect(bar(page).getByRole('status')).toHaveText('1 of 2')
  await box.press('Shift+Enter')
  await expect(row(page, 4)).toHaveAttribute('aria-selected', 'true')
})

test('an expression that cannot be read is said in the bar', async ({ app: { page } }) => {
  await openBothEnds(page)
  await page.keyboard.press('Control+f')
  await bar(page).getByText('Units', { exact: true }).click()
  await bar(page).getByRole('textbox').fill('size 3')
  await bar(page).getByRole('textbox').press('Enter')
  await expect(bar(page).getByRole('status')).toContainText('"3" at column 6')
})

test('the bar has the focus whenever it is asked for, and says nothing of a run that is not shown', async ({
  app: { page },
}) => {
  await openBothEnds(page)
  await page.keyboard.press('Control+f')
  const box = bar(page).getByRole('textbox')
  await box.fill('nowhere in here')
  await box.press('Enter')
  await expect(bar(page).getByRole('status')).toContainText('Not on the lane')
  await row(page, 0).click()
  await expect(box).not.toBeFocused()
  await page.keyboard.press('Control+f')
  await expect(box).toBeFocused()
  await page.keyboard.type('GET')
  await expect(box).toHaveValue('GET')
  await pickDialect(page, 'RFC 6455')
  await expect(bar(page).getByRole('status')).toHaveText('')
  await expect(box).toHaveValue('GET')
})
