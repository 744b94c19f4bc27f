import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { command, openBothEnds, row, sendText } from './window.ts'

function box(page: Page) {
  return page.getByRole('textbox', { name: 'Filter the ladder' })
}

function rows(page: Page) {
  return page.getByTestId('ladder-row')
}

test('a filter shows the units that match, counts them, and is cleared with one click', async ({ app: { page } }) => {
  await openBothEnds(page)
  await sendText(page, 'Client', 'hello')
  await sendText(page, 'Client', 'goodbye')
  await expect(rows(page)).toHaveCount(6)
  await box(page).fill('opcode text and "bye"')
  await box(page).press('Enter')
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('goodbye')
  await expect(page.getByText('1 match')).toBeVisible()
  await rows(page).click()
  await expect(rows(page)).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: 'Show all units' }).click()
  await expect(rows(page)).toHaveCount(6)
  await expect(box(page)).toHaveValue('')
})

test('a filter that cannot be read says where, and one from the console shows in the bar', async ({
  app: { page },
}) => {
  await box(page).fill('size 3')
  await box(page).press('Enter')
  await expect(page.getByTestId('ladder-pane').getByText('"3" at column 6')).toBeVisible()
  await command(page, 'filter kind request')
  await expect(box(page)).toHaveValue('kind request')
  await expect(row(page, 0)).toBeVisible()
  await expect(rows(page)).toHaveCount(1)
})
