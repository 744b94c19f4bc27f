// A pure endpoint on a real socket: bytes that arrive are fed to it, bytes it gives are written, and both are counted.
import type { Socket } from 'node:net'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import type { StreamEnd } from '../../shared/capture/record.ts'
import { act, createEndpoint, type EndpointState, receive, receiveEnd } from '../../shared/endpoint/endpoint.ts'
import type { Action, EndpointEnv, StateName, Step } from '../../shared/endpoint/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { resetSocket } from './sockets.ts'

/**
 * `live`: the opening and closing handshakes have deadlines, and an endpoint that cannot write does not read either.
 * `stepped`: neither, since a person at the gate may take an hour over a byte.
 */
export type Pace = 'live' | 'stepped'

export interface EndpointSocketOptions {
  readonly socket: Socket
  readonly env: EndpointEnv
  readonly pace: Pace
  /** Everything the endpoint does, after its bytes were written. */
  onStep?(step: Step<EndpointState>): void
  /** The counters changed. */
  onChange?(): void
}

export interface EndpointSocket {
  readonly state: EndpointState
  /** Bytes fed to the endpoint, and bytes it wrote. */
  readonly received: number
  readonly sent: number
  readonly receivedEnd: StreamEnd | null
  readonly sentEnd: boolean
  /** Does what the application asks for, or answers with one sentence why it cannot be done now. */
  act(action: Action): Result<void>
  /** Settles when the socket is closed. */
  readonly closed: Promise<void>
  destroy(): void
}

/** Milliseconds an end waits for the rest of a handshake before it gives up. No draft sets any. */
const deadlines = { opening: 10_000, closing: 5_000, over: 5_000 }

/** Puts a new endpoint on a connected socket that nothing was read from yet. */
export function attachEndpoint({ socket, env, pace, onStep, onChange }: EndpointSocketOptions): EndpointSocket {
  let state = createEndpoint(env)
  let received = 0
  let sent = 0
  let receivedEnd: StreamEnd | null = null
  let sentEnd = false
  const deadline = createDeadline()

  function take(step: Step<EndpointState>): void {
    state = step.state
    write(step.send)
    if (step.end) endOurHalf()
    if (pace === 'live') deadline.set(phaseOf(state.name), giveUp)
    onChange?.()
    onStep?.(step)
  }

  function write(parts: readonly Uint8Array[]): void {
    if (parts.length === 0 || socket.destroyed) return
    socket.cork()
    for (const part of parts) {
      sent += part.length
      socket.write(part)
    }
    socket.uncork()
    if (pace === 'live' && socket.writableNeedDrain) socket.pause()
  }

  function endOurHalf(): void {
    if (sentEnd) return
    sentEnd = true
    socket.end()
  }

  function takeEnd(how: StreamEnd): void {
    if (receivedEnd !== null) return
    receivedEnd = how
    take(receiveEnd(state, env))
  }

  function perform(action: Action): Result<void> {
    const result = act(state, action, env)
    if (!result.ok) return failure(result.reason)
    take(result.step)
    return success(undefined)
  }

  /** The deadline passed: the endpoint is told once; when that did not close the connection, we do. */
  function giveUp(phase: Phase): void {
    if (phase === 'over' || !perform({ kind: 'timeout' }).ok) socket.destroy()
  }

  socket.on('data', (bytes) => {
    received += bytes.length
    take(receive(state, bytes, env))
  })
  socket.on('end', () => takeEnd('fin'))
  socket.on('error', () => takeEnd('reset'))
  socket.on('drain', () => socket.resume())
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      deadline.clear()
      resolve()
    })
  })
  if (pace === 'live') deadline.set(phaseOf(state.name), giveUp)

  return {
    get state() {
      return state
    },
    get received() {
      return received
    },
    get sent() {
      return sent
    },
    get receivedEnd() {
      return receivedEnd
    },
    get sentEnd() {
      return sentEnd
    },
    act: perform,
    closed,
    destroy: () => resetSocket(socket),
  }
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
function createDeadline() {
  let phase: Phase | null = null
  let timer: NodeJS.Timeout | undefined
  return {
    set(next: Phase, expired: (phase: Phase) => void): void {
      if (next === phase) return
      phase = next
      clearTimeout(timer)
      if (next !== 'open') timer = setTimeout(expired, deadlines[next], next)
    },
    clear: () => clearTimeout(timer),
  }
}
