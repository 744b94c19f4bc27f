// Where the parts of a frame are, however much of it is there.
import type { OpcodeName } from '../dialects/dialect.ts'
import {
  emptyFrameHeader,
  extendedLengthSize,
  frameMask,
  framingOf,
  headerInClear,
  maskingKeySize,
  payloadMask,
  readFrameHeader,
} from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { opcodeName } from '../framing/opcodes.ts'
import type { FrameInput } from './description.ts'

/** Indices in the unit's bytes: [from, to) is there, of `size` bytes by the header. */
export interface Part {
  readonly from: number
  readonly to: number
  readonly size: number
}

export interface FrameParts {
  /** The masking key in front of the header, where all of the frame is masked. */
  readonly front: Part
  /** What the front stands for: itself, or its hash with the key of the connection; null while that is not known. */
  readonly mask: Uint8Array | null
  /** The header's first bytes in clear, at most ten. */
  readonly head: Uint8Array
  readonly name: OpcodeName | undefined
  readonly opcode: number
  readonly final: boolean
  readonly extended: Part
  readonly key: Part
  readonly payload: Part
  /** The payload that is there, unmasked. */
  readonly plain: Uint8Array
  /** What the payload says: `plain`, inflated where it is deflated. `contentCut`: more of it follows. */
  readonly content: Uint8Array
  readonly contentCut: boolean
  /** Whether the payload goes on after what is there. */
  readonly cut: boolean
  /** Null while the length is not all there. */
  readonly payloadLength: number | null
  readonly lengthUnusable: boolean
}

/** Splits a frame. Total: bytes after its end belong to no part. */
export function frameParts({ dialect, lane, bytes, inflated, connectionKey = null }: FrameInput): FrameParts {
  const framing = framingOf(dialect, lane, connectionKey)
  const head = headerInClear(bytes, framing)
  const first = head[0] ?? 0
  const second = head[1] ?? 0
  const front = partAt(bytes, 0, framing.keyInFront)
  // Where the key is not known, nothing behind the front can be told apart.
  const start = front.size + (framing.awaitsKey ? 0 : 2)
  const extended = partAt(bytes, start, extendedLengthSize(second))
  const key = partAt(bytes, start + extended.size, maskingKeySize(dialect, second))
  const header = emptyFrameHeader()
  const whole = readFrameHeader(bytes, 0, bytes.length, framing, header) === 0
  const payloadSize = whole && !header.lengthUnusable ? header.payloadLength : 0
  const payload = partAt(bytes, start + extended.size + key.size, payloadSize)
  const ofPayload = whole ? payloadMask(bytes, 0, framing, header) : null
  const wire = bytes.subarray(payload.from, payload.to)
  const plain = ofPayload ? applyMask(wire, ofPayload) : wire
  const cut = payload.to - payload.from < payload.size
  return {
    front,
    mask:
      front.size > 0 && front.to === front.size && !framing.awaitsKey
        ? frameMask(bytes.subarray(0, front.size), framing)
        : null,
    head,
    name: head.length > 0 ? opcodeName(dialect, first & 0x0f) : undefined,
    opcode: first & 0x0f,
    final: first >= 0x80 === (dialect.firstBit === 'fin'),
    extended,
    key,
    payload,
    plain,
    content: inflated?.bytes ?? plain,
    contentCut: inflated?.more ?? cut,
    cut,
    payloadLength: whole ? header.payloadLength : null,
    lengthUnusable: whole && header.lengthUnusable,
  }
}

function partAt(bytes: Uint8Array, at: number, size: number): Part {
  const from = Math.min(at, bytes.length)
  return { from, to: Math.min(at + size, bytes.length), size }
}

/** A close body that has a code. RFC 6455 §5.5.1. `code` is null when there are fewer than two bytes. */
export function closeParts(body: Uint8Array): { readonly code: number | null; readonly reason: Uint8Array } {
  if (body.length < 2) return { code: null, reason: body.subarray(body.length) }
  return { code: (body[0]! << 8) | body[1]!, reason: body.subarray(2) }
}
