// Listens for the clients of a server, numbers them, and writes down what crosses their sockets. With TLS a relay stands
// in front, which speaks it, and writes down what it says in plain. What becomes of a connection is for `accept`.
import { createServer, type Server, type Socket } from 'node:net'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address, Topology } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { systemClock } from './clock.ts'
import type { EndpointSocket, SocketListener } from './endpointSocket.ts'
import { recordGate, recordSocket, recordTls } from './recorder.ts'
import { startRelay } from './relay.ts'
import { closeServer, keep, listen, localOf, remoteOf } from './sockets.ts'
import type { TlsFacts } from './tls/facts.ts'
import type { AcceptTerms } from './tls/secure.ts'

export interface ServeOptions {
  /** Of every connection; null when each request tells its own. */
  readonly dialect: DialectId | null
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Sockets that may be open at once, handshakes under way among them; more are reset at once. */
  readonly maxSockets: number
  /**
   * Puts an endpoint on a connection. Connections are numbered from 1. `remote` is certain once bytes have come.
   * `listener`: who has to be told of what crosses the socket.
   */
  accept(
    socket: Socket,
    connection: number,
    remote: () => Address,
    listener: SocketListener | undefined,
  ): EndpointSocket
  /** Ends a connection as politely as can be: its own deadlines see to it that it is closed soon. */
  leave(endpoint: EndpointSocket): void
  /** Something went wrong that is no event of a connection, as one sentence. */
  onProblem(sentence: string): void
  /** Clients have to speak TLS, on these terms. Left out, they are plain. */
  readonly tls?: AcceptTerms
  /** A client speaks TLS. */
  onSecured?(connection: number, facts: TlsFacts): void
  /** Where to record. The caller closes its store. */
  readonly record?: Capture
}

export interface EndpointServer {
  readonly address: Address
  /** Closes what is open, with the closing handshake where it can be had; settles when all sockets are closed. */
  close(): Promise<void>
}

/** Starts serving. Fails with a sentence when it cannot listen. */
export async function serveEndpoints(options: ServeOptions): Promise<Result<EndpointServer>> {
  const sockets = new Set<Socket>()
  const endpoints = new Set<EndpointSocket>()
  const numbers = createNumbers()
  let closing = false
  // What is broken off because this server stops is no problem of anyone's.
  const onProblem = (sentence: string) => closing || options.onProblem(sentence)
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    keep(sockets, socket)
    const endpoint = acceptSocket(socket, numbers, options)
    endpoints.add(endpoint)
    void endpoint.closed.then(() => endpoints.delete(endpoint))
  })
  server.maxConnections = options.maxSockets
  const front = await (options.tls
    ? listenBehind(server, { ...options, onProblem }, numbers)
    : listenAt(server, { ...options, onProblem }))
  if (!front.ok) return front
  const close = async () => {
    closing = true
    await Promise.all([...endpoints].map((endpoint) => closeOne(endpoint, options)))
    await front.value.close()
    await closeServer(server, sockets)
  }
  return success({ address: front.value.address, close })
}

function acceptSocket(socket: Socket, numbers: Numbers, options: ServeOptions): EndpointSocket {
  const dialler = remoteOf(socket)
  const numbered = numbers.of(dialler)
  socket.once('close', () => numbers.forget(dialler))
  const { connection } = numbered
  // Behind a relay it is the relay that records.
  const record = options.tls ? undefined : options.record
  const listener = record && beginRecord(record, options.dialect, connection, socket)
  return options.accept(socket, connection, () => numbered.remote, listener)
}

function beginRecord(record: Capture, dialect: DialectId | null, connection: number, socket: Socket): SocketListener {
  const [client, server] = [remoteOf(socket), localOf(socket)]
  appendOpen(record, dialect, connection, { client, gateForClient: server, gateForServer: client, server })
  return recordSocket(record.append, connection, systemClock.now, 'client')
}

function appendOpen(record: Capture, dialect: DialectId | null, connection: number, topology: Topology): void {
  const stated = dialect === null ? {} : { dialect }
  record.append({ kind: 'open', time: systemClock.now(), connection, topology, ...stated })
}

function closeOne(endpoint: EndpointSocket, options: ServeOptions): Promise<void> {
  options.leave(endpoint)
  return endpoint.closed
}

/** What clients connect to. */
interface Front {
  readonly address: Address
  close(): Promise<void>
}

async function listenAt(server: Server, { host, port, onProblem }: ServeOptions): Promise<Result<Front>> {
  const listening = await listen(server, { host, port }, onProblem)
  return listening.ok ? success({ address: listening.value, close: async () => {} }) : listening
}

/** The server itself on a port nobody is told, and a relay in front of it. */
async function listenBehind(
  server: Server,
  { dialect, host, port, tls, record, onSecured, onProblem }: ServeOptions,
  numbers: Numbers,
): Promise<Result<Front>> {
  const inner = await listen(server, { host: '127.0.0.1', port: 0 }, onProblem)
  if (!inner.ok) return inner
  const relay = await startRelay({
    listen: { host, port },
    upstream: inner.value,
    mode: 'running',
    // The server behind it counts.
    maxConnections: Number.POSITIVE_INFINITY,
    ...(tls && { tls: { accept: tls, dial: null } }),
    accepted: () => {
      let connection = 0
      return {
        opened: (topology) => {
          connection = numbers.of(topology.gateForServer, topology.client).connection
          if (!record) return
          appendOpen(record, dialect, connection, topology)
          return recordGate(record.append, connection, systemClock.now)
        },
        secured: (facts) => {
          if (record) recordTls(record.append, connection, systemClock.now, facts)
          onSecured?.(connection, facts)
        },
      }
    },
    onProblem,
  })
  if (!relay.ok) server.close()
  return relay
}

/** Gives the server and the relay before it the same number and the same client for the same connection. */
interface Numbers {
  /** The connection whose dialling socket has this address. `client`: who is behind it, where a relay knows. */
  of(dialler: Address, client?: Address): Numbered
  forget(dialler: Address): void
}

interface Numbered {
  readonly connection: number
  /** The relay may tell after the server was connected. */
  remote: Address
}

function createNumbers(): Numbers {
  const byDialler = new Map<string, Numbered>()
  let last = 0
  return {
    of: (dialler, client) => {
      const key = formatAddress(dialler)
      const known = byDialler.get(key) ?? { connection: ++last, remote: dialler }
      byDialler.set(key, known)
      if (client) known.remote = client
      return known
    },
    forget: (dialler) => byDialler.delete(formatAddress(dialler)),
  }
}
