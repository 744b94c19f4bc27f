// Keeps the receiver of a compressed lane in step behind a change at the gate. A sender deflates with references to all it
// has sent (RFC 7692 §7.1.1, context takeover), which its receiver did not get like that any more. So what comes behind the
// change is inflated as its sender means it and deflated again, each frame by itself, until both ends have been given the
// same bytes for as far back as a reference can go. Then the lane passes as it is.
import { concat } from '../bytes/concat.ts'
import { type Lane, senderOf } from '../bytes/lanes.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { headLimit, scanUnits } from '../endpoint/laneScanner.ts'
import { feed, type Receiver } from '../endpoint/receiver.ts'
import type { Compression } from '../extensions/compression.ts'
import { isBetweenBytes } from '../extensions/inflate.ts'
import { emptyFrameHeader, longestHeader, readFrameHeader } from '../framing/header.ts'
import type { FrameHeader } from '../framing/unit.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { deflatedAs, withPayload } from './forge.ts'
import { agreedOf, beginAt, longestWalk } from './viewsInflated.ts'
import { deliveredLength, type World } from './viewsUnits.ts'

export interface Recompressor {
  readonly lane: Lane
  readonly compression: Compression
  /** Has taken what the sender sent up to a frame, which it takes next; its offsets are those of the sent stream. */
  readonly receiver: Receiver
  /** The frame before was made by us, so that the receiver is not inside a block of the sender's. */
  follows: boolean
  /** Inflated bytes since the last change that both ends were given. */
  same: number
}

/** What is to be done next at the gate, or said. `over`: the recompressor is done. */
export type RecompressorStep =
  | { readonly kind: 'replace'; readonly at: number; readonly remove: number; readonly insert: Uint8Array }
  | { readonly kind: 'missed' | 'over'; readonly says: string }

export interface ChangedFrames {
  /** Gate-stream offsets: the first frame that is changed, and where what is to be deflated again begins. */
  readonly start: number
  readonly end: number
  /** The receiver gets nothing of the frame, or another whole one. */
  readonly whole: boolean
}

/**
 * For a lane whose held frames are about to be changed; null where nothing behind them refers to them. A failure when what
 * does could not be kept in step.
 */
export function createRecompressor(world: World, lane: Lane, changed: ChangedFrames): Result<Recompressor | null> {
  const { connection, cursor } = world
  const agreed = agreedOf(world, lane)
  const [start, end] = [changed.start, changed.end].map((at) => connection.sentPlaceOf(lane, cursor, at)) as [
    number,
    number,
  ]
  if (start > longestWalk) {
    return failure(
      `This frame is compressed, and ${start} bytes that it may refer to would have to be gone through first, which is too much: change lanes that have carried less.`,
    )
  }
  const receiver = beginAt(world, lane, agreed, firstSentFrame(world, lane))
  walkTo(world, receiver, lane, start)
  const isInside = receiver.message?.deflated === true && !endsAtByte(receiver)
  if (changed.whole && isInside) {
    return failure(
      'This frame goes on with a compressed block that the frame before it began: change the first frame of the message, or bytes of this one.',
    )
  }
  walkTo(world, receiver, lane, end)
  const compression = agreed.compression!
  if (!compression.lanes[lane].contextTakeover && receiver.message === null) return success(null)
  return success({ lane, compression, receiver, follows: changed.whole, same: 0 })
}

/** Frames before it passed, or are held, as they were sent; the first that is not before `end` is where it stops. */
function walkTo(world: World, receiver: Receiver, lane: Lane, end: number): void {
  for (let frame = frameAt(world, receiver, lane); frame && frame.start < end; frame = frameAt(world, receiver, lane)) {
    take(world, receiver, frame, null)
  }
}

function firstSentFrame({ connection, cursor, dialect }: World, lane: Lane): number {
  const { unseen } = connection.opened
  if (unseen) return unseen.cut?.[lane] ?? 0
  const bytes = connection.readSent(lane, 0, Math.min(headLimit, connection.sentLengthAt(lane, cursor)))
  return scanUnits(dialect, lane, bytes)[0]?.end ?? 0
}

interface SentFrame extends Span {
  readonly header: FrameHeader
}

/** The frame that the receiver takes next, in the sent stream; null while not all of it is there. */
function frameAt({ connection, cursor }: World, { framing, position }: Receiver, lane: Lane): SentFrame | null {
  const header = emptyFrameHeader()
  const length = connection.sentLengthAt(lane, cursor)
  const bytes = connection.readSent(lane, position, Math.min(length, position + longestHeader))
  if (readFrameHeader(bytes, 0, bytes.length, framing, header) !== 0) return null
  const end = position + header.headerLength + header.payloadLength
  return end <= length ? { start: position, end, header } : null
}

const block = 65_536

/** Gives a frame to the receiver; what it inflates goes to `pieces`. */
function take({ connection }: World, receiver: Receiver, { start, end }: Span, pieces: Uint8Array[] | null): void {
  receiver.watch = pieces && { bytes: (_, piece) => pieces.push(piece.slice()), taken() {}, block() {} }
  const lane = receiver.role === 'server' ? 'clientToServer' : 'serverToClient'
  for (let at = start; at < end; at += block)
    feed(receiver, connection.readSent(lane, at, Math.min(end, at + block)), () => {})
  receiver.watch = null
}

function endsAtByte({ inflater }: Receiver): boolean {
  return inflater === null || isBetweenBytes(inflater)
}

/** Goes on with what arrived whole; null when there is nothing to do until more has. */
export function nextRecompressed(world: World, own: Recompressor): RecompressorStep | null {
  const { receiver, lane } = own
  while (true) {
    const over = overSays(own)
    if (over !== null) return { kind: 'over', says: over }
    const frame = frameAt(world, receiver, lane)
    if (!frame) return null
    const step = passOn(world, own, frame)
    if (step) return step
  }
}

function overSays({ receiver, compression, lane, same }: Recompressor): string | null {
  const who = senderOf(lane)
  if (receiver.stage !== 'header' || receiver.rest.length > 0) {
    return `What the ${who} sends is no frame any more: it passes as it is from here on.`
  }
  if (receiver.inflater === null) {
    return `What the ${who} sent cannot be inflated: its messages pass as they are from here on.`
  }
  const { contextTakeover, windowBits } = compression.lanes[lane]
  if (receiver.message !== null || same < (contextTakeover ? 2 ** windowBits : 1)) return null
  return `Both ends have the same to refer to again: what the ${who} sends passes as it is from here on.`
}

/** Null where the frame is left as it is: it is not compressed, or somebody changed it. */
function passOn(world: World, own: Recompressor, frame: SentFrame): RecompressorStep | null {
  const { receiver, lane, compression } = own
  const isDeflated = isDeflatedFrame(own, frame.header)
  const canBegin = receiver.message === null || own.follows || endsAtByte(receiver)
  const place = world.connection.gatePlaceOf(lane, world.cursor, frame)
  const isHeld = place !== null && place >= deliveredLength(world, lane)
  const pieces: Uint8Array[] = []
  take(world, receiver, frame, isDeflated && isHeld ? pieces : null)
  if (!isDeflated || receiver.inflater === null) return null
  own.follows = isHeld && canBegin
  if (!own.follows) own.same = 0
  if (place !== null && !isHeld) return { kind: 'missed', says: missedSays(lane, place) }
  if (place === null || !own.follows) return null
  const payload = concat(...pieces)
  // RFC 7692 §7.1.1: without context takeover nothing refers to what is before its message.
  own.same += Math.max(1, payload.length)
  const bytes = world.connection.readSent(lane, frame.start, frame.end)
  const deflated = deflatedAs(compression, lane, frame.header.final, payload)
  return {
    kind: 'replace',
    at: place,
    remove: spanLength(frame),
    insert: withPayload(world, bytes, frame.header, deflated),
  }
}

function isDeflatedFrame({ receiver, compression }: Recompressor, { opcode, reserved }: FrameHeader): boolean {
  const name = receiver.dialect.opcodes[opcode]
  const isMarked = (reserved & 0b100) !== 0
  if (name === 'continuation') return compression.unit === 'frame' ? isMarked : receiver.message?.deflated === true
  return (name === 'text' || name === 'binary') && isMarked
}

function missedSays(lane: Lane, at: number): string {
  return `The ${senderOf(lane)}'s frame at byte ${at} was let through before all of it was there, so it could not be compressed anew: its receiver may be unable to inflate it.`
}
