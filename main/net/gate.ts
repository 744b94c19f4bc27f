// The gate of one connection: it joins two sockets and decides when the bytes of each lane go on. It knows bytes and
// ends of streams, and nothing of what they mean.
//
// A lane is `held` (what arrives waits until it is released) or `running` (what arrives goes on at once, uncopied).
// Back-pressure: a lane that holds `holdLimit` bytes stops reading from its source, and so does a running lane whose
// destination cannot take more for now, or when the limit is 0. Both read on when there is room again.
import type { Socket } from 'node:net'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { EditLabel, StreamEnd } from '../../shared/capture/record.ts'
import type { LaneMode } from '../../shared/ipc/live.ts'
import { createHoldBuffer, type HoldBuffer } from './holdBuffer.ts'
import { resetSocket, whenClosed } from './sockets.ts'

/** Bytes a lane holds before it stops reading: 8 MiB. */
export const holdLimit = 8 * 1024 * 1024

/** Told of everything that happens at the gate, in the order it happens. */
export interface GateListener {
  arrived(lane: Lane, bytes: Uint8Array): void
  arrivedEnd(lane: Lane, how: StreamEnd): void
  released(lane: Lane, bytes: Uint8Array): void
  /** Bytes arrived that are released at once, as they are. Left out, `arrived` and `released` are told of them. */
  passed?(lane: Lane, bytes: Uint8Array): void
  releasedEnd(lane: Lane, how: StreamEnd): void
  edited(lane: Lane, at: number, remove: number, insert: Uint8Array, label: EditLabel): void
}

/** Several listeners as one, told in this order. */
export function joinListeners(listeners: readonly GateListener[]): GateListener {
  return {
    arrived(lane, bytes) {
      for (const one of listeners) one.arrived(lane, bytes)
    },
    arrivedEnd(lane, how) {
      for (const one of listeners) one.arrivedEnd(lane, how)
    },
    released(lane, bytes) {
      for (const one of listeners) one.released(lane, bytes)
    },
    passed(lane, bytes) {
      for (const one of listeners) tellPassed(one, lane, bytes)
    },
    releasedEnd(lane, how) {
      for (const one of listeners) one.releasedEnd(lane, how)
    },
    edited(...told) {
      for (const one of listeners) one.edited(...told)
    },
  }
}

function tellPassed(listener: GateListener, lane: Lane, bytes: Uint8Array): void {
  if (listener.passed) {
    listener.passed(lane, bytes)
    return
  }
  listener.arrived(lane, bytes)
  listener.released(lane, bytes)
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
  /** The destination takes no more for now: what is released waits in its buffer. */
  readonly congested: boolean
  /** Lets the first `count` held bytes through. */
  release(count: number): void
  /** Lets the end of the stream through; nothing may be held before it. */
  releaseEnd(): void
  /** At gate-stream offset `at`, within the held bytes, takes `remove` bytes away and puts `insert` there. */
  edit(at: number, remove: number, insert: Uint8Array, label: EditLabel): void
  /** `running` first lets everything through that is held. */
  setMode(mode: LaneMode): void
  /** Reads on if there is room: to be called when the limit has become greater. */
  readOn(): void
  /** Calls once, when the destination has taken all it was given. */
  whenRoom(then: () => void): void
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
  /** Bytes a lane may hold before it stops reading; `holdLimit` when left out, and 0 lets it wait. Asked anew each time. */
  readonly limit?: () => number
  /** Left out when nobody wants to know: then nothing is done per chunk but to pass it on. */
  readonly listener?: GateListener
}

/** Joins two connected sockets, both with `allowHalfOpen`. What was read from one of them before is not passed on. */
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

/** What a lane of the gate has to know. */
interface LaneState {
  readonly lane: Lane
  readonly source: Socket
  readonly destination: Socket
  readonly listener: GateListener | undefined
  readonly limit: () => number
  readonly hold: HoldBuffer
  mode: LaneMode
  arrived: number
  released: number
  arrivedEnd: StreamEnd | null
  releasedEnd: StreamEnd | null
  /** The source was reset, which may come after its FIN: `arrivedEnd` tells how its bytes ended. */
  wasReset: boolean
}

function createLaneGate(lane: Lane, source: Socket, destination: Socket, options: GateOptions): LaneGate {
  const { mode, listener, limit = () => holdLimit } = options
  const counts = { arrived: 0, released: 0, arrivedEnd: null, releasedEnd: null, wasReset: false }
  const state: LaneState = { lane, source, destination, listener, limit, hold: createHoldBuffer(), mode, ...counts }
  source.on('data', (bytes) => take(state, bytes))
  source.on('end', () => takeEnd(state, 'fin'))
  source.on('error', () => takeReset(state))
  destination.on('drain', () => readOn(state))
  if (source.destroyed) takeReset(state)
  else if (source.readableEnded) takeEnd(state, 'fin')
  return handleOf(state)
}

function handleOf(state: LaneState): LaneGate {
  return {
    get arrived() {
      return state.arrived
    },
    get released() {
      return state.released
    },
    get held() {
      return state.hold.length
    },
    get arrivedEnd() {
      return state.arrivedEnd
    },
    get releasedEnd() {
      return state.releasedEnd
    },
    get full() {
      return isFull(state)
    },
    get dead() {
      return state.destination.destroyed
    },
    get congested() {
      return state.destination.writableNeedDrain
    },
    release: (count) => release(state, count),
    releaseEnd: () => releaseEnd(state),
    edit: (at, remove, insert, label) => edit(state, at, remove, insert, label),
    setMode: (mode) => setMode(state, mode),
    readOn: () => readOn(state),
    whenRoom: (then) => state.destination.once('drain', then),
  }
}

function isFull({ hold, limit }: LaneState): boolean {
  return hold.length >= limit()
}

// What comes from the source

function take(state: LaneState, bytes: Uint8Array): void {
  const { lane, source, destination, listener, hold } = state
  state.arrived += bytes.length
  if (state.mode === 'running' && !destination.destroyed) {
    state.released += bytes.length
    writeOn(state, bytes)
    if (listener) tellPassed(listener, lane, bytes)
    if (isFull(state)) source.pause()
    return
  }
  hold.push(bytes)
  listener?.arrived(lane, bytes)
  if (isFull(state)) source.pause()
}

function takeEnd(state: LaneState, how: StreamEnd): void {
  if (state.arrivedEnd !== null) return
  state.arrivedEnd = how
  state.listener?.arrivedEnd(state.lane, how)
  if (state.mode === 'running') passEnd(state)
}

function takeReset(state: LaneState): void {
  state.wasReset = true
  takeEnd(state, 'reset')
  // A source that resets after its FIN has an end already, but its peer must still learn of the reset, once it has the end.
  if (state.releasedEnd !== null) resetSocket(state.destination)
}

// What goes to the destination

function pass(state: LaneState, bytes: Uint8Array): void {
  state.released += bytes.length
  writeOn(state, bytes)
  state.listener?.released(state.lane, bytes)
}

/** Comes before anybody is told: while they are written down here, their destination reads them. */
function writeOn(state: LaneState, bytes: Uint8Array): void {
  if (!state.destination.write(bytes)) state.source.pause()
}

function passEnd(state: LaneState): void {
  const { lane, destination, listener, arrivedEnd } = state
  if (arrivedEnd === null || state.releasedEnd !== null) return
  // A reset that came behind a held FIN overtakes it.
  const how = state.wasReset ? 'reset' : arrivedEnd
  state.releasedEnd = how
  listener?.releasedEnd(lane, how)
  if (how === 'reset') resetSocket(destination)
  else destination.end()
}

function readOn(state: LaneState): void {
  const { source, destination } = state
  if (source.isPaused() && !isFull(state) && !destination.writableNeedDrain) source.resume()
}

// What is asked of the gate

function release(state: LaneState, count: number): void {
  const { lane, destination, hold } = state
  if (count === 0) return
  if (destination.destroyed) throw new Error(`released bytes on ${lane} after its destination was gone`)
  const parts = hold.take(count)
  pass(state, parts.length === 1 ? parts[0]! : Buffer.concat(parts))
  readOn(state)
}

function releaseEnd(state: LaneState): void {
  const { lane, hold } = state
  if (hold.length > 0) throw new Error(`released the end of ${lane} before ${hold.length} held bytes`)
  passEnd(state)
}

function edit(state: LaneState, at: number, remove: number, insert: Uint8Array, label: EditLabel): void {
  const { lane, listener, hold, released } = state
  hold.splice(at - released, remove, insert)
  listener?.edited(lane, at, remove, insert, label)
  readOn(state)
}

function setMode(state: LaneState, mode: LaneMode): void {
  state.mode = mode
  if (mode === 'held') return
  if (!state.destination.destroyed) release(state, state.hold.length)
  passEnd(state)
}
