// What the payload of data frames makes of a message: unmasked, inflated where RSV1 says so, judged byte by byte.
import { added, allGathered, type Gathered, gather, nothingGathered } from '../bytes/gathered.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { endsWhole, utf8Start } from '../bytes/utf8.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import {
  createInflater,
  beginMessage as forgetOrKeep,
  inflate,
  isBetweenBlocks,
  madeBy,
  type Trouble,
} from '../extensions/inflate.ts'
import { applyMask, maskInPlace } from '../framing/mask.ts'
import { validateMasked } from '../framing/maskedText.ts'
import { compressedBit } from './agreed.ts'
import { finding } from './findings.ts'
import { badText } from './judgeFrame.ts'
import { type ItemSink, laneOf, type OpenMessage, type Receiver, report } from './receiverState.ts'

/** The first frame of a message, whose header has just been read, begins at `start`. */
export function beginMessage(receiver: Receiver, type: OpenMessage['type'], start: number): void {
  const { agreed, header } = receiver
  const marked = (header.reserved & compressedBit) !== 0
  const deflated = agreed.compression?.unit === 'message' && marked
  // What may be deflated, or be changed in another way, nobody knows how, is not looked at.
  const lost =
    (marked && agreed.extensionsUnknown === true) ||
    (header.reserved !== 0 && agreed.foreign !== undefined && !deflated)
  receiver.message = {
    ...{ type: lost ? 'binary' : type, start, size: 0, deflated, lost },
    ...{ utf8: utf8Start, payload: nothingGathered },
  }
}

/** Whether the payload of the frame whose header was read last is deflated. `name`: what kind of frame it is. */
export function isDeflated({ agreed, header, message }: Receiver, name: OpcodeName | null = null): boolean {
  const { compression } = agreed
  if (!compression) return false
  const marked = (header.reserved & compressedBit) !== 0
  switch (compression.unit) {
    case 'message':
      return name && name !== 'continuation' ? marked : (message?.deflated ?? false)
    case 'frame':
      return marked
    default:
      return unreachable(compression.unit)
  }
}

/** Adds payload bytes as they are on the wire, from lane offset `start` on. False when they end the connection. */
export function takeData(receiver: Receiver, wire: Uint8Array, start: number, sink: ItemSink): boolean {
  const { keepsPayloads, maskingKey, header, remaining } = receiver
  const phase = header.payloadLength - remaining
  const placeOf = (index: number) => start + index
  if (isDeflated(receiver))
    return inflateData(receiver, maskingKey ? applyMask(wire, maskingKey, phase) : wire, placeOf, sink)
  if (keepsPayloads) return keepPlain(receiver, wire, maskingKey, phase, placeOf, sink)
  return takePlain(receiver, wire, nothingGathered, placeOf, sink, maskingKey, phase)
}

/** Which byte of the lane made a byte of the payload. */
type PlaceOf = (index: number) => number

/** Puts bytes behind those of the message, unmasks them there, and goes on as `takePlain` does. */
function keepPlain(
  receiver: Receiver,
  wire: Uint8Array,
  key: Uint8Array | null,
  phase: number,
  placeOf: PlaceOf,
  sink: ItemSink,
): boolean {
  const before = receiver.message!.payload
  const payload = gather(before, wire, announcedSize(receiver))
  const plain = added(before, payload)
  if (key) maskInPlace(plain, 0, key, phase)
  return takePlain(receiver, plain, payload, placeOf, sink)
}

/** As the header has it, if it counts all that is to come; where it does not, twice as much as there is, within limits. */
function announcedSize(receiver: Receiver): number {
  const { header, message, remaining, limits } = receiver
  const { size } = message!
  const isCounted = header.final && header.lengthForm !== 'terminated' && !isDeflated(receiver)
  return isCounted ? size + remaining : Math.max(size + remaining, Math.min(2 * size, limits.message))
}

/**
 * Adds bytes as the application gets them, or, with a `key`, as they are below the mask; `payload`: with these, where
 * payloads are kept.
 */
function takePlain(
  receiver: Receiver,
  bytes: Uint8Array,
  payload: Gathered,
  placeOf: PlaceOf,
  sink: ItemSink,
  key: Uint8Array | null = null,
  phase = 0,
): boolean {
  const message = receiver.message!
  const { type, size, utf8: before } = message
  const utf8 = type === 'text' ? validateMasked(before, bytes, key, phase) : before
  receiver.message = {
    type,
    start: message.start,
    size: size + bytes.length,
    deflated: message.deflated,
    lost: message.lost,
    utf8,
    payload,
  }
  if (utf8.invalidAt < 0 || before.invalidAt >= 0) return true
  const at = placeOf(utf8.invalidAt - size)
  return !report(
    receiver,
    [finding(badText(receiver.dialect, receiver.role), { start: at, end: at + 1 })],
    at + 1,
    sink,
  )
}

// Inflating. RFC 7692 §7.2.2.

/** Sizes are judged while inflating: a small message may have much in it. RFC 6455 §10.4. */
function inflateData(receiver: Receiver, bytes: Uint8Array, placeOf: PlaceOf, sink: ItemSink): boolean {
  const { inflater, watch, headerAt, keepsPayloads, limits } = receiver
  const { lost, size } = receiver.message!
  if (!inflater || lost) return lose(receiver)
  let goesOn = true
  const { trouble, reach } = inflate(inflater, bytes, limits.message - size, {
    bytes: (piece, made, reached) => {
      watch?.bytes(headerAt, piece)
      const madeAt = (index: number) => placeOf(madeBy(reached, made + index))
      goesOn &&= keepsPayloads
        ? keepPlain(receiver, piece, null, 0, madeAt, sink)
        : takePlain(receiver, piece, nothingGathered, madeAt, sink)
    },
    block: (block) => watch?.block(headerAt, block),
  })
  watch?.taken(headerAt, reach)
  if (!goesOn || !trouble) return goesOn
  lose(receiver)
  const at = placeOf(trouble.at)
  return !report(receiver, [troubleFinding(receiver, trouble, at)], at + 1, sink)
}

function troubleFinding({ limits }: Receiver, { reason, says }: Trouble, at: number) {
  const span = { start: at, end: at + 1 }
  switch (reason) {
    case 'data':
      return finding('deflate.data', span, says)
    case 'window':
      return finding('deflate.window', span, says)
    case 'room':
      return finding('message.too-big', span, `more than ${limits.message} bytes once inflated`)
    default:
      return unreachable(reason)
  }
}

/** What cannot be inflated is neither judged nor delivered, and leaves no window for what refers to it. */
function lose(receiver: Receiver): true {
  receiver.inflater = null
  receiver.message = { ...receiver.message!, lost: true }
  return true
}

/** RFC 7692 §7.2.1 step 3 took these from the end. */
const tail = Uint8Array.of(0x00, 0x00, 0xff, 0xff)

/** A frame is whole: ends what was deflated with it. False when that ends the connection. */
export function finishFrameData(receiver: Receiver, end: number, sink: ItemSink): boolean {
  const { agreed, header } = receiver
  if (!isDeflated(receiver) || (agreed.compression!.unit === 'message' && !header.final)) return true
  const goesOn = inflateData(receiver, tail, () => end - 1, sink) && endsBlock(receiver, end, sink)
  keepOrForget(receiver)
  return goesOn
}

function endsBlock(receiver: Receiver, end: number, sink: ItemSink): boolean {
  if (!receiver.inflater || isBetweenBlocks(receiver.inflater)) return true
  lose(receiver)
  return !report(receiver, [finding('deflate.cut-off', { start: end - 1, end })], end, sink)
}

/** RFC 7692 §7.1.1: the window lasts from message to message, or it does not, and then nothing is lost for the next. */
function keepOrForget(receiver: Receiver): void {
  const { windowBits, contextTakeover } = receiver.agreed.compression!.lanes[laneOf(receiver)]
  if (receiver.inflater) forgetOrKeep(receiver.inflater, contextTakeover)
  else if (!contextTakeover) receiver.inflater = createInflater(windowBits)
}

// The end of a message

export function finishMessage(receiver: Receiver, end: number, sink: ItemSink): void {
  const message = receiver.message!
  receiver.message = null
  if (receiver.closing || message.lost || cutInsideCharacter(receiver, message, end, sink)) return
  const { type, start, utf8 } = message
  const payload = receiver.keepsPayloads ? allGathered(message.payload) : null
  sink({ kind: 'message', at: end, span: { start, end }, type, payload, broken: !endsWhole(utf8) })
}

/** Text that ends inside a character is invalid at its last byte: only there is it certain. */
function cutInsideCharacter(receiver: Receiver, { type, utf8 }: OpenMessage, end: number, sink: ItemSink): boolean {
  if (type !== 'text' || endsWhole(utf8) || utf8.invalidAt >= 0) return false
  return report(
    receiver,
    [finding(badText(receiver.dialect, receiver.role), { start: end - 1, end }, 'a character cut off')],
    end,
    sink,
  )
}
