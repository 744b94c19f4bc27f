// One payload in its layers: as it is on the wire, without its mask, inflated, and as text.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { WebSocketServer } from 'ws'
import { expect, root, test } from './app.ts'
import { command, leaveInput, row } from './window.ts'

const text = 'over and over and over and over'

/** The bytes of a compressed text of the client are shown: its head, then 2 bytes of header, 4 of mask, the payload. */
async function compressedText(page: Page): Promise<void> {
  await command(page, 'lab rfc6455 --seed 7 --compress on')
  await command(page, 'run')
  await command(page, `send client text "${text}"`)
  await command(page, 'step unit')
  await leaveInput(page)
  await expect(row(page, 2)).toHaveAttribute('data-phase', 'done')
  await row(page, 2).click()
  await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true')
}

const layer = (page: Page, name: string) =>
  page.getByRole('radiogroup', { name: 'Layer' }).getByText(name, { exact: true })
const selected = (page: Page) => page.locator('[data-testid="byte"].is-selected')

test('a compressed message is shown on the wire, unmasked, inflated and as text', async ({ app: { page, host } }) => {
  await compressedText(page)
  await layer(page, 'Inflated').click()
  await expect(page.getByTestId('byte')).toHaveText([...Buffer.from(text)].map((value) => value.toString(16)))
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-inflated.png`) })
  await layer(page, 'Text').click()
  await expect(page.getByTestId('text-layer')).toHaveText(text)
})

test('a byte that is picked inflated is picked on the wire by the bytes it was made of', async ({ app: { page } }) => {
  await compressedText(page)
  await layer(page, 'Inflated').click()
  // The last "over" is a copy of the first: its bytes come from the few that say so.
  await page
    .getByTestId('byte')
    .nth(text.length - 1)
    .click()
  await layer(page, 'Unmasked').click()
  const unmasked = await selected(page).allTextContents()
  expect(unmasked.length).toBeGreaterThan(0)
  await layer(page, 'Wire').click()
  expect(await selected(page).count()).toBe(unmasked.length)
})

test('a conformance case that failed opens at the byte it failed at, with the rule that was broken', async ({
  app: { page, folder, host },
}) => {
  // A server that does not look whether text is UTF-8.
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', skipUTF8Validation: true })
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const sessions = join(folder, 'conform')
  const words = ['conform', '--server', `ws://127.0.0.1:${port}/`, '--cases', '6.3.1', '--sessions', sessions]
  const run = promisify(execFile)(process.execPath, [join(root, 'out/main/cli.js'), ...words])
  await expect(run).rejects.toMatchObject({ code: 1 })
  server.close()
  await command(page, `open ${join(sessions, readdirSync(sessions)[0]!)}`)
  await leaveInput(page)
  await expect(page.getByRole('status').filter({ hasText: '6.3.1' })).toBeVisible()
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-conform.png`) })
  await expect(page.getByTestId('fault-card')).toContainText('UTF-8')
})
