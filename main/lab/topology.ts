// The lab's topology: a client end and a server end of ours, a gate that holds both lanes between them, and two real
// TCP connections over loopback. A topology is a list of such gated connections that get quiet together.
import { type Lane, lanes, type Role, receiverOf, senderOf } from '../../shared/bytes/lanes.ts'
import { seededRandom } from '../../shared/bytes/random.ts'
import type { Topology } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import type { EndpointConfig, EndpointEnv } from '../../shared/endpoint/types.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { attachEndpoint, type EndpointSocket } from '../net/endpointSocket.ts'
import { createGate, type Gate, type GateListener } from '../net/gate.ts'
import { loopbackPair, type SocketPair } from '../net/loopback.ts'
import { localOf, remoteOf } from '../net/sockets.ts'
import { createSettler } from './settle.ts'

/** One connection, with its gate and what stands at its ends. */
export interface LabConnection {
  /** Its number in the log. */
  readonly id: number
  readonly addresses: Topology
  readonly gate: Gate
  readonly ends: Readonly<Record<Role, EndpointSocket>>
}

export interface LabTopology {
  /** In the order they open in the log. */
  readonly connections: readonly LabConnection[]
  /** Settles when everything that was written anywhere has arrived, and so every reaction too. */
  settle(): Promise<Result<void>>
  /** Closes all sockets. */
  close(): Promise<void>
}

export interface LabTopologyOptions {
  readonly dialect: Dialect
  readonly config: EndpointConfig
  readonly seed: number
  /** Number of its connection in the log. */
  readonly connection: number
  /** Who is told of what happens at a connection's gate. */
  readonly listener: (connection: number) => GateListener
  /** Bytes a lane may hold before it stops reading. */
  readonly limit: () => number
}

/** Builds it, connected and silent. Fails with a sentence when loopback is not to be had. */
export async function buildTopology(options: LabTopologyOptions): Promise<Result<LabTopology>> {
  const clientSide = await loopbackPair()
  if (!clientSide.ok) return clientSide
  const serverSide = await loopbackPair()
  if (!serverSide.ok) {
    clientSide.value.dialled.destroy()
    clientSide.value.accepted.destroy()
    return serverSide
  }
  return success(joinTopology(clientSide.value, serverSide.value, options))
}

function joinTopology(clientSide: SocketPair, serverSide: SocketPair, options: LabTopologyOptions): LabTopology {
  const settler = createSettler(() => missingIn(connections))
  const connections = [joinConnection(clientSide, serverSide, options, settler.changed)]
  return {
    connections,
    settle: settler.settle,
    close: async () => {
      await Promise.all(connections.map(closeConnection))
    },
  }
}

function joinConnection(
  clientSide: SocketPair,
  serverSide: SocketPair,
  options: LabTopologyOptions,
  onChange: () => void,
): LabConnection {
  const { connection: id, dialect, config, seed, limit, listener } = options
  const env = (role: Role): EndpointEnv => ({ dialect, role, config, random: randomFor(role, seed) })
  return {
    id,
    addresses: {
      client: localOf(clientSide.dialled),
      gateForClient: remoteOf(clientSide.dialled),
      gateForServer: localOf(serverSide.dialled),
      server: remoteOf(serverSide.dialled),
    },
    ends: {
      client: attachEndpoint({ socket: clientSide.dialled, env: env('client'), pace: 'stepped', onChange }),
      server: attachEndpoint({ socket: serverSide.accepted, env: env('server'), pace: 'stepped', onChange }),
    },
    gate: createGate({
      client: clientSide.accepted,
      server: serverSide.dialled,
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
