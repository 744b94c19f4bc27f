// A recorded frame sent again: its header and payload as they were, legal or not, masked anew where it is masked.
import { concat } from '../bytes/concat.ts'
import {
  emptyFrameHeader,
  type Framing,
  frameMask,
  headerInClear,
  maskingKeyLength,
  maskingKeySize,
  payloadMask,
  readFrameHeader,
} from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'

export interface RepeatedFrame {
  /** Bytes of the header, masking key included. */
  readonly header: Uint8Array
  /** Payload bytes as they go out, of those recorded; `from`: how many came before. */
  payload(recorded: Uint8Array, from: number): Uint8Array
}

/** How frames were read, how they are to be read, and what each is to be masked with. */
export interface Remasking {
  readonly recorded: Framing
  readonly live: Framing
  /** The four bytes of the frame's key, which was `recorded`. */
  key(recorded: Uint8Array): Uint8Array
}

/** `start`: the frame's first bytes, the header among them. Null when they are no whole header: then it stays as it is. */
export function repeatFrame(start: Uint8Array, { recorded, live, key }: Remasking): RepeatedFrame | null {
  const read = emptyFrameHeader()
  if (readFrameHeader(start, 0, start.length, recorded, read) > 0) return null
  const header = maskedAnew(start.slice(0, read.headerLength), recorded, live, key)
  const [before, now] = [payloadMask(start, 0, recorded, read), payloadMask(header, 0, live, read)]
  return {
    header,
    payload: (bytes, from) => (before && now ? applyMask(applyMask(bytes, before, from), now, from) : bytes),
  }
}

function maskedAnew(header: Uint8Array, recorded: Framing, live: Framing, key: Remasking['key']): Uint8Array {
  if (recorded.keyInFront > 0) {
    const own = key(header.subarray(0, recorded.keyInFront))
    return concat(own, applyMask(headerInClear(header, recorded), frameMask(own, live)))
  }
  const isMasked = header.length >= 2 && maskingKeySize(recorded.dialect, header[1]!) > 0
  if (!isMasked) return header
  const bare = header.length - maskingKeyLength
  return concat(header.subarray(0, bare), key(header.subarray(bare)))
}
