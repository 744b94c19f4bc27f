// A relay: it listens, dials its upstream once for every connection it accepts, and joins the two by a gate.
import { createServer, type Socket } from 'node:net'
import type { Address, Topology } from '../../shared/capture/record.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { createGate, type Gate, type GateListener, type LaneMode } from './gate.ts'
import { closeServer, dial, keep, listen, localOf, remoteOf, resetSocket } from './sockets.ts'

export interface RelayOptions {
  /** Where to listen. Port 0 takes a free one. */
  readonly listen: Address
  readonly upstream: Address
  readonly mode: LaneMode
  /** Called before a connection's first byte. What it answers is told of everything at that connection's gate. */
  opened?(topology: Topology): GateListener
  joined?(gate: Gate): void
  /** An accepted connection came to nothing, as one sentence. */
  onProblem(sentence: string): void
}

export interface Relay {
  /** Where it listens, with the port it got. */
  readonly address: Address
  /** Stops listening and resets every connection; settles when all sockets are closed. */
  close(): Promise<void>
}

/** Starts a relay. Fails with a sentence when it cannot listen. */
export async function startRelay(options: RelayOptions): Promise<Result<Relay>> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (accepted) => {
    keep(sockets, accepted)
    void joinUpstream(accepted, options, sockets)
  })
  const listening = await listen(server, options.listen, options.onProblem)
  if (!listening.ok) return listening
  return success({ address: listening.value, close: () => closeServer(server, sockets) })
}

async function joinUpstream(accepted: Socket, options: RelayOptions, sockets: Set<Socket>): Promise<void> {
  const dialled = await dial(options.upstream, sockets)
  if (!dialled.ok) {
    options.onProblem(dialled.error)
    resetSocket(accepted)
    return
  }
  if (accepted.destroyed) {
    resetSocket(dialled.value)
    return
  }
  const listener = options.opened?.(topologyOf(accepted, dialled.value))
  const gate = createGate({
    client: accepted,
    server: dialled.value,
    mode: options.mode,
    ...(listener === undefined ? {} : { listener }),
  })
  options.joined?.(gate)
}

function topologyOf(accepted: Socket, dialled: Socket): Topology {
  return {
    client: remoteOf(accepted),
    gateForClient: localOf(accepted),
    gateForServer: localOf(dialled),
    server: remoteOf(dialled),
  }
}
