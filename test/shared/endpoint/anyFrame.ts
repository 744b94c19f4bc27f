// Frames to test with that are in order more often than not.
import * as fc from 'fast-check'

/** A frame of RFC 6455 that may break a rule: opcode, RSV1, fragments, MASK, the form of its length, text. */
export const anyFrame = fc.record({
  first: fc.constantFrom(0x82, 0x81, 0x82, 0x81, 0x02, 0x01, 0x80, 0x89, 0xc2, 0x83, 0x88),
  masked: fc.boolean(),
  long: fc.constantFrom(false, false, false, true),
  key: fc.constantFrom(0, 1, 2),
  payload: fc.oneof(fc.constantFrom([], [0x68, 0xc3, 0xa9]), fc.array(fc.nat(255), { maxLength: 6 })),
})

export interface AnyFrame {
  readonly first: number
  readonly masked: boolean
  readonly long: boolean
  readonly key: number
  readonly payload: readonly number[]
}

/** Masked with a key that leaves three bytes of the payload, or all of them, on the wire as they are. */
export function frameBytes({ first, masked, long, key, payload }: AnyFrame): Uint8Array {
  const bit = masked ? 0x80 : 0
  const length = long ? [bit | 126, 0, payload.length] : [bit | payload.length]
  return Uint8Array.of(first, ...length, ...(masked ? [0, 0, 0, key] : []), ...payload)
}
