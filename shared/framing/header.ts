// Reading the header of a length-prefixed frame, RFC 6455 §5.2 and hybi-03 §4.2. Says what is there, legal or not. How
// the header is to be read where all of the frame is masked is decided here and nowhere else.
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FrameHeader } from './unit.ts'

/** No header is longer: 2 bytes, 8 of length, 4 of masking key. Where the key comes in front it is as long. */
export const longestHeader = 14

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

/** How the frames of a lane are read. */
export interface Framing {
  readonly dialect: Dialect
  /** Bytes of masking key in front of each frame, header included in what they mask: 4, or 0. hybi-05 §4.2. */
  readonly keyInFront: 0 | 4
}

export function framingOf(dialect: Dialect, lane: Lane): Framing {
  return { dialect, keyInFront: keyInFrontSize(dialect, lane) }
}

function keyInFrontSize({ masking }: Dialect, lane: Lane): 0 | 4 {
  switch (masking) {
    case 'none':
    case 'clientPayload':
      return 0
    case 'clientFrame':
      return lane === 'clientToServer' ? maskingKeyLength : 0
    default:
      return unreachable(masking)
  }
}

/** Bytes of extended length that follow a second byte: 0, 2 or 8. */
export function extendedLengthSize(secondByte: number): 0 | 2 | 8 {
  const length = secondByte & 0x7f
  if (length < 126) return 0
  return length === 126 ? 2 : 8
}

/** Bytes of masking key that follow the length: 0 or 4. RFC 6455 §5.2: present when MASK is 1. */
export function maskingKeySize(dialect: Dialect, secondByte: number): 0 | 4 {
  return dialect.secondByteTopBit === 'mask' && secondByte >= 0x80 ? maskingKeyLength : 0
}

/** The header in clear while it is read: two bytes and eight of length. */
const clear = new Uint8Array(10)

/** Unmasks as much of a header behind its key as is there; returns how many bytes that is. */
function clearHeader(bytes: Uint8Array, at: number, end: number, inFront: number): number {
  const count = Math.max(0, Math.min(end - at - inFront, clear.length))
  for (let i = 0; i < count; i++) clear[i] = bytes[at + inFront + i]! ^ bytes[at + (i & 3)]!
  return count
}

/** The first bytes of a frame's header in clear, at most ten: as many as are there. */
export function headerInClear(bytes: Uint8Array, { keyInFront }: Framing): Uint8Array {
  if (keyInFront === 0) return bytes.subarray(0, clear.length)
  return clear.slice(0, clearHeader(bytes, 0, bytes.length, keyInFront))
}

/**
 * Reads the frame header at `bytes[at]`, of which bytes before `end` are there.
 *
 * @returns 0 when the whole header, masking key included, was read into `out`; otherwise how many more bytes it takes
 *   at least, and `out` means nothing. Allocates nothing.
 */
export function readFrameHeader(
  bytes: Uint8Array,
  at: number,
  end: number,
  { dialect, keyInFront: inFront }: Framing,
  out: FrameHeader,
): number {
  if (inFront === 0) return readClearHeader(bytes, at, end, dialect, out)
  const there = end - at - inFront
  if (there < 2) return 2 - there
  const count = clearHeader(bytes, at, end, inFront)
  const missing = readClearHeader(clear, 0, count, dialect, out)
  out.keyInFront = inFront
  out.headerLength += inFront
  return missing
}

function readClearHeader(bytes: Uint8Array, at: number, end: number, dialect: Dialect, out: FrameHeader): number {
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
 * What the payload of the frame at `bytes[at]` is XORed with, as four bytes that begin with the one for its first byte;
 * null when it is not masked. The header was read and is there.
 */
export function payloadMask(bytes: Uint8Array, at: number, dialect: Dialect, header: FrameHeader): Uint8Array | null {
  if (header.keyInFront > 0) {
    // hybi-05 §4.2: the key is counted from the first byte of the header.
    const phase = header.headerLength - header.keyInFront
    return Uint8Array.from({ length: maskingKeyLength }, (_, i) => bytes[at + ((phase + i) & 3)]!)
  }
  const end = at + header.headerLength
  return maskingKeySize(dialect, header.secondByteTopBit ? 0x80 : 0) > 0
    ? bytes.slice(end - maskingKeyLength, end)
    : null
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
