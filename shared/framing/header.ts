// Reading the header of a length-prefixed frame, RFC 6455 §5.2 and hybi-03 §4.2. Says what is there, legal or not.
import type { Dialect } from '../dialects/dialect.ts'
import type { FrameHeader } from './unit.ts'

/** No header is longer: 2 bytes, 8 of length, 4 of masking key. */
export const longestHeader = 14

/** 2^53 / 2^32: a 64-bit length whose upper half reaches this cannot be counted, nor can any frame be that long. */
const unusableUpperHalf = 0x200000

export function emptyFrameHeader(): FrameHeader {
  return {
    headerLength: 0,
    payloadLength: 0,
    opcode: 0,
    final: false,
    reserved: 0,
    secondByteTopBit: false,
    lengthForm: 7,
    lengthUnusable: false,
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
  return dialect.secondByteTopBit === 'mask' && secondByte >= 0x80 ? 4 : 0
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
  dialect: Dialect,
  out: FrameHeader,
): number {
  const there = end - at
  if (there < 2) return 2 - there
  const first = bytes[at]!
  const second = bytes[at + 1]!
  const extended = extendedLengthSize(second)
  const headerLength = 2 + extended + maskingKeySize(dialect, second)
  if (there < headerLength) return headerLength - there
  out.headerLength = headerLength
  out.opcode = first & 0x0f
  out.final = first >= 0x80 === (dialect.firstBit === 'fin')
  out.reserved = (first >> 4) & 7
  out.secondByteTopBit = second >= 0x80
  readLength(bytes, at, extended, out)
  return 0
}

function readLength(bytes: Uint8Array, at: number, extended: 0 | 2 | 8, out: FrameHeader): void {
  out.lengthUnusable = false
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
  }
}

/** 32 bits, big-endian, unsigned. */
function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
