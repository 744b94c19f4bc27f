// Messages whose frames cannot be sent as they were, because the two ends agreed on another compression this time.
import type { Lane } from '../bytes/lanes.ts'
import { type Agreed, compressedBit } from '../endpoint/agreed.ts'
import { createDeflater, deflate } from '../extensions/deflate.ts'
import { encodeFrame } from '../framing/encode.ts'
import { maskingKeyLength } from '../framing/header.ts'
import { itemsOf, type SaidItem } from './items.ts'
import type { Script } from './script.ts'

/** Whether what was deflated as `recorded` cannot be read by an end that has agreed on `live`. */
export function recodes(recorded: Agreed, live: Agreed, lane: Lane): boolean {
  const [old, now] = [recorded.compression, live.compression]
  if (!old || !now) return old !== now
  const [was, is] = [old.lanes[lane], now.lanes[lane]]
  return old.unit !== now.unit || is.windowBits < was.windowBits || (was.contextTakeover && !is.contextTakeover)
}

/**
 * Gives the frames of the messages that end at or before a lane offset and were not given yet, each message in one frame,
 * deflated as agreed on now. Offsets must not go down.
 */
export function createRecoder(
  { world, dialect, lane, role }: Script,
  { compression, connectionKey }: Agreed,
  random: (count: number) => Uint8Array,
): (until: number) => Iterable<Uint8Array> {
  const items = itemsOf(world, lane)[Symbol.iterator]()
  const own = compression?.lanes[lane]
  const masks = role === 'client' && dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none'
  let deflater = own ? createDeflater(own.windowBits, own.contextTakeover) : null
  let next = items.next()

  function encode(opcode: 'text' | 'binary', message: Uint8Array): Uint8Array {
    const deflated = deflater && deflate(deflater, message)
    if (deflated) deflater = deflated.deflater
    const payload = deflated?.bytes ?? message
    const [reserved, mask] = [deflated ? compressedBit : 0, masks ? { mask: random(maskingKeyLength) } : {}]
    return encodeFrame({ dialect, opcode, final: true, payload, reserved, connectionKey, ...mask })
  }

  return function* (until) {
    for (; !next.done && next.value.span.end <= until; next = items.next()) {
      const { kind, payload }: SaidItem = next.value
      if (kind === 'text' || kind === 'binary') yield encode(kind, payload)
    }
  }
}
