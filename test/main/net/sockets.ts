// Real sockets for tests, and waiting for what must come of them.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { createGate, type Gate, type GateListener, type GateOptions } from '../../../main/net/gate.ts'
import { loopbackPair } from '../../../main/net/loopback.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'

export async function socketPair() {
  const pair = await loopbackPair()
  if (!pair.ok) throw new Error(pair.error)
  return pair.value
}

/** A socket whose resets are nothing to stumble over. */
export function quiet(socket: Socket): Socket {
  return socket.on('error', () => {})
}

/** A client's and a server's socket with a gate between them. */
export async function gated(
  options: Partial<GateOptions> = {},
): Promise<{ client: Socket; server: Socket; gate: Gate }> {
  const clientSide = await socketPair()
  const serverSide = await socketPair()
  for (const end of [clientSide.dialled, serverSide.accepted]) quiet(end)
  const gate = createGate({ mode: 'held', client: clientSide.accepted, server: serverSide.dialled, ...options })
  return { client: clientSide.dialled, server: serverSide.accepted, gate }
}

/** Reads on until `count` bytes have come. Fails when the stream ends before. */
export async function readBytes(socket: Socket, count: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  while (length < count) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks)
}

/** One side of a connection, with everything that it got. */
export interface Peer {
  readonly socket: Socket
  got(): Buffer
  /** Settles when it got `count` bytes or more. */
  gets(count: number): Promise<Buffer>
  /** Settles when the other side ended its stream. */
  readonly ended: Promise<void>
}

export function peerOn(socket: Socket): Peer {
  const parts: Buffer[] = []
  const got = () => Buffer.concat(parts)
  quiet(socket).on('data', (bytes) => parts.push(bytes))
  onTestFinished(() => {
    socket.destroy()
  })
  const gets = async (count: number) => {
    while (parts.reduce((sum, part) => sum + part.length, 0) < count) await new Promise(setImmediate)
    return got()
  }
  return { socket, got, gets, ended: new Promise((resolve) => socket.once('end', () => resolve())) }
}

/** Settles when `holds` is true, looked at after every turn of the event loop. The test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

/** Writes what it is told, as lines. */
export function listenInto(lines: string[]): GateListener {
  const short = (lane: Lane) => (lane === 'clientToServer' ? 'c>s' : 's>c')
  return {
    arrived: (lane, bytes) => lines.push(`${short(lane)} arrived ${bytes.length}`),
    arrivedEnd: (lane, how) => lines.push(`${short(lane)} arrived ${how}`),
    released: (lane, bytes) => lines.push(`${short(lane)} released ${bytes.length}`),
    releasedEnd: (lane, how) => lines.push(`${short(lane)} released ${how}`),
    edited: (lane, at, remove, insert, label) =>
      lines.push(`${short(lane)} ${label} at ${at}: -${remove} +${insert.length}`),
  }
}
