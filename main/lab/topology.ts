// The lab's topology: a client end and a server end of ours, a gate that holds both lanes between them, and two real
// TCP connections over loopback. With nodes in between, each leg is such a gated connection; all get quiet together.
import type { Socket } from 'node:net'
import { type Lane, lanes, type Role, receiverOf, senderOf } from '../../shared/bytes/lanes.ts'
import { seededRandom } from '../../shared/bytes/random.ts'
import type { Topology } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { EndpointConfig, EndpointEnv } from '../../shared/endpoint/types.ts'
import type { IntermediaryKind } from '../../shared/intermediaries/intermediary.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { systemClock } from '../net/clock.ts'
import { attachEndpoint, type EndpointSocket } from '../net/endpointSocket.ts'
import { createGate, type Gate, type GateListener } from '../net/gate.ts'
import { attachNode, type NodeSockets } from '../net/intermediaries/node.ts'
import { loopbackPair, type SocketPair } from '../net/loopback.ts'
import { localOf, remoteOf } from '../net/sockets.ts'
import { createSettler } from './settle.ts'

/** An end of a connection, as far as settling goes: an endpoint, or one side of a node. */
export type LabEnd = Pick<EndpointSocket, 'received' | 'sent' | 'receivedEnd' | 'sentEnd' | 'closed' | 'destroy'>

/** One connection, with its gate and what stands at its ends. */
export interface LabConnection {
  /** Its number in the log. */
  readonly id: number
  readonly addresses: Topology
  readonly gate: Gate
  readonly ends: Readonly<Record<Role, LabEnd>>
}

/** What speaks the dialect at one end of the chain, and the connection it stands on. */
export interface LabEndpoint {
  readonly socket: EndpointSocket
  readonly connection: number
}

export interface LabTopology {
  /** In the order they open in the log, from the client on: with n nodes in between there are n + 1. */
  readonly connections: readonly LabConnection[]
  readonly endpoints: Readonly<Record<Role, LabEndpoint>>
  /** Settles when everything that was written anywhere has arrived, and so every reaction too. */
  settle(): Promise<Result<void>>
  /** Closes all sockets. */
  close(): Promise<void>
}

export interface LabTopologyOptions {
  readonly dialect: Dialect
  readonly config: EndpointConfig
  readonly seed: number
  /** What stands in between, from the client on. */
  readonly via: readonly IntermediaryKind[]
  /** Number of its first connection in the log; the others follow. */
  readonly connection: number
  /** Who is told of what happens at a connection's gate. */
  readonly listener: (connection: number) => GateListener
  /** What a node makes of what it sees; `connection` is the one on the client's side of it. */
  readonly say: (connection: number, sentence: string) => void
  /** Bytes a lane may hold before it stops reading. */
  readonly limit: () => number
}

/** The sockets of one leg: two TCP connections with the gate in between. */
interface Leg {
  readonly near: SocketPair
  readonly far: SocketPair
}

/** Builds it, connected and silent. Fails with a sentence when loopback is not to be had. */
export async function buildTopology(options: LabTopologyOptions): Promise<Result<LabTopology>> {
  const pairs: SocketPair[] = []
  for (let count = 0; count < 2 * (options.via.length + 1); count += 1) {
    const pair = await loopbackPair()
    if (!pair.ok) {
      for (const { dialled, accepted } of pairs) [dialled, accepted].forEach((socket) => void socket.destroy())
      return pair
    }
    pairs.push(pair.value)
  }
  const legs = [...options.via, null].map((_, leg) => ({ near: pairs[2 * leg]!, far: pairs[2 * leg + 1]! }))
  return success(joinTopology(legs, options))
}

function joinTopology(legs: readonly Leg[], options: LabTopologyOptions): LabTopology {
  const settler = createSettler(() => missingIn(connections) ?? busyIn(nodes))
  const nodes = options.via.map((kind, place) => joinNode(kind, place, legs, options, settler.changed))
  const endpoints = {
    client: {
      socket: joinEndpoint('client', legs[0]!.near.dialled, options, settler.changed),
      connection: options.connection,
    },
    server: {
      socket: joinEndpoint('server', legs.at(-1)!.far.accepted, options, settler.changed),
      connection: options.connection + legs.length - 1,
    },
  }
  const connections = legs.map((leg, place) =>
    joinConnection(leg, options.connection + place, options, settler.changed, {
      client: nodes[place - 1]?.faces.server ?? endpoints.client.socket,
      server: nodes[place]?.faces.client ?? endpoints.server.socket,
    }),
  )
  return {
    connections,
    endpoints,
    settle: settler.settle,
    close: async () => {
      await Promise.all(connections.map(closeConnection))
    },
  }
}

function joinEndpoint(
  role: Role,
  socket: Socket,
  { dialect, config, seed }: LabTopologyOptions,
  onChange: () => void,
): EndpointSocket {
  const env = { dialect, role, config, random: randomFor(role, seed) }
  return attachEndpoint({ socket, env, pace: 'stepped', onChange })
}

function joinNode(
  kind: IntermediaryKind,
  place: number,
  legs: readonly Leg[],
  { connection, seed, say }: LabTopologyOptions,
  onChange: () => void,
): NodeSockets {
  return attachNode({
    ...{ kind, seed: seed + place, store: new Map(), clock: systemClock, onChange },
    sockets: { client: legs[place]!.far.accepted, server: legs[place + 1]!.near.dialled },
    say: (sentence) => say(connection + place, sentence),
  })
}

function joinConnection(
  { near, far }: Leg,
  id: number,
  { limit, listener }: LabTopologyOptions,
  onChange: () => void,
  ends: LabConnection['ends'],
): LabConnection {
  return {
    ...{ id, ends },
    addresses: {
      client: localOf(near.dialled),
      gateForClient: remoteOf(near.dialled),
      gateForServer: localOf(far.dialled),
      server: remoteOf(far.dialled),
    },
    gate: createGate({
      client: near.accepted,
      server: far.dialled,
      mode: 'held',
      limit,
      listener: withChange(listener(id), onChange),
    }),
  }
}

async function closeConnection({ gate, ends }: LabConnection): Promise<void> {
  ends.client.destroy()
  ends.server.destroy()
  gate.destroy()
  await Promise.all([gate.closed, ends.client.closed, ends.server.closed])
}

/** Two streams from one seed, so that what one end draws does not depend on when the other does. */
function randomFor(role: Role, seed: number): EndpointEnv['random'] {
  return seededRandom(role === 'client' ? seed : seed + 2 ** 32)
}

function withChange(listener: GateListener, changed: () => void): GateListener {
  return {
    ...listener,
    arrived: (lane, bytes) => {
      listener.arrived(lane, bytes)
      changed()
    },
    arrivedEnd: (lane, how) => {
      listener.arrivedEnd(lane, how)
      changed()
    },
  }
}

/** What was written and has not arrived yet, in words; null when the wire is quiet. */
function missingIn(connections: readonly LabConnection[]): string | null {
  for (const connection of connections) {
    for (const lane of lanes) {
      const missing = missingToGate(lane, connection) ?? missingFromGate(lane, connection)
      if (missing !== null) return missing
    }
  }
  return null
}

function busyIn(nodes: readonly NodeSockets[]): string | null {
  return nodes.some(({ busy }) => busy) ? 'bytes are still under way on a slow link' : null
}

function missingToGate(lane: Lane, { gate, ends }: LabConnection): string | null {
  const { arrived, arrivedEnd, full } = gate.lanes[lane]
  const sender = ends[senderOf(lane)]
  if (full) return null // a full lane does not read: the rest comes when there is room
  if (arrived < sender.sent) return `the gate has ${arrived} of the ${sender.sent} bytes the ${senderOf(lane)} sent`
  if (sender.sentEnd && arrivedEnd === null) return `the end of the ${senderOf(lane)}'s stream is not at the gate`
  return null
}

function missingFromGate(lane: Lane, { gate, ends }: LabConnection): string | null {
  const { released, releasedEnd } = gate.lanes[lane]
  const receiver = ends[receiverOf(lane)]
  const who = receiverOf(lane)
  if (receiver.received < released) return `the ${who} has ${receiver.received} of the ${released} bytes let through`
  if (releasedEnd !== null && receiver.receivedEnd === null) return `the ${who} has not seen the end of the stream`
  return null
}
