// `WebSocketDraft` over the bridge set beside the platform's `WebSocket`: one table of behaviours, in one page, against a
// server that misbehaves as it is told.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { behaviours } from '../draft/behaviours.ts'
import type { Outcome } from '../draft/page.ts'
import { type ObedientServer, startServer } from '../draft/server.ts'
import { test as base, expect, startBrowserHost } from './app.ts'

/** A page of the browser host that has our class, the platform's and the table. */
const test = base.extend<{ server: ObedientServer; page: Page }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures this one needs
  server: async ({}, use) => {
    const server = await startServer()
    await use(server)
    await server.close()
  },
  page: async ({ chromium }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'wirestep-equality-'))
    const host = await startBrowserHost(folder)
    // The window may connect to nobody but its host, so the platform's class could not be used in it.
    const context = await chromium!.newContext({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(host.url)
    await page.addScriptTag({ url: '/draft.js', type: 'module' })
    await page.addScriptTag({ content: await bundleTable(), type: 'module' })
    await page.waitForFunction(() => 'WebSocketDraft' in window && 'runBehaviours' in window)
    await use(page)
    await context.close()
    await host.end('SIGINT')
    await rm(folder, { recursive: true, force: true })
  },
})

async function bundleTable(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      target: 'chrome130',
      write: false,
      rolldownOptions: { input: join(import.meta.dirname, '../draft/page.ts') },
    },
  })
  const [result] = Array.isArray(built) ? built : [built]
  if (!result || !('output' in result)) throw new Error('the table was not bundled')
  return result.output[0].code
}

const expected: readonly Outcome[] = behaviours.map(({ title, gives }) => ({ title, gave: gives }))

for (const subject of ['WebSocket', 'WebSocketDraft'] as const) {
  test(`${subject} does all that the table has`, async ({ page, server }) => {
    expect(behaviours.length).toBeGreaterThan(80)
    const outcomes = await page.evaluate(([name, url]) => window.runBehaviours(name, url), [
      subject,
      server.url,
    ] as const)
    expect(outcomes).toEqual(expected)
  })
}
