import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from '@playwright/test'
import { test as base, expect, root } from './app.ts'

const cli = join(root, 'out', 'main', 'cli.js')

interface Echo {
  readonly url: string
  /** What `wirestep serve --json` told so far. */
  readonly told: readonly Readonly<Record<string, unknown>>[]
  /** Ends the server; answers the units of its recording, as `wirestep decode` prints them. */
  decoded(): Promise<readonly Readonly<Record<string, unknown>>[]>
}

interface Closed {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** `wirestep serve` with the echo service, and a page of another server in Chromium. */
const test = base.extend<{ compress: string | null; echo: Echo; page: Page }>({
  compress: [null, { option: true }],
  echo: async ({ compress }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'wirestep-serve-'))
    const file = join(folder, 'echo.pcapng')
    const process = spawnServe(file, compress)
    const told: Record<string, unknown>[] = []
    const lines = createInterface({ input: process.stdout! })
    lines.on('line', (line) => told.push(JSON.parse(line)))
    await once(lines, 'line')
    await use({
      url: String(told[0]?.['url']),
      told,
      decoded: async () => {
        await end(process)
        const args = [cli, 'decode', file, '--fields']
        const text = execFileSync(globalThis.process.execPath, args, { encoding: 'utf8', maxBuffer: 1e9 })
        return text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      },
    })
    await end(process)
    await rm(folder, { recursive: true })
  },
  page: async ({ chromium }, use) => {
    const server = await servePage()
    const page = await chromium!.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await use(page)
    await page.close()
    server.closeAllConnections()
    server.close()
  },
})

function spawnServe(file: string, compress: string | null): ChildProcess {
  const args = [cli, 'serve', '--dialect', 'rfc6455', '--port', '0', '--service', 'echo', '--json', '--record', file]
  const options = compress === null ? [] : ['--compress', compress]
  return spawn(process.execPath, [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return
  const exited = once(process, 'exit')
  process.kill('SIGINT')
  await exited
  expect(process.exitCode).toBe(0)
}

async function servePage(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>a page</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Sends texts, then bytes, from the page, and answers what comes back before it closes. */
function echoed(page: Page, url: string, texts: readonly string[], binaries: readonly (readonly number[])[]) {
  return page.evaluate(
    ([url, texts, binaries]) =>
      new Promise<(string | number[])[]>((resolve, reject) => {
        const socket = new WebSocket(url)
        const received: (string | number[])[] = []
        socket.binaryType = 'arraybuffer'
        socket.onerror = () => reject(new Error('the connection failed'))
        socket.onopen = () => {
          for (const text of texts) socket.send(text)
          for (const bytes of binaries) socket.send(Uint8Array.from(bytes))
        }
        socket.onmessage = ({ data }) => {
          received.push(typeof data === 'string' ? data : [...new Uint8Array(data)])
          if (received.length < texts.length + binaries.length) return
          socket.onclose = () => resolve(received)
          socket.close(1000)
        }
      }),
    [url, texts, binaries] as const,
  )
}

test('Chromium opens a connection without a subprotocol and without extensions', async ({ page, echo }) => {
  const opened = await page.evaluate(
    (url) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url)
        socket.onerror = () => reject(new Error('the connection failed'))
        socket.onopen = () => resolve([socket.protocol, socket.extensions, socket.readyState])
      }),
    echo.url,
  )
  expect(opened).toEqual(['', '', 1])
})

test('texts and bytes come back to Chromium as they were sent, empty ones too', async ({ page, echo }) => {
  const texts = ['hello', '', 'h\u00e9llo \u2603 \u{1f44b}']
  const binaries = [[0, 255, 10], []]
  expect(await echoed(page, echo.url, texts, binaries)).toEqual([...texts, ...binaries])

  const units = await echo.decoded()
  const frames = units.filter(({ kind }) => kind === 'frame')
  for (const lane of ['clientToServer', 'serverToClient']) {
    const sent = frames.filter((frame) => frame['lane'] === lane)
    expect(sent.map(({ opcodeName, payloadLength, fin }) => [opcodeName, payloadLength, fin])).toEqual([
      ...texts.map((text) => ['text', Buffer.byteLength(text), true]),
      ...binaries.map((bytes) => ['binary', bytes.length, true]),
      ['close', 2, true],
    ])
    expect(JSON.stringify(sent[0]?.['fields'])).toContain('hello')
    expect(JSON.stringify(sent[2]?.['fields'])).toContain(texts[2])
  }
  expect(units.flatMap(({ faults }) => faults)).toEqual([])
  expect(units.map(({ kind }) => kind).slice(0, 2)).toEqual(['request', 'response'])
})

test('a megabyte comes back to Chromium whole, as text and as bytes', async ({ page, echo }) => {
  const same = await page.evaluate(
    (url) =>
      new Promise<boolean[]>((resolve, reject) => {
        const bytes = Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7919) >> 3)
        const text = 'wirestep'.repeat(128 * 1024)
        const found: boolean[] = []
        const socket = new WebSocket(url)
        socket.binaryType = 'arraybuffer'
        socket.onerror = () => reject(new Error('the connection failed'))
        socket.onopen = () => {
          socket.send(text)
          socket.send(bytes)
        }
        socket.onmessage = ({ data }) => {
          const back = typeof data === 'string' ? data : new Uint8Array(data)
          found.push(
            typeof back === 'string'
              ? back === text
              : back.length === bytes.length && back.every((b, i) => b === bytes[i]),
          )
          if (found.length === 2) resolve(found)
        }
      }),
    echo.url,
  )
  expect(same).toEqual([true, true])
})

for (const [code, reason] of [
  [1000, ''],
  [1000, 'bye'],
  [3000, 'caf\u00e9 closed'],
] as const) {
  test(`closing with ${code} and ${reason ? `"${reason}"` : 'no reason'} is answered with the same`, async ({
    page,
    echo,
  }) => {
    const closed = await page.evaluate(
      ([url, code, reason]) =>
        new Promise<Closed>((resolve) => {
          const socket = new WebSocket(url)
          socket.onopen = () => socket.close(code, reason)
          socket.onclose = ({ code, reason, wasClean }) => resolve({ code, reason, wasClean })
        }),
      [echo.url, code, reason] as const,
    )
    expect(closed).toEqual({ code, reason, wasClean: true })
    await expect.poll(() => echo.told.at(-1)).toMatchObject({ event: 'close', clean: true, code, reason })
  })
}

for (const compress of ['on', 'server_no_context_takeover; client_no_context_takeover; client_max_window_bits=9']) {
  test.describe(`with --compress "${compress}"`, () => {
    test.use({ compress })

    test('Chromium agrees, and what it sends deflated comes back deflated', async ({ page, echo }) => {
      const texts = ['the same words, the same words', '', 'the same words again, h\u00e9llo', 'x'.repeat(100_000)]
      const binaries = [[0, 255, 10], []]
      expect(await echoed(page, echo.url, texts, binaries)).toEqual([...texts, ...binaries])

      const units = await echo.decoded()
      expect(JSON.stringify(units[1]?.['fields'])).toContain('permessage-deflate')
      expect(units.flatMap(({ faults }) => faults)).toEqual([])
      for (const lane of ['clientToServer', 'serverToClient']) {
        const [first, , third, long] = units.filter((unit) => unit['kind'] === 'frame' && unit['lane'] === lane)
        expect(JSON.stringify(first?.['fields'])).toContain('the message is deflated')
        expect(JSON.stringify(third?.['fields'])).toContain(texts[2])
        expect(Number(long?.['payloadLength'])).toBeLessThan(2_000)
      }
    })
  })
}
