// What two ends agreed on about compression, whichever extension it was.
import type { Lane } from '../bytes/lanes.ts'

export type CompressionName = 'permessage-deflate' | 'deflate-frame' | 'x-webkit-deflate-frame'

/** hybi-04 to hybi-12: deflates all that follows the heads, masks and headers too, so that no frame can be found. */
export const deflateStream = 'deflate-stream'

/** How one lane is deflated. */
export interface LaneCompression {
  /** The window has 2 to this power bytes: 8 to 15. */
  readonly windowBits: number
  /** Whether what comes may refer to what came before. RFC 7692 §7.1.1. */
  readonly contextTakeover: boolean
}

export interface Compression {
  readonly name: CompressionName
  /** What RSV1 marks: the first frame of a message deflated as a whole (RFC 7692 §6), or a frame deflated by itself. */
  readonly unit: 'message' | 'frame'
  readonly lanes: Readonly<Record<Lane, LaneCompression>>
}

/** A rule that a parameter breaks. `parameter` is an index, -1 where one is missing. */
export interface ParameterProblem {
  readonly reason: 'unknown' | 'repeated' | 'value' | 'window' | 'takeover'
  readonly parameter: number
  readonly says: string
}

/** RFC 7692 §7.1.2.1: 8 to 15, no leading zeros. */
export function windowBitsIn(text: string | null): number | null {
  return text !== null && /^(?:[89]|1[0-5])$/.test(text) ? Number(text) : null
}

export const largestWindow = 15
