import { once } from 'node:events'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { expect, startBrowserHost, test } from './app.ts'
import { row } from './window.ts'

interface WireRequest {
  readonly id: number
  readonly method: string
  readonly payload: unknown
}

/** Dials the bridge of the window as another program would, with the headers given. */
function dial(page: Page, headers: Readonly<Record<string, string>>): WebSocket {
  return new WebSocket(`ws://${new URL(page.url()).host}/bridge`, { headers })
}

/** The status the bridge refuses with, or `open`. */
async function outcome(socket: WebSocket): Promise<number | 'open'> {
  const opened = once(socket, 'open').then(() => 'open' as const)
  const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number)
  const first = await Promise.race([opened, refused])
  socket.terminate()
  return first
}

async function cookieOf(page: Page): Promise<string> {
  const [cookie] = await page.context().cookies()
  return `${cookie?.name}=${cookie?.value}`
}

test('the link that is printed works once', async ({ app: { folder, page } }) => {
  const host = await startBrowserHost(`${folder}/second`)
  expect((await fetch(host.url, { redirect: 'manual' })).status).toBe(303)
  const again = await fetch(host.url, { redirect: 'manual' })
  expect(again.status).toBe(403)
  expect(await again.text()).toMatch(/^This link was used already/)
  await host.end('SIGINT')
  expect(page.url(), 'the token stays in the address bar').not.toContain('token')
})

test('without the cookie nothing is shown', async ({ app: { page } }) => {
  const { origin } = new URL(page.url())
  expect((await fetch(origin)).status).toBe(403)
  expect((await fetch(`${origin}/index.html`)).status).toBe(403)
})

test('the cookie is out of reach of scripts and of other sites', async ({ app: { page } }) => {
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(await page.context().cookies()).toEqual([
    expect.objectContaining({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' }),
  ])
})

test('the bridge opens only to our own page: its origin, and its cookie', async ({ app: { page } }) => {
  const { origin } = new URL(page.url())
  const cookie = await cookieOf(page)
  expect(await outcome(dial(page, { cookie, origin }))).toBe('open')
  expect(await outcome(dial(page, { cookie, origin: 'http://evil.example' }))).toBe(403)
  expect(await outcome(dial(page, { cookie, origin: 'null' }))).toBe(403)
  expect(await outcome(dial(page, { cookie }))).toBe(403)
  expect(await outcome(dial(page, { origin }))).toBe(403)
})

test('requests that are not as agreed are answered with a sentence, and the next one is heard', async ({
  app: { page },
}) => {
  const socket = dial(page, { cookie: await cookieOf(page), origin: new URL(page.url()).origin })
  await once(socket, 'open')
  const bad = [
    { method: 'nothing', payload: {} },
    { method: '__proto__', payload: {} },
    { method: 'command', payload: { line: 7 } },
    { method: 'bytes', payload: { run: 1, lane: 'sideways', from: -1, count: 1e9 } },
    { method: 'app', payload: { more: true } },
  ]
  for (const [id, request] of bad.entries()) {
    expect(await ask(socket, { id, ...request })).toEqual({
      ok: false,
      error: expect.stringMatching(/^(There is no|The) request .*\.$/),
    })
  }
  expect(await ask(socket, { id: 99, method: 'app', payload: {} })).toMatchObject({ ok: true })
  socket.terminate()
})

test('who does not speak the contract is cut off, and the window goes on', async ({ app: { page } }) => {
  const headers = { cookie: await cookieOf(page), origin: new URL(page.url()).origin }
  for (const text of ['no JSON', '[]', '{"method":"app"}', '{"id":-1,"method":"app","payload":{}}']) {
    const socket = dial(page, headers)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    socket.send(text)
    await closed
  }
  await page.keyboard.press('Shift+F11')
  await expect(row(page, 0)).toContainText('1 of 176 B')
})

/** Sends a request and waits for its answer; pushes in between are passed over. */
async function ask(socket: WebSocket, request: WireRequest): Promise<unknown> {
  const answered = new Promise<unknown>((resolve) => {
    const listen = (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as { id?: number; result?: unknown }
      if (reply.id !== request.id) return
      socket.off('message', listen)
      resolve(reply.result)
    }
    socket.on('message', listen)
  })
  socket.send(JSON.stringify(request))
  return answered
}
