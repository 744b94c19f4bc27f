import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { lanes } from '../../../shared/bytes/lanes.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { framingOf, longestHeader } from '../../../shared/framing/header.ts'
import { repeatFrame } from '../../../shared/replay/remask.ts'

const [old, fresh] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(9, 8, 7, 6)]
const keys = { recorded: new Uint8Array(20).fill(5), live: new Uint8Array(20).fill(6) }

/** The frame sent again, its payload in pieces of `block`. */
function repeated(frame: Uint8Array, remasking: Parameters<typeof repeatFrame>[1], block: number): Uint8Array | null {
  const again = repeatFrame(frame.subarray(0, longestHeader), remasking)
  if (!again) return null
  const payload = frame.subarray(again.header.length)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < payload.length; at += block) pieces.push(again.payload(payload.slice(at, at + block), at))
  return concat(again.header, ...pieces)
}

describe('a recorded frame, masked anew', () => {
  it.each(dialects.flatMap((dialect) => lanes.map((lane) => ({ dialect, lane, id: dialect.id }))))(
    'of $id, $lane, is the same frame with the new key, however its payload is cut',
    ({ dialect, lane }) => {
      const masks = dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none' && lane === 'clientToServer'
      const frame = (payload: Uint8Array, mask: Uint8Array, connectionKey: Uint8Array) =>
        encodeFrame({ dialect, opcode: 'text', final: true, payload, connectionKey, ...(masks && { mask }) })
      const remasking = {
        recorded: framingOf(dialect, lane, keys.recorded),
        live: framingOf(dialect, lane, keys.live),
        key: () => fresh,
      }
      const text = fc.uint8Array({ maxLength: 300, max: 127 })
      fc.assert(
        fc.property(text, fc.integer({ min: 1, max: 64 }), (payload, block) => {
          expect(repeated(frame(payload, old, keys.recorded), remasking, block)).toEqual(
            frame(payload, fresh, keys.live),
          )
        }),
        { numRuns: 40 },
      )
    },
  )

  it.each([
    ['', null],
    ['81', null],
    ['8185010203', null],
    ['8300', '8300'],
    ['817e0001', '817e0001'],
  ])('leaves %j as it is', (hex, header) => {
    const framing = framingOf(dialects.at(-1)!, 'clientToServer')
    const again = repeatFrame(Buffer.from(hex, 'hex'), { recorded: framing, live: framing, key: () => fresh })
    expect(again && Buffer.from(again.header).toString('hex').slice(0, hex.length)).toBe(header)
  })
})
