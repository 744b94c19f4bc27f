import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeLatin1, isLatin1, lowerAscii, shorten, visible } from '../../../shared/bytes/ascii.ts'
import { parseBase64, toBase64 } from '../../../shared/bytes/base64.ts'
import { concat, equalBytes } from '../../../shared/bytes/concat.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'

describe('Latin-1', () => {
  it('gives every byte one character and takes it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encodeLatin1(decodeLatin1(bytes))).toEqual(bytes)
        expect(decodeLatin1(bytes)).toBe(Buffer.from(bytes).toString('latin1'))
      }),
    )
  })

  it('reads more bytes than a call can take arguments', () => {
    expect(decodeLatin1(new Uint8Array(1_000_000).fill(0x61))).toBe('a'.repeat(1_000_000))
  })

  it('refuses a character that does not fit, and can be asked first', () => {
    expect(isLatin1('café')).toBe(true)
    expect(isLatin1('…')).toBe(false)
    expect(() => encodeLatin1('a…')).toThrow('character 2 of "a…" does not fit one byte')
  })
})

describe('text for people', () => {
  it('makes control characters visible without changing the length', () => {
    expect(visible('a\r\n\x7f\x85')).toBe('a␍␊␡·')
  })

  it('is cut with an ellipsis, never inside a surrogate pair', () => {
    expect(shorten('hello', 5)).toBe('hello')
    expect(shorten('hello!', 5)).toBe('hell…')
    expect(shorten('ab😀cd', 4)).toBe('ab…')
  })

  it('lowers A-Z and nothing else', () => {
    expect(lowerAscii('Sec-WebSocket-KEY İ')).toBe('sec-websocket-key İ')
  })
})

describe('base64', () => {
  it('writes what the platform writes, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(parseBase64(toBase64(bytes))).toEqual({ bytes })
      }),
    )
  })

  it('lets pad bits through that are not zero, as in RFC 6455’s own example', () => {
    expect(parseBase64('AQIDBAUGBwgJCgsMDQ4PEC==')).toEqual(parseBase64('AQIDBAUGBwgJCgsMDQ4PEA=='))
  })

  it.each([
    ['this is not', 4],
    ['ab!d', 2],
    ['abc', 3],
    ['a===', 1],
    ['ab=c', 2],
    ['é===', 0],
  ])('says where %j goes wrong', (text, badAt) => {
    expect(parseBase64(text)).toEqual({ badAt })
  })
})

describe('joining and comparing', () => {
  it('joins copies in order', () => {
    const part = Uint8Array.of(1)
    const joined = concat(part, Uint8Array.of(2, 3))
    part[0] = 9
    expect(joined).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('tells equal bytes from others', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })
})

describe('seeded bytes', () => {
  it('are the same for the same seed, however they are asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(20), { maxLength: 8 }), (seed, counts) => {
        const random = seededRandom(seed)
        const parts = counts.map((count) => random(count))
        expect(concat(...parts)).toEqual(seededRandom(seed)(counts.reduce((a, b) => a + b, 0)))
      }),
    )
  })

  it('never change between versions: recorded seeds must give the same session again', () => {
    expect(Buffer.from(seededRandom(7)(16)).toString('hex')).toMatchInlineSnapshot(`"6f1bc4df461d78a8fd3601d375cc25b0"`)
  })

  it('differ between neighbouring seeds and between those 2^32 apart', () => {
    const firsts = [0, 1, 2, 2 ** 32, 2 ** 32 + 1].map((seed) => Buffer.from(seededRandom(seed)(8)).toString('hex'))
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('use all byte values about equally often', () => {
    const counts = new Uint32Array(256)
    for (const byte of seededRandom(1)(256 * 400)) counts[byte]!++
    expect(Math.min(...counts)).toBeGreaterThan(300)
    expect(Math.max(...counts)).toBeLessThan(500)
  })
})
