import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeLongSession } from '../main/lab/longSession.ts'
import { expect, root, test } from './app.ts'
import { exportDialog, openExportDialog, twoMessages } from './exportDialog.ts'
import { answer, command, openBothEnds } from './window.ts'

test('what is blanked is not in the file, and the dialog says what was done', async ({ app: { page, folder } }) => {
  await twoMessages(page)
  const path = `${folder}/clean.har`
  await openExportDialog(page)
  await exportDialog(page).getByText('HAR', { exact: true }).click()
  await expect(exportDialog(page).getByLabel('Path of the file')).toHaveValue('session.har')
  await exportDialog(page).getByLabel('Path of the file').fill(path)
  await exportDialog(page).getByLabel('Blank what matches this pattern').fill('tok-\\w+')
  await exportDialog(page).getByLabel('Path of the file').press('Enter')
  await expect(exportDialog(page).getByRole('status')).toContainText('Blanked in 0 heads and 1 frames')
  const [entry] = JSON.parse(readFileSync(path, 'utf8')).log.entries
  expect(entry._webSocketMessages.map(({ data }: { data: string }) => data)).toEqual(['hello, ********', '<b>bold</b>'])
})

test('what cannot be exported is said in the dialog, and no file is made', async ({ app: { page, folder } }) => {
  await openExportDialog(page)
  await exportDialog(page).getByLabel('Path of the file').fill(`${folder}/no.html`)
  await exportDialog(page).getByLabel('Only what matches').fill('size 3')
  await exportDialog(page).getByRole('button', { name: 'Export' }).click()
  await expect(exportDialog(page).getByRole('alert')).toContainText('--filter: "3" at column 6')
  expect(existsSync(`${folder}/no.html`)).toBe(false)
})

test('the console exports too', async ({ app: { page, folder } }) => {
  await openBothEnds(page)
  await command(page, `export --to ${folder}/lines.jsonl`)
  await expect(answer(page)).toContainText(`exported to ${folder}/lines.jsonl`)
  expect(readFileSync(`${folder}/lines.jsonl`, 'utf8').split('\n').length).toBeGreaterThan(3)
})

test('an export of a long session says how far it is, and is given up', async ({ app: { page, folder, host } }) => {
  writeLongSession(`${folder}/long.pcapng`, 40_000)
  await command(page, `open ${folder}/long.pcapng`)
  await expect(answer(page)).toContainText('recorded')
  await openExportDialog(page)
  const dialog = exportDialog(page)
  await dialog.getByText('JSON lines', { exact: true }).click()
  await dialog.getByLabel('Path of the file').fill(`${folder}/long.jsonl`)
  await dialog.getByRole('button', { name: 'Export' }).click()
  await expect(dialog.getByText(/^Exporting to long\.jsonl: writing, \d+%\.$/)).toBeVisible()
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-exporting.png`) })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('The export was given up: no file was written.')
  expect(existsSync(`${folder}/long.jsonl`)).toBe(false)
})
