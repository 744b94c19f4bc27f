import { randomBytes } from 'node:crypto'
import { copyFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { pcapOf } from '../shared/capture/packetFiles.ts'
import { type App, expect, test } from './app.ts'
import { cutInBlock } from './recordings.ts'
import { answer, command, expectStates, foot, lowerTab, openBothEnds, row, sendText } from './window.ts'

/** A whole session of Upgrade+Hello with two messages and a close, saved as `name` in the app's folder. */
async function savedSession({ page, folder }: App, name: string): Promise<string> {
  const path = `${folder}/${name}`
  await openBothEnds(page)
  await sendText(page, 'Client', 'from the client')
  await sendText(page, 'Server', 'from the server')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(row(page, 5)).toHaveAttribute('data-phase', 'done')
  await command(page, 'close client')
  await expect(row(page, 6)).toBeVisible()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expectStates(page, 'CLOSED', 'CLOSED')
  await command(page, `save ${path}`)
  await expect(answer(page)).toHaveText(`saved as ${path}`)
  return path
}

function rowTexts(page: Page, which = ''): Promise<string[]> {
  const rows = page.locator(`[data-testid="ladder-row"]${which}`)
  return rows.evaluateAll((found) => found.map((one) => one.getAttribute('aria-label') ?? ''))
}

function timeline(page: Page) {
  return page.getByRole('slider', { name: 'Place in the record' })
}

function recent(page: Page, name: string) {
  return page.getByRole('region', { name: 'Recent sessions' }).getByRole('button', { name })
}

test('a saved session is among the recent ones, and a click opens it as it was', async ({ app }) => {
  const { page } = app
  await savedSession(app, 'kept.pcapng')
  const rows = await rowTexts(page)
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await recent(page, 'kept.pcapng').click()
  await expect(answer(page)).toContainText('recorded')
  await command(page, 'end')
  await expectStates(page, 'CLOSED', 'CLOSED')
  expect(await rowTexts(page)).toEqual(rows)
  await lowerTab(page, 'Messages').click()
  const messages = page.getByRole('listbox', { name: 'Messages' }).getByRole('option')
  await expect(messages).toHaveText([/client → server.*from the client/, /server → client.*from the server/])
  await expect(foot(page)).toHaveText('This is the end of the record.')
})

test('a connection whose beginning was not captured is read as the dialect that a person names', async ({ app }) => {
  const { page, folder, host } = app
  const path = `${folder}/late.pcap`
  writeFileSync(path, pcapOf([{ from: 'client', at: 0, bytes: Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69) }]))
  await command(page, `open ${path}`)
  const readAs = page.getByLabel('Connection 1 is read as')
  await expect(readAs).toHaveValue('rfc6455')
  await expect(page.getByRole('status').filter({ hasText: 'until "read as" names another dialect' })).toBeVisible()
  await command(page, 'end')
  await expect(row(page, 0)).toContainText('hi')
  await page.screenshot({ path: resolve('test-results/screens', `${host}-untold.png`) })
  await readAs.selectOption('hybi-08')
  await expect(page.getByRole('status').filter({ hasText: /It is read as .*, as was said/ })).toBeVisible()
  await expect(readAs).toHaveValue('hybi-08')
})

test('a session is played at full speed to its end, and scrubbed back', async ({ app }) => {
  const { page } = app
  const path = await savedSession(app, 'played.pcapng')
  await command(page, `open ${path}`)
  await expect(answer(page)).toContainText('recorded')

  await test.step('Home goes to the start', async () => {
    await timeline(page).press('Home')
    await expect(page.getByTestId('timeline')).toContainText('step 0 of')
    await expectStates(page, 'IDLE', 'AWAITING_REQUEST')
  })

  await test.step('Play at full speed comes to the end', async () => {
    await page.getByRole('button', { name: /^Set the speed/ }).click()
    await page.getByRole('menuitem', { name: 'max' }).click()
    await expect(page.getByRole('button', { name: 'Set the speed: max' })).toBeVisible()
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await expectStates(page, 'CLOSED', 'CLOSED')
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeDisabled()
  })

  await test.step('dragging to the middle shows the world as it was there', async () => {
    const box = (await timeline(page).boundingBox())!
    const last = Number(await timeline(page).getAttribute('aria-valuemax'))
    await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 8 })
    await page.mouse.up()
    await expect(timeline(page)).toHaveAttribute('aria-valuenow', String(Math.round(last / 2)))
    await expect(row(page, 0)).toHaveAttribute('data-phase', 'done')
    await expect(page.getByTestId('timeline')).not.toContainText('step 0 of')
  })

  await test.step('dragging to the left edge is the start again', async () => {
    const box = (await timeline(page).boundingBox())!
    await page.mouse.click(box.x + 1, box.y + box.height / 2)
    await expectStates(page, 'IDLE', 'AWAITING_REQUEST')
  })
})

test('a session from a file is stepped like a live one, forwards and back', async ({ app }) => {
  const { page } = app
  const path = await savedSession(app, 'stepped.pcapng')
  await command(page, `open ${path}`)
  await expect(answer(page)).toContainText('recorded')
  await command(page, 'start')
  await expectStates(page, 'IDLE', 'AWAITING_REQUEST')
  await command(page, 'step unit 4')
  await expectStates(page, 'OPEN', 'OPEN')
  await expect(row(page, 3)).toHaveAttribute('data-phase', 'done')
  await command(page, 'back')
  await expectStates(page, 'OPEN', 'AWAITING_CLIENT_HELLO')
})

test('a file that was cut in the middle opens up to the cut, and says so', async ({ app }) => {
  const { page } = app
  const path = await savedSession(app, 'whole.pcapng')
  const rows = await rowTexts(page)
  const cut = `${app.folder}/cut.pcapng`
  copyFileSync(path, cut)
  cutInBlock(cut)
  await command(page, `open ${cut}`)
  const banner = page.getByRole('status').filter({ hasText: 'The file is cut short' })
  await expect(banner).toContainText(`it ends at byte ${statSync(cut).size},`)
  await expect(banner).toContainText('Everything before that block was read.')
  await command(page, 'end')
  const last = (await timeline(page).getAttribute('aria-valuemax')) ?? ''
  await expect(timeline(page)).toHaveAttribute('aria-valuenow', last)
  const left = await rowTexts(page, '[data-phase="done"]')
  expect(left).not.toHaveLength(0)
  expect(left).toEqual(rows.slice(0, left.length))
})

for (const [what, content, says] of [
  ['garbage', randomBytes(5000), /is none that Wirestep reads: pcapng, pcap and HAR are/],
  ['an empty file', Buffer.alloc(0), /is empty: nothing was recorded in it\.$/],
  ['a text', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /is none that Wirestep reads/],
] as const) {
  test(`${what} is not opened: a plain sentence says why, and the run that is shown stays`, async ({ app }) => {
    const { page, folder } = app
    const path = `${folder}/broken.pcapng`
    writeFileSync(path, content)
    await page.keyboard.press('Shift+F11')
    await expect(row(page, 0)).toContainText('1 of 176 B')
    await command(page, `open ${path}`)
    await expect(answer(page)).toHaveText(says)
    await expect(row(page, 0)).toContainText('1 of 176 B')
    await page.getByRole('tab', { name: 'Sessions' }).click()
    await expect(page.getByTestId('open-run')).toHaveCount(1)
    await expect(recent(page, 'broken.pcapng')).toHaveCount(0)
  })
}

test('a path that leads nowhere is a plain sentence, to open and to save', async ({ app: { page, folder } }) => {
  writeFileSync(`${folder}/file`, '')
  await command(page, `open ${folder}/nothing.pcapng`)
  await expect(answer(page)).toHaveText(`Could not open ${folder}/nothing.pcapng: there is no such file or folder.`)
  await command(page, `save ${folder}/file/in a file.pcapng`)
  await expect(answer(page)).toHaveText(/^Could not save to .*: part of the path is not a folder; check the path\.$/)
})

test('a capture of wss:// is opened with a key log, and without says what it takes', async ({ app: { page } }) => {
  const captures = resolve(import.meta.dirname, '../fixtures/captures')
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: 'With a key log…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Open with a key log' })
  await dialog.getByLabel('Capture', { exact: true }).fill(`${captures}/tls.pcapng.gz`)
  await dialog.getByRole('button', { name: 'Open' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('It takes both files: say where they are.')
  await dialog.getByLabel('Key log', { exact: true }).fill(`${captures}/nowhere.keys`)
  await dialog.getByRole('button', { name: 'Open' }).click()
  await expect(dialog.getByRole('alert')).toContainText('nowhere.keys')
  await dialog.getByLabel('Key log', { exact: true }).fill(`${captures}/tls.keys`)
  await dialog.getByRole('button', { name: 'Open' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('status').filter({ hasText: 'read with the secrets of a key log' })).toBeVisible()
  await command(page, 'end')
  await expect(page.getByRole('row', { name: 'hello over TLS' }).first()).toBeVisible()
  await command(page, `open ${captures}/tls.pcapng.gz`)
  await expect(answer(page)).toContainText('it takes their secrets to read them')
})
