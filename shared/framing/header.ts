// Reading the header of a frame; of a length-prefixed one, RFC 6455 §5.2 and hybi-03 §4.2. Says what is there, legal or not. How
// the header is to be read where all of the frame is masked is decided here and nowhere else.
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect, LengthPrefixedDialect } from '../dialects/dialect.ts'
import { hashedMask } from './frameMask.ts'
import { longestSentinelHeader, readSentinelHeader } from './sentinel.ts'
import type { FrameHeader } from './unit.ts'

/** No header is longer; a length-prefixed one has 14 at most: 2 bytes, 8 of length, 4 of key, wherever that comes. */
export const longestHeader = longestSentinelHeader

/** Bytes of a frame's own masking key. */
export const maskingKeyLength = 4

/** 2^53 / 2^32: a 64-bit length whose upper half reaches this cannot be counted, nor can any frame be that long. */
const unusableUpperHalf = 0x200000

export function emptyFrameHeader(): FrameHeader {
  return {
    keyInFront: 0,
    headerLength: 0,
    payloadLength: 0,
    opcode: 0,
    final: false,
    reserved: 0,
    secondByteTopBit: false,
    lengthForm: 7,
    lengthUnusable: false,
    lengthTopBit: false,
  }
}

export function copyFrameHeader(header: FrameHeader): FrameHeader {
  return {
    keyInFront: header.keyInFront,
    headerLength: header.headerLength,
    payloadLength: header.payloadLength,
    opcode: header.opcode,
    final: header.final,
    reserved: header.reserved,
    secondByteTopBit: header.secondByteTopBit,
    lengthForm: header.lengthForm,
    lengthUnusable: header.lengthUnusable,
    lengthTopBit: header.lengthTopBit,
  }
}

/** How the frames of a lane are read. */
export interface Framing {
  readonly dialect: Dialect
  /** Bytes in front of each frame that all of it is masked with, header included: 4, or 0. hybi-05 §4.2. */
  readonly keyInFront: 0 | 4
  /** What they are hashed with to make the mask; null where they are the mask. hybi-04 §4.2. */
  readonly connectionKey: Uint8Array | null
  /** No frame can be read before the heads of the handshake have given a connection key. */
  readonly awaitsKey: boolean
}

/** `agreedKey`: the connection key, where the dialect has one and it is known. */
export function framingOf(dialect: Dialect, lane: Lane, agreedKey: Uint8Array | null = null): Framing {
  if (dialect.framing === 'sentinel') return inClear(dialect)
  const { masking } = dialect
  switch (masking) {
    case 'none':
    case 'clientPayload':
      return inClear(dialect)
    case 'clientFrame':
      return lane === 'clientToServer' ? { ...inClear(dialect), keyInFront: maskingKeyLength } : inClear(dialect)
    case 'clientFrameHashed': {
      if (lane === 'serverToClient') return inClear(dialect)
      return { dialect, keyInFront: maskingKeyLength, connectionKey: agreedKey, awaitsKey: agreedKey === null }
    }
    default:
      return unreachable(masking)
  }
}

function inClear(dialect: Dialect): Framing {
  return { dialect, keyInFront: 0, connectionKey: null, awaitsKey: false }
}

/** Bytes of extended length that follow a second byte: 0, 2 or 8. */
export function extendedLengthSize(secondByte: number): 0 | 2 | 8 {
  const length = secondByte & 0x7f
  if (length < 126) return 0
  return length === 126 ? 2 : 8
}

/** Bytes of masking key that follow the length: 0 or 4. RFC 6455 §5.2: present when MASK is 1. */
export function maskingKeySize(dialect: Dialect, secondByte: number): 0 | 4 {
  const hasBit = dialect.framing === 'lengthPrefixed' && dialect.secondByteTopBit === 'mask'
  return hasBit && secondByte >= 0x80 ? maskingKeyLength : 0
}

/** The header in clear while it is read: two bytes and eight of length. */
const clear = new Uint8Array(10)

/** Unmasks as much of a header behind its key as is there; returns how many bytes that is. */
function clearHeader(bytes: Uint8Array, at: number, end: number, { connectionKey, keyInFront }: Framing): number {
  const count = Math.max(0, Math.min(end - at - keyInFront, clear.length))
  if (count === 0) return 0
  const mask = connectionKey ? hashedMask(bytes.subarray(at, at + keyInFront), connectionKey) : null
  for (let i = 0; i < count; i++) clear[i] = bytes[at + keyInFront + i]! ^ (mask ? mask[i]! : bytes[at + (i & 3)]!)
  return count
}

/** The first bytes of a frame's header in clear, at most ten: as many as are there and can be read. */
export function headerInClear(bytes: Uint8Array, framing: Framing): Uint8Array {
  if (framing.keyInFront === 0) return bytes.subarray(0, clear.length)
  return framing.awaitsKey ? clear.slice(0, 0) : clear.slice(0, clearHeader(bytes, 0, bytes.length, framing))
}

/**
 * Reads the frame header at `bytes[at]`, of which bytes before `end` are there.
 *
 * @returns 0 when the whole header, masking key included, was read into `out`; otherwise how many more bytes it takes
 *   at least, and `out` means nothing. Allocates nothing, but for what hashing a mask takes.
 */
export function readFrameHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  framing: Framing,
  out: FrameHeader,
): number {
  const { dialect, keyInFront: inFront } = framing
  if (dialect.framing === 'sentinel') return readSentinelHeader(bytes, at, end, out)
  if (inFront === 0) return readClearHeader(bytes, at, end, dialect, out)
  const there = end - at - inFront
  if (there < 2) return 2 - there
  if (framing.awaitsKey) return 1
  const count = clearHeader(bytes, at, end, framing)
  const missing = readClearHeader(clear, 0, count, dialect, out)
  out.keyInFront = inFront
  out.headerLength += inFront
  return missing
}

function readClearHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  dialect: LengthPrefixedDialect,
  out: FrameHeader,
): number {
  const there = end - at
  if (there < 2) return 2 - there
  const first = bytes[at]!
  const second = bytes[at + 1]!
  const extended = extendedLengthSize(second)
  const headerLength = 2 + extended + maskingKeySize(dialect, second)
  if (there < headerLength) return headerLength - there
  out.keyInFront = 0
  out.headerLength = headerLength
  out.opcode = first & 0x0f
  out.final = first >= 0x80 === (dialect.firstBit === 'fin')
  out.reserved = (first >> 4) & 7
  out.secondByteTopBit = second >= 0x80
  readLength(bytes, at, extended, out)
  return 0
}

/**
 * What the payload of the frame at `bytes[at]` is XORed with, over and over from its first byte; null when it is not
 * masked. The header was read and is there.
 */
export function payloadMask(bytes: Uint8Array, at: number, framing: Framing, header: FrameHeader): Uint8Array | null {
  if (header.keyInFront > 0) {
    // hybi-04 §4.2: the mask is counted from the first byte of the header.
    const mask = frameMask(bytes.subarray(at, at + header.keyInFront), framing)
    const phase = header.headerLength - header.keyInFront
    return mask.map((_, i) => mask[(phase + i) % mask.length]!)
  }
  const end = at + header.headerLength
  const size = maskingKeySize(framing.dialect, header.secondByteTopBit ? 0x80 : 0)
  return size > 0 ? bytes.slice(end - size, end) : null
}

/**
 * The four bytes that the client chose to mask the frame at `bytes[at]`, as a number; -1 when it is not masked. The header
 * was read and is there. Allocates nothing.
 */
export function maskingKeyWord(bytes: Uint8Array, at: number, { dialect }: Framing, header: FrameHeader): number {
  if (header.keyInFront > 0) return word(bytes, at)
  if (maskingKeySize(dialect, header.secondByteTopBit ? 0x80 : 0) === 0) return -1
  return word(bytes, at + header.headerLength - maskingKeyLength)
}

/** The mask that the four bytes in front of a frame stand for. */
export function frameMask(inFront: Uint8Array, { connectionKey }: Framing): Uint8Array {
  return connectionKey ? hashedMask(inFront, connectionKey) : inFront
}

function readLength(bytes: Uint8Array, at: number, extended: 0 | 2 | 8, out: FrameHeader): void {
  out.lengthUnusable = false
  out.lengthTopBit = false
  if (extended === 0) {
    out.lengthForm = 7
    out.payloadLength = bytes[at + 1]! & 0x7f
  } else if (extended === 2) {
    out.lengthForm = 16
    out.payloadLength = (bytes[at + 2]! << 8) | bytes[at + 3]!
  } else {
    const upper = word(bytes, at + 2)
    out.lengthForm = 64
    out.payloadLength = upper * 0x1_0000_0000 + word(bytes, at + 6)
    out.lengthUnusable = upper >= unusableUpperHalf
    out.lengthTopBit = upper >= 0x80000000
  }
}

/** 32 bits, big-endian, unsigned. */
function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
