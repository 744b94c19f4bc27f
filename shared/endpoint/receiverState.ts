// What a receiver knows between two reads, and what it tells. How bytes are read is in receiveHandshake.ts and
// receiveFrames.ts; what is wrong with them in the judges.
import type { Gathered } from '../bytes/gathered.ts'
import { type Lane, laneTo, type Role } from '../bytes/lanes.ts'
import { none } from '../bytes/room.ts'
import type { Span } from '../bytes/span.ts'
import type { Utf8State } from '../bytes/utf8.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { deflateStream } from '../extensions/compression.ts'
import { type Block, copyInflater, createInflater, type Inflater } from '../extensions/inflate.ts'
import type { Fault } from '../faults/fault.ts'
import { copyFrameHeader, emptyFrameHeader, type Framing, framingOf } from '../framing/header.ts'
import type { FrameHeader } from '../framing/unit.ts'
import { type Agreed, nothingAgreed } from './agreed.ts'
import { anyViolation, type Finding } from './findings.ts'
import type { RequestFacts } from './requestFacts.ts'
import type { Limits } from './types.ts'

/** `at`: how many bytes of the lane had to be there for the item; `span`: the unit or the bytes it is about. */
export type ReceivedItem = { readonly at: number; readonly span: Span } & (
  | { readonly kind: 'request'; readonly request: RequestFacts }
  | { readonly kind: 'response'; readonly subprotocol?: string; readonly agreed: Agreed }
  /** `serverNonce`: only from a server. */
  | { readonly kind: 'hello'; readonly serverNonce: Uint8Array | null }
  /** The 8 bytes of a client or the 16 of a server, which prove what they have to. */
  | { readonly kind: 'challenge'; readonly bytes: Uint8Array }
  /** The payload is null unless the receiver keeps payloads. `broken`: a text that is not UTF-8, kept as it came. */
  | {
      readonly kind: 'message'
      readonly type: 'text' | 'binary'
      readonly payload: Uint8Array | null
      readonly broken: boolean
    }
  | { readonly kind: 'ping' | 'pong'; readonly payload: Uint8Array }
  | { readonly kind: 'close'; readonly body: Uint8Array; readonly code: number | null }
  /** `ends`: a violation, and the last item unless the receiver goes on; `refused`: the server's answer is no 101. */
  | { readonly kind: 'faults'; readonly faults: readonly Fault[]; readonly ends: boolean; readonly refused: boolean }
)

export type ItemSink = (item: ReceivedItem) => void

/** What the receiver's own end has sent, as far as judging depends on it. */
export interface OwnSide {
  /** A client's request; a server's receiver fills it in from what it received. */
  readonly request: RequestFacts | null
  /** A server's nonce. */
  readonly serverNonce: Uint8Array | null
  /** The 8 bytes behind a client's request. */
  readonly key3: Uint8Array | null
  /** Whether the client's URL began with `wss`; null when nobody said. */
  readonly secure: boolean | null
  /** Whether a close frame was sent. */
  readonly closed: boolean
}

export type Stage =
  | 'head'
  | 'hello'
  | 'challenge'
  | 'header'
  | 'payload' // of a data frame
  | 'terminated' // data that an FF byte ends
  | 'control' // payload of a control frame
  | 'skipped' // payload of a frame that is not to be read
  | 'ignored' // after a violation, or bytes that no rule cuts into units

export interface OpenMessage {
  readonly type: 'text' | 'binary'
  readonly start: number
  /** Bytes of payload, inflated where they are deflated. */
  readonly size: number
  /** RSV1 says that the message is deflated as a whole. RFC 7692 §6. */
  readonly deflated: boolean
  /** Some of it could not be inflated: it is neither judged nor delivered. */
  readonly lost: boolean
  readonly utf8: Utf8State
  /** What is kept of the payload: all of it, or nothing. */
  readonly payload: Gathered
}

export interface Receiver {
  readonly dialect: Dialect
  /** How the frames of the lane are read. */
  framing: Framing
  readonly role: Role
  readonly limits: Limits
  readonly keepsPayloads: boolean
  readonly goesOn: boolean
  own: OwnSide
  /** What the heads agreed on, once both are there. */
  agreed: Agreed
  /** Holds the window of what was inflated; null while there is nothing to inflate, and after data that could not be. */
  inflater: Inflater | null
  /** Shown what is inflated, as it is; for whoever explains the payload of a frame. */
  watch: InflateWatch | null
  /** While true, bytes are held back, up to `mostHeld`: what they mean depends on what our end sends first. */
  paused: boolean
  stage: Stage
  /** Lane offset of `rest[0]`. */
  position: number
  /** Bytes of a unit that is not whole enough to be read. */
  rest: Uint8Array
  /** How many bytes of `rest` were searched for the end of the head. */
  searched: number
  header: FrameHeader
  headerAt: number
  /** The frame that comes is read as one because the Hello due was none: it has been reported. */
  helloMissed: boolean
  maskingKey: Uint8Array | null
  /** What the frame before was masked with: see `maskingKeyWord`. */
  lastKey: number
  /** What the frame before that was masked with. */
  keyBefore: number
  /** A key that could be foreseen was reported. */
  keyForeseen: boolean
  /** Payload bytes of the current frame that are still to come. */
  remaining: number
  message: OpenMessage | null
  /** A message may be under way that began before the first byte: a connection that was open by then. */
  mayContinue: boolean
  /** A close frame was received. */
  closing: boolean
  /** Data after a close frame was reported. */
  dataAfterClose: boolean
}

/** `headerAt`: where the frame begins whose payload it is. `bytes` are only valid during the call. */
export interface InflateWatch {
  bytes(headerAt: number, piece: Uint8Array): void
  /** `taken` payload bytes of the frame, of which byte i came when reach[i] bytes had been made of these. */
  taken(headerAt: number, reach: Uint32Array): void
  block(headerAt: number, block: Block): void
}

export interface ReceiverOptions {
  readonly dialect: Dialect
  readonly role: Role
  readonly limits: Limits
  /** False for an observer: then no payload of data frames is held. */
  readonly keepsPayloads: boolean
  /** True for an observer: after a violation it reads on as an end would that lets it pass. */
  readonly goesOn: boolean
  readonly secure: boolean | null
}

/** Bytes held back at most. Who sends more without waiting for an answer is read without regard to it. */
export const mostHeld = 65536

export function createReceiver(options: ReceiverOptions): Receiver {
  const { dialect, role, limits, keepsPayloads, goesOn, secure } = options
  return {
    dialect,
    framing: framingOf(dialect, laneTo(role)),
    role,
    limits,
    keepsPayloads,
    goesOn,
    own: { request: null, serverNonce: null, key3: null, secure, closed: false },
    agreed: nothingAgreed,
    inflater: null,
    watch: null,
    paused: false,
    stage: 'head',
    position: 0,
    rest: none,
    searched: 0,
    header: emptyFrameHeader(),
    headerAt: 0,
    helloMissed: false,
    maskingKey: null,
    lastKey: -1,
    keyBefore: -1,
    keyForeseen: false,
    remaining: 0,
    message: null,
    mayContinue: false,
    closing: false,
    dataAfterClose: false,
  }
}

/** A receiver in the same state that goes on by itself. Written out, since every read is a step: spreading takes longer. */
export function copyReceiver(receiver: Receiver): Receiver {
  const { header, inflater } = receiver
  return {
    dialect: receiver.dialect,
    framing: receiver.framing,
    role: receiver.role,
    limits: receiver.limits,
    keepsPayloads: receiver.keepsPayloads,
    goesOn: receiver.goesOn,
    own: receiver.own,
    agreed: receiver.agreed,
    inflater: inflater && copyInflater(inflater),
    watch: null,
    paused: receiver.paused,
    stage: receiver.stage,
    position: receiver.position,
    rest: receiver.rest,
    searched: receiver.searched,
    header: copyFrameHeader(header),
    headerAt: receiver.headerAt,
    helloMissed: receiver.helloMissed,
    maskingKey: receiver.maskingKey,
    lastKey: receiver.lastKey,
    keyBefore: receiver.keyBefore,
    keyForeseen: receiver.keyForeseen,
    remaining: receiver.remaining,
    message: receiver.message,
    mayContinue: receiver.mayContinue,
    closing: receiver.closing,
    dataAfterClose: receiver.dataAfterClose,
  }
}

/**
 * Whether an end of the stream now is all there is to closing: hixie-75 §6, between two frames. Nothing tells it from a
 * connection that was lost.
 */
export function closesBare({ dialect, stage, rest }: Receiver): boolean {
  return dialect.closeBody === 'none' && stage === 'header' && rest.length === 0
}

/** Tells the receiver what the heads agreed on. Who watches lets pass what it does not know; an end fails by it. */
export function agree(receiver: Receiver, agreed: Agreed): void {
  const { foreign, ...known } = agreed
  receiver.agreed = receiver.goesOn ? agreed : known
  if (foreign === deflateStream && receiver.goesOn) receiver.stage = 'ignored'
  receiver.framing = framingOf(receiver.dialect, laneOf(receiver), agreed.connectionKey)
  receiver.inflater = agreed.compression && createInflater(agreed.compression.lanes[laneOf(receiver)].windowBits)
}

/** Bytes in hand; `base` is the lane offset of the first. */
export interface Window {
  readonly bytes: Uint8Array
  readonly base: number
}

export const needMore = -1

export function laneOf(receiver: Receiver): Lane {
  return laneTo(receiver.role)
}

/** Reports what was found. True when that ends the connection: then nothing more is read. */
export function report(
  receiver: Receiver,
  findings: readonly Finding[],
  at: number,
  sink: ItemSink,
  refused = false,
): boolean {
  if (findings.length === 0) return false
  const lane = laneOf(receiver)
  const ends = anyViolation(findings)
  const stops = ends && !receiver.goesOn
  if (stops) receiver.stage = 'ignored'
  sink({
    kind: 'faults',
    at,
    span: findings[0]!.span,
    faults: findings.map((one) => ({ ...one, lane })),
    ends,
    refused,
  })
  return stops
}
