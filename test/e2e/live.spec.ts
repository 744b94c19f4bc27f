// Other people's programs, here the ws library on both sides, seen and changed as they talk.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { WebSocket, WebSocketServer } from 'ws'
import { expect, root, test } from './app.ts'
import { answer, command, expectStates, foot, lowerTab, pickFromRow, row } from './window.ts'

interface Peers {
  /** Where the server is. */
  readonly url: string
  /** What the server got, oldest first. */
  readonly heard: string[]
  close(): void
}

async function serve(compress = false): Promise<Peers> {
  const perMessageDeflate = compress && { threshold: 0 }
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate })
  await once(server, 'listening')
  const heard: string[] = []
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      heard.push(String(data))
      socket.send(`echo ${data}`)
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://127.0.0.1:${port}/room`,
    heard,
    close: () => {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

function connect(url: string, options = {}): { readonly socket: WebSocket; readonly heard: string[] } {
  const socket = new WebSocket(url, options)
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data)))
  socket.on('error', () => {})
  return { socket, heard }
}

/** Fills in the form of the Live tab; answers the URL for clients. */
async function startTap(
  page: Page,
  upstream: string,
  what: 'Pass on as it comes' | 'Hold at the gate',
): Promise<string> {
  await page.getByRole('tab', { name: 'Live', exact: true }).click()
  const form = page.getByRole('form', { name: 'Start a tap' })
  await form.getByLabel('Port').fill('0')
  await form.getByLabel('Server', { exact: true }).fill(upstream)
  await form.getByText(what).click()
  await form.getByRole('button', { name: 'Start listening' }).click()
  const url = page.getByLabel('Where clients connect', { exact: true })
  await expect(url).toBeVisible()
  return url.inputValue()
}

test('the URL for clients is copied by its button', async ({ app: { page } }) => {
  const url = await startTap(page, 'ws://127.0.0.1:1/', 'Pass on as it comes')
  await page.getByRole('button', { name: 'Copy: Where clients connect' }).click()
  await page.keyboard.press('Control+k')
  const box = page.getByRole('dialog').getByRole('combobox')
  await page.keyboard.press('Control+v')
  await expect(box).toHaveValue(url)
})

const lane = (page: Page, end: 'client' | 'server') => page.getByLabel(`Lane of the ${end}`, { exact: true })

test('live traffic is seen, held, rewritten, put in, stepped back from, and stopped', async ({
  app: { page, problems },
}) => {
  const server = await serve()
  const url = await startTap(page, server.url, 'Pass on as it comes')
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/room$/)

  // Seen: both sides talk as if nobody stood between them.
  const client = connect(url)
  await once(client.socket, 'open')
  client.socket.send('hello')
  await expect.poll(() => client.heard).toEqual(['echo hello'])
  await expectStates(page, 'OPEN', 'OPEN')
  await expect(row(page, 3)).toContainText('echo hello')
  const connections = page.getByRole('listbox', { name: 'Connections' })
  await expect(connections.getByRole('option')).toHaveCount(1)
  await expect(connections.getByRole('option').first()).toContainText('open')

  // Held, and rewritten to another length.
  await lane(page, 'client').getByText('Hold').click()
  client.socket.send('short')
  await expect(row(page, 4)).toHaveAttribute('data-phase', 'held')
  await expect(connections.getByRole('option').first()).toContainText('holding')
  await pickFromRow(page, 4, 'Rewrite its payload')
  const dialog = page.getByRole('dialog', { name: 'Rewrite the payload' })
  await dialog.getByRole('textbox').fill('a good deal longer than it was')
  await dialog.getByRole('button', { name: 'Rewrite' }).click()
  await expect(row(page, 4)).toContainText('edited')
  await page.keyboard.press('F10')
  await expect.poll(() => server.heard).toEqual(['hello', 'a good deal longer than it was'])
  await expect.poll(() => client.heard.at(-1)).toBe('echo a good deal longer than it was')
  await lane(page, 'client').getByText('Run').click()

  // Put in from either end, while the lanes run.
  const injector = page.getByRole('form', { name: 'Inject' })
  await injector.getByLabel('Content').fill('from nobody')
  await injector.getByRole('button', { name: 'Inject' }).click()
  await expect.poll(() => server.heard.at(-1)).toBe('from nobody')
  await injector.getByText('Server', { exact: true }).click()
  await injector.getByLabel('Content').fill('out of nowhere')
  await injector.getByLabel('Content').press('Enter')
  await expect.poll(() => client.heard.at(-1)).toBe('out of nowhere')

  // Stepped back: the picture stays while traffic goes on, and the end goes along again.
  await page.getByRole('button', { name: 'Step back' }).click()
  await expect(foot(page)).toContainText('An earlier moment')
  const picture = await foot(page).textContent()
  client.socket.send('behind the scenes')
  await expect.poll(() => client.heard.at(-1)).toBe('echo behind the scenes')
  await expect(foot(page)).toHaveText(picture ?? '')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(foot(page)).toContainText('what comes passes at once')
  await expect(page.getByRole('grid', { name: 'Units on the wire' })).toContainText('echo behind the scenes')

  // Stopped: those that are open go on, nobody else gets in.
  await page.getByRole('button', { name: 'Stop listening' }).click()
  await expect(page.getByText('not listening', { exact: true })).toBeVisible()
  const late = connect(url)
  await new Promise((resolve) => late.socket.once('close', resolve))
  client.socket.close(1000, 'done')
  await expectStates(page, 'CLOSED', 'CLOSED')
  await expect(connections.getByRole('option').first()).toContainText('over')
  expect(problems).toEqual([])
  server.close()
})

test('a compressed message is rewritten, what comes behind it arrives as it was sent, and both say so', async ({
  app: { page, host },
}) => {
  const server = await serve(true)
  const url = await startTap(page, server.url, 'Pass on as it comes')
  const client = connect(url, { perMessageDeflate: { threshold: 0 } })
  await once(client.socket, 'open')
  const text = (index: number) => `message ${index}: over and over and over`
  client.socket.send(text(0))
  await expect.poll(() => client.heard).toHaveLength(1)
  await lane(page, 'client').getByText('Hold').click()
  for (const index of [1, 2, 3]) client.socket.send(text(index))
  await expect(row(page, 6)).toHaveAttribute('data-phase', 'held')
  await pickFromRow(page, 4, 'Rewrite its payload')
  const dialog = page.getByRole('dialog', { name: 'Rewrite the payload' })
  await expect(dialog.getByRole('textbox')).toHaveValue(text(1))
  await dialog.getByRole('textbox').fill('something else')
  await expect(dialog).toContainText('compressed again too')
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-rewrite-compressed.png`) })
  await dialog.getByRole('button', { name: 'Rewrite' }).click()
  await expect(row(page, 4)).toContainText('edited')
  await expect(row(page, 5)).toContainText('recompressed')
  await command(page, 'show segments')
  await expect(answer(page)).toContainText(/From byte \d+ on what the client compressed is compressed again/)
  await page.screenshot({ path: join(root, 'test-results/screens', `${host}-recompressed.png`) })
  await lane(page, 'client').getByText('Run').click()
  await expect.poll(() => server.heard).toEqual([text(0), 'something else', text(2), text(3)])
  server.close()
})

test('every connection has a row of its own, and a click shows it', async ({ app: { page } }) => {
  const server = await serve()
  const url = await startTap(page, server.url, 'Pass on as it comes')
  const clients = Array.from({ length: 40 }, () => connect(url))
  for (const [index, { socket }] of clients.entries()) {
    if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open')
    socket.send(`I am ${index}`)
  }
  await expect.poll(() => server.heard.length).toBe(40)
  await expect(lowerTab(page, 'Connections')).toContainText('40')
  const third = page.getByRole('listbox', { name: 'Connections' }).getByRole('option').nth(2)
  const id = await third.locator('code').first().textContent()
  await third.click()
  await expect(page.getByLabel('Which connections')).toContainText(`Connection ${id}`)
  await expect(page.getByRole('grid', { name: 'Units on the wire' })).toContainText('I am')
  server.close()
})

test('a breakpoint stops a lane that runs; shaping slows it; both are lifted again', async ({ app: { page } }) => {
  const server = await serve()
  const url = await startTap(page, server.url, 'Pass on as it comes')
  const client = connect(url)
  await once(client.socket, 'open')
  await lowerTab(page, 'Breakpoints').click()
  const condition = page.getByRole('textbox', { name: /condition/i })
  await condition.fill('lane client and "stop"')
  await condition.press('Enter')
  await expect(lowerTab(page, 'Breakpoints')).toContainText('1')
  client.socket.send('go')
  client.socket.send('stop here')
  await expect(foot(page)).toContainText('Stopped by breakpoint 1 on connection 1')
  await expect.poll(() => server.heard).toEqual(['go'])
  await page.keyboard.press('F5')
  await expect.poll(() => server.heard).toEqual(['go', 'stop here'])

  await page.getByRole('button', { name: 'Shaping' }).click()
  const shaping = page.getByRole('dialog', { name: 'Shaping' })
  await shaping.getByRole('group', { name: 'Client lane' }).getByLabel('Segments').selectOption('one byte a segment')
  await expect(answer(page)).toContainText('client running, segments: byte')
  await page.keyboard.press('Escape')
  client.socket.send('slowly')
  await expect.poll(() => server.heard.at(-1)).toBe('slowly')
  server.close()
})

test('holding from the start shows the request before the server has it, and a server that is not there is told', async ({
  app: { page },
}) => {
  const server = await serve()
  const url = await startTap(page, server.url, 'Hold at the gate')
  const client = connect(url)
  await expect(row(page, 0)).toHaveAttribute('data-phase', 'held')
  await expect(row(page, 0)).toContainText('GET /room')
  for (let unit = 0; unit < 2; unit += 1) {
    await expect(page.getByRole('button', { name: 'Step unit' })).toBeEnabled()
    await page.getByRole('button', { name: 'Step unit' }).click()
    await expect(row(page, unit)).toHaveAttribute('data-phase', 'done')
  }
  if (client.socket.readyState !== WebSocket.OPEN) await once(client.socket, 'open')
  server.close()

  await page.getByRole('button', { name: 'Start another tap' }).click()
  const nowhere = await startTap(page, 'ws://127.0.0.1:1/', 'Pass on as it comes')
  connect(nowhere)
  await expect(page.getByRole('listbox', { name: 'Connections' }).getByRole('option').first()).toContainText('refused')
})
