// The lab's topology: a client end and a server end of ours, a gate that holds both lanes between them, and two real
// TCP connections over loopback.
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

export interface LabTopology {
  readonly addresses: Topology
  readonly gate: Gate
  readonly ends: Readonly<Record<Role, EndpointSocket>>
  /** Settles when everything that was written anywhere has arrived, and so every reaction too. */
  settle(): Promise<Result<void>>
  /** Closes all four sockets. */
  close(): Promise<void>
}

export interface LabTopologyOptions {
  readonly dialect: Dialect
  readonly config: EndpointConfig
  readonly seed: number
  readonly listener: GateListener
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
  const settler = createSettler(() => missingIn(gate, ends))
  const env = (role: Role): EndpointEnv => ({
    dialect: options.dialect,
    role,
    config: options.config,
    random: randomFor(role, options.seed),
  })
  const onChange = settler.changed
  const ends: Record<Role, EndpointSocket> = {
    client: attachEndpoint({ socket: clientSide.dialled, env: env('client'), pace: 'stepped', onChange }),
    server: attachEndpoint({ socket: serverSide.accepted, env: env('server'), pace: 'stepped', onChange }),
  }
  const gate = createGate({
    client: clientSide.accepted,
    server: serverSide.dialled,
    mode: 'held',
    limit: options.limit,
    listener: withChange(options.listener, onChange),
  })
  return {
    addresses: {
      client: localOf(clientSide.dialled),
      gateForClient: remoteOf(clientSide.dialled),
      gateForServer: localOf(serverSide.dialled),
      server: remoteOf(serverSide.dialled),
    },
    gate,
    ends,
    settle: settler.settle,
    close: async () => {
      ends.client.destroy()
      ends.server.destroy()
      gate.destroy()
      await Promise.all([gate.closed, ends.client.closed, ends.server.closed])
    },
  }
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
function missingIn(gate: Gate, ends: LabTopology['ends']): string | null {
  for (const lane of lanes) {
    const missing = missingToGate(lane, gate, ends) ?? missingFromGate(lane, gate, ends)
    if (missing !== null) return missing
  }
  return null
}

function missingToGate(lane: Lane, gate: Gate, ends: LabTopology['ends']): string | null {
  const { arrived, arrivedEnd, full } = gate.lanes[lane]
  const sender = ends[senderOf(lane)]
  if (full) return null // a full lane does not read: the rest comes when there is room
  if (arrived < sender.sent) return `the gate has ${arrived} of the ${sender.sent} bytes the ${senderOf(lane)} sent`
  if (sender.sentEnd && arrivedEnd === null) return `the end of the ${senderOf(lane)}'s stream is not at the gate`
  return null
}

function missingFromGate(lane: Lane, gate: Gate, ends: LabTopology['ends']): string | null {
  const { released, releasedEnd } = gate.lanes[lane]
  const receiver = ends[receiverOf(lane)]
  const who = receiverOf(lane)
  if (receiver.received < released) return `the ${who} has ${receiver.received} of the ${released} bytes let through`
  if (releasedEnd !== null && receiver.receivedEnd === null) return `the ${who} has not seen the end of the stream`
  return null
}
