import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { row } from './window.ts'

interface Elsewhere {
  readonly url: string
  readonly asked: readonly string[]
}

/** A server the page has no business with. */
const withElsewhere = test.extend<{ elsewhere: Elsewhere }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures needed off the pattern
  elsewhere: async ({}, use) => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('x')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked })
    server.closeAllConnections()
    server.close()
  },
})

/** What the page's policy blocked while `act` went on in it: the directives, in order. */
function blockedBy(page: Page, act: (address: string) => void, address = ''): Promise<string> {
  return page.evaluate(
    ([source, address]) =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        })
        // A task of its own: what a debugger evaluates is let past the policy.
        setTimeout(() => (window as unknown as { act: (address: string) => void }).act(address ?? ''))
        void source
      }),
    ['', address] as const,
  )
}

test('the page has nothing of Node', async ({ app: { page } }) => {
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
  )
  expect(found).toEqual([])
})
