// A passive observer of one end: it is shown the bytes the end sends and receives, in the order they pass, and says
// what state that puts the end in. It uses the tables and the receiver of the endpoint, so what it says of an end of
// ours is what that end says of itself; of someone else's it is what the rules say.
//
// It changes as it is fed. Of what is received it holds no payloads; of what is sent it looks at boundaries only, and
// reads heads, Hellos and close frames. It reports moves to another state and faults, nothing per frame.
import { concat } from '../bytes/concat.ts'
import { type Lane, laneFrom, laneTo, type Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Fault } from '../faults/fault.ts'
import { emptyFrameHeader, maskingKeySize, readFrameHeader } from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { opcodeName } from '../framing/opcodes.ts'
import type { UnitKind } from '../framing/unit.ts'
import { parseHead, statusOf } from '../handshake/head.ts'
import { nonceSize } from '../handshake/hello.ts'
import { parseUrl } from '../handshake/urls.ts'
import { type CloseBodies, type CloseStep, closeReceived, closeSent, noClose } from './closeBodies.ts'
import { createLaneScanner, headLimit, type LaneScanner } from './laneScanner.ts'
import { defaultLimits } from './limits.ts'
import {
  copyReceiver,
  createReceiver,
  feed,
  feedEnd,
  type OwnSide,
  type ReceivedItem,
  type Receiver,
} from './receiver.ts'
import { readRequest } from './requestFacts.ts'
import { firstState, isFinal, nextRow, tableFor } from './tables.ts'
import type { Limits, StateName, StateTable, Transition, Trigger } from './types.ts'

/** What is known about the end from outside. Without a URL either scheme will do in an echoed location. */
export interface ObserverConfig {
  readonly url?: string
  readonly limits?: Limits
}

/**
 * `at`: how many bytes of the stream just fed had passed when it happened. A server's bytes behind a request are read
 * when the answer has been seen: what they cause is then placed in the answer.
 */
export interface Observation {
  readonly transitions: readonly (Transition & { readonly at: number })[]
  readonly faults: readonly (Fault & { readonly at: number })[]
}

export interface Observer {
  readonly dialect: Dialect
  readonly role: Role
  readonly table: StateTable
  state: StateName
  readonly receiver: Receiver
  readonly scanner: LaneScanner
  /** Bytes of the unfinished unit of the lane we send on, as long as it is one that has to be read. */
  kept: Uint8Array
  closes: CloseBodies
  /** The received stream ended while the receiver was paused. */
  endWaits: boolean
}

const none = new Uint8Array(0)
const nothing: Observation = { transitions: [], faults: [] }

/** Control frames are no longer: header, key and 125 bytes. */
const longestControlFrame = 2 + 4 + 125

export function createObserver(dialect: Dialect, role: Role, config: ObserverConfig = {}): Observer {
  const url = config.url === undefined ? null : parseUrl(config.url)
  const secure = url?.ok ? url.value.secure : null
  const limits = config.limits ?? defaultLimits
  return {
    dialect,
    role,
    table: tableFor(dialect, role),
    state: firstState(role),
    receiver: createReceiver({ dialect, role, limits, keepsPayloads: false, secure }),
    scanner: createLaneScanner(dialect, laneFrom(role)),
    kept: none,
    closes: noClose,
    endWaits: false,
  }
}

/** An observer in the same state that goes on by itself, to see what would come of bytes. Constant time. */
export function copyObserver(observer: Observer): Observer {
  return { ...observer, receiver: copyReceiver(observer.receiver), scanner: observer.scanner.clone() }
}

/** The end has sent these bytes. */
export function observeSent(observer: Observer, bytes: Uint8Array): Observation {
  if (isFinal(observer.state)) return nothing
  const { scanner, kept } = observer
  const base = scanner.position - kept.length
  const window = kept.length === 0 ? bytes : concat(kept, bytes)
  const notes = createNotes()
  scanner.push(bytes, (kind, start, end, opcode) => {
    if (hasToBeRead(observer, kind, opcode) && start >= base) {
      takeSent(observer, notes, kind, window.subarray(start - base, end - base), { start, end })
    }
  })
  const from = scanner.pendingStart - base
  observer.kept = from < window.length && from >= 0 && mayHaveToBeRead(scanner) ? window.slice(from) : none
  return notes.taken()
}

/** The end has received these bytes. */
export function observeReceived(observer: Observer, bytes: Uint8Array): Observation {
  if (isFinal(observer.state)) return nothing
  const notes = createNotes()
  feed(observer.receiver, bytes, (item) => takeItem(observer, notes, item, item.at))
  return notes.taken()
}

/** The end has ended its half of the connection. */
export function observeSentEnd(observer: Observer): Observation {
  if (isFinal(observer.state)) return nothing
  const notes = createNotes()
  move(observer, notes, 'sendEnd', observer.scanner.position)
  return notes.taken()
}

/** The end has seen the other half end. */
export function observeReceivedEnd(observer: Observer): Observation {
  if (isFinal(observer.state)) return nothing
  observer.endWaits = observer.receiver.paused
  if (observer.endWaits) return nothing
  const notes = createNotes()
  const { receiver } = observer
  takeEnd(observer, notes, receiver.position + receiver.rest.length)
  return notes.taken()
}

// What was seen

interface Notes {
  transition(transition: Transition & { readonly at: number }): void
  fault(fault: Fault & { readonly at: number }): void
  taken(): Observation
}

/** Allocates only when there is something to note: most chunks change no state. */
function createNotes(): Notes {
  let transitions: (Transition & { readonly at: number })[] | null = null
  let faults: (Fault & { readonly at: number })[] | null = null
  return {
    transition: (transition) => {
      transitions ??= []
      transitions.push(transition)
    },
    fault: (fault) => {
      faults ??= []
      faults.push(fault)
    },
    taken: () => (transitions || faults ? { transitions: transitions ?? [], faults: faults ?? [] } : nothing),
  }
}

function move(
  observer: Observer,
  notes: Notes,
  trigger: Trigger,
  at: number,
  cause?: { readonly lane: Lane; readonly span: Span },
): void {
  const { role, state, table } = observer
  const row = nextRow(table, state, trigger)
  if (!row || row.to === state) return
  observer.state = row.to
  notes.transition({ role, from: state, to: row.to, trigger, cite: row.cite, at, ...(cause && { cause }) })
}

// Sent bytes

function hasToBeRead({ dialect }: Observer, kind: UnitKind, opcode: number): boolean {
  if (kind !== 'frame') return kind !== 'junk'
  const name = opcodeName(dialect, opcode)
  return name === 'close' || name === 'hello'
}

function mayHaveToBeRead({ pendingKind, pendingStart, pendingEnd, position }: LaneScanner): boolean {
  if (pendingKind === 'junk') return false
  const length = (pendingEnd ?? position) - pendingStart
  return length <= (pendingKind === 'frame' ? longestControlFrame : headLimit)
}

function takeSent(observer: Observer, notes: Notes, kind: UnitKind, bytes: Uint8Array, span: Span): void {
  switch (kind) {
    case 'request':
      knowOwn(observer, { request: readRequest(parseHead(bytes, 'request', span.start), observer.dialect) })
      moveBySending(observer, notes, 'sendRequest', span)
      return
    case 'response':
      takeSentResponse(observer, notes, bytes, span)
      return
    case 'frame':
      takeSentFrame(observer, notes, bytes, span)
      return
    case 'junk':
      return
    default:
      unreachable(kind)
  }
}

function knowOwn({ receiver }: Observer, known: Partial<OwnSide>): void {
  receiver.own = { ...receiver.own, ...known }
}

function moveBySending(observer: Observer, notes: Notes, trigger: Trigger, span: Span): void {
  move(observer, notes, trigger, span.end, { lane: laneFrom(observer.role), span })
}

function takeSentResponse(observer: Observer, notes: Notes, bytes: Uint8Array, span: Span): void {
  const accepted = statusOf(parseHead(bytes, 'response', span.start)) === 101
  moveBySending(observer, notes, accepted ? 'sendResponse' : 'sendRefusal', span)
  // hello-00 §13: the server cannot judge what follows before its own Hello is out.
  if (accepted && observer.dialect.handshake.challenge !== 'hello') resume(observer, notes, span.end)
}

function takeSentFrame(observer: Observer, notes: Notes, bytes: Uint8Array, span: Span): void {
  const header = emptyFrameHeader()
  readFrameHeader(bytes, 0, bytes.length, observer.dialect, header)
  const wire = bytes.subarray(header.headerLength)
  const keySize = maskingKeySize(observer.dialect, bytes[1]!)
  const key = bytes.subarray(header.headerLength - keySize, header.headerLength)
  const payload = keySize > 0 ? applyMask(wire, key) : wire.slice()
  if (opcodeName(observer.dialect, header.opcode) === 'close') {
    takeClose(
      observer,
      notes,
      closeSent(observer.dialect, observer.closes, payload),
      span.end,
      laneFrom(observer.role),
      span,
    )
  } else {
    takeSentHello(observer, notes, payload, span)
  }
}

function takeSentHello(observer: Observer, notes: Notes, payload: Uint8Array, span: Span): void {
  moveBySending(observer, notes, 'sendHello', span)
  if (observer.role !== 'server' || observer.receiver.own.serverNonce) return
  knowOwn(observer, { serverNonce: payload.slice(0, nonceSize) })
  resume(observer, notes, span.end)
}

/** The request is answered: what was received behind it is read now. */
function resume(observer: Observer, notes: Notes, at: number): void {
  if (!observer.receiver.paused) return
  observer.receiver.paused = false
  feed(observer.receiver, none, (item) => takeItem(observer, notes, item, at))
  if (observer.endWaits && !isFinal(observer.state)) takeEnd(observer, notes, at)
}

function takeClose(observer: Observer, notes: Notes, step: CloseStep, at: number, lane: Lane, span: Span): void {
  observer.closes = step.bodies
  if (step.trigger) move(observer, notes, step.trigger, at, { lane, span })
}

// Received items

function takeItem(observer: Observer, notes: Notes, item: ReceivedItem, at: number): void {
  const { span } = item
  const cause = { lane: laneTo(observer.role), span }
  switch (item.kind) {
    case 'request':
      observer.receiver.paused = true
      move(observer, notes, 'receiveRequest', at, cause)
      return
    case 'response':
      move(observer, notes, 'receiveResponse', at, cause)
      return
    case 'hello':
      move(observer, notes, 'receiveHello', at, cause)
      return
    case 'close':
      takeClose(observer, notes, closeReceived(observer.dialect, observer.closes, item.body), at, cause.lane, span)
      return
    case 'faults':
      for (const fault of item.faults) notes.fault({ ...fault, at })
      if (item.ends) move(observer, notes, item.refused ? 'receiveRefusal' : 'fault', at, cause)
      return
    case 'message':
    case 'ping':
    case 'pong':
      return
    default:
      unreachable(item)
  }
}

function takeEnd(observer: Observer, notes: Notes, at: number): void {
  feedEnd(observer.receiver, (item) => {
    if (item.kind === 'faults') for (const fault of item.faults) notes.fault({ ...fault, at })
  })
  move(observer, notes, 'receiveEnd', at)
}
