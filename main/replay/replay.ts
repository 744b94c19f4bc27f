// A recorded end against the living one: dials the server, or waits for the client, and plays.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { worldAt, worldReadingAhead } from '../../shared/capture/viewsUnits.ts'
import { parseUrl } from '../../shared/handshake/urls.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { compareRuns } from '../../shared/replay/compareRuns.ts'
import type { Script } from '../../shared/replay/script.ts'
import type { ReplayRow } from '../../shared/replay/types.ts'
import { type ConnectOptions, dialOurselves } from '../net/client.ts'
import { keep, listen, resetSocket } from '../net/sockets.ts'
import { type AcceptTerms, secureToClient } from '../net/tls/secure.ts'
import { type PlayOptions, playScript } from './play.ts'

export type ReplayOptions = Omit<PlayOptions, 'socket' | 'url' | 'target'>
/** How the server is judged where the URL is `wss://`. */
export type ServerTerms = Pick<ConnectOptions, 'tls' | 'onSecured'>
/** What a client is shown that has to speak TLS; null for a plain one. */
export interface ClientTerms extends Pick<ConnectOptions, 'onSecured'> {
  readonly tls: AcceptTerms | null
}

/** Plays a recorded client against the server at `url`. Fails with a sentence when it cannot be reached. */
export async function replayTo(url: string, options: ReplayOptions & ServerTerms): Promise<Result<void>> {
  const parsed = parseUrl(url)
  if (!parsed.ok) return parsed
  const { resource } = parsed.value
  const dialled = await dialOurselves(parsed.value, options)
  if (!dialled.ok) return dialled
  // A URL that stops behind the port asks for what was recorded.
  const target = /^wss?:\/\/[^/?]*$/i.test(url) ? null : resource
  await playScript({ ...options, socket: dialled.value.socket, url, target })
  return success(undefined)
}

/**
 * Plays a recorded server to the first client that connects; those that come later are reset. Fails with a sentence when
 * it cannot listen, or the client speaks no TLS and should. `onListening` is told where.
 */
export async function replayAt(
  at: Address,
  { tls, onSecured, ...options }: ReplayOptions & ClientTerms,
  onListening: (url: string, address: Address) => void,
): Promise<Result<void>> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  const listening = await listen(server, at, () => {})
  if (!listening.ok) return listening
  const url = `${tls ? 'wss' : 'ws'}://${formatAddress(listening.value)}/`
  onListening(url, listening.value)
  const raw = await firstClient(server, options.signal)
  if (raw === null) return success(undefined)
  const secured = tls && (await secureToClient(raw, at.host, tls))
  if (secured?.ok === false) return secured
  if (secured) onSecured?.(secured.value.facts)
  await playScript({ ...options, socket: secured?.value.socket ?? raw, url, target: null })
  return success(undefined)
}

/** Listens no longer than until it is there; null when that is given up. */
async function firstClient(server: Server, signal: AbortSignal): Promise<Socket | null> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    keep(sockets, socket)
    if (sockets.size > 1) resetSocket(socket)
    server.close()
  })
  await once(server, 'connection', { signal }).catch(() => server.close())
  return [...sockets][0] ?? null
}

/** The recording and what was written down of its replay, row by row. */
export function rowsOfReplay({ world, role }: Script, replayed: CaptureReader): Iterable<ReplayRow> {
  const live = worldReadingAhead(worldAt(replayed, 1, replayed.end))
  return compareRuns({ recorded: world, replayed: live, role })
}
