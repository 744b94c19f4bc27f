// The dialog that exports a session, and a session to export.
import type { Page } from '@playwright/test'
import { expect } from './app.ts'
import { openBothEnds, pickDialect, row, sendText } from './window.ts'

export function exportDialog(page: Page) {
  return page.getByRole('dialog', { name: 'Export the session' })
}

export async function openExportDialog(page: Page) {
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: 'Export…' }).click()
  await expect(exportDialog(page)).toBeVisible()
}

export async function twoMessages(page: Page) {
  await pickDialect(page, 'RFC 6455')
  await openBothEnds(page)
  await sendText(page, 'Client', 'hello, tok-4f9a')
  await sendText(page, 'Server', '<b>bold</b>')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(row(page, 3)).toHaveAttribute('data-phase', 'done')
}
