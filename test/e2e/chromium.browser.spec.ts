// Chromium's own WebSocket against our server: another implementation on the other end, and every byte of it recorded.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, expect, type Page, test } from '@playwright/test'
import { root } from './app.ts'

const cli = join(root, 'out', 'main', 'cli.js')

interface Closed {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

test('Chromium and wirestep serve understand each other, and the recording says the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wirestep-chromium-'))
  const recording = join(folder, 'chromium.pcapng')
  const server = spawn(process.execPath, [
    ...[cli, 'serve', '--dialect', 'rfc6455', '--port', '0', '--service', 'echo'],
    ...['--record', recording, '--json'],
  ])
  const url = await listeningUrl(server)
  const browser = await chromium.launch({
    executablePath: process.env['WIRESTEP_CHROMIUM']!,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const page = await browser.newPage()

  const long = 'é'.repeat(524_288)
  expect(await echoes(page, url, ['hello', '', long])).toEqual(['hello', '', long])
  expect(await echoes(page, url, [[0, 1, 254, 255]])).toEqual([[0, 1, 254, 255]])
  expect(await closes(page, url, 1000, 'bye')).toEqual({ code: 1000, reason: 'bye', wasClean: true })
  expect(await closes(page, url, 3456, 'à bientôt')).toEqual({ code: 3456, reason: 'à bientôt', wasClean: true })

  await browser.close()
  const exited = once(server, 'exit')
  server.kill('SIGINT')
  await exited
  const units = execFileSync(process.execPath, [cli, 'decode', recording], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const from = (lane: string, opcodeName: string) =>
    units.filter((unit) => unit.lane === lane && unit.opcodeName === opcodeName).map((unit) => unit.payloadLength)
  expect(units.flatMap((unit) => unit.faults)).toEqual([])
  expect(from('clientToServer', 'binary')).toEqual([4])
  expect(from('serverToClient', 'text')).toEqual([5, 0, 1_048_576])
  expect(from('serverToClient', 'close')).toHaveLength(4)
  await rm(folder, { recursive: true, force: true })
})

async function listeningUrl(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const event = JSON.parse(line)
    if (event.event === 'listening') return event.url
  }
  throw new Error('wirestep serve ended before it listened')
}

/** Sends every message (numbers: as binary) on one connection of the page's, and answers what came back. */
function echoes(page: Page, url: string, messages: readonly (string | number[])[]): Promise<unknown[]> {
  return page.evaluate(
    ([to, all]) =>
      new Promise<unknown[]>((resolve, reject) => {
        const socket = new WebSocket(to)
        const got: unknown[] = []
        socket.binaryType = 'arraybuffer'
        socket.onerror = () => reject(new Error('the connection failed'))
        socket.onopen = () => {
          for (const one of all) socket.send(typeof one === 'string' ? one : new Uint8Array(one))
        }
        socket.onmessage = ({ data }) => {
          got.push(typeof data === 'string' ? data : [...new Uint8Array(data)])
          if (got.length === all.length) socket.close(1000)
        }
        socket.onclose = () => resolve(got)
      }),
    [url, messages] as const,
  )
}

function closes(page: Page, url: string, code: number, reason: string): Promise<Closed> {
  return page.evaluate(
    ([to, withCode, withReason]) =>
      new Promise<Closed>((resolve) => {
        const socket = new WebSocket(to)
        socket.onopen = () => socket.close(withCode, withReason)
        socket.onclose = (event) => resolve({ code: event.code, reason: event.reason, wasClean: event.wasClean })
      }),
    [url, code, reason] as const,
  )
}
