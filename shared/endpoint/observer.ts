// A passive observer of one end: it is shown the bytes the end sends and receives, in the order they pass, and says
// what state that puts the end in. It uses the tables and the receiver of the endpoint, so what it says of an end of
// ours is what that end says of itself; of someone else's it is what the rules say, as far as that end keeps to them.
//
// A rule that ends the connection is a rule for the end, not for the observer: it reports the fault and judges on. That
// the end gave up is seen when it ends its stream; until then what it received behind the fault moves nothing. It does
// as soon as more reaches the end, or the end does what only one can that let the fault pass.
//
// It changes as it is fed. Of what is received it holds no payloads, unless somebody is told of them; of what is sent it looks at boundaries only, and
// reads heads, Hellos and close frames. It reports moves to another state and faults, nothing per frame.
import { visible } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import { type Lane, laneFrom, laneTo, type Role } from '../bytes/lanes.ts'
import type { Slice, Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Fault } from '../faults/fault.ts'
import { framingOf } from '../framing/header.ts'
import { isControl, opcodeName } from '../framing/opcodes.ts'
import { framePayload } from '../framing/payload.ts'
import type { UnitKind } from '../framing/unit.ts'
import { parseHead, statusOf } from '../handshake/head.ts'
import { nonceSize } from '../handshake/hello.ts'
import { challengeSize } from '../handshake/keyNumbers.ts'
import { parseUrl } from '../handshake/urls.ts'
import { agreedIn } from './agreed.ts'
import { type CloseBodies, type CloseStep, closeReceived, closeSent, noClose } from './closeBodies.ts'
import { createLaneScanner, headLimit, type LaneScanner, type UnitSink } from './laneScanner.ts'
import { defaultLimits } from './limits.ts'
import { type NonceBook, readOnly } from './nonceBook.ts'
import { createNotes, type Notes, nothing, type Observation } from './observation.ts'
import { skipPlainMessages } from './plainMessages.ts'
import { firstOfPolicy, type PolicyEvent, type PolicySeen, policyTable, takePolicy } from './policyEnds.ts'
import {
  agree,
  copyReceiver,
  createReceiver,
  feed,
  feedEnd,
  type ItemSink,
  type OwnSide,
  type ReceivedItem,
  type Receiver,
} from './receiver.ts'
import { type Drawn, readRequest } from './requestFacts.ts'
import { firstState, isFinal, nextRow, nextState, tableFor } from './tables.ts'
import type { Limits, StateName, StateTable, Trigger } from './types.ts'
import { beginUnseen, type UnseenHandshake, unseenLaneScanner } from './unseen.ts'

export type { Observation } from './observation.ts'

/** What is known about the end from outside. Without a URL either scheme will do in an echoed location. */
export interface ObserverConfig {
  readonly url?: string
  readonly limits?: Limits
  /** The connection was open before the first byte. */
  readonly unseen?: UnseenHandshake
  /** Nobody knows what the end sends itself: it is not waited for. */
  readonly alone?: boolean
  /** Told of every item the end receives, whatever it does about it, and of every fault; messages come with their payloads then. */
  readonly onItem?: ItemSink
  /** The nonces of the session, and which connection this is of it. */
  readonly nonces?: Nonces
  /** The end takes part in a policy exchange: no rule of a dialect is for it. */
  readonly policy?: true
}

export interface Nonces {
  readonly book: NonceBook
  readonly connection: number
}

export interface Observer {
  readonly dialect: Dialect
  readonly role: Role
  readonly table: StateTable
  state: StateName
  readonly receiver: Receiver
  readonly alone: boolean
  readonly onItem: ItemSink | undefined
  readonly nonces: Nonces | null
  readonly notes: Notes
  readonly scanner: LaneScanner
  /** Bytes of the unfinished unit of the lane we send on, as long as it is one that has to be read. */
  kept: Uint8Array
  /** Of a client that has asked and not been answered: the end of what it may send until then; else null. */
  askedTo: number | null
  closes: CloseBodies
  /** The received stream ended while the receiver was paused. */
  endWaits: boolean
  /** Where the rule was broken that the end would end for; null when there is none, or the end has let it pass. */
  broken: Cause | null
  /** What was received with and after that fault, until it is seen whether the end went on; null when nothing waits. */
  behind: ReceivedItem[] | null
  /** Of a policy exchange: what has passed of it, which alone moves the end; else null. */
  policy: PolicySeen | null
}

interface Cause {
  readonly lane: Lane
  readonly span: Span
}

const none = new Uint8Array(0)

/** Control frames are no longer: header, key and 125 bytes. */
const longestControlFrame = 2 + 4 + 125

export function createObserver(dialect: Dialect, role: Role, config: ObserverConfig = {}): Observer {
  const url = config.url === undefined ? null : parseUrl(config.url)
  const secure = url?.ok ? url.value.secure : null
  const { limits = defaultLimits, onItem, unseen, alone = false, policy, nonces = null } = config
  const receiver = createReceiver({ dialect, role, limits, keepsPayloads: onItem !== undefined, goesOn: true, secure })
  if (unseen) beginUnseen(receiver, unseen)
  return {
    dialect,
    role,
    table: policy ? policyTable(role) : tableFor(dialect, role),
    state: unseen ? 'OPEN' : firstState(role),
    receiver,
    alone,
    onItem,
    nonces,
    notes: createNotes(),
    scanner: unseen ? unseenLaneScanner(dialect, laneFrom(role), unseen) : createLaneScanner(dialect, laneFrom(role)),
    kept: none,
    askedTo: null,
    closes: noClose,
    endWaits: false,
    broken: null,
    behind: null,
    policy: policy ? firstOfPolicy : null,
  }
}

/** An observer in the same state that goes on by itself, to see what would come of bytes. Holds no copy of any bytes. */
export function copyObserver(observer: Observer): Observer {
  const { receiver, scanner, behind, nonces } = observer
  return {
    ...observer,
    onItem: undefined,
    nonces: nonces && { ...nonces, book: readOnly(nonces.book) },
    notes: createNotes(),
    receiver: copyReceiver(receiver),
    scanner: scanner.clone(),
    behind: behind && [...behind],
  }
}

/** The end has sent these bytes. */
export function observeSent(observer: Observer, bytes: Uint8Array): Observation {
  if (isFinal(observer.state)) return nothing
  if (observer.policy) return seePolicy(observer, observer.policy, { kind: 'sent', bytes })
  const { scanner, kept, receiver, notes } = observer
  const base = scanner.position - kept.length
  const window = kept.length === 0 ? bytes : concat(kept, bytes)
  const take: UnitSink = (kind, start, end, opcode) => {
    if (observer.broken && kind === 'frame') seeGoingOn(observer, notes, opcode, end)
    if (hasToBeRead(observer, kind, opcode) && start >= base) {
      takeSent(observer, notes, kind, window.subarray(start - base, end - base), { start, end })
    }
  }
  scanner.agree(receiver.agreed.connectionKey, take)
  scanner.push(bytes, take)
  if (observer.askedTo !== null) seeWaiting(observer, observer.askedTo)
  const from = scanner.pendingStart - base
  observer.kept = from < window.length && from >= 0 && mayHaveToBeRead(scanner) ? window.slice(from) : none
  return notes.taken()
}

/** The end has received these bytes. */
export function observeReceived(observer: Observer, bytes: Uint8Array): Observation {
  if (isFinal(observer.state)) return nothing
  if (observer.policy) return seePolicy(observer, observer.policy, { kind: 'received', bytes })
  const { receiver, notes } = observer
  const before = receiver.position + receiver.rest.length
  goOn(observer, notes, before)
  const begun = countOfPayloadUnderWay(receiver, bytes)
  if (begun > 0) read(observer, bytes.subarray(0, begun), before)
  const isSilent = !observer.onItem && !observer.behind
  const passed = begun + (isSilent ? skipPlainMessages(receiver, bytes, begun, bytes.length) : 0)
  if (passed < bytes.length) read(observer, bytes.subarray(passed), before)
  return notes.taken()
}

/** How many of the lane's next bytes belong to a payload that was begun before. */
function countOfPayloadUnderWay({ stage, remaining }: Receiver, bytes: Uint8Array): number {
  return stage === 'payload' ? Math.min(remaining, bytes.length) : 0
}

/**
 * Bytes [start, end) of `bytes` go from one end to the other in one step. Steps over the messages at their beginning that move neither end and
 * break no rule, of whose frames `found` is told. Returns how many bytes that is; the others have to be observed as sent
 * and as received.
 */
export function observePassed(
  sender: Observer,
  receiver: Observer,
  { bytes, start, end }: Slice,
  found: UnitSink,
): number {
  if (!hasNothingToSay(sender) || !hasNothingToSay(receiver) || !sender.scanner.isBetweenFrames) return 0
  const passed = skipPlainMessages(receiver.receiver, bytes, start, end, found)
  sender.scanner.stepOver(passed)
  return passed
}

/** Whatever is observed of messages that are in order. A client that is still to wait may send none. */
function hasNothingToSay({ state, policy, broken, behind, kept, onItem, askedTo }: Observer): boolean {
  return !isFinal(state) && !policy && !broken && !behind && kept.length === 0 && !onItem && askedTo === null
}

function read(observer: Observer, bytes: Uint8Array, before: number): void {
  const { receiver, notes } = observer
  feed(receiver, bytes, (item) => takeItem(observer, notes, item, Math.max(item.at, before)))
}

/** The end has ended its half of the connection. */
export function observeSentEnd(observer: Observer): Observation {
  if (isFinal(observer.state)) return nothing
  if (observer.policy) return seePolicy(observer, observer.policy, { kind: 'sentEnd' })
  const { broken, scanner, state, table, notes } = observer
  const gaveUp = broken && nextRow(table, state, 'fault')
  move(observer, notes, gaveUp ? 'fault' : 'sendEnd', scanner.position, gaveUp ? broken : undefined)
  return notes.taken()
}

/** The end has seen the other half end. */
export function observeReceivedEnd(observer: Observer): Observation {
  if (isFinal(observer.state)) return nothing
  if (observer.policy) return seePolicy(observer, observer.policy, { kind: 'receivedEnd' })
  const { receiver, notes } = observer
  const at = receiver.position + receiver.rest.length
  goOn(observer, notes, at)
  observer.endWaits = receiver.paused
  if (!observer.endWaits) takeEnd(observer, notes, at)
  return notes.taken()
}

function seePolicy(observer: Observer, before: PolicySeen, event: PolicyEvent): Observation {
  const { role, state, notes } = observer
  const { seen, moved } = takePolicy(before, event, role, state)
  observer.policy = seen
  if (moved) move(observer, notes, moved.trigger, moved.at, moved.cause)
  return notes.taken()
}

/** The states that the end comes to if it ends for the rule it has just seen broken. */
export function statesOfGivingUp({ broken, table, state }: Observer): readonly StateName[] {
  if (!broken) return []
  const closing = state === 'OPEN' ? nextState(table, state, 'sendClose') : undefined
  return [closing, nextState(table, closing ?? state, 'fault')].filter((to) => to !== undefined)
}

function move(observer: Observer, notes: Notes, trigger: Trigger, at: number, cause?: Cause): void {
  const { role, state, table } = observer
  const row = nextRow(table, state, trigger)
  if (!row || row.to === state) return
  observer.state = row.to
  notes.transition({ role, from: state, to: row.to, trigger, cite: row.cite, at, ...(cause && { cause }) })
}

// Sent bytes

/** The 8 bytes that go with a request: hixie-76 §4.1. */
function challengeBehind({ handshake }: Dialect): number {
  return handshake.challenge === 'keyNumbers' ? challengeSize('clientToServer') : 0
}

/** RFC 6455 §4.1: once it has asked, a client waits for the answer before it sends anything more. */
function seeWaiting(observer: Observer, to: number): void {
  const { state, broken, notes, role, scanner } = observer
  const waits = !broken && waiting.includes(state)
  if (waits && scanner.position <= to) return
  observer.askedTo = null
  const span = { start: to, end: scanner.position }
  if (waits) noteFault(observer, notes, { code: 'head.data-before-answer', lane: laneFrom(role), span }, span.end)
}

/** A rule that the receiver cannot see broken, since it takes both lanes or other connections to see it. */
function noteFault({ onItem }: Observer, notes: Notes, fault: Fault, at: number): void {
  onItem?.({ kind: 'faults', at, span: fault.span, faults: [fault], ends: false, refused: false })
  notes.fault({ ...fault, at })
}

const waiting: readonly StateName[] = ['AWAITING_RESPONSE', 'AWAITING_CHALLENGE', 'AWAITING_SERVER_HELLO']

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
      letPass(observer, notes, span.end)
      moveBySending(observer, notes, 'sendRequest', span)
      observer.askedTo = observer.alone ? null : span.end + challengeBehind(observer.dialect)
      resume(observer, notes, span.end)
      return
    case 'response':
      takeSentResponse(observer, notes, bytes, span)
      return
    case 'challenge':
      takeSentChallenge(observer, notes, bytes, span)
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
  checkRow(observer, notes, trigger, span.end)
  move(observer, notes, trigger, span.end, { lane: laneFrom(observer.role), span })
}

/** An end that gives up may still answer what came before the fault, and close; it asks and tells nothing new. */
function seeGoingOn(observer: Observer, notes: Notes, opcode: number, at: number): void {
  const name = opcodeName(observer.dialect, opcode)
  if (name && (name === 'ping' || !isControl(name))) letPass(observer, notes, at)
}

/** What the end sends from a state that has no row for it shows that it went on behind a fault. */
function checkRow(observer: Observer, notes: Notes, trigger: Trigger, at: number): void {
  if (trigger === 'sendRefusal' || nextRow(observer.table, observer.state, trigger)) return
  letPass(observer, notes, at)
}

/** The end let the fault pass. */
function letPass(observer: Observer, notes: Notes, at: number): void {
  observer.broken = null
  goOn(observer, notes, at)
}

function takeSentResponse(observer: Observer, notes: Notes, bytes: Uint8Array, span: Span): void {
  const head = parseHead(bytes, 'response', span.start)
  const accepted = statusOf(head) === 101
  const { request } = observer.receiver.own
  if (accepted && request) agree(observer.receiver, agreedIn(head, request, observer.dialect))
  moveBySending(observer, notes, accepted ? 'sendResponse' : 'sendRefusal', span)
  // hello-00 §13: the server cannot judge what follows before its own Hello is out.
  if (accepted && observer.dialect.handshake.challenge !== 'hello') resume(observer, notes, span.end)
}

function takeSentChallenge(observer: Observer, notes: Notes, bytes: Uint8Array, span: Span): void {
  if (observer.role === 'client') knowOwn(observer, { key3: bytes.slice() })
  moveBySending(observer, notes, 'sendChallenge', span)
  if (observer.role === 'server') resume(observer, notes, span.end)
}

function takeSentFrame(observer: Observer, notes: Notes, bytes: Uint8Array, span: Span): void {
  const { dialect, role, receiver } = observer
  const framing = framingOf(dialect, laneFrom(role), receiver.agreed.connectionKey)
  const { opcode, payload } = framePayload(framing, bytes)
  if (opcodeName(dialect, opcode) === 'close') takeSentClose(observer, notes, payload, span)
  else takeSentHello(observer, notes, payload, span)
}

function takeSentClose(observer: Observer, notes: Notes, body: Uint8Array, span: Span): void {
  checkRow(observer, notes, 'sendClose', span.end)
  knowOwn(observer, { closed: true })
  takeClose(
    observer,
    notes,
    closeSent(observer.dialect, observer.closes, body),
    span.end,
    laneFrom(observer.role),
    span,
  )
}

function takeSentHello(observer: Observer, notes: Notes, payload: Uint8Array, span: Span): void {
  moveBySending(observer, notes, 'sendHello', span)
  if (observer.role !== 'server' || observer.receiver.own.serverNonce) return
  knowOwn(observer, { serverNonce: payload.slice(0, nonceSize) })
  resume(observer, notes, span.end)
}

/** What the receiver waited for has been sent: what was received behind is read now. */
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
  observer.onItem?.(item)
  if (waitsForAnswer(observer, item)) observer.receiver.paused = true
  if (item.kind === 'request') seeNonce(observer, notes, item.request.drawn, at)
  if (item.kind === 'faults') takeFaults(observer, notes, item, at)
  else if (observer.behind) wait(observer.behind, item)
  else takeEffect(observer, notes, item, at)
}

/** RFC 6455 §4.1: the nonce is drawn anew for each connection. */
function seeNonce(observer: Observer, notes: Notes, drawn: Drawn | null, at: number): void {
  const { nonces, role } = observer
  if (!nonces || !drawn) return
  const { book, connection } = nonces
  const other = book.had(drawn.text, connection)
  const found = `${visible(drawn.text)}, as in connection ${other}`
  const fault: Fault = { code: 'head.nonce-repeated', lane: laneTo(role), span: drawn.span, found }
  if (other !== null) noteFault(observer, notes, fault, at)
  book.note(drawn.text, connection)
}

/**
 * Whether what comes behind is to be read once it is seen what a server sends: behind the request, and behind the 8
 * bytes that it has to prove it read. So a server that waits for these before it answers is read like one that does not.
 */
function waitsForAnswer({ role, alone }: Observer, { kind }: ReceivedItem): boolean {
  if (alone) return false
  return kind === 'request' || (kind === 'challenge' && role === 'server')
}

function takeFaults(
  observer: Observer,
  notes: Notes,
  { faults, ends, refused, span }: Extract<ReceivedItem, { kind: 'faults' }>,
  at: number,
): void {
  for (const fault of faults) notes.fault({ ...fault, at })
  const cause = { lane: laneTo(observer.role), span }
  if (refused) move(observer, notes, 'receiveRefusal', at, cause)
  else if (ends && !observer.behind) {
    observer.broken = cause
    observer.behind = []
  }
}

/** Keeps what moves a machine. */
function wait(behind: ReceivedItem[], item: ReceivedItem): void {
  if (item.kind !== 'message' && item.kind !== 'ping' && item.kind !== 'pong') behind.push(item)
}

/** The end was there for what was received behind a fault: it counts now. */
function goOn(observer: Observer, notes: Notes, at: number): void {
  const items = observer.behind ?? []
  observer.behind = null
  for (const item of items) takeEffect(observer, notes, item, at)
}

function takeEffect(observer: Observer, notes: Notes, item: ReceivedItem, at: number): void {
  const { span } = item
  const cause = { lane: laneTo(observer.role), span }
  switch (item.kind) {
    case 'request':
      move(observer, notes, 'receiveRequest', at, cause)
      return
    case 'response':
      move(observer, notes, 'receiveResponse', at, cause)
      return
    case 'hello':
      move(observer, notes, 'receiveHello', at, cause)
      return
    case 'challenge':
      move(observer, notes, 'receiveChallenge', at, cause)
      return
    case 'close':
      takeClose(observer, notes, closeReceived(observer.dialect, observer.closes, item.body), at, cause.lane, span)
      return
    case 'faults':
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
    observer.onItem?.(item)
    if (item.kind === 'faults') for (const fault of item.faults) notes.fault({ ...fault, at })
  })
  move(observer, notes, 'receiveEnd', at)
}
