import type { Page } from '@playwright/test'
import { type App, expect } from './app.ts'
import { test } from './elsewhere.ts'

interface Exposed {
  readonly wirestep: { request(method: unknown, payload: unknown): Promise<{ ok: boolean; error?: string }> }
}

function windowCount({ electron }: App): Promise<number> {
  return electron!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
}

/** Notes whether the next attempt of the page to go elsewhere is prevented. */
async function watchNavigation({ electron }: App): Promise<() => Promise<boolean>> {
  await electron!.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!
    const prevented = new Promise<boolean>((resolve) => {
      webContents.once('will-frame-navigate', (event) => resolve(event.defaultPrevented))
    })
    Object.assign(globalThis, { prevented })
  })
  return () => electron!.evaluate(() => (globalThis as unknown as { prevented: Promise<boolean> }).prevented)
}

function ask(page: Page, method: unknown, payload: unknown) {
  return page.evaluate(([method, payload]) => (window as unknown as Exposed).wirestep.request(method, payload), [
    method,
    payload,
  ] as const)
}

test('the window is sandboxed and isolated, and knows two functions of the main process', async ({ app }) => {
  const preferences = await app.electron!.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    const { contextIsolation, sandbox, nodeIntegration, webviewTag, webSecurity } = contents.getLastWebPreferences()
    return { contextIsolation, sandbox, nodeIntegration, webviewTag, webSecurity }
  })
  expect(preferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  })
  expect(await app.page.evaluate(() => Object.keys((window as unknown as Exposed).wirestep).sort())).toEqual([
    'request',
    'subscribe',
  ])
})

test('the window does not open others', async ({ app, elsewhere }) => {
  const opened = await app.page.evaluate((url) => window.open(url) !== null, `http://${elsewhere.address}/opened`)
  expect(opened).toBe(false)
  expect(await windowCount(app)).toBe(1)
  expect(elsewhere.asked).toEqual([])
})

test('the window does not leave its page', async ({ app, elsewhere }) => {
  const wasPrevented = await watchNavigation(app)
  await app.page.evaluate((url) => location.assign(url), `http://${elsewhere.address}/gone`)
  expect(await wasPrevented()).toBe(true)
  await app.page.keyboard.press('Shift+F11')
  // Not by a locator: those wait for the navigation that was asked for, and it never comes.
  await expect
    .poll(() => app.page.evaluate(() => document.querySelector('[data-index="0"]')?.textContent))
    .toContain('1 of 176 B')
  expect(app.page.url()).toBe('wirestep://app/')
  expect(elsewhere.asked).toEqual([])
})

test('the window is granted no permission', async ({ app: { page } }) => {
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  const states = await page.evaluate(() =>
    Promise.all(
      (['geolocation', 'notifications', 'camera', 'microphone'] as const).map(
        async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
      ),
    ),
  )
  expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
})

test('requests that are not as agreed are answered with a sentence, and the next one is heard', async ({
  app: { page },
}) => {
  for (const [method, payload] of [
    ['nothing', {}],
    ['__proto__', {}],
    [null, null],
    ['command', { line: 7 }],
    ['bytes', { run: 1, lane: 'sideways', from: -1, count: 1e9 }],
    ['app', { more: true }],
  ] as const) {
    expect(await ask(page, method, payload)).toEqual({
      ok: false,
      error: expect.stringMatching(/^(There is no|The) request .*\.$/),
    })
  }
  expect(await ask(page, 'app', {})).toMatchObject({ ok: true })
})
