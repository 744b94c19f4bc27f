import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeUtf8,
  encodeUtf8,
  encodeUtf8Behind,
  endsWhole,
  type Utf8State,
  utf8Start,
  validateUtf8,
} from '../../../shared/bytes/utf8.ts'
import { fromHex } from '../vectors.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const mostlyUtf8 = fc
  .oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f), {
      maxLength: 20,
    }),
  )
  .map((bytes) => Uint8Array.from(bytes))

function validate(bytes: Uint8Array): Utf8State {
  return validateUtf8(utf8Start, bytes)
}

function platformAccepts(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

describe('encoding', () => {
  it('is what a Buffer of Node holds, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a', '😀') })), (text) => {
        expect(encodeUtf8(text)).toEqual(new Uint8Array(Buffer.from(text)))
      }),
    )
  })
})

describe('decoding', () => {
  it('is what a Buffer of Node reads in any bytes', () => {
    fc.assert(
      fc.property(mostlyUtf8, (bytes) => {
        expect(decodeUtf8(bytes)).toBe(Buffer.from(bytes).toString())
      }),
    )
  })

  it('keeps a byte order mark: it is part of the message', () => {
    expect(decodeUtf8(fromHex('ef bb bf 61'))).toBe('\ufeffa')
  })

  it('replaces the longest run that begins a character by one mark', () => {
    expect(decodeUtf8(fromHex('e6 bc 61 f0 80 c3'))).toBe('\ufffda\ufffd\ufffd\ufffd')
  })

  it('takes a range of a larger buffer', () => {
    expect(decodeUtf8(encodeUtf8('aéb'), 1, 3)).toBe('é')
  })

  it('takes text longer than one block, with characters across the seam', () => {
    const text = `${'a'.repeat(4095)}😀${'é'.repeat(9000)}`
    expect(decodeUtf8(encodeUtf8(text))).toBe(text)
  })
})

describe('text that is ASCII for long', () => {
  it.each([10, 1020, 1024, 4096, 4097, 9000])('is the platform’s after %i characters, whatever follows', (length) => {
    for (const rest of ['', 'é', '漢z', '😀', '\ud800']) {
      const text = 'x'.repeat(length) + rest
      const bytes = new Uint8Array(Buffer.from(text))
      expect(encodeUtf8(text)).toEqual(bytes)
      expect(encodeUtf8Behind(9, text)).toEqual(new Uint8Array([...new Uint8Array(9), ...bytes]))
      expect(decodeUtf8(bytes)).toBe(Buffer.from(bytes).toString())
      expect(decodeUtf8(bytes, 3)).toBe(Buffer.from(bytes).toString('utf8', 3))
    }
  })
})

describe('validating', () => {
  it('accepts what the platform’s fatal decoder accepts, and nothing else', () => {
    fc.assert(
      fc.property(mostlyUtf8, (bytes) => {
        expect(endsWhole(validate(bytes))).toBe(platformAccepts(bytes))
      }),
    )
  })

  it('gives the same state however the bytes are cut', () => {
    fc.assert(
      fc.property(mostlyUtf8, fc.nat(40), (bytes, seed) => {
        const cut = Math.min(seed, bytes.length)
        const inTwo = validateUtf8(validateUtf8(utf8Start, bytes, 0, cut), bytes, cut)
        let byByte = utf8Start
        for (let i = 0; i < bytes.length; i++) byByte = validateUtf8(byByte, bytes, i, i + 1)
        expect(inTwo).toEqual(validate(bytes))
        expect(byByte).toEqual(validate(bytes))
      }),
    )
  })

  it.each([
    ['a stray continuation byte', '61 80', 1],
    ['an overlong slash', 'c0 af', 0],
    ['an overlong form of three bytes', 'e0 9f bf', 1],
    ['a surrogate', 'ed a0 80', 1],
    ['a code point past U+10FFFF', 'f4 90 80 80', 1],
    ['a byte that is never used', '61 61 f5', 2],
    ['a character cut short by another', 'e6 bc 61', 2],
  ])('rejects %s at the first byte that no continuation can save', (_, hex, at) => {
    const bytes = fromHex(hex)
    expect(validate(bytes).invalidAt).toBe(at)
    expect(validate(bytes.subarray(0, at)).invalidAt).toBe(-1)
  })

  it('finds the first byte that is wrong at every place of a long text, wherever that begins in its buffer', () => {
    for (let offset = 0; offset < 8; offset++) {
      const text = new Uint8Array(offset + 80).fill(0x61).subarray(offset)
      for (let at = 0; at < text.length; at++) {
        text[at] = 0xff
        expect(validate(text).invalidAt).toBe(at)
        text[at] = 0x61
      }
      expect(endsWhole(validate(text))).toBe(true)
    }
  })

  it('says where the character begins that the end cut off', () => {
    const state = validate(fromHex('61 e6 bc'))
    expect(endsWhole(state)).toBe(false)
    expect(state).toMatchObject({ characterAt: 1, need: 1, invalidAt: -1, length: 3 })
  })

  it('keeps the first bad offset whatever comes after', () => {
    expect(validateUtf8(validate(fromHex('61 ff')), fromHex('61 ff'))).toMatchObject({ invalidAt: 1, length: 4 })
  })
})
