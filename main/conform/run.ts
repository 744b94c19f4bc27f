// Runs cases against a server, one connection after the other, or against a client that connects again and again.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Role } from '../../shared/bytes/lanes.ts'
import type { ConformCase, Effort } from '../../shared/conform/case.ts'
import type { Outcome } from '../../shared/conform/findings.ts'
import { hostField, parseUrl } from '../../shared/handshake/urls.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { dial, keep, listen } from '../net/sockets.ts'
import { playCase } from './play.ts'
import type { Sessions } from './sessions.ts'

export interface CaseResult {
  readonly test: ConformCase
  readonly outcome: Outcome
  readonly milliseconds: number
  /** The recorded session; null when it was not kept. */
  readonly session: string | null
}

export interface RunOptions {
  readonly cases: readonly ConformCase[]
  readonly sessions: Sessions
  readonly effort: Effort
  /** Milliseconds a case of ordinary size may take. */
  readonly timeout: number
  readonly signal: AbortSignal
  onResult(result: CaseResult): void
}

/** Tests the server at `url`. Fails with a sentence when it cannot be reached. */
export async function testServer(url: string, options: RunOptions): Promise<Result<void>> {
  const parsed = parseUrl(url)
  if (!parsed.ok) return parsed
  if (parsed.value.secure) return failure(`"${url}" asks for TLS, which conform does not speak: use ws://.`)
  const { host, port, resource } = parsed.value
  for (const test of options.cases) {
    if (options.signal.aborted) break
    const dialled = await dial({ host, port }, new Set())
    if (!dialled.ok) return dialled
    const played = await play(test, 'server', dialled.value, { host: hostField(parsed.value), resource }, options)
    if (!played.ok) return played
  }
  return success(undefined)
}

/**
 * Tests a client that connects to the port again and again: each connection is the next case. Fails with a sentence
 * when it cannot listen, or nobody connects for `timeout`. `onListening` is told the port.
 */
export async function testClient(
  port: number,
  options: RunOptions,
  onListening: (port: number) => void,
): Promise<Result<void>> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  const waiting: Socket[] = []
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    keep(sockets, socket)
    waiting.push(socket)
  })
  const listening = await listen(server, { host: '127.0.0.1', port }, () => {})
  if (!listening.ok) return listening
  onListening(listening.value.port)
  try {
    return await playAll(server, waiting, listening.value.port, options)
  } finally {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
}

async function playAll(server: Server, waiting: Socket[], port: number, options: RunOptions): Promise<Result<void>> {
  for (const [index, test] of options.cases.entries()) {
    const socket = await nextOf(server, waiting, options)
    if (options.signal.aborted) return success(undefined)
    if (!socket) return failure(nobodyCame(port, index, options))
    if (index === options.cases.length - 1) server.close()
    const played = await play(test, 'client', socket, { host: `127.0.0.1:${port}`, resource: '/' }, options)
    if (!played.ok) return played
  }
  return success(undefined)
}

/** The next connection; null when none comes in time. */
async function nextOf(server: Server, waiting: Socket[], { timeout, signal }: RunOptions): Promise<Socket | null> {
  const either = AbortSignal.any([AbortSignal.timeout(timeout), signal])
  if (waiting.length === 0) await once(server, 'connection', { signal: either }).catch(() => {})
  return waiting.shift() ?? null
}

function nobodyCame(port: number, done: number, { cases, timeout }: RunOptions): string {
  return `No client connected to port ${port} within ${timeout} ms, with ${done} of ${cases.length} cases played: let it connect again when a connection is over, or wait longer with --timeout MS.`
}

async function play(
  test: ConformCase,
  peer: Role,
  socket: Socket,
  place: { readonly host: string; readonly resource: string },
  { sessions, effort, timeout, onResult }: RunOptions,
): Promise<Result<void>> {
  const recording = sessions.begin(test)
  if (!recording.ok) {
    socket.destroy()
    return recording
  }
  const { capture } = recording.value
  const began = performance.now()
  const outcome = await playCase({ test, peer, socket, capture, ...place, effort, timeout })
  const milliseconds = performance.now() - began
  onResult({ test, outcome, milliseconds, session: sessions.finish(recording.value, test, outcome) })
  return success(undefined)
}
