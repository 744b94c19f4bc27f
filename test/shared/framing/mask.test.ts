import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMask, applyMaskBriefly, maskInPlace } from '../../../shared/framing/mask.ts'

const bytes = fc.uint8Array({ maxLength: 200 })
// RFC 6455 §5.3: four bytes. hybi-04 §4.2: the twenty of a hash.
const key = fc.constantFrom(4, 20).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }))
const phase = fc.nat(50)

/** The rule as the text has it, a byte at a time. */
function masked(plain: Uint8Array, by: Uint8Array, from: number): Uint8Array {
  return plain.map((byte, i) => byte ^ by[(from + i) % by.length]!)
}

describe('masking', () => {
  it('puts the key on every byte in turn, whatever the length of either', () => {
    fc.assert(
      fc.property(bytes, key, phase, (plain, by, from) => {
        expect(applyMask(plain, by, from)).toEqual(masked(plain, by, from))
        expect(applyMaskBriefly(plain, by, from)).toEqual(masked(plain, by, from))
      }),
    )
  })

  it('masks in place from any place on, wherever the bytes begin in their buffer', () => {
    fc.assert(
      fc.property(bytes, key, phase, fc.nat(7), fc.nat(20), (plain, by, from, offset, at) => {
        const buffer = new Uint8Array(offset + plain.length)
        const view = buffer.subarray(offset)
        view.set(plain)
        const first = Math.min(at, plain.length)
        maskInPlace(view, first, by, from)
        expect([...view]).toEqual([...plain.subarray(0, first), ...masked(plain.subarray(first), by, from)])
      }),
    )
  })

  it('can be had briefly, for more than one read brings too', () => {
    const [plain, by] = [new Uint8Array(100_000).map((_, i) => i * 7), Uint8Array.of(1, 2, 3, 4)]
    expect(applyMaskBriefly(plain, by).every((byte, i) => byte === (plain[i]! ^ by[i % 4]!))).toBe(true)
    const short = applyMaskBriefly(plain.subarray(0, 9), by)
    expect(applyMaskBriefly(plain.subarray(9, 18), by).buffer).toBe(short.buffer)
  })

  it('leaves what it is given as it is, a Buffer of Node too, whose slices are no copies', () => {
    for (const size of [16, 100, 5000]) {
      const given = Buffer.alloc(size, 0x41)
      applyMask(given, Uint8Array.of(1, 2, 3, 4))
      expect(given.equals(Buffer.alloc(size, 0x41))).toBe(true)
    }
  })
})
