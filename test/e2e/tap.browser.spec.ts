// Chromium at one end of a tap, `ws` at the other. What passed is tallied before and behind the tap by something that is
// not ours, and in the tap's own recording, which has what came and what was passed on.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from '@playwright/test'
import { WebSocketServer } from 'ws'
import { openRecording } from '../../main/lab/recording.ts'
import { makeAuthority, makeLeaf } from '../../main/net/tls/certificates.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { ConnectionCapture } from '../../shared/capture/types.ts'
import { createTally, type Sum, witnessBefore } from '../interop/witness.ts'
import { test as base, expect, launchChromium, root } from './app.ts'

const messages = 10_000

interface Tap {
  readonly port: number
  /** Ends the tap once the connection is over; answers the events that it told. */
  stop(): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** A server's certificate and key, and the file with the authority that signed it. */
interface Certified {
  readonly cert: string
  readonly key: string
  readonly authority: string
}

interface Fixtures {
  /** Both legs speak TLS. */
  secure: boolean
  folder: string
  /** Null where the server is plain. */
  theirs: Certified | null
  /** In a Chromium that trusts the tap's authority and nothing more, where the legs speak TLS. */
  page: Page
  /** Starts `wirestep tap` with more words. */
  tap: (words: readonly string[]) => Promise<Tap>
  /** Starts the server; answers its port. */
  echo: (compressed: boolean) => Promise<number>
}

const test = base.extend<Fixtures>({
  secure: [false, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures this one needs
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'wirestep-tap-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true })
  },
  theirs: async ({ secure, folder }, use) => {
    await use(secure ? await certify(join(folder, 'theirs.pem')) : null)
  },
  page: async ({ chromium, secure, folder }, use) => {
    const browser = secure ? await launchChromium([trustOf(folder)]) : chromium!
    const page = await browser.newPage()
    await use(page)
    await page.close()
    if (secure) await browser.close()
  },
  tap: async ({ folder }, use) => {
    const started: ChildProcess[] = []
    await use((words) => startTap(words, folder, started))
    for (const process of started) process.kill('SIGKILL')
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures this one needs
  echo: async ({}, use) => {
    const servers: WebSocketServer[] = []
    await use((compressed) => startEcho(compressed, servers))
    for (const server of servers) {
      for (const socket of server.clients) socket.terminate()
      server.close()
    }
  },
})

const cli = join(root, 'out', 'main', 'cli.js')
const withData = (folder: string) => ({ ...process.env, WIRESTEP_DATA: folder })

async function certify(file: string): Promise<Certified> {
  const authority = await makeAuthority(Date.now())
  const { certificate, key } = await makeLeaf(authority, '127.0.0.1', Date.now())
  await writeFile(file, authority.certificate)
  return { cert: certificate, key, authority: file }
}

/** Has Chromium trust the keys of chains that the tap's authority is in; all others are judged as ever. */
function trustOf(folder: string): string {
  const file = join(folder, 'wirestep-ca.pem')
  execFileSync(process.execPath, [cli, 'ca', 'export', file], { env: withData(folder) })
  const key = new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' })
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`
}

async function startTap(words: readonly string[], folder: string, started: ChildProcess[]): Promise<Tap> {
  const args = ['tap', '--listen', '0', '--json', '--record', join(folder, 'seen.pcapng'), ...words]
  const tap = spawn(process.execPath, [cli, ...args], {
    env: withData(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(tap)
  const told: Record<string, unknown>[] = []
  const lines = createInterface({ input: tap.stdout! }).on('line', (line) => told.push(JSON.parse(line)))
  await once(lines, 'line')
  const stop = async () => {
    await expect.poll(() => told.at(-1)).toMatchObject({ event: 'close' })
    const exited = once(tap, 'exit')
    tap.kill('SIGINT')
    expect(await exited).toEqual([0, null])
    return told
  }
  return { port: Number(told[0]?.['port']), stop }
}

async function startEcho(compressed: boolean, servers: WebSocketServer[]): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: compressed && { threshold: 0 } })
  servers.push(server)
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Sends texts and bytes of all lengths in turn, holds each answer against what went out, and closes. */
function exchange(page: Page, url: string): Promise<{ readonly same: number; readonly extensions: string }> {
  return page.evaluate(
    ([url, messages]) =>
      new Promise((resolve, reject) => {
        const sizes = [0, 5, 125, 126, 300, 65_535, 65_536, 70_000]
        const messageAt = (index: number) => {
          const size = index % 200 === 199 ? sizes[5 + (((index - 199) / 200) % 3)]! : sizes[index % 5]!
          return index % 2 === 0 ? `${index} é`.repeat(size).slice(0, size) : new Uint8Array(size).fill(index)
        }
        const isSame = (sent: string | Uint8Array, got: string | ArrayBuffer) => {
          if (typeof sent === 'string' || typeof got === 'string') return sent === got
          const bytes = new Uint8Array(got)
          return bytes.length === sent.length && bytes.every((byte, at) => byte === sent[at])
        }
        const socket = new WebSocket(url)
        let same = 0
        socket.binaryType = 'arraybuffer'
        socket.onerror = () => reject(new Error(`the connection failed after ${same} messages`))
        socket.onopen = () => {
          for (let index = 0; index < messages; index += 1) socket.send(messageAt(index))
        }
        socket.onmessage = ({ data }) => {
          if (!isSame(messageAt(same), data)) reject(new Error(`message ${same} came back different`))
          same += 1
          if (same === messages) socket.close(1000, 'done')
        }
        socket.onclose = () => resolve({ same, extensions: socket.extensions })
      }),
    [url, messages] as const,
  )
}

interface Recorded {
  /** What came to the tap, by who sent it. */
  readonly came: { readonly client: Sum; readonly server: Sum }
  /** What the tap passed on, by who had sent it. */
  readonly passed: { readonly client: Sum; readonly server: Sum }
  readonly messages: Readonly<Record<Lane, number>>
}

async function readRecording(path: string): Promise<Recorded> {
  const opened = await openRecording(path)
  if (!opened.ok) throw new Error(opened.error)
  await opened.value.loaded
  const { capture, close } = opened.value
  expect(capture.problems).toEqual([])
  expect(capture.connections.length).toBe(1)
  const connection = capture.connections[0]!
  const sumsOf = (read: 'readSent' | 'readDelivered') => ({
    client: sumOf((from, to) => connection[read]('clientToServer', from, to)),
    server: sumOf((from, to) => connection[read]('serverToClient', from, to)),
  })
  const recorded = { came: sumsOf('readSent'), passed: sumsOf('readDelivered'), messages: messagesOf(connection) }
  close()
  return recorded
}

/** Of a stream read piece by piece, until there is no more. */
function sumOf(read: (from: number, to: number) => Uint8Array): Sum {
  const tally = createTally()
  const step = 1 << 20
  for (let bytes = read(0, step); bytes.length > 0; bytes = read(tally.sum().size, tally.sum().size + step)) {
    tally.add(bytes)
  }
  return tally.sum()
}

/** Whole messages: Chromium may send one in several frames. */
function messagesOf(connection: ConnectionCapture): Readonly<Record<Lane, number>> {
  const counts = { clientToServer: 0, serverToClient: 0 }
  for (let index = 0; index < connection.messageCount; index += 1) counts[connection.message(index).lane] += 1
  return counts
}

for (const [name, secure, compressed] of [
  ['plain', false, false],
  ['plain and compressed', false, true],
  ['TLS', true, false],
  ['TLS and compressed', true, true],
] as const) {
  test.describe(name, () => {
    test.use({ secure })

    test(`${messages} messages between Chromium and ws pass the tap bit for bit`, async ({
      folder,
      theirs,
      page,
      tap: startTap,
      echo,
    }) => {
      const scheme = secure ? 'wss' : 'ws'
      const behind = await witnessBefore(await echo(compressed), theirs ?? undefined)
      const trusted = theirs ? ['--ca', theirs.authority] : []
      const tap = await startTap(['--upstream', `${scheme}://127.0.0.1:${behind.port}/`, ...trusted])
      const before = await witnessBefore(tap.port)
      const { same, extensions } = await exchange(page, `${scheme}://127.0.0.1:${before.port}/chat?x=1`)
      expect([same, extensions.includes('permessage-deflate')]).toEqual([messages, compressed])

      const told = await tap.stop()
      expect(told.at(-1)).toMatchObject({ event: 'close', clean: true })
      const sides = told.filter(({ event }) => event === 'tls').map(({ side }) => side)
      expect(sides).toEqual(secure ? ['client', 'server'] : [])
      const { came, passed, messages: whole } = await readRecording(join(folder, 'seen.pcapng'))
      expect(passed).toEqual(came)
      expect(passed).toEqual(behind.sums())
      // On the wire before the tap TLS has more than it says in plain.
      if (secure) expect(before.sums().client.size).toBeGreaterThan(came.client.size)
      else expect(before.sums()).toEqual(came)
      expect(whole).toEqual({ clientToServer: messages, serverToClient: messages })
      before.close()
      behind.close()
    })
  })
}

test.describe('a Chromium that does not trust the authority', () => {
  test('is refused, and the tap says what to do', async ({ folder, chromium, tap: startTap, echo }) => {
    const theirs = await certify(join(folder, 'theirs.pem'))
    const behind = await witnessBefore(await echo(false), theirs)
    const tap = await startTap(['--upstream', `wss://127.0.0.1:${behind.port}/`, '--ca', theirs.authority])
    const page = await chromium!.newPage()
    await expect(exchange(page, `wss://127.0.0.1:${tap.port}/`)).rejects.toThrow('failed after 0 messages')
    const refused = (await tap.stop()).find(({ event }) => event === 'refused')
    expect(refused?.['says']).toContain('tell it to trust the one that "wirestep ca export FILE" writes')
    await page.close()
    behind.close()
  })
})
