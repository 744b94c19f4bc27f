// The payload of a frame that is all there, as its receiver reads it.
import { emptyFrameHeader, type Framing, payloadMask, readFrameHeader } from './header.ts'
import { applyMask } from './mask.ts'

/** The opcode and the unmasked payload of one whole frame, in bytes of their own. */
export function framePayload(framing: Framing, frame: Uint8Array): { opcode: number; payload: Uint8Array } {
  const header = emptyFrameHeader()
  readFrameHeader(frame, 0, frame.length, framing, header)
  const { headerLength, lengthForm, opcode } = header
  const wire = frame.subarray(headerLength, lengthForm === 'terminated' ? frame.length - 1 : frame.length)
  const mask = payloadMask(frame, 0, framing, header)
  return { opcode, payload: mask ? applyMask(wire, mask) : wire.slice() }
}
