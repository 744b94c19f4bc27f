// A server of a dialect for real clients: a service behind pure endpoints on sockets. With a recording, a relay stands
// in front and writes down both sides of its gate.
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { newestDialect } from '../../shared/dialects/registry.ts'
import { type Detection, versionsOf } from '../../shared/endpoint/detect.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import type { EndpointConfig, EndpointEvent } from '../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../shared/extensions/perMessageDeflate.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import type { Service } from '../services/service.ts'
import { serveSession } from '../services/session.ts'
import { systemClock } from './clock.ts'
import { attachEndpoint, type EndpointSocket } from './endpointSocket.ts'
import { recordGate } from './recorder.ts'
import { startRelay } from './relay.ts'
import { formatAddress } from './sentences.ts'
import { closeServer, keep, listen, remoteOf } from './sockets.ts'

export interface ServeOptions {
  /** `auto`: each connection gets the one its request tells. */
  readonly dialect: Dialect | 'auto'
  /** `127.0.0.1` unless others are meant to reach it. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly service: Service
  /** Spoken in order of preference. */
  readonly subprotocols?: readonly string[]
  /** Accepts permessage-deflate; nothing is compressed when left out. */
  readonly compress?: DeflateOptions
  /** Connections are numbered from 1. */
  onEvent(connection: number, event: EndpointEvent): void
  /** What a connection's request tells, where the dialect is `auto`: before the connection's first event. */
  onDialect?(connection: number, detection: Detection): void
  /** Something went wrong that is no event of a connection, as one sentence. */
  onProblem(sentence: string): void
  /** Where to record both sides of the gate. The caller closes its store. */
  readonly record?: Capture
}

export interface EndpointServer {
  readonly address: Address
  /** `ws://127.0.0.1:4502/`. */
  readonly url: string
  /** Closes what is open, with the closing handshake where it can be had; settles when all sockets are closed. */
  close(): Promise<void>
}

/** Starts serving. Fails with a sentence when it cannot listen. */
export async function serveEndpoint(options: ServeOptions): Promise<Result<EndpointServer>> {
  const sockets = new Set<Socket>()
  const endpoints = new Set<EndpointSocket>()
  const numbers = createNumbers()
  let url = ''
  let closing = false
  // What is broken off because this server stops is no problem of anyone's.
  const onProblem = (sentence: string) => closing || options.onProblem(sentence)
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    keep(sockets, socket)
    const endpoint = serveSocket(socket, numbers, url, options)
    endpoints.add(endpoint)
    void endpoint.closed.then(() => endpoints.delete(endpoint))
  })
  const front = await (options.record
    ? listenBehind(server, { ...options, onProblem }, options.record, numbers)
    : listenAt(server, { ...options, onProblem }))
  if (!front.ok) return front
  url = `ws://${formatAddress(front.value.address)}/`
  const close = async () => {
    closing = true
    await Promise.all([...endpoints].map(leave))
    await front.value.close()
    await closeServer(server, sockets)
  }
  return success({ address: front.value.address, url, close })
}

/** The endpoint's own deadlines see to it that this ends, whatever the peer does. */
function leave(endpoint: EndpointSocket): Promise<void> {
  if (!endpoint.act({ kind: 'close' }).ok) endpoint.destroy()
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
  { dialect, host, port, onProblem }: ServeOptions,
  capture: Capture,
  numbers: Numbers,
): Promise<Result<Front>> {
  const inner = await listen(server, { host: '127.0.0.1', port: 0 }, onProblem)
  if (!inner.ok) return inner
  const relay = await startRelay({
    listen: { host, port },
    upstream: inner.value,
    mode: 'running',
    opened: (topology) => {
      const connection = numbers.of(topology.gateForServer)
      const stated = dialect === 'auto' ? {} : { dialect: dialect.id }
      capture.append({ kind: 'open', time: systemClock.now(), connection, topology, ...stated })
      return recordGate(capture.append, connection, systemClock.now)
    },
    onProblem,
  })
  if (!relay.ok) server.close()
  return relay
}

function serveSocket(socket: Socket, numbers: Numbers, url: string, options: ServeOptions): EndpointSocket {
  const peer = remoteOf(socket)
  const connection = numbers.of(peer)
  socket.once('close', () => numbers.forget(peer))
  const session = serveSession(options.service, (action) => endpoint.act(action))
  const { dialect, onDialect } = options
  const known = dialect === 'auto' ? newestDialect : dialect
  const endpoint = attachEndpoint({
    socket,
    pace: 'live',
    env: { dialect: known, role: 'server', config: configFor(url, options), random: randomBytes },
    ...(dialect === 'auto' && { onDialect: (detection: Detection) => onDialect?.(connection, detection) }),
    onStep: ({ events }) => {
      for (const event of events) {
        options.onEvent(connection, event)
        session(event)
      }
    },
  })
  return endpoint
}

function configFor(url: string, { dialect, subprotocols, compress }: ServeOptions): EndpointConfig {
  return {
    url,
    limits: defaultLimits,
    ...(dialect === 'auto' && { versions: versionsOf() }),
    ...(subprotocols && { subprotocols }),
    ...(compress && { compress }),
  }
}

/** Gives the server and the relay before it the same number for the same connection. */
interface Numbers {
  /** The number of the connection whose dialling socket has this address. */
  of(dialler: Address): number
  forget(dialler: Address): void
}

function createNumbers(): Numbers {
  const byDialler = new Map<string, number>()
  let last = 0
  return {
    of: (dialler) => {
      const key = formatAddress(dialler)
      if (!byDialler.has(key)) byDialler.set(key, ++last)
      return byDialler.get(key)!
    },
    forget: (dialler) => byDialler.delete(formatAddress(dialler)),
  }
}
