// Writing frames; length-prefixed ones, RFC 6455 §5.2 and hybi-03 §4.2.
import { concat, concatInRoom } from '../bytes/concat.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect, LengthPrefixedDialect, OpcodeName } from '../dialects/dialect.ts'
import { hashedMask } from './frameMask.ts'
import { maskInPlace } from './mask.ts'
import { opcodeNumber } from './opcodes.ts'
import { encodeSentinelFrame } from './sentinel.ts'
import type { LengthForm } from './unit.ts'

/** No length-prefixed frame has more in front of its payload: 2 bytes, 8 of length, 4 of key. */
export const mostInFront = 14

export interface FrameSpec {
  readonly dialect: Dialect
  readonly opcode: OpcodeName
  /** Whether this is the last (or only) fragment, whatever the polarity of the first bit. */
  readonly final: boolean
  readonly payload: Uint8Array
  /** Bytes in front of the payload, in its buffer, that are free; the payload is free to be masked where it stands then. */
  readonly room?: number
  /** Four bytes, to mask with as the dialect's clients do: the payload behind MASK, or the whole frame behind the key. */
  readonly mask?: Uint8Array
  /** Where masks are hashes: the key of the connection. */
  readonly connectionKey?: Uint8Array | null
  /** RSV1 to RSV3 as three bits, RSV1 highest; 0 unless a rule is to be broken. */
  readonly reserved?: number
  /** The shortest that fits unless a rule is to be broken. */
  readonly lengthForm?: LengthForm
}

/** The frame's bytes. Throws on an opcode, a mask or a length form that the dialect or the payload cannot have. */
export function encodeFrame(spec: FrameSpec): Uint8Array {
  const { dialect, opcode, payload } = spec
  if (dialect.framing === 'lengthPrefixed') return encodeLengthPrefixed(dialect, spec)
  if (!spec.final) throw new Error(`${dialect.name} has no fragments`)
  return encodeSentinelFrame(dialect, opcode, payload)
}

function encodeLengthPrefixed(dialect: LengthPrefixedDialect, spec: FrameSpec): Uint8Array {
  const { mask } = spec
  const header = headerBytes(dialect, spec)
  if (!mask) return behind(header, spec)
  switch (dialect.masking) {
    case 'clientPayload':
      return maskedFrom(header.length + mask.length, behind(concat(header, mask), spec), mask)
    case 'clientFrame':
      return maskedFrom(mask.length, behind(concat(mask, header), spec), mask) // hybi-05 §4.2
    case 'clientFrameHashed':
      if (!spec.connectionKey) throw new Error('the key of the connection is not known')
      return maskedFrom(mask.length, behind(concat(mask, header), spec), hashedMask(mask, spec.connectionKey))
    case 'none':
      throw new Error(`${dialect.name} masks nothing`)
    default:
      return unreachable(dialect.masking)
  }
}

/** The payload behind `front`: where it stands, if there is room. */
function behind(front: Uint8Array, { payload, room = 0 }: FrameSpec): Uint8Array {
  if (room < front.length) return concatInRoom(front, payload)
  const frame = new Uint8Array(payload.buffer, payload.byteOffset - front.length, front.length + payload.length)
  frame.set(front)
  return frame
}

/** The same bytes, masked from the given one on. */
function maskedFrom(at: number, frame: Uint8Array, mask: Uint8Array): Uint8Array {
  maskInPlace(frame, at, mask)
  return frame
}

function headerBytes(dialect: LengthPrefixedDialect, spec: FrameSpec): Uint8Array {
  const length = spec.payload.length
  const form = spec.lengthForm ?? shortestForm(length)
  if (form < shortestForm(length)) throw new Error(`${length} does not fit a ${form}-bit length`)
  const header = new Uint8Array(form === 7 ? 2 : form === 16 ? 4 : 10)
  header[0] = firstByte(dialect, spec)
  header[1] =
    (spec.mask && dialect.masking === 'clientPayload' ? 0x80 : 0) | (form === 7 ? length : form === 16 ? 126 : 127)
  let rest = length
  for (let at = header.length - 1; at >= 2; at--) {
    header[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return header
}

function firstByte(dialect: LengthPrefixedDialect, { opcode, final, reserved = 0 }: FrameSpec): number {
  const number = opcodeNumber(dialect, opcode)
  if (number === undefined) throw new Error(`${dialect.name} has no ${opcode} frame`)
  const firstBit = dialect.firstBit === 'fin' ? final : !final
  return (firstBit ? 0x80 : 0) | (reserved << 4) | number
}

/** RFC 6455 §5.2: the minimal number of bytes must be used. */
export function shortestForm(length: number): LengthForm {
  if (length < 126) return 7
  return length < 0x10000 ? 16 : 64
}
