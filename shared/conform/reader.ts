// What a peer under test sends, as it is: the head, then frames put together into messages. Reads anything; what is
// wrong with it is for the judges. It is kept apart from the receiver, which is itself under test.
import { concat } from '../bytes/concat.ts'
import type { Span } from '../bytes/span.ts'
import { rfc6455 } from '../dialects/rfc6455.ts'
import { emptyFrameHeader, framingOf, maskingKeySize, readFrameHeader } from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { findHeadEnd } from '../handshake/head.ts'

/** Where the bytes of a payload are on the lane: the pieces in order. */
export interface Placed {
  readonly payload: Uint8Array
  readonly pieces: readonly Span[]
}

export type PeerItem = Span &
  (
    | { readonly kind: 'head'; readonly bytes: Uint8Array }
    /** `compressed`: RSV1 of the first frame. RFC 7692 §6. */
    | (Placed & { readonly kind: 'text' | 'binary'; readonly compressed: boolean })
    | (Placed & { readonly kind: 'ping' | 'pong' | 'close' })
    | (Placed & { readonly kind: 'other'; readonly opcode: number })
  )

export interface Reader {
  /** Bytes taken so far. */
  readonly length: number
  take(bytes: Uint8Array): readonly PeerItem[]
}

interface OpenMessage {
  readonly kind: 'text' | 'binary'
  readonly compressed: boolean
  readonly start: number
  readonly parts: Uint8Array[]
  readonly pieces: Span[]
}

const lone = { 8: 'close', 9: 'ping', 10: 'pong' } as const

/** A reader at the beginning of a lane. */
export function createReader(): Reader {
  const held = createHeld()
  const header = emptyFrameHeader()
  const framing = framingOf(rfc6455, 'clientToServer') // the same on both lanes
  let message: OpenMessage | null = null
  let opened = false

  function head(): PeerItem | null {
    const bytes = held.peek()
    const size = findHeadEnd(bytes)
    if (size < 0) return null
    opened = true
    return { kind: 'head', ...held.drop(size), bytes: bytes.subarray(0, size) }
  }

  /** Null when no whole frame is there; undefined when one is that makes no item yet. */
  function frame(): PeerItem | null | undefined {
    const size = frameSize()
    if (size === null || held.length < size) return null
    const bytes = held.peek()
    const { start, end } = held.drop(size)
    const wire = bytes.subarray(header.headerLength, size)
    const keyAt = header.headerLength - maskingKeySize(rfc6455, bytes[1]!)
    const payload =
      keyAt < header.headerLength ? applyMask(wire, bytes.subarray(keyAt, header.headerLength)) : wire.slice()
    return itemOf(payload, { start, end }, { start: start + header.headerLength, end })
  }

  function frameSize(): number | null {
    const bytes = held.first(14)
    if (readFrameHeader(bytes, 0, bytes.length, framing, header) > 0) return null
    return header.headerLength + header.payloadLength
  }

  function itemOf(payload: Uint8Array, span: Span, piece: Span): PeerItem | undefined {
    const { opcode, final } = header
    if (opcode >= 8 || opcode > 2 || (opcode === 0 && !message)) {
      const kind = lone[opcode as keyof typeof lone] ?? 'other'
      return { kind, opcode, ...span, payload, pieces: [piece] } as PeerItem
    }
    if (opcode > 0) message = begun(opcode, span.start)
    const { kind, compressed, start, parts, pieces } = message!
    parts.push(payload)
    pieces.push(piece)
    if (!final) return undefined
    message = null
    return { kind, compressed, start, end: span.end, payload: concat(...parts), pieces }
  }

  function begun(opcode: number, start: number): OpenMessage {
    const compressed = (header.reserved & 4) !== 0
    return { kind: opcode === 1 ? 'text' : 'binary', compressed, start, parts: [], pieces: [] }
  }

  return {
    get length() {
      return held.end
    },
    take(bytes) {
      held.add(bytes)
      const items: PeerItem[] = []
      for (;;) {
        const item = opened ? frame() : head()
        if (item === null) return items
        if (item) items.push(item)
      }
    },
  }
}

/** Bytes that make no item yet. They are joined only when an item is there, so that a long frame is not copied often. */
function createHeld() {
  let parts: Uint8Array[] = []
  let length = 0
  let start = 0
  const joined = () => {
    if (parts.length !== 1) parts = [concat(...parts)]
    return parts[0]!
  }
  return {
    get length() {
      return length
    },
    get end() {
      return start + length
    },
    add(bytes: Uint8Array) {
      parts.push(bytes)
      length += bytes.length
    },
    /** The first `count` bytes, or as many as there are. */
    first(count: number): Uint8Array {
      return parts[0] && parts[0].length >= count ? parts[0] : joined()
    },
    peek: joined,
    drop(count: number): Span {
      const span = { start, end: start + count }
      parts = [joined().subarray(count)]
      length -= count
      start += count
      return span
    },
  }
}
