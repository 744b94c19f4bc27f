// An intermediary on two real sockets: what comes from either side goes through it, and all of it is counted, so that who
// waits for the wire to be quiet knows when it is.
import type { Socket } from 'node:net'
import { type Lane, type Role, receiverOf, roles, senderOf } from '../../../shared/bytes/lanes.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import { unreachable } from '../../../shared/bytes/unreachable.ts'
import type { StreamEnd } from '../../../shared/capture/record.ts'
import { createBuffer } from '../../../shared/intermediaries/buffer.ts'
import { type CacheStore, createCache } from '../../../shared/intermediaries/cache.ts'
import {
  createRelay,
  type Intermediary,
  type IntermediaryKind,
  type NodeOutput,
} from '../../../shared/intermediaries/intermediary.ts'
import { createReverseProxy } from '../../../shared/intermediaries/reverseProxy.ts'
import { createTransparentProxy } from '../../../shared/intermediaries/transparentProxy.ts'
import type { Clock } from '../clock.ts'
import { resetSocket, whenClosed } from '../sockets.ts'
import { createLink, defaultLink, type Link } from './link.ts'

/** What a node is made from besides its sockets. */
export interface NodeWorld {
  /** What a cache keeps. */
  readonly store: CacheStore
  readonly seed: number
  readonly clock: Clock
}

export interface NodeOptions extends NodeWorld {
  readonly kind: IntermediaryKind
  /** Its sockets towards the client and towards the server, both with `allowHalfOpen` and unread. */
  readonly sockets: Readonly<Record<Role, Socket>>
  /** What it makes of what it sees. */
  say(sentence: string): void
  /** The counters changed. */
  onChange?(): void
}

/** One side of a node: an end of the connection on that side. */
export interface NodeFace {
  readonly received: number
  readonly sent: number
  readonly receivedEnd: StreamEnd | null
  readonly sentEnd: boolean
  readonly closed: Promise<void>
  destroy(): void
}

export interface NodeSockets {
  /** By who is on that side. */
  readonly faces: Readonly<Record<Role, NodeFace>>
  /** Whether something that came is still under way in it. */
  readonly busy: boolean
}

/** Puts an intermediary between two sockets. A side that resets has its reset passed on. */
export function attachNode(options: NodeOptions): NodeSockets {
  const { sockets, onChange = () => {} } = options
  const faces = { client: faceOf(sockets.client), server: faceOf(sockets.server) }
  const node = createNode(options, outputTo(faces, options))
  const stop = () => {
    if ('stop' in node) node.stop()
  }
  for (const from of roles) listenTo(faces, from, node, { stop, onChange })
  return {
    faces,
    get busy() {
      return 'busy' in node && node.busy
    },
  }
}

function createNode({ kind, store, seed, clock }: NodeOptions, out: NodeOutput): Intermediary | Link {
  switch (kind) {
    case 'relay':
      return createRelay(out)
    case 'reverse-proxy':
      return createReverseProxy(out)
    case 'transparent-proxy':
      return createTransparentProxy(out)
    case 'cache':
      return createCache(out, store)
    case 'buffer':
      return createBuffer(out)
    case 'link':
      return createLink(out, defaultLink, seededRandom(seed), clock)
    default:
      return unreachable(kind)
  }
}

interface Face extends NodeFace {
  readonly socket: Socket
  received: number
  sent: number
  receivedEnd: StreamEnd | null
  sentEnd: boolean
}

function faceOf(socket: Socket): Face {
  return {
    ...{ socket, received: 0, sent: 0, receivedEnd: null, sentEnd: false },
    closed: whenClosed(socket),
    destroy: () => resetSocket(socket),
  }
}

function outputTo(faces: Readonly<Record<Role, Face>>, { say, onChange = () => {} }: NodeOptions): NodeOutput {
  return {
    say,
    pass: (lane, bytes) => {
      const face = faces[receiverOf(lane)]
      if (face.sentEnd || face.socket.destroyed || bytes.length === 0) return
      face.sent += bytes.length
      face.socket.write(bytes)
      // Who cannot write does not read, on the other side.
      if (face.socket.writableNeedDrain) pauseUntilDrained(faces, lane)
      onChange()
    },
    end: (lane) => {
      const face = faces[receiverOf(lane)]
      if (face.sentEnd) return
      face.sentEnd = true
      face.socket.end()
      onChange()
    },
  }
}

function pauseUntilDrained(faces: Readonly<Record<Role, Face>>, lane: Lane): void {
  const source = faces[senderOf(lane)].socket
  if (source.isPaused()) return
  source.pause()
  faces[receiverOf(lane)].socket.once('drain', () => source.resume())
}

function listenTo(
  faces: Readonly<Record<Role, Face>>,
  from: Role,
  node: Intermediary,
  { stop, onChange }: { stop(): void; onChange(): void },
): void {
  const { socket } = faces[from]
  const lane: Lane = from === 'client' ? 'clientToServer' : 'serverToClient'
  const ended = (how: StreamEnd) => {
    if (faces[from].receivedEnd !== null) return
    faces[from].receivedEnd = how
    if (how === 'fin') node.takeEnd(lane)
    else {
      stop()
      resetSocket(faces[receiverOf(lane)].socket)
    }
    onChange()
  }
  socket.on('data', (bytes) => {
    node.take(lane, new Uint8Array(bytes))
    faces[from].received += bytes.length
    onChange()
  })
  socket.on('end', () => ended('fin'))
  socket.on('error', () => ended('reset'))
  socket.once('close', stop)
  if (socket.destroyed) ended('reset')
}
