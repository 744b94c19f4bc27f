// A recorded session replayed from the window: its client to a server of `ws`, its server to a client of `ws`.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { WebSocket, WebSocketServer } from 'ws'
import { recordSession, request, response } from '../main/replay/sessions.ts'
import { type App, expect, test } from './app.ts'
import { command, expectStates } from './window.ts'

/** "hello" from the client, its echo, and a close from either side. */
function recorded(): string {
  return recordSession([
    ['client', request()],
    ['server', response()],
    ['client', '81850102030469676f686e'],
    ['server', '810568656c6c6f'],
    ['client', '88820102030402ea'],
    ['server', '880203e8'],
    ['server', 'fin'],
    ['client', 'fin'],
  ])
}

async function openRecorded({ page }: App): Promise<void> {
  await command(page, `open ${recorded()}`)
  await page.getByRole('tab', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: 'Replay…' }).click()
}

const dialog = (page: Page) => page.getByRole('dialog', { name: /^Replay / })
const rows = (page: Page) => page.getByTestId('replay-row')
const play = (page: Page) => dialog(page).getByRole('button', { name: 'Replay', exact: true })

test('a client is replayed to a server, what differs is marked, and a click goes to the unit', async ({ app }) => {
  const { page } = app
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data).toUpperCase())))
  await once(server, 'listening')
  await openRecorded(app)
  await dialog(page)
    .getByLabel('Server')
    .fill(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await play(page).click()
  await expect(dialog(page)).toContainText('1 difference from the recording')
  const differing = rows(page).and(page.locator('[data-differs="true"]'))
  await expect(differing).toHaveCount(1)
  await expect(differing).toContainText('differs from byte 0 on: 48, was 68')
  await differing.getByRole('button', { name: /^replayed, "HELLO"/ }).click()
  await expect(dialog(page)).toBeHidden()
  await expect(page.locator('[data-testid="ladder-row"][aria-selected="true"]')).toContainText('HELLO')
  await expectStates(page, 'OPEN', 'OPEN')
  server.close()
  expect(app.problems).toEqual([])
})

test('a server is replayed to a client that the window tells where to connect', async ({ app }) => {
  const { page } = app
  await openRecorded(app)
  await dialog(page).getByRole('radio', { name: 'Its server, to a client' }).click()
  await play(page).click()
  const waiting = dialog(page).getByText(/^Waiting for a client on ws:/)
  await expect(waiting).toBeVisible()
  const url = /ws:\/\/[\d.:]+/.exec((await waiting.textContent()) ?? '')?.[0]
  const client = new WebSocket(`${url}/chat`, { perMessageDeflate: false })
  await once(client, 'open')
  client.send('hello')
  expect(String((await once(client, 'message'))[0])).toBe('hello')
  client.close(1000)
  await expect(dialog(page)).toContainText(/as recorded: \d+ things the client said/)
  await expect(rows(page)).toHaveCount(8)
  expect(app.problems).toEqual([])
})

test('waiting for a client is stopped, and a refusal is said where it was asked', async ({ app }) => {
  const { page } = app
  await openRecorded(app)
  await dialog(page).getByLabel('Server').fill('nonsense')
  await play(page).click()
  await expect(dialog(page).getByRole('alert')).toContainText('"nonsense" is not a WebSocket URL')
  await dialog(page).getByRole('radio', { name: 'Its server, to a client' }).click()
  await play(page).click()
  await dialog(page).getByRole('button', { name: 'Stop' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('The replay was stopped before a client came.')
  expect(app.problems).toEqual([])
})
