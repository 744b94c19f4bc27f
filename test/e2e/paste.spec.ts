import { existsSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { answer, command, expectStates, row, shownHex } from './window.ts'

function dialog(page: Page) {
  return page.getByRole('dialog', { name: 'Open a hex dump' })
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: 'Open hex dump…' }).click()
}

test('pasted bytes of an open connection are stepped byte by byte, and saved', async ({ app: { page, folder } }) => {
  await openDialog(page)
  await expect(dialog(page).getByLabel('What the client sent')).toBeFocused()
  await dialog(page).getByLabel('What the client sent').fill('81 85 37fa213d 7f9f4d5158')
  await dialog(page).getByLabel('What the server sent').fill('00000000  81 05 48 65 6c 6c 6f  |..Hello|')
  await expect(dialog(page).getByText('Read as hex: 11 bytes.')).toBeVisible()
  await expect(dialog(page).getByText('Read as a hex dump: 7 bytes.')).toBeVisible()
  await expect(dialog(page).getByRole('radio', { name: 'An open connection' })).toBeChecked()
  await dialog(page).getByRole('button', { name: 'Open', exact: true }).click()
  await expect(dialog(page)).toHaveCount(0)
  await command(page, 'start')
  await expectStates(page, 'OPEN', 'OPEN')
  await page.keyboard.press('Shift+F11')
  await page.keyboard.press('Shift+F11')
  await expect(row(page, 0)).toContainText('2 of 11 B')
  await command(page, 'end')
  await expect(row(page, 0)).toContainText('"Hello"')
  await expect(row(page, 1)).toContainText('"Hello"')
  await row(page, 0).click()
  expect(await shownHex(page, 0, 2)).toBe('8185')
  await command(page, `save ${folder}/pasted.pcapng`)
  await expect(answer(page)).toHaveText(`saved as ${folder}/pasted.pcapng`)
  expect(existsSync(`${folder}/pasted.pcapng`)).toBe(true)
})

test('hybi-04 asks for what its masks take, and what is wrong is said with its line', async ({ app: { page } }) => {
  await openDialog(page)
  const client = dialog(page).getByLabel('What the client sent')
  await client.fill('37fa213d\nb46g')
  await expect(dialog(page).getByText('Line 2 has "g" in "b46g", which is not a hex digit.')).toBeVisible()
  await client.fill('37fa213d b465 523503be58')
  await dialog(page).getByLabel('Dialect').selectOption('hybi-04')
  await dialog(page).getByRole('button', { name: 'Open', exact: true }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('their mask takes the Sec-WebSocket-Key of the request')
  await dialog(page).getByLabel('Sec-WebSocket-Key').fill('dGhlIHNhbXBsZSBub25jZQ==')
  await dialog(page).getByLabel('Sec-WebSocket-Nonce').fill('H+cNj5elaybfGIQv1esl2w==')
  await dialog(page).getByLabel('Sec-WebSocket-Nonce').press('Enter')
  await expect(dialog(page)).toHaveCount(0)
  await command(page, 'end')
  await expect(row(page, 0)).toContainText('"Hello"')
})

test('bytes that are pasted on the page of sessions are offered, and a request tells its dialect', async ({
  app: { page },
}) => {
  const request =
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Nonce: 0123456789ABCDEF\r\n\r\n'
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await expect(page.getByRole('main', { name: 'Sessions' })).toBeVisible()
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  }, Buffer.from(request).toString('base64'))
  await expect(dialog(page).getByText(`Read as base64: ${request.length} bytes.`)).toBeVisible()
  await expect(dialog(page).getByRole('radio', { name: 'The handshake' })).toBeChecked()
  await expect(dialog(page).getByLabel('Dialect')).toHaveValue('auto')
  await dialog(page).getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Dialect: Upgrade+Hello' })).toBeVisible()
  await expect(row(page, 0)).toContainText('GET /')
})
