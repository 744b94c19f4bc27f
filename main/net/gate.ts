// The gate of one connection: it joins two sockets and decides when the bytes of each lane go on. It knows bytes and
// ends of streams, and nothing of what they mean.
//
// A lane is `held` (what arrives waits until it is released) or `running` (what arrives goes on at once, uncopied).
// Back-pressure: a lane that holds `holdLimit` bytes stops reading from its source, and so does a running lane whose
// destination cannot take more for now. Both read on when there is room again.
import type { Socket } from 'node:net'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { EditLabel, StreamEnd } from '../../shared/capture/record.ts'
import { createHoldBuffer } from './holdBuffer.ts'
import { resetSocket } from './sockets.ts'

export type LaneMode = 'held' | 'running'

/** Bytes a lane holds before it stops reading: 8 MiB. */
export const holdLimit = 8 * 1024 * 1024

/** Told of everything that happens at the gate, in the order it happens. */
export interface GateListener {
  arrived(lane: Lane, bytes: Uint8Array): void
  arrivedEnd(lane: Lane, how: StreamEnd): void
  released(lane: Lane, bytes: Uint8Array): void
  releasedEnd(lane: Lane, how: StreamEnd): void
  edited(lane: Lane, at: number, remove: number, insert: Uint8Array, label: EditLabel): void
}

export interface LaneGate {
  /** Bytes that came from the source. */
  readonly arrived: number
  /** Bytes that went to the destination: where the held bytes begin in the gate stream. */
  readonly released: number
  /** Bytes that wait. */
  readonly held: number
  readonly arrivedEnd: StreamEnd | null
  readonly releasedEnd: StreamEnd | null
  /** So much is held that the source is not read from. */
  readonly full: boolean
  /** The destination reset its connection: nothing can be released any more. */
  readonly dead: boolean
  /** Lets the first `count` held bytes through. */
  release(count: number): void
  /** Lets the end of the stream through; nothing may be held before it. */
  releaseEnd(): void
  /** At gate-stream offset `at`, within the held bytes, takes `remove` bytes away and puts `insert` there. */
  edit(at: number, remove: number, insert: Uint8Array, label: EditLabel): void
  /** `running` first lets everything through that is held. */
  setMode(mode: LaneMode): void
}

export interface Gate {
  readonly lanes: Readonly<Record<Lane, LaneGate>>
  /** Settles when both sockets are closed. */
  readonly closed: Promise<void>
  /** Closes both sockets at once, as a reset towards both peers. */
  destroy(): void
}

export interface GateOptions {
  readonly client: Socket
  readonly server: Socket
  readonly mode: LaneMode
  /** Bytes a lane may hold before it stops reading; `holdLimit` when left out. Asked anew each time. */
  readonly limit?: () => number
  /** Left out when nobody wants to know: then nothing is done per chunk but to pass it on. */
  readonly listener?: GateListener
}

/** Joins two connected sockets, both with `allowHalfOpen`, neither read from before. */
export function createGate(options: GateOptions): Gate {
  const { client, server } = options
  const gates = {
    clientToServer: createLaneGate('clientToServer', client, server, options),
    serverToClient: createLaneGate('serverToClient', server, client, options),
  }
  const closed = Promise.all([whenClosed(client), whenClosed(server)]).then(() => {})
  return {
    lanes: gates,
    closed,
    destroy: () => {
      for (const socket of [client, server]) resetSocket(socket)
    },
  }
}

function createLaneGate(lane: Lane, source: Socket, destination: Socket, options: GateOptions): LaneGate {
  const { listener, limit = () => holdLimit } = options
  const hold = createHoldBuffer()
  let mode = options.mode
  let arrived = 0
  let released = 0
  let arrivedEnd: StreamEnd | null = null
  let releasedEnd: StreamEnd | null = null

  const full = () => hold.length >= limit()

  function pass(bytes: Uint8Array): void {
    released += bytes.length
    listener?.released(lane, bytes)
    if (!destination.write(bytes)) source.pause()
  }

  function passEnd(): void {
    if (arrivedEnd === null || releasedEnd !== null) return
    releasedEnd = arrivedEnd
    listener?.releasedEnd(lane, arrivedEnd)
    if (arrivedEnd === 'reset') resetSocket(destination)
    else destination.end()
  }

  function readOn(): void {
    if (source.isPaused() && !full() && !destination.writableNeedDrain) source.resume()
  }

  function take(bytes: Uint8Array): void {
    arrived += bytes.length
    const passes = mode === 'running' && !destination.destroyed
    if (!passes) hold.push(bytes)
    listener?.arrived(lane, bytes)
    if (passes) pass(bytes)
    else if (full()) source.pause()
  }

  function takeEnd(how: StreamEnd): void {
    if (arrivedEnd !== null) return
    arrivedEnd = how
    listener?.arrivedEnd(lane, how)
    if (mode === 'running') passEnd()
  }

  function release(count: number): void {
    if (count === 0) return
    if (destination.destroyed) throw new Error(`released bytes on ${lane} after its destination was gone`)
    const parts = hold.take(count)
    pass(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
    readOn()
  }

  source.on('data', take)
  source.on('end', () => takeEnd('fin'))
  source.on('error', () => {
    takeEnd('reset')
    // A source that resets after its FIN has an end already, but its peer must still learn of the reset.
    if (mode === 'running') resetSocket(destination)
  })
  destination.on('drain', readOn)

  return {
    get arrived() {
      return arrived
    },
    get released() {
      return released
    },
    get held() {
      return hold.length
    },
    get arrivedEnd() {
      return arrivedEnd
    },
    get releasedEnd() {
      return releasedEnd
    },
    get full() {
      return full()
    },
    get dead() {
      return destination.destroyed
    },
    release,
    releaseEnd: () => {
      if (hold.length > 0) throw new Error(`released the end of ${lane} before ${hold.length} held bytes`)
      passEnd()
    },
    edit: (at, remove, insert, label) => {
      hold.splice(at - released, remove, insert)
      listener?.edited(lane, at, remove, insert, label)
      readOn()
    },
    setMode: (next) => {
      mode = next
      if (mode === 'held') return
      if (!destination.destroyed) release(hold.length)
      passEnd()
    },
  }
}

function whenClosed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
