// A web page of somebody else, with somebody else's server: it loads the script and speaks a draft.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { echo } from '../../main/services/echo.ts'
import { hostService } from '../../main/services/hostService.ts'
import { expect, root, test } from './app.ts'

/** A server of pages that are all the same; answers its origin. */
async function servePages(html: string) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function servePagesDraft(origin: string) {
  const program = join(root, 'out', 'main', 'cli.js')
  const child = spawn(process.execPath, [program, 'pages', '--origin', origin, '--json'], { stdio: 'pipe' })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const stop = async () => {
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  return { script: String(JSON.parse(line).script), stop }
}

test('a page of the origin that was named speaks Upgrade+Hello; a page of another does not', async ({ chromium }) => {
  const service = await hostService(echo, { dialect: 'hello-00' })
  if (!service.ok) throw new Error(service.error)
  const [named, other] = [await servePages('<!doctype html>'), await servePages('<!doctype html>')]
  const draft = await servePagesDraft(named.origin)
  const context = await chromium!.newContext()
  const speak = async (origin: string) => {
    const page = await context.newPage()
    await page.goto(origin)
    await page.addScriptTag({ url: draft.script, type: 'module' })
    await page.waitForFunction(() => 'WebSocketDraft' in window)
    return page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const make = (window as unknown as { WebSocketDraft: new (url: string, how: object) => WebSocket })
            .WebSocketDraft
          const socket = new make(url, { dialect: 'hello-00' })
          socket.onopen = () => socket.send('from a page')
          socket.onmessage = ({ data }) => resolve(data)
          socket.onclose = ({ code }) => resolve(code)
        }),
      service.value.url,
    )
  }
  try {
    expect(await speak(named.origin)).toBe('from a page')
    expect(await speak(other.origin)).toBe(1006)
  } finally {
    await context.close()
    await draft.stop()
    for (const one of [named, other]) one.close()
    await service.value.close()
  }
})
