// Hosts a service: listens, decides whom to let in, keeps the sessions within their limits, and shuts down in order.
import type { Socket } from 'node:net'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById, newestDialect } from '../../shared/dialects/registry.ts'
import { type Detection, versionsOf } from '../../shared/endpoint/detect.ts'
import { defaultLimits, limitsOf } from '../../shared/endpoint/limits.ts'
import type { RequestFacts } from '../../shared/endpoint/requestFacts.ts'
import type { EndpointConfig, EndpointEvent, Message, RefusalStatus } from '../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../shared/extensions/perMessageDeflate.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { connectionRefusal, type ProfileId, planRefusal } from '../../shared/profile/prototype2010.ts'
import { closeWith } from '../net/closeWith.ts'
import { attachEndpoint, type EndpointSocket, type SocketListener } from '../net/endpointSocket.ts'
import { systemRandom } from '../net/random.ts'
import { serveEndpoints } from '../net/server.ts'
import type { TlsFacts } from '../net/tls/facts.ts'
import type { AcceptTerms } from '../net/tls/secure.ts'
import { guarded, tellError } from './guard.ts'
import { keepAlive } from './keepAlive.ts'
import type { Data, Host, Service, Session } from './service.ts'
import { serveSession } from './session.ts'

/** All have a default: a plain `{}` serves RFC 6455 on a free port of 127.0.0.1. */
export interface HostOptions {
  /** `rfc6455` unless another is named. `auto`: each connection gets the one its request tells. */
  readonly dialect?: DialectId | 'auto'
  /** `127.0.0.1` unless others are meant to reach it. */
  readonly host?: string
  /** 0, a free one, unless another is named. */
  readonly port?: number
  /** The one path that is served, as `/chat`; without it all are. Another gets 404. The query is the service's affair. */
  readonly path?: string
  /**
   * Origins that may connect, as `https://example.com`; without it all may. Another gets 403. Who sends none is no web
   * page and is let in: this protects people who browse, not the service. RFC 6455 §10.2.
   */
  readonly origins?: readonly string[]
  /** Those it speaks; of these a client gets the one it offers first. */
  readonly subprotocols?: readonly string[]
  /** Accepts permessage-deflate; nothing is compressed when left out. */
  readonly compress?: DeflateOptions
  /** Connections at once; the next gets 503. 1024 by default. */
  readonly maxConnections?: number
  /** Bytes of one message; a longer one closes the connection with 1009. 64 MiB by default. */
  readonly maxMessageSize?: number
  /** Bytes that may wait for one client before sending to it fails. 16 MiB by default. */
  readonly maxBuffered?: number
  /** Milliseconds for the opening handshake. 10000 by default. */
  readonly handshakeTimeout?: number
  /** Milliseconds without a byte from the client after which its session is closed; never by default. */
  readonly idleTimeout?: number
  /** Milliseconds between pings to every client, in dialects that have pings; none by default. */
  readonly pingInterval?: number
  /** What happens on each connection, in order, before the service is told. */
  readonly onEvent?: (connection: number, event: EndpointEvent) => void
  /** What a connection's request tells, where the dialect is `auto`: before the connection's first event. */
  readonly onDialect?: (connection: number, detection: Detection) => void
  /** Something went wrong that nobody else is told, as one sentence. A warning of the process by default. */
  readonly onProblem?: (sentence: string) => void
  /** Clients have to speak TLS, on these terms. Left out, they are plain. */
  readonly tls?: AcceptTerms
  /** A client speaks TLS, and how. */
  readonly onSecured?: (connection: number, facts: TlsFacts) => void
  /** Keeps to what the prototype of 2010 could do: its message size and number of connections go below those above. */
  readonly profile?: ProfileId
  /** Where to record all that crosses its sockets. The caller closes its store. */
  readonly record?: Capture
}

export interface ServiceHost<State = unknown> extends Host<State> {
  readonly address: Address
  /** `ws://127.0.0.1:4502/chat`. */
  readonly url: string
  /**
   * Lets nobody in any more, closes every session with 1001, and settles when all sockets are closed. Clients that do
   * not answer are given up after 5 seconds.
   */
  close(): Promise<void>
}

type Options = Required<
  Omit<
    HostOptions,
    | 'onDialect'
    | 'onSecured'
    | 'tls'
    | 'path'
    | 'origins'
    | 'subprotocols'
    | 'compress'
    | 'idleTimeout'
    | 'pingInterval'
    | 'profile'
    | 'record'
  >
> &
  HostOptions

/** What a host knows while it runs. */
interface Running<State> {
  readonly service: Service<State>
  readonly options: Options
  readonly host: Host<State>
  readonly sessions: Set<Session<State>>
  url: string
  admitted: number
  closing: boolean
}

/** Starts a service. Fails with a sentence when it cannot listen. */
export async function hostService<State>(
  service: Service<State>,
  given: HostOptions = {},
): Promise<Result<ServiceHost<State>>> {
  const options = withDefaults(given)
  const refused = planRefusal(options.profile, { ports: [options.port], tls: options.tls !== undefined })
  if (refused !== null) return failure(refused)
  const sessions = new Set<Session<State>>()
  const host: Host<State> = { sessions, broadcast: (data, except) => broadcast(sessions, data, except) }
  const running: Running<State> = { service, options, host, sessions, url: '', admitted: 0, closing: false }
  const serving = await serveEndpoints({
    ...options,
    dialect: options.dialect === 'auto' ? null : options.dialect,
    // Handshakes under way may be as many again.
    maxSockets: 2 * options.maxConnections,
    accept: (socket, connection, remote, listener) => accept(running, socket, connection, remote, listener),
    leave,
  })
  if (!serving.ok) return serving
  const { address } = serving.value
  running.url = `${options.tls ? 'wss' : 'ws'}://${formatAddress(address)}${options.path ?? '/'}`
  tellOfHost(running, () => service.start?.(host))
  const close = async () => {
    if (!running.closing) tellOfHost(running, () => service.stop?.(host))
    running.closing = true
    await serving.value.close()
  }
  return success({ ...host, address, url: running.url, close })
}

function withDefaults(given: HostOptions): Options {
  return {
    dialect: 'rfc6455',
    host: '127.0.0.1',
    port: 0,
    maxConnections: 1024,
    maxMessageSize: defaultLimits.message,
    maxBuffered: 16 * 1024 * 1024,
    handshakeTimeout: 10_000,
    onEvent: () => {},
    onProblem: (sentence) => process.emitWarning(sentence),
    ...given,
  }
}

function tellOfHost<State>({ service, options }: Running<State>, callback: () => unknown): void {
  guarded(callback, (error) => tellError(service, error, null, options.onProblem))
}

function broadcast<State>(
  sessions: ReadonlySet<Session<State>>,
  data: Data | Message,
  except?: Session<State>,
): number {
  const others = [...sessions].filter((session) => session !== except)
  return others.filter((session) => session.send(data).ok).length
}

function accept<State>(
  running: Running<State>,
  socket: Socket,
  connection: number,
  remote: () => Address,
  listener: SocketListener | undefined,
): EndpointSocket {
  const { service, options, host, sessions } = running
  const { dialect, onDialect } = options
  let request: RequestFacts
  const alive = keepAlive(options)
  const tell = serveSession(service, {
    ...{ id: connection, host, remote, maxBuffered: options.maxBuffered, onProblem: options.onProblem },
    dialect: () => endpoint.dialect,
    request: () => request,
    buffered: () => endpoint.buffered,
    act: (action) => endpoint.act(action),
    opened: (session) => {
      sessions.add(session)
      alive.start(session)
    },
    closed: (session) => {
      sessions.delete(session)
      alive.stop()
    },
  })
  const endpoint = attachEndpoint({
    socket,
    ...(listener && { listener }),
    pace: 'live',
    openingDeadline: options.handshakeTimeout,
    ...(dialect === 'auto' && { onDialect: (detection: Detection) => onDialect?.(connection, detection) }),
    env: {
      dialect: dialect === 'auto' ? newestDialect : dialectById(dialect),
      role: 'server',
      config: configFor(running),
      random: systemRandom,
      admit: (asked) => {
        request = asked
        return admit(running, asked, connection, () => endpoint.closed)
      },
    },
    onStep: ({ events }) => {
      alive.heard(endpoint.received)
      for (const event of events) {
        options.onEvent(connection, event)
        tell(event)
      }
    },
  })
  return endpoint
}

/** Null when it is let in; from then on it counts, until it is closed. */
function admit<State>(
  running: Running<State>,
  { resource, origin }: RequestFacts,
  connection: number,
  closed: () => Promise<void>,
): RefusalStatus | null {
  const { path, origins, maxConnections, profile, onEvent } = running.options
  if (path !== undefined && resource.replace(/\?.*$/s, '') !== path) return 404
  if (origins && origin !== null && !origins.includes(origin)) return 403
  if (running.closing || running.admitted >= maxConnections) return 503
  const says = connectionRefusal(profile, running.admitted)
  if (says !== null) {
    onEvent(connection, { kind: 'refused', says })
    return 503
  }
  running.admitted += 1
  void closed().then(() => {
    running.admitted -= 1
  })
  return null
}

function configFor<State>({ url, options }: Running<State>): EndpointConfig {
  const { dialect, maxMessageSize, subprotocols, compress, profile } = options
  const limits = limitsOf(profile)
  return {
    url,
    limits: { ...limits, message: Math.min(limits.message, maxMessageSize) },
    ...(dialect === 'auto' && { versions: versionsOf() }),
    ...(subprotocols && { subprotocols }),
    ...(compress && { compress }),
    ...(profile && { profile }),
  }
}

/** RFC 6455 §7.4.1: 1001, a server that goes down. */
function leave(endpoint: EndpointSocket): void {
  if (!closeWith(endpoint.act, endpoint.dialect, 1001).ok) endpoint.destroy()
}
