// Frames as a test sends them: any opcode, any bits, legal or not.
import { concat } from '../bytes/concat.ts'
import { encodeUtf8 } from '../bytes/utf8.ts'
import { rfc6455 } from '../dialects/rfc6455.ts'
import { encodeFrame } from '../framing/encode.ts'

export interface RawFrame {
  /** The four bits, whether or not they mean anything. */
  readonly opcode: number
  readonly final: boolean
  /** RSV1 to RSV3 as three bits, RSV1 highest. */
  readonly reserved: number
  readonly payload: Uint8Array
}

type More = Partial<Pick<RawFrame, 'final' | 'reserved'>>
type Payload = string | Uint8Array

export function frame(opcode: number, payload: Payload = '', { final = true, reserved = 0 }: More = {}): RawFrame {
  return { opcode, final, reserved, payload: bytesOf(payload) }
}

export const continuation = (payload: Payload, more?: More) => frame(0x0, payload, more)
export const text = (payload: Payload, more?: More) => frame(0x1, payload, more)
export const binary = (payload: Payload, more?: More) => frame(0x2, payload, more)
export const ping = (payload: Payload, more?: More) => frame(0x9, payload, more)
export const pong = (payload: Payload, more?: More) => frame(0xa, payload, more)

/** A close frame with a code, legal or not, and a reason. */
export function close(code: number, reason: Payload = ''): RawFrame {
  return frame(0x8, concat(Uint8Array.of(code >> 8, code & 0xff), bytesOf(reason)))
}

/** One message in as many frames as there are parts. RFC 6455 §5.4. */
export function fragmented(first: RawFrame, ...rest: readonly Payload[]): RawFrame[] {
  return [
    { ...first, final: rest.length === 0 },
    ...rest.map((part, index) => continuation(part, { final: index === rest.length - 1 })),
  ]
}

/** The message in frames of `size` bytes, the last one shorter when it has to be. */
export function inFragments(whole: RawFrame, size: number): RawFrame[] {
  const { payload } = whole
  const count = Math.max(1, Math.ceil(payload.length / size))
  const parts = Array.from({ length: count }, (_, index) => payload.subarray(index * size, (index + 1) * size))
  return fragmented({ ...whole, payload: parts[0]! }, ...parts.slice(1))
}

/** The frame's bytes; masked with the four bytes of `mask` when there is one, as a client has to. RFC 6455 §5.3. */
export function encodeRaw({ opcode, final, reserved, payload }: RawFrame, mask?: Uint8Array): Uint8Array {
  const bytes = encodeFrame({ dialect: rfc6455, opcode: 'text', final, reserved, payload, ...(mask && { mask }) })
  bytes[0] = (bytes[0]! & 0xf0) | opcode
  return bytes
}

export function bytesOf(payload: Payload): Uint8Array {
  return typeof payload === 'string' ? encodeUtf8(payload) : payload
}
