// A relay: it listens, dials its upstream once for every connection it accepts, and joins the two by a gate.
import { createServer, type Socket } from 'node:net'
import { lanes } from '../../shared/bytes/lanes.ts'
import type { Address, Topology } from '../../shared/capture/record.ts'
import type { LaneMode } from '../../shared/ipc/live.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { connectionRefusal, type ProfileId } from '../../shared/profile/prototype2010.ts'
import { createGate, type Gate, type GateListener } from './gate.ts'
import { type Asked, dialVia, readAsked } from './proxy.ts'
import { closeServer, keep, listen, localOf, remoteOf, resetSocket } from './sockets.ts'
import type { TlsFacts } from './tls/facts.ts'
import { interpose, type RelayTls } from './tls/interpose.ts'

export interface RelayOptions {
  /** Where to listen. Port 0 takes a free one. */
  readonly listen: Address
  /** `asked`: the listening port is an HTTP proxy, and each client says where it wants to go. */
  readonly upstream: Address | 'asked'
  /** The upstream is reached through this HTTP proxy. */
  readonly proxy?: Address
  /** Left out, or null, the bytes of both sides are passed on as they are, TLS or not. */
  readonly tls?: RelayTls | null
  readonly mode: LaneMode
  /** As of a gate. */
  readonly limit?: () => number
  /** Keeps to as many connections at once as the prototype of 2010 had. */
  readonly profile?: ProfileId
  /** Connections at once; the next client is reset. 1,024 when left out: what one lane may hold is bounded, so all is. */
  readonly maxConnections?: number
  /** Called for every connection as it is accepted, before anything is dialled. */
  accepted?(client: Address): Relayed
  /** What nobody else is told of, as one sentence: a connection lost while it was accepted, or that came to nothing. */
  onProblem(sentence: string): void
}

/** Who wants to know of one accepted connection. One of `opened` and `refused` is called, once. */
export interface Relayed {
  /** Called before the first byte. What it answers is told of everything at the gate. */
  opened?(topology: Topology): GateListener | undefined
  /** Called after `opened` when the tap changed what the client asks, with one sentence about it. */
  noted?(sentence: string): void
  /** Called after `opened` for each side that speaks TLS. */
  secured?(facts: TlsFacts): void
  /** Called after `opened`, unless TLS was not agreed on: then `failed`, and both sides are closed. */
  joined?(gate: Gate): void
  failed?(sentence: string): void
  /** It came to nothing, for the reason given as one sentence; the client is reset. */
  refused?(topology: Topology, sentence: string): void
}

export interface Relay {
  /** Where it listens, with the port it got. */
  readonly address: Address
  /** Accepts no more connections; those that are open go on. */
  stopListening(): void
  /** Stops listening and resets every connection; settles when all sockets are closed. */
  close(): Promise<void>
}

/** Where a socket is that was never connected. */
const nowhere: Address = { host: '0.0.0.0', port: 0 }

/** Starts a relay. Fails with a sentence when it cannot listen. */
export async function startRelay(options: RelayOptions): Promise<Result<Relay>> {
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (accepted) => {
    const refused = connectionRefusal(options.profile, clients.size) ?? fullRefusal(options, clients.size)
    keep(sockets, accepted)
    if (refused === null) keep(clients, accepted)
    void (refused === null
      ? joinUpstream(accepted, localOf(accepted), options, sockets)
      : turnAway(accepted, options, refused))
  })
  const listening = await listen(server, options.listen, options.onProblem)
  if (!listening.ok) return listening
  return success({
    address: listening.value,
    stopListening: () => server.close(),
    close: () => closeServer(server, sockets),
  })
}

function fullRefusal({ maxConnections = 1024 }: RelayOptions, open: number): string | null {
  if (open < maxConnections) return null
  return `The tap has ${maxConnections} connections open, as many as it takes at once: this client was reset. Close some, or start the tap with a greater --max-connections.`
}

/** A client is reset before anything is dialled for it. */
function turnAway(accepted: Socket, { accepted: announce, onProblem }: RelayOptions, sentence: string): void {
  const topology = {
    ...{ client: remoteOf(accepted), gateForClient: localOf(accepted) },
    ...{ gateForServer: nowhere, server: nowhere },
  }
  const relayed = announce?.(topology.client) ?? {}
  resetSocket(accepted)
  if (relayed.refused) relayed.refused(topology, sentence)
  else onProblem(sentence)
}

async function joinUpstream(
  accepted: Socket,
  own: Address,
  options: RelayOptions,
  sockets: Set<Socket>,
): Promise<void> {
  const relayed = options.accepted?.(remoteOf(accepted)) ?? {}
  const clientSide = { client: remoteOf(accepted), gateForClient: own }
  const asked =
    options.upstream === 'asked' ? await readAsked(accepted, own) : success(straight(accepted, options.upstream))
  const dialled = asked.ok ? await dialVia(options.proxy, asked.value.target, sockets) : asked
  if (!asked.ok || !dialled.ok || accepted.destroyed) {
    const sentence = dialled.ok ? 'The client broke the connection off before the server was reached.' : dialled.error
    const topology = { ...clientSide, gateForServer: nowhere, server: asked.ok ? asked.value.target : nowhere }
    if (asked.ok) asked.value.refuse(sentence)
    if (dialled.ok) resetSocket(dialled.value)
    if (relayed.refused) relayed.refused(topology, sentence)
    else options.onProblem(sentence)
    return
  }
  const serverSide = { gateForServer: localOf(dialled.value), server: remoteOf(dialled.value) }
  const listener = relayed.opened?.({ ...clientSide, ...serverSide })
  asked.value.reached()
  if (asked.value.changed !== null) relayed.noted?.(asked.value.changed)
  const raw = { client: accepted, server: dialled.value }
  const { tls, mode, limit } = options
  const sides = tls ? await interpose(raw, asked.value.target, tls, (facts) => relayed.secured?.(facts)) : success(raw)
  if (!sides.ok) {
    for (const lane of lanes) {
      listener?.arrivedEnd(lane, 'reset')
      listener?.releasedEnd(lane, 'reset')
    }
    if (relayed.failed) relayed.failed(sides.error)
    else options.onProblem(sides.error)
    return
  }
  const gate = createGate({ ...sides.value, mode, ...(limit && { limit }), ...(listener && { listener }) })
  relayed.joined?.(gate)
}

/** What a client is taken to ask for where there is one upstream only. A refused connection is passed on as a reset. */
function straight(accepted: Socket, target: Address): Asked {
  return { target, changed: null, reached: () => {}, refuse: () => resetSocket(accepted) }
}
