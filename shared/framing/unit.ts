// A unit is the smallest thing with a name on a lane. Complete units tile the lane exactly.
import type { Span } from '../bytes/span.ts'

/**
 * `challenge` is the bytes behind the empty line of a head: 8 from the client, 16 from the server. `junk` is what cannot be told apart into frames: what comes in place of a head or follows a refusal, a head without
 * end, or a frame whose length no frame can have (that frame's own unit is its header alone).
 */
export type UnitKind = 'request' | 'response' | 'challenge' | 'frame' | 'junk'

export interface Unit extends Span {
  readonly kind: UnitKind
  /** Frames only: the opcode, or the type byte where frames have one: see `FrameHeader`. */
  readonly opcode?: number
  /** Frames only: whether this is the last fragment, whatever the polarity of the first bit. */
  readonly final?: boolean
}

/** How many bits a length has: the second byte's 7, or the 16 or 64 behind it. */
export type LengthForm = 7 | 16 | 64

/**
 * The header of one frame. One object is filled again and again while scanning, so that
 * scanning allocates nothing per frame.
 */
export interface FrameHeader {
  /** Bytes of masking key in front of the header: 4 where all of the frame is masked, else 0. */
  keyInFront: 0 | 4
  /** Bytes of header, masking key included. */
  headerLength: number
  /** 0 where no length is given: see `lengthForm`. */
  payloadLength: number
  /** Four bits; the type byte of a frame that has one, or `closeTypeWithData`. */
  opcode: number
  final: boolean
  /** RSV1 to RSV3 as the three low bits, RSV1 highest. */
  reserved: number
  /** The top bit of the second byte: MASK or RSV4. */
  secondByteTopBit: boolean
  /** How the length was written; `terminated`: not at all, an FF byte ends the payload. */
  lengthForm: LengthForm | 'base128' | 'terminated'
  /** True when a length has a top bit set that must not be, passes 2^53-1 or does not end: no frame can be that long. */
  lengthUnusable: boolean
  /** The top bit of a 64-bit length. */
  lengthTopBit: boolean
}
