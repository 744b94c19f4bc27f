import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8Start, validateUtf8 } from '../../../shared/bytes/utf8.ts'
import { applyMask } from '../../../shared/framing/mask.ts'
import { validateMasked } from '../../../shared/framing/maskedText.ts'

const key = fc.constantFrom(4, 20).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }))
const ascii = fc.nat(300).map((length) => new Uint8Array(length).fill(0x61))
/** Long runs of ASCII with any bytes between them. */
const text = fc
  .tuple(ascii, fc.uint8Array({ maxLength: 5 }), ascii)
  .map(([before, between, after]) => Uint8Array.of(...before, ...between, ...after))
/** Behind nothing, inside a character, behind text that is bad. */
const before = fc
  .constantFrom([], [0x61], [0xf0, 0x9f], [0xff])
  .map((bytes) => validateUtf8(utf8Start, Uint8Array.from(bytes)))

describe('text that is masked', () => {
  it('is judged as what is below the mask, wherever the bytes begin in their buffer', () => {
    fc.assert(
      fc.property(before, text, key, fc.nat(50), fc.nat(7), (state, plain, by, phase, offset) => {
        const wire = new Uint8Array(offset + plain.length).subarray(offset)
        wire.set(applyMask(plain, by, phase))
        expect(validateMasked(state, wire, by, phase)).toEqual(validateUtf8(state, plain))
        const whole = Uint8Array.of(...wire, 0xff, 0xff)
        for (const from of [0, 5].filter((some) => some <= plain.length)) {
          const judged = validateMasked(state, whole, by, phase + from, from, plain.length)
          expect(judged).toEqual(validateUtf8(state, plain, from))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('may have no mask', () => {
    expect(validateMasked(utf8Start, Uint8Array.of(0x61, 0xff), null).invalidAt).toBe(1)
  })
})
