// A client of a dialect for a real server.
import type { Socket } from 'node:net'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { EndpointState } from '../../shared/endpoint/endpoint.ts'
import { requestObjection } from '../../shared/endpoint/heads.ts'
import { limitsOf } from '../../shared/endpoint/limits.ts'
import type { Action, EndpointConfig, EndpointEvent, StateName, Step } from '../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../shared/extensions/perMessageDeflate.ts'
import { parseUrl } from '../../shared/handshake/urls.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type FlawId, flawObjection } from '../../shared/profile/flaws.ts'
import { type ProfileId, planRefusal } from '../../shared/profile/prototype2010.ts'
import { systemClock } from './clock.ts'
import { attachEndpoint, type SocketListener } from './endpointSocket.ts'
import { dialVia } from './proxy.ts'
import { systemRandom } from './random.ts'
import { recordSocket, recordTls } from './recorder.ts'
import { localOf, remoteOf, resetSocket } from './sockets.ts'
import type { TlsFacts } from './tls/facts.ts'
import { type DialTerms, secureToServer } from './tls/secure.ts'

export interface ConnectOptions {
  /** `ws://host:port/path`, or `wss://`. */
  readonly url: string
  readonly dialect: Dialect
  /** The server is reached through this HTTP proxy, by CONNECT. */
  readonly proxy?: Address
  readonly origin?: string
  /** Offered in order of preference. */
  readonly subprotocols?: readonly string[]
  /** Offers permessage-deflate; nothing is compressed when left out. */
  readonly compress?: DeflateOptions
  /** Keeps to what the prototype of 2010 could do. */
  readonly profile?: ProfileId
  /** Does something wrong on purpose. */
  readonly flaw?: FlawId
  onEvent?(event: EndpointEvent): void
  /** Everything the endpoint does, for who needs more than the events. */
  onStep?(step: Step<EndpointState>): void
  /** The system has taken the first `sent` bytes that were written, in all. */
  onWritten?(sent: number): void
  /** Where to record what crosses the socket. The caller closes its store. */
  readonly record?: Capture
  /** How the server is judged where the URL is `wss://`; as strictly as a browser does when left out. */
  readonly tls?: DialTerms
  /** Told before the first event, where the URL is `wss://`. */
  onSecured?(facts: TlsFacts): void
  /** Aborted, it gives the connection up at once, made or not. */
  readonly signal?: AbortSignal
}

export interface ClientConnection {
  readonly state: StateName
  /** Bytes that were written. */
  readonly sent: number
  act(action: Action): Result<void>
  /** Whether to read on: false while the application has no room for more. */
  read(on: boolean): void
  /** Resets the connection if it is still open; its last event comes all the same. */
  destroy(): void
  /** Settles when the socket is closed. */
  readonly closed: Promise<void>
}

/** Connects and sends the request. Fails with a sentence when there can be no such request, before anything is dialled, or when the server cannot be reached. */
export async function connectEndpoint(options: ConnectOptions): Promise<Result<ClientConnection>> {
  const refused =
    flawObjection(options.flaw, options.dialect) ??
    planRefusal(options.profile, { urls: [options.url], proxied: options.proxy !== undefined }) ??
    requestObjection({ dialect: options.dialect, config: configFor(options) })
  if (refused !== null) return failure(refused)
  const place = placeOf(options.url)
  if (!place.ok) return place
  const dialled = await dialOurselves(place.value, options)
  if (!dialled.ok) return dialled
  const { socket, facts } = dialled.value
  const listener = options.record && beginRecord(options.record, socket, facts, place.value, options)
  const endpoint = attachEndpoint({
    socket,
    pace: 'live',
    env: { dialect: options.dialect, role: 'client', config: configFor(options), random: systemRandom },
    onStep: (step) => {
      options.onStep?.(step)
      for (const event of step.events) options.onEvent?.(event)
    },
    ...(options.onWritten && { onWritten: options.onWritten }),
    ...(listener && { listener }),
  })
  const opened = endpoint.act({ kind: 'open' })
  if (!opened.ok) endpoint.destroy()
  onceAborted(options.signal, endpoint.destroy)
  if (!opened.ok) return endpoint.closed.then(() => opened)
  return success({
    get state() {
      return endpoint.state.name
    },
    get sent() {
      return endpoint.sent
    },
    act: endpoint.act,
    read: endpoint.read,
    destroy: endpoint.destroy,
    closed: endpoint.closed,
  })
}

/** Where a URL leads, and whether TLS is spoken there. */
export interface Place extends Address {
  readonly secure: boolean
}

/** Where a `ws://` or `wss://` URL leads; a sentence when it is none. */
export function placeOf(text: string): Result<Place> {
  const url = parseUrl(text)
  if (!url.ok) return url
  const { host, port, secure } = url.value
  return success({ host, port, secure })
}

function configFor({ url, origin, subprotocols, compress, profile, flaw }: ConnectOptions): EndpointConfig {
  return {
    url,
    limits: limitsOf(profile),
    ...(origin === undefined ? {} : { origin }),
    ...(subprotocols === undefined ? {} : { subprotocols }),
    ...(compress === undefined ? {} : { compress }),
    ...(profile === undefined ? {} : { profile }),
    ...(flaw === undefined ? {} : { flaw }),
  }
}

/** A connected socket, and what TLS has said of the server where it is spoken. */
export interface Dialled {
  readonly socket: Socket
  readonly facts: TlsFacts | null
}

const strictly: DialTerms = { insecure: false }

/** Dials, through the proxy if there is one, and speaks TLS where the place does. Nothing was read from the socket yet. */
export async function dialOurselves(
  place: Place,
  { proxy, signal, tls = strictly, onSecured }: Pick<ConnectOptions, 'proxy' | 'signal' | 'tls' | 'onSecured'>,
): Promise<Result<Dialled>> {
  const sockets = new Set<Socket>()
  const dialling = dialVia(proxy, place, sockets)
  onceAborted(signal, () => sockets.forEach(resetSocket))
  const dialled = await dialling
  if (!dialled.ok) return dialled
  if (!place.secure) return success({ socket: dialled.value, facts: null })
  const secured = await secureToServer(dialled.value, { name: place.host, at: place }, tls)
  if (secured.ok) onSecured?.(secured.value.facts)
  return secured
}

function onceAborted(signal: AbortSignal | undefined, giveUp: () => void): void {
  if (signal?.aborted) giveUp()
  else signal?.addEventListener('abort', giveUp, { once: true })
}

/** Begins the record of a connection that is made: no gate is there, what one end sends the other is given. */
function beginRecord(
  { append }: Capture,
  socket: Socket,
  facts: TlsFacts | null,
  place: Place,
  { dialect, url, proxy }: ConnectOptions,
): SocketListener {
  const { now } = systemClock
  const client = localOf(socket)
  const server = proxy ? { host: place.host, port: place.port } : remoteOf(socket)
  const topology = { client, gateForClient: server, gateForServer: client, server }
  append({ kind: 'open', time: now(), connection: 1, topology, dialect: dialect.id, url })
  if (facts) recordTls(append, 1, now, facts)
  return recordSocket(append, 1, now, 'server')
}
