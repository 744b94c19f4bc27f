// The receiving half of an end: bytes in, judged items out. The endpoint acts on them, the observer watches by them.
//
// A receiver is fed in order and changes as it goes; `copyReceiver` makes one that goes on by itself, in constant time,
// because what it holds of unfinished units and messages is never written to. Items depend on the bytes alone, never on
// how they were cut, and come as early as the bytes allow. Offsets are lane offsets. What is to be judged against
// something our own end sent (nonces, keys, offers) is put into `own` by whoever sends or sees it.
import { concat } from '../bytes/concat.ts'
import { none } from '../bytes/room.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { finding } from './findings.ts'
import { readControl, readHeader, readPayload, skipPayload } from './receiveFrames.ts'
import { readChallenge, readHead, readHello } from './receiveHandshake.ts'
import { type ItemSink, mostHeld, needMore, type Receiver, report, type Stage, type Window } from './receiverState.ts'
import { readData, readType } from './receiveSentinel.ts'

export {
  agree,
  closesBare,
  copyReceiver,
  createReceiver,
  type ItemSink,
  type OwnSide,
  type ReceivedItem,
  type Receiver,
  type ReceiverOptions,
} from './receiverState.ts'

/** Feeds the next bytes of the lane. With no bytes, goes on with what was held back while paused. */
export function feed(receiver: Receiver, bytes: Uint8Array, sink: ItemSink): void {
  readOn(receiver, bytes, sink)
  if (!receiver.paused || receiver.rest.length <= mostHeld) return
  receiver.paused = false
  // Nothing can be said of an answer to a request that nobody saw.
  if (receiver.role === 'client' && !receiver.own.request) receiver.stage = 'ignored'
  readOn(receiver, none, sink)
}

/** Feeds bytes until `stops` says so, which is asked after every item; answers the bytes that were not looked at. */
export function feedUntil(receiver: Receiver, bytes: Uint8Array, sink: ItemSink, stops: () => boolean): Uint8Array {
  return readOn(receiver, bytes, sink, stops)
}

const never = () => false

function readOn(receiver: Receiver, bytes: Uint8Array, sink: ItemSink, stops: () => boolean = never): Uint8Array {
  const work = receiver.rest.length === 0 ? bytes : concat(receiver.rest, bytes)
  const window: Window = { bytes: work, base: receiver.position }
  let at = 0
  while (!receiver.paused && !stops()) {
    const next = advance(receiver, window, at, sink)
    if (next === needMore) break
    at = next
  }
  receiver.position += at
  const left = at === work.length ? none : work.subarray(at)
  if (stops()) {
    receiver.rest = none
    return left
  }
  receiver.rest = left.length === 0 ? none : left.slice()
  return none
}

/** Reads one thing at index `at`. Returns the index after it, or `needMore`. */
function advance(receiver: Receiver, window: Window, at: number, sink: ItemSink): number {
  switch (receiver.stage) {
    case 'head':
      return readHead(receiver, window, at, sink)
    case 'hello':
      return readHello(receiver, window, at, sink)
    case 'challenge':
      return readChallenge(receiver, window, at, sink)
    case 'header':
      return readFrame(receiver, window, at, sink)
    case 'payload':
      return readPayload(receiver, window, at, sink)
    case 'terminated':
      return readData(receiver, window, at, sink)
    case 'control':
      return readControl(receiver, window, at, sink)
    case 'skipped':
      return skipPayload(receiver, window, at)
    case 'ignored':
      return at === window.bytes.length ? needMore : window.bytes.length
    default:
      return unreachable(receiver.stage)
  }
}

function readFrame(receiver: Receiver, window: Window, at: number, sink: ItemSink): number {
  const { dialect } = receiver
  switch (dialect.framing) {
    case 'lengthPrefixed':
      return readHeader(receiver, dialect, window, at, sink)
    case 'sentinel':
      return readType(receiver, dialect, window, at, sink)
    default:
      return unreachable(dialect)
  }
}

/** The peer's half of the stream has ended: reports what was left unfinished. */
export function feedEnd(receiver: Receiver, sink: ItemSink): void {
  const code = unfinished(receiver)
  if (!code) return
  const end = receiver.position + receiver.rest.length
  report(receiver, [finding(code, { start: unitStart(receiver), end })], end, sink)
}

function unfinished({ stage, closing, rest, dialect }: Receiver): FaultCode | null {
  if (closing) return null
  switch (stage) {
    case 'head':
      return 'head.cut-off'
    case 'hello':
      return 'hello.cut-off'
    case 'challenge':
      return 'challenge.cut-off'
    case 'header':
      if (rest.length > 0) return 'end.in-frame'
      return dialect.closeBody === 'none' ? null : 'end.no-close' // RFC 6455 §7.1.5: code 1006
    case 'payload':
    case 'terminated':
    case 'control':
    case 'skipped':
      return 'end.in-frame'
    case 'ignored':
      return null
    default:
      return unreachable(stage)
  }
}

function unitStart({ stage, position, headerAt }: Receiver): number {
  return isInsideFrame(stage) ? headerAt : position
}

function isInsideFrame(stage: Stage): boolean {
  return stage === 'payload' || stage === 'terminated' || stage === 'control' || stage === 'skipped'
}
