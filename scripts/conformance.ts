// The pages in docs/conformance/: what the cases say of our own endpoints and of another implementation's.
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { totals } from '../main/conform/report.ts'
import { type CaseResult, type RunOptions, testClient, testServer } from '../main/conform/run.ts'
import { openSessions } from '../main/conform/sessions.ts'
import { connectEndpoint } from '../main/net/client.ts'
import { echo } from '../main/services/echo.ts'
import { hostService } from '../main/services/hostService.ts'
import { dataOf, sendingOf } from '../main/services/session.ts'
import type { ConformCase, Effort } from '../shared/conform/case.ts'
import { chooseCases } from '../shared/conform/cases.ts'
import { rfc6455 } from '../shared/dialects/rfc6455.ts'
import type { EndpointEvent } from '../shared/endpoint/types.ts'
import type { Result } from '../shared/ipc/result.ts'

/** A peer that is tested, with the page its results go to. */
interface Peer {
  readonly title: string
  readonly role: 'server' | 'client'
  run(options: RunOptions): Promise<Result<void>>
}

/** By the name of the page. */
export const conformancePeers = {
  'wirestep-server.md': { title: '`wirestep serve --dialect rfc6455 --compress on`', role: 'server', run: ourServer },
  'wirestep-client.md': {
    title: '`wirestep connect --dialect rfc6455 --compress on --echo --again`',
    role: 'client',
    run: ourClient,
  },
  'ws-server.md': { title: 'the server of `ws` 8, with permessage-deflate', role: 'server', run: wsServer },
  'ws-client.md': { title: 'the client of `ws` 8, with permessage-deflate', role: 'client', run: wsClient },
} as const satisfies Record<string, Peer>

export type PageName = keyof typeof conformancePeers

/** Runs the cases that `takes` picks against a peer. Throws when the run itself cannot be made. */
export async function conformanceResults(
  name: PageName,
  effort: Effort,
  takes: (test: ConformCase) => boolean = () => true,
): Promise<readonly CaseResult[]> {
  const peer: Peer = conformancePeers[name]
  const cases = orThrow(chooseCases('*', peer.role)).filter(takes)
  const sessions = orThrow(openSessions(undefined, join(tmpdir(), 'wirestep-conformance'), console.error))
  const results: CaseResult[] = []
  const { signal } = new AbortController()
  const onResult = (result: CaseResult) => results.push(result)
  orThrow(await peer.run({ cases, sessions, effort, timeout: 10_000, signal, onResult }))
  sessions.close()
  return results
}

export function conformancePage(name: PageName, effort: Effort, results: readonly CaseResult[]): string {
  const lines = [
    '<!-- Made by `npm run conformance`. -->',
    `# Conformance: ${conformancePeers[name].title}`,
    `Every case and its verdict. ${effortSentence(effort)} [README.md](README.md) says how this is made.`,
    ['```', ...totals(results), '```'].join('\n'),
    ['| case | verdict | what |', '| --- | --- | --- |', ...results.map(pageRow)].join('\n'),
  ]
  return `${lines.join('\n\n')}\n`
}

function effortSentence({ messages, bytes }: Effort): string {
  const fewer = Number.isFinite(bytes) ? `, or as many as make ${bytes / 2 ** 20} MiB where that is fewer` : ''
  return `${messages} messages went there and back in each case of 9.7, 9.8, 12 and 13${fewer}.`
}

/** The line of a case. What came is told only where it decides: how many bytes came when is not always the same. */
export function pageRow({ test, outcome }: CaseResult): string {
  const fault = outcome.verdict === 'pass' || !outcome.fault ? '' : ` (${outcome.fault})`
  return `| ${test.id} | ${outcome.verdict}${fault} | ${test.title.replaceAll('|', '\\|')} |`
}

function orThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(result.error)
}

async function ourServer(options: RunOptions): Promise<Result<void>> {
  const server = await hostService(echo, { dialect: 'rfc6455', host: '127.0.0.1', port: 0, compress: {} })
  if (!server.ok) return server
  const ran = await testServer(server.value.url, options)
  await server.value.close()
  return ran
}

async function wsServer(options: RunOptions): Promise<Result<void>> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const ran = await testServer(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, options)
  for (const client of server.clients) client.terminate()
  await new Promise((resolve) => server.close(resolve))
  return ran
}

function ourClient(options: RunOptions): Promise<Result<void>> {
  return whileClient(options, async (url) => {
    let act: ((event: EndpointEvent) => void) | null = null
    const dialled = await connectEndpoint({ url, dialect: rfc6455, compress: {}, onEvent: (event) => act?.(event) })
    if (!dialled.ok) return false
    act = (event) => {
      if (event.kind === 'message') dialled.value.act(sendingOf(dataOf(event)))
    }
    await dialled.value.closed
    return true
  })
}

function wsClient(options: RunOptions): Promise<Result<void>> {
  return whileClient(options, (url) => {
    const socket = new WebSocket(url, { perMessageDeflate: { threshold: 0 } })
    socket.on('error', () => {})
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    return new Promise((resolve) => socket.once('close', () => resolve(true)))
  })
}

/** Lets a client connect again and again, until the run is over or it cannot any more. */
async function whileClient(options: RunOptions, connect: (url: string) => Promise<boolean>): Promise<Result<void>> {
  let over = false
  let client = Promise.resolve()
  const ran = await testClient(0, options, (port) => {
    client = (async () => {
      for (let made = 0; made < options.cases.length && !over; made++) {
        if (!(await connect(`ws://127.0.0.1:${port}/`))) return
      }
    })()
  })
  over = true
  await client
  return ran
}
