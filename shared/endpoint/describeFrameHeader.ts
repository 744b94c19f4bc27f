// Describes the header of a frame: two bytes of bits, then perhaps a longer length and a masking key.
import type { Field } from '../bytes/field.ts'
import { toHex } from '../bytes/hex.ts'
import { senderOf } from '../bytes/lanes.ts'
import type { BitRange } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { shortestForm } from '../framing/encode.ts'
import { hashesMasks } from '../framing/frameMask.ts'
import { maskingKeyLength } from '../framing/header.ts'
import { isControl } from '../framing/opcodes.ts'
import { helloPayloadSize } from '../handshake/hello.ts'
import { bitsWithMeaning } from './agreed.ts'
import type { FrameParts, Part } from './describeParts.ts'
import { cutValue } from './describeText.ts'
import type { FrameInput } from './description.ts'

/** The fields of as much of the header as is there; their leaves tile it to the bit. */
export function headerFields(parts: FrameParts, input: FrameInput): readonly Field[] {
  return [
    ...keyInFrontField(parts, input),
    ...firstByteFields(parts, input),
    ...secondByteFields(parts, input),
    ...extendedLengthField(parts, input),
    ...maskingKeyField(parts, input),
  ]
}

type Bits = Required<Omit<Field, 'start' | 'end' | 'bits' | 'children'>>

/** Bits of the header's byte `index`. A masked byte is not what it says: then the byte on the wire is told too. */
function bits({ front }: FrameParts, input: FrameInput, index: number, range: BitRange, field: Bits): Field {
  const { name, role, value, cite } = field
  const at = front.size + index
  const start = input.start + at
  const wire = front.size === 0 ? '' : `; on the wire ${toHex(input.bytes.subarray(at, at + 1))}, masked`
  // As a literal: spread into one, it takes most of the time that a million frames take.
  return { name, role, value, says: field.says + wire, cite, bits: range, start, end: start + 1 }
}

function firstByteFields(parts: FrameParts, input: FrameInput): readonly Field[] {
  const { dialect } = input
  const first = parts.head[0]
  if (first === undefined) return []
  const reserved = [1, 2, 3].map((bit) => reservedBit(parts, input, 0, bit, `RSV${bit}`))
  return [
    bits(
      parts,
      input,
      0,
      { from: 0, to: 1 },
      {
        name: dialect.firstBit === 'fin' ? 'FIN' : 'MORE',
        role: 'flag',
        value: String(first >> 7),
        says: parts.final ? 'last fragment' : 'more fragments follow',
        cite: dialect.cites.fragmentation,
      },
    ),
    ...reserved,
    bits(
      parts,
      input,
      0,
      { from: 4, to: 8 },
      {
        name: 'opcode',
        role: 'opcode',
        value: opcodeValue(parts),
        says: opcodeSays(parts),
        cite: dialect.cites.opcode,
      },
    ),
  ]
}

function opcodeValue({ opcode, name }: FrameParts): string {
  const shown = name === 'hello' ? 'Hello' : (name ?? 'reserved')
  return `0x${opcode.toString(16).toUpperCase()} ${shown}`
}

function opcodeSays({ name }: FrameParts): string {
  if (!name) return 'has no meaning yet'
  return isControl(name) ? 'control frame' : 'data frame'
}

function reservedBit(parts: FrameParts, input: FrameInput, index: number, bit: number, name: string): Field {
  const set = (parts.head[index]! >> (7 - bit)) & 1
  return bits(
    parts,
    input,
    index,
    { from: bit, to: bit + 1 },
    {
      name,
      role: 'flag',
      value: String(set),
      ...(meaningOfBit(input, bit, set, parts) ?? {
        says: set ? 'must be 0' : 'reserved, 0',
        cite: input.dialect.cites.reserved,
      }),
    },
  )
}

const perhapsDeflated = {
  says: 'the message may be deflated: the handshake that agreed on it is not there',
  cite: 'RFC 7692 §6',
}

function meantBy(extension: string) {
  return { says: `what it means only ${extension} can say, which is not known here`, cite: 'RFC 6455 §5.8' }
}

/** RFC 7692 §6: what RSV1 says where compression was agreed on; null for a bit without a meaning. */
function meaningOfBit(
  { context }: FrameInput,
  bit: number,
  set: number,
  { name }: FrameParts,
): Pick<Bits, 'says' | 'cite'> | null {
  const { compression, foreign } = context.agreed
  if (foreign !== undefined && !(compression && bit === 1)) return set ? meantBy(foreign) : null
  if (!name || (bitsWithMeaning(context.agreed, name) & (0b1000 >> bit)) === 0) return null
  if (!compression) return set ? perhapsDeflated : null
  const what = compression.unit === 'message' ? 'message' : 'frame'
  return {
    says: set ? `the ${what} is deflated` : `the ${what} is not deflated`,
    cite: `RFC 7692 §6, ${compression.name}`,
  }
}

function secondByteFields(parts: FrameParts, input: FrameInput): readonly Field[] {
  const second = parts.head[1]
  if (second === undefined) return []
  const length = bits(
    parts,
    input,
    1,
    { from: 1, to: 8 },
    {
      name: 'payload length',
      role: 'length',
      value: String(second & 0x7f),
      says: lengthSays(parts, input),
      cite: input.dialect.cites.length,
    },
  )
  return [topBitOfSecondByte(parts, input, second), length]
}

function topBitOfSecondByte(parts: FrameParts, input: FrameInput, second: number): Field {
  const { dialect, lane } = input
  switch (dialect.secondByteTopBit) {
    case 'rsv4':
      return reservedBit(parts, input, 1, 0, 'RSV4')
    case 'mask':
      return bits(
        parts,
        input,
        1,
        { from: 0, to: 1 },
        {
          name: 'MASK',
          role: 'flag',
          value: String(second >> 7),
          says: senderOf(lane) === 'client' ? 'clients must mask' : 'servers must not mask',
          cite: dialect.cites.masking,
        },
      )
    default:
      return unreachable(dialect.secondByteTopBit)
  }
}

function lengthSays({ extended, name }: FrameParts, { lane }: FrameInput): string {
  if (extended.size > 0) return `the next ${extended.size} bytes say how long the payload is`
  if (name === 'hello') return `must be ${helloPayloadSize(lane)}`
  return name && isControl(name) ? 'bytes; at most 125 in a control frame' : 'bytes'
}

/** A header part of several bytes; as much of it as is there. */
function partField(input: FrameInput, part: Part, field: Omit<Field, 'start' | 'end'>): readonly Field[] {
  const there = part.to - part.from
  if (there === 0) return []
  const value = there < part.size ? cutValue(input.bytes.subarray(part.from, part.to), part.size) : field.value
  return [{ ...field, value, start: input.start + part.from, end: input.start + part.to }]
}

function extendedLengthField(parts: FrameParts, input: FrameInput): readonly Field[] {
  return partField(input, parts.extended, {
    name: 'extended payload length',
    role: 'length',
    value: String(parts.payloadLength),
    says: extendedSays(parts),
    cite: input.dialect.cites.length,
  })
}

function extendedSays({ payloadLength, lengthUnusable, extended }: FrameParts): string {
  if (lengthUnusable) return 'longer than any frame can be'
  const form = extended.size === 2 ? 16 : 64
  if (payloadLength !== null && shortestForm(payloadLength) < form) return 'bytes; would fit a shorter form'
  return 'bytes, most significant byte first'
}

/** hybi-05 §4.2: unlike later keys it comes first, so that the header is masked too. */
function keyInFrontField({ front }: FrameParts, input: FrameInput): readonly Field[] {
  return partField(input, front, {
    name: 'masking key',
    role: 'mask',
    value: toHex(input.bytes.subarray(front.from, front.to)),
    says: saysOfKey(input, front, 'XORed onto all that follows, header included, over and over'),
    cite: input.dialect.cites.masking,
  })
}

function maskingKeyField({ key }: FrameParts, input: FrameInput): readonly Field[] {
  return partField(input, key, {
    name: 'masking key',
    role: 'mask',
    value: toHex(input.bytes.subarray(key.from, key.to)),
    says: saysOfKey(input, key, 'XORed onto the payload, over and over'),
    cite: input.dialect.cites.masking,
  })
}

/** No rule forbids a key of zeros. Where it is hashed first (hybi-04 §4.2) the mask is none. */
function saysOfKey({ bytes, dialect }: FrameInput, { from, to }: Part, says: string): string {
  const isZero = to - from === maskingKeyLength && bytes.subarray(from, to).every((byte) => byte === 0)
  if (!isZero || hashesMasks(dialect)) return says
  return `${says}; of zeros, it changes nothing: what it masks is on the wire as it is`
}
