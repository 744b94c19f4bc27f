// What an endpoint is between two steps, and the step under way: everything that is done to it goes through here.
import { laneFrom } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import { createDeflater, type Deflater } from '../extensions/deflate.ts'
import type { Fault } from '../faults/fault.ts'
import { encodeFrame, type FrameSpec } from '../framing/encode.ts'
import { maskingKeyLength } from '../framing/header.ts'
import { parseUrl } from '../handshake/urls.ts'
import { sameMask } from '../profile/flaws.ts'
import type { Agreed } from './agreed.ts'
import { type CloseBodies, closeSent, noClose } from './closeBodies.ts'
import { closeCode } from './judgeFrame.ts'
import { agree, closesBare, copyReceiver, createReceiver, type OwnSide, type Receiver } from './receiver.ts'
import { firstState, isFinal, nextRow, tableFor } from './tables.ts'
import type { EndpointEnv, EndpointEvent, StateName, Step, Transition, Trigger } from './types.ts'

/** A plain value. A step never changes it: it works on a copy. */
export interface EndpointState {
  readonly name: StateName
  readonly receiver: Receiver
  readonly closes: CloseBodies
  /** Bytes we have put on our lane. */
  readonly sent: number
  /** Whether the application was told that the connection is open. */
  readonly opened: boolean
  readonly subprotocol: string | undefined
  /** Set once compression is agreed on. */
  readonly deflater: Deflater | null
}

/** Where an endpoint begins: a client before its request, a server before the client's. */
export function createEndpoint({ dialect, role, config }: EndpointEnv): EndpointState {
  const url = parseUrl(config.url)
  const secure = url.ok ? url.value.secure : null
  return {
    name: firstState(role),
    receiver: createReceiver({ dialect, role, limits: config.limits, keepsPayloads: true, goesOn: false, secure }),
    closes: noClose,
    sent: 0,
    opened: false,
    subprotocol: undefined,
    deflater: null,
  }
}

/** A step under way. Only functions of this file write to it. */
export interface Work {
  readonly env: EndpointEnv
  /** A copy of the state the step began with. */
  readonly state: { -readonly [K in keyof EndpointState]: EndpointState[K] }
  /** Lane offset after the last byte that was received, this step's included. */
  readonly receivedTo: number
  /** Whether the receiver is this step's own copy too. */
  ownsReceiver: boolean
  readonly send: Uint8Array[]
  end: boolean
  readonly events: EndpointEvent[]
  readonly faults: Fault[]
  readonly transitions: Transition[]
}

/** `incoming`: how many bytes the step feeds to the receiver. */
export function beginStep(state: EndpointState, env: EndpointEnv, incoming = 0): Work {
  const { name, receiver, closes, sent, opened, subprotocol, deflater } = state
  const copy = { name, receiver, closes, sent, opened, subprotocol, deflater }
  const receivedTo = receiver.position + receiver.rest.length + incoming
  return {
    env,
    state: copy,
    receivedTo,
    ownsReceiver: false,
    send: [],
    end: false,
    events: [],
    faults: [],
    transitions: [],
  }
}

/** The receiver, to be fed or told something: most of what an application asks for leaves it as it is. */
export function ownReceiver(work: Work): Receiver {
  const { state } = work
  if (!work.ownsReceiver) state.receiver = copyReceiver(state.receiver)
  work.ownsReceiver = true
  return state.receiver
}

export function finishStep({ state, send, end, events, faults, transitions }: Work): Step<EndpointState> {
  return { state, send, end, events, faults, transitions }
}

export function emit(work: Work, event: EndpointEvent): void {
  work.events.push(event)
}

export function change(work: Work, changed: Partial<EndpointState>): void {
  Object.assign(work.state, changed)
}

/** Reports faults, to the caller and to the application. */
export function note(work: Work, faults: readonly Fault[]): void {
  work.faults.push(...faults)
  for (const fault of faults) emit(work, { kind: 'fault', fault })
}

/** Tells the receiver what we have sent: it judges by it. */
export function know(work: Work, sent: Partial<OwnSide>): void {
  const receiver = ownReceiver(work)
  receiver.own = { ...receiver.own, ...sent }
}

/** Both heads are there: from here on both halves compress as they say. */
export function takeAgreed(work: Work, agreed: Agreed): void {
  const lane = agreed.compression?.lanes[laneFrom(work.env.role)]
  agree(ownReceiver(work), agreed)
  if (lane) change(work, { deflater: createDeflater(lane.windowBits, lane.contextTakeover) })
}

/** Whether the table has a row for it in the present state. */
export function may({ state, env }: Work, trigger: Trigger): boolean {
  return nextRow(tableFor(env.dialect, env.role), state.name, trigger) !== undefined
}

/** Follows the table; a trigger without a row, or with one that stays, moves nothing. */
export function move(work: Work, trigger: Trigger, cause?: Transition['cause']): void {
  const { env } = work
  const from = work.state.name
  const row = nextRow(tableFor(env.dialect, env.role), from, trigger)
  if (!row || row.to === from) return
  work.state.name = row.to
  work.transitions.push({ role: env.role, from, to: row.to, trigger, cite: row.cite, ...(cause && { cause }) })
}

/** Puts one unit on our lane, and makes the move that goes with it. */
export function sendUnit(work: Work, bytes: Uint8Array, trigger: Trigger | null): void {
  const start = work.state.sent
  work.send.push(bytes)
  work.state.sent += bytes.length
  if (trigger) move(work, trigger, { lane: laneFrom(work.env.role), span: { start, end: work.state.sent } })
}

/** Sends one frame, masked where the dialect has clients mask. The dialect has such a frame. */
export function sendFrame(
  work: Work,
  opcode: OpcodeName,
  payload: Uint8Array,
  trigger: Trigger | null,
  { final = true, reserved = 0, room = 0 }: Partial<Pick<FrameSpec, 'final' | 'reserved' | 'room'>> = {},
): void {
  const { dialect, role, random, config } = work.env
  const { connectionKey } = work.state.receiver.agreed
  // RFC 6455 §5.3: a fresh key for every frame.
  const masks = dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none' && role === 'client'
  const key = () => (config.flaw === 'same-mask' ? sameMask : random(maskingKeyLength))
  const mask = masks ? key() : null
  sendUnit(
    work,
    encodeFrame({ dialect, opcode, final, reserved, payload, room, connectionKey, ...(mask && { mask }) }),
    trigger,
  )
}

/** Sends a close frame; the table tells whether it begins the closing handshake or answers. */
export function sendClose(work: Work, body: Uint8Array): void {
  const { trigger, bodies } = closeSent(work.env.dialect, work.state.closes, body)
  change(work, { closes: bodies })
  know(work, { closed: true })
  sendFrame(work, 'close', body, trigger)
}

/** The last move: ends our half of the stream and tells the application. Once, since nothing leads out of a final state. */
export function finish(work: Work, trigger: Trigger, cause?: Transition['cause']): void {
  const clean = work.state.name === 'CLOSE_DONE' || (work.state.name === 'OPEN' && closesBare(work.state.receiver))
  move(work, trigger, cause)
  if (!isFinal(work.state.name)) throw new Error(`${trigger} leads to ${work.state.name}, which is not final`)
  work.end = true
  emit(work, { kind: 'close', clean, ...reported(work) })
}

/** RFC 6455 §7.1.5, §7.1.6: what the peer's close frame said; 1005 when it said nothing, 1006 when there was none. */
function reported({ env, state }: Work): { readonly code?: number; readonly reason?: string } {
  const { closeBody } = env.dialect
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
    case 'opaqueEchoed':
    case 'initiatorLetter':
      return {}
    case 'codeAndReason': {
      const body = state.closes.received
      if (!body) return { code: 1006 }
      return { code: closeCode(body) ?? 1005, reason: decodeUtf8(body, Math.min(2, body.length)) }
    }
    default:
      return unreachable(closeBody)
  }
}

/** A close code as it begins a close body. RFC 6455 §5.5.1. */
export function codeBytes(code: number): Uint8Array {
  return Uint8Array.of(code >> 8, code & 0xff)
}
