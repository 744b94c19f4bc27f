// What an observer passes over: most of a long session is messages in one frame each that break no rule, and of these it
// says nothing. What is not plainly one of them is left to the receiver, which judges and says why.
import { endsWhole, utf8Start } from '../bytes/utf8.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { shortestForm } from '../framing/encode.ts'
import { maskingKeyLength, readFrameHeader } from '../framing/header.ts'
import { validateMasked } from '../framing/maskedText.ts'
import { opcodeName } from '../framing/opcodes.ts'
import { isForeseen } from './freshKeys.ts'
import type { UnitSink } from './laneScanner.ts'
import type { Receiver } from './receiverState.ts'

/**
 * Steps over the messages at the beginning of the lane's next bytes, `bytes` from `start` to `end`, that are whole,
 * unfragmented, not compressed, and in order; `found` is told of their frames. Returns how many bytes that is; the
 * receiver is behind them then.
 */
export function skipPlainMessages(
  receiver: Receiver,
  bytes: Uint8Array,
  start: number,
  end: number,
  found?: UnitSink,
): number {
  if (!isBetweenMessages(receiver)) return 0
  const { framing, header } = receiver
  const base = receiver.position - start
  let at = start
  while (readFrameHeader(bytes, at, end, framing, header) === 0 && hasPlainHeader(receiver)) {
    const next = at + header.headerLength + header.payloadLength
    if (next > end || !hasPlainPayload(receiver, bytes, at, next) || isForeseen(receiver, bytes, at)) break
    found?.('frame', base + at, base + next, header.opcode, true)
    at = next
  }
  receiver.position = base + at
  return at - start
}

function isBetweenMessages(receiver: Receiver): boolean {
  const { stage, paused, rest, message, mayContinue, closing, helloMissed, framing } = receiver
  const isIdle = stage === 'header' && !paused && rest.length === 0 && message === null && !mayContinue
  return isIdle && !closing && !helloMissed && framing.keyInFront === 0 && framing.dialect.framing === 'lengthPrefixed'
}

/** None of the rules in judgeFrame.ts is broken, nor is the message too big. */
function hasPlainHeader({ header, dialect, role, limits }: Receiver): boolean {
  const name = opcodeName(dialect, header.opcode)
  return (
    (name === 'binary' || name === 'text') &&
    header.final &&
    header.reserved === 0 &&
    header.secondByteTopBit === isMasked(dialect, role) &&
    header.payloadLength <= limits.message &&
    header.lengthForm === shortestForm(header.payloadLength)
  )
}

/** RFC 6455 §5.1: clients mask, servers never do. Where the bit is no MASK it is 0. */
function isMasked(dialect: Dialect, receiver: Receiver['role']): boolean {
  return dialect.framing === 'lengthPrefixed' && dialect.secondByteTopBit === 'mask' && receiver === 'server'
}

/** Text is UTF-8; what else is in a payload breaks no rule. */
function hasPlainPayload({ dialect, header }: Receiver, bytes: Uint8Array, at: number, end: number): boolean {
  if (opcodeName(dialect, header.opcode) !== 'text') return true
  const payloadAt = at + header.headerLength
  const key = header.secondByteTopBit ? keyBefore(bytes, payloadAt) : null
  const utf8 = validateMasked(utf8Start, bytes, key, 0, payloadAt, end)
  return utf8.invalidAt < 0 && endsWhole(utf8)
}

/** The key of the frame that is looked at: one array for all, since there are millions. */
const key = new Uint8Array(maskingKeyLength)

function keyBefore(bytes: Uint8Array, payloadAt: number): Uint8Array {
  for (let i = 0; i < maskingKeyLength; i++) key[i] = bytes[payloadAt - maskingKeyLength + i]!
  return key
}
