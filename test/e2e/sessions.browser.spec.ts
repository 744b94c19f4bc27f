import { existsSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, startBrowserHost, test } from './app.ts'
import { answer, command, expectStates, lowerTab, openBothEnds, row, sendText } from './window.ts'

test('where no system dialog can be had, the window asks for the path itself', async ({ app: { page, folder } }) => {
  const path = `${folder}/asked for.pcapng`
  writeFileSync(`${folder}/file`, '')
  await page.getByRole('tab', { name: 'Sessions' }).click()

  await test.step('to save', async () => {
    await page.getByRole('button', { name: 'Save as…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save the session' })
    await expect(dialog.getByRole('textbox')).toBeFocused()
    await dialog.getByRole('textbox').fill(`${folder}/file/in a file.pcapng`)
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('alert')).toHaveText(
      /^Could not save to .*: part of the path is not a folder; check the path\.$/,
    )
    await dialog.getByRole('textbox').fill(path)
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(existsSync(path)).toBe(true)
  })

  await test.step('to open', async () => {
    await page.getByRole('button', { name: 'Open…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Open a session' })
    await dialog.getByRole('textbox').fill(`${folder}/nothing.pcapng`)
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('alert')).toHaveText(/there is no such file or folder\.$/)
    await dialog.getByRole('textbox').fill(path)
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(page.getByTestId('ladder')).toBeVisible()
  })
})

test('a Wirestep that is killed has recorded everything up to the last step', async ({ chromium }) => {
  const folder = await mkdtemp(join(tmpdir(), 'wirestep-killed-'))
  const context = await chromium!.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()

  const killed = await startBrowserHost(folder)
  await page.goto(killed.url)
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
  await openBothEnds(page)
  await sendText(page, 'Client', 'before the end')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(row(page, 4)).toHaveAttribute('data-phase', 'done')
  await sendText(page, 'Server', 'still held')
  for (let done = 1; done <= 5; done += 1) {
    await page.keyboard.press('Shift+F11')
    await expect(row(page, 5)).toContainText(`${done} of 12 B`)
  }
  await killed.end('SIGKILL')
  await expect(
    page.getByRole('alert').filter({ hasText: 'The connection to the Wirestep process is lost' }),
  ).toBeVisible()

  const next = await startBrowserHost(folder)
  await page.goto(next.url)
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
  await page.getByRole('tab', { name: 'Sessions' }).click()
  // The newest is the run the window opened with.
  await page.getByRole('region', { name: 'Recent sessions' }).getByRole('listitem').nth(1).getByRole('button').click()
  await expect(answer(page)).toContainText('recorded')
  await command(page, 'end')
  await expectStates(page, 'OPEN', 'OPEN')
  await expect(row(page, 5)).toContainText('5 of 12 B')
  await lowerTab(page, 'Messages').click()
  await expect(page.getByRole('listbox', { name: 'Messages' }).getByRole('option')).toHaveText([/before the end/])

  await context.close()
  await next.end('SIGINT')
  await rm(folder, { recursive: true })
})
