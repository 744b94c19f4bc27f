// The frames of hixie-75 and hixie-76: a type byte, then either data up to an FF byte, or a length in base 128 and as
// many bytes. hixie-76 §4.2, §5.3. Says what is there, legal or not.
import { concat } from '../bytes/concat.ts'
import type { OpcodeName, SentinelDialect } from '../dialects/dialect.ts'
import type { FrameHeader } from './unit.ts'

/** Ends the data of types below 80. No UTF-8 text has it. */
export const terminator = 0xff

/** Whether an FF byte ends the data of a frame of this type; otherwise it has a length. */
export function isTerminated(type: number): boolean {
  return type < 0x80
}

/**
 * What a header gives as the opcode of an FF frame that carries data. hixie-76 §4.2: only an empty one is the close. No
 * byte has this value, so no dialect has a name for it.
 */
export const closeTypeWithData = 0x1ff

/** Digits of a length that are read. The drafts set no limit, but a length needs eight to count what fits a number. */
export const mostDigits = 32

export const longestSentinelHeader = 1 + mostDigits

/**
 * Reads the type and, where there is one, the length at `bytes[at]`, of which bytes before `end` are there.
 *
 * The length is added up without an end to it: 32 digits stay far below the largest number there is. What passes
 * 2^53-1, or has no last digit among the first 32, is unusable.
 *
 * @returns 0 when all of it was read into `out`; otherwise how many more bytes it takes at least, and `out` means
 *   nothing. Allocates nothing.
 */
export function readSentinelHeader(bytes: Uint8Array, at: number, end: number, out: FrameHeader): number {
  if (at >= end) return 1
  const type = bytes[at]!
  out.keyInFront = 0
  out.lengthTopBit = false
  out.opcode = type
  out.final = true
  out.reserved = 0
  out.secondByteTopBit = false
  if (isTerminated(type)) return readTerminated(out)
  const last = lastDigitAt(bytes, at + 1, end)
  if (last < 0) return 1
  let length = 0
  for (let i = at + 1; i <= last; i++) length = length * 128 + (bytes[i]! & 0x7f)
  out.headerLength = last + 1 - at
  out.payloadLength = length
  out.lengthForm = 'base128'
  out.lengthUnusable = length > Number.MAX_SAFE_INTEGER || bytes[last]! >= 0x80
  if (type === 0xff && length > 0) out.opcode = closeTypeWithData
  return 0
}

function readTerminated(out: FrameHeader): number {
  out.headerLength = 1
  out.payloadLength = 0
  out.lengthForm = 'terminated'
  out.lengthUnusable = false
  return 0
}

/** Index of the digit whose top bit is clear, or of the last one that is read; -1 while neither is there. */
function lastDigitAt(bytes: Uint8Array, from: number, end: number): number {
  const until = Math.min(end, from + mostDigits)
  for (let at = from; at < until; at++) if (bytes[at]! < 0x80) return at
  return until === from + mostDigits ? until - 1 : -1
}

/** Index after the FF byte that ends the data which goes on at `at`; infinite while it is not there. */
export function afterTerminator(bytes: Uint8Array, at: number): number {
  const found = bytes.indexOf(terminator, at)
  return found < 0 ? Number.POSITIVE_INFINITY : found + 1
}

/** The frame's bytes. Throws on a frame the dialect does not have, or a payload that its form cannot carry. */
export function encodeSentinelFrame(dialect: SentinelDialect, name: OpcodeName, payload: Uint8Array): Uint8Array {
  if (!Object.values(dialect.opcodes).includes(name)) throw new Error(`${dialect.name} has no ${name} frame`)
  if (name === 'text' && !payload.includes(terminator)) {
    return concat(Uint8Array.of(0x00), payload, Uint8Array.of(terminator))
  }
  if (name === 'close' && payload.length === 0) return Uint8Array.of(0xff, 0x00)
  throw new Error(`no ${name} frame of ${dialect.name} can carry these bytes`)
}
