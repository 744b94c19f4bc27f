// A pure endpoint on a real socket: bytes that arrive are fed to it, bytes it gives are written, and both are counted.
import type { Socket } from 'node:net'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import type { StreamEnd } from '../../shared/capture/record.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { createDetector, type Detection, type Detector } from '../../shared/endpoint/detect.ts'
import { act, createEndpoint, type EndpointState, receiveEnd, receiveMessage } from '../../shared/endpoint/endpoint.ts'
import type { Action, EndpointEnv, StateName, Step } from '../../shared/endpoint/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { resetSocket, whenClosed } from './sockets.ts'

/**
 * `live`: the opening and closing handshakes have deadlines, and a server that cannot write does not read either.
 * `stepped`: neither, since a person at the gate may take an hour over a byte.
 */
export type Pace = 'live' | 'stepped'

/** Told of everything that crosses a socket, in the order it does. */
export interface SocketListener {
  read(bytes: Uint8Array): void
  readEnd(how: StreamEnd): void
  written(bytes: Uint8Array): void
  writtenEnd(how: StreamEnd): void
}

export interface EndpointSocketOptions {
  readonly socket: Socket
  /** Told of bytes before the endpoint takes them in, or the socket does. */
  readonly listener?: SocketListener
  readonly env: EndpointEnv
  readonly pace: Pace
  /**
   * Given, the dialect is told from the request: it is the one of `env` only until then. Called once, before the
   * endpoint takes the request in.
   */
  onDialect?(detection: Detection): void
  /** Milliseconds for the opening handshake, where it is not to be 10 seconds. */
  readonly openingDeadline?: number
  /** Everything the endpoint does, after its bytes were written. */
  onStep?(step: Step<EndpointState>): void
  /** The system has taken the first `sent` bytes that were written, in all. */
  onWritten?(sent: number): void
  /** The counters changed. */
  onChange?(): void
}

export interface EndpointSocket {
  readonly state: EndpointState
  /** What it speaks; where the request tells it, the one of `env` until then. */
  readonly dialect: Dialect
  /** Bytes fed to the endpoint, and bytes it wrote. */
  readonly received: number
  readonly sent: number
  /** Bytes it wrote that the system has not taken yet. */
  readonly buffered: number
  readonly receivedEnd: StreamEnd | null
  readonly sentEnd: boolean
  /** Does what the application asks for, or answers with one sentence why it cannot be done now. */
  act(action: Action): Result<void>
  /** Whether to read on: false while the application has no room for more. */
  read(on: boolean): void
  /** Settles when the socket is closed. */
  readonly closed: Promise<void>
  /** Breaks the connection off at once. The endpoint is told, so that its last event comes. */
  destroy(): void
}

/** Milliseconds an end waits for the rest of a handshake before it gives up. No draft sets any. */
const deadlines = { opening: 10_000, closing: 5_000, over: 1_000 }

/** What an endpoint on a socket has to know. */
interface Attached {
  readonly options: EndpointSocketOptions
  env: EndpointEnv
  /** Null once the dialect is known. */
  detector: Detector | null
  readonly deadline: ReturnType<typeof createDeadline>
  state: EndpointState
  received: number
  sent: number
  receivedEnd: StreamEnd | null
  sentEnd: boolean
  reads: boolean
}

/** Puts a new endpoint on a socket that nothing was read from yet. */
export function attachEndpoint(options: EndpointSocketOptions): EndpointSocket {
  const { socket, env } = options
  const detector = options.onDialect ? createDetector() : null
  const counts = { received: 0, sent: 0, receivedEnd: null, sentEnd: false, reads: true }
  const state = createEndpoint(env)
  const deadline = createDeadline(options.openingDeadline)
  const end: Attached = { options, env, detector, deadline, state, ...counts }
  socket.on('data', (bytes) => {
    socket.cork() // the answers to all that one read brings are one write
    options.listener?.read(bytes)
    // A plain view, since slices of a Buffer are no copies.
    takeBytes(end, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length))
    socket.uncork()
  })
  socket.on('end', () => takeEnd(end, 'fin'))
  socket.on('error', () => takeEnd(end, 'reset'))
  socket.on('drain', () => end.reads && socket.resume())
  const closed = whenClosed(socket).then(end.deadline.clear)
  watchDeadline(end)
  if (socket.destroyed) takeEnd(end, 'reset')
  return handleOf(end, closed)
}

function handleOf(end: Attached, closed: Promise<void>): EndpointSocket {
  return {
    get state() {
      return end.state
    },
    get dialect() {
      return end.env.dialect
    },
    get received() {
      return end.received
    },
    get sent() {
      return end.sent
    },
    get buffered() {
      return end.options.socket.writableLength
    },
    get receivedEnd() {
      return end.receivedEnd
    },
    get sentEnd() {
      return end.sentEnd
    },
    act: (action) => perform(end, action),
    read: (on) => setReading(end, on),
    closed,
    destroy: () => breakOff(end),
  }
}

function setReading(end: Attached, on: boolean): void {
  end.reads = on
  if (!on) end.options.socket.pause()
  else if (!end.options.socket.writableNeedDrain) end.options.socket.resume()
}

/** When the request's head is whole: begins again as an endpoint of the dialect told, with all bytes so far. */
function bytesOnceTold(end: Attached, detector: Detector, bytes: Uint8Array): Uint8Array {
  const detection = detector.feed(bytes)
  if (detection === null) return bytes
  end.detector = null
  end.env = { ...end.env, dialect: detection.dialect }
  end.state = createEndpoint(end.env)
  end.options.onDialect?.(detection)
  return detector.bytes
}

function take(end: Attached, step: Step<EndpointState>): void {
  end.state = step.state
  write(end, step.send)
  if (step.end) endOurHalf(end)
  watchDeadline(end)
  end.options.onChange?.()
  end.options.onStep?.(step)
}

/**
 * Message by message: what the application answers is written before anything that follows is looked at, so answers stand
 * in the order of what they answer, though all of them leave together once the whole read is taken. Bytes are not counted
 * before they are taken, so that who goes by the counter sees no step half done.
 */
function takeBytes(end: Attached, bytes: Uint8Array): void {
  let left = bytes
  do {
    const known = end.detector === null ? left : bytesOnceTold(end, end.detector, left)
    const { step, rest } = receiveMessage(end.state, known, end.env)
    end.received += left.length - rest.length
    left = rest
    take(end, step)
  } while (left.length > 0)
}

function takeEnd(end: Attached, how: StreamEnd): void {
  if (end.receivedEnd !== null) return
  end.receivedEnd = how
  end.options.listener?.readEnd(how)
  take(end, receiveEnd(end.state, end.env))
}

function perform(end: Attached, action: Action): Result<void> {
  const result = act(end.state, action, end.env)
  if (!result.ok) return failure(result.reason)
  take(end, result.step)
  return success(undefined)
}

function breakOff(end: Attached): void {
  tellEnd(end, 'reset')
  resetSocket(end.options.socket)
  if (!perform(end, { kind: 'timeout' }).ok) perform(end, { kind: 'end' })
}

function write(end: Attached, parts: readonly Uint8Array[]): void {
  const { socket, pace, env, onWritten, listener } = end.options
  if (parts.length === 0 || socket.destroyed) return
  socket.cork()
  for (const part of parts) {
    end.sent += part.length
    const upTo = end.sent
    listener?.written(part)
    socket.write(part, onWritten && ((error) => !error && onWritten(upTo)))
  }
  socket.uncork()
  // A server does not read more requests than it can answer. A client always reads: if both stopped, both would wait.
  if (pace === 'live' && env.role === 'server' && socket.writableNeedDrain) socket.pause()
}

function endOurHalf(end: Attached): void {
  if (end.sentEnd) return
  tellEnd(end, 'fin')
  end.sentEnd = true
  end.options.socket.end()
}

/** Tells that our half ends, unless it has. */
function tellEnd({ options: { socket, listener }, sentEnd }: Attached, how: StreamEnd): void {
  if (!sentEnd && !socket.destroyed) listener?.writtenEnd(how)
}

function watchDeadline(end: Attached): void {
  if (end.options.pace === 'live') end.deadline.set(phaseOf(end.state.name), (phase) => giveUp(end, phase))
}

/** The deadline passed: the endpoint is told once; when that does not close the connection, we do. */
function giveUp(end: Attached, phase: Phase): void {
  if (phase !== 'over' && perform(end, { kind: 'timeout' }).ok) return
  tellEnd(end, 'fin')
  end.options.socket.destroy()
}

type Phase = 'opening' | 'open' | 'closing' | 'over'

function phaseOf(state: StateName): Phase {
  switch (state) {
    case 'IDLE':
    case 'AWAITING_REQUEST':
    case 'REQUEST_RECEIVED':
    case 'AWAITING_RESPONSE':
    case 'AWAITING_SERVER_HELLO':
    case 'AWAITING_CLIENT_HELLO':
    case 'AWAITING_CHALLENGE':
    case 'AWAITING_KEY3':
      return 'opening'
    case 'OPEN':
      return 'open'
    case 'CLOSE_SENT':
    case 'CLOSE_RECEIVED':
    case 'CLOSE_CROSSED':
    case 'CLOSE_DONE':
      return 'closing'
    case 'CLOSED':
    case 'FAILED':
      return 'over'
    default:
      return unreachable(state)
  }
}

/** One timer that runs for as long as the endpoint stays in a phase. */
function createDeadline(opening = deadlines.opening) {
  const milliseconds = { ...deadlines, opening }
  let phase: Phase | null = null
  let timer: NodeJS.Timeout | undefined
  return {
    set(next: Phase, expired: (phase: Phase) => void): void {
      if (next === phase) return
      phase = next
      clearTimeout(timer)
      if (next !== 'open') timer = setTimeout(expired, milliseconds[next], next)
    },
    clear: () => clearTimeout(timer),
  }
}
