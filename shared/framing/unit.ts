// A unit is the smallest thing with a name on a lane. Complete units tile the lane exactly.
import type { Span } from '../bytes/span.ts'

/**
 * `junk` is what cannot be told apart into frames: what comes in place of a head or follows a refusal, a head without
 * end, or a frame whose length no frame can have (that frame's own unit is its header alone).
 */
export type UnitKind = 'request' | 'response' | 'frame' | 'junk'

export interface Unit extends Span {
  readonly kind: UnitKind
  /** Frames only: the 4-bit opcode. */
  readonly opcode?: number
  /** Frames only: whether this is the last fragment, whatever the polarity of the first bit. */
  readonly final?: boolean
}

/**
 * The header of one length-prefixed frame. One object is filled again and again while scanning, so that
 * scanning allocates nothing per frame.
 */
export interface FrameHeader {
  /** Bytes of masking key in front of the header: 4 where all of the frame is masked, else 0. */
  keyInFront: 0 | 4
  /** Bytes of header, masking key included. */
  headerLength: number
  payloadLength: number
  opcode: number
  final: boolean
  /** RSV1 to RSV3 as the three low bits, RSV1 highest. */
  reserved: number
  /** The top bit of the second byte: MASK or RSV4. */
  secondByteTopBit: boolean
  /** How the length was written. */
  lengthForm: 7 | 16 | 64
  /** True when a 64-bit length has its top bit set or passes 2^53-1: no frame can be that long. */
  lengthUnusable: boolean
  /** The top bit of a 64-bit length. */
  lengthTopBit: boolean
}
