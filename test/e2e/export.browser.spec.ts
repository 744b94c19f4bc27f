import { pathToFileURL } from 'node:url'
import { expect, test } from './app.ts'
import { exportDialog, openExportDialog, twoMessages } from './exportDialog.ts'

test('a session is exported as a page, which opens by itself without a word on the console', async ({ app }) => {
  const { page, folder } = app
  await twoMessages(page)
  const path = `${folder}/page.html`
  await openExportDialog(page)
  await exportDialog(page).getByLabel('Path of the file').fill(path)
  await exportDialog(page).getByRole('button', { name: 'Export' }).click()
  await expect(exportDialog(page).getByRole('status')).toContainText(`exported to ${path}`)
  await exportDialog(page).getByRole('button', { name: 'Done' }).click()
  await expect(exportDialog(page)).toBeHidden()
  const other = await page.context().newPage()
  const problems: string[] = []
  other.on('console', (message) => problems.push(message.text()))
  await other.goto(pathToFileURL(path).href)
  await expect(other.getByRole('heading', { name: 'Connection 1' })).toBeVisible()
  await other.getByRole('link', { name: /text.*bold/ }).click()
  await expect(other.locator('article:target')).toContainText('<b>bold</b>')
  expect(await other.evaluate(() => getComputedStyle(document.querySelector('.unit')!).borderTopStyle)).toBe('solid')
  expect(problems).toEqual([])
  await other.close()
})
