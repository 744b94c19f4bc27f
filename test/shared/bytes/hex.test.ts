import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHex, toHex } from '../../../shared/bytes/hex.ts'

const request = Buffer.from('GET /demo HTTP/1.1\r\nHost: a\r\n', 'latin1')

function bytesOf(text: string): string {
  const parsed = parseHex(text)
  return parsed.ok ? toHex(parsed.value) : parsed.error
}

describe('writing hex', () => {
  it('gives two lower-case digits a byte, with a separator between bytes if asked', () => {
    expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff')
    expect(toHex(Uint8Array.of(0, 10, 255), ' ')).toBe('00 0a ff')
    expect(toHex(new Uint8Array())).toBe('')
  })

  it('is undone by reading', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('', ' ', ':', '-', ', ', '\n'), (bytes, separator) => {
        expect(parseHex(toHex(bytes, separator))).toEqual({ ok: true, value: bytes })
      }),
    )
  })
})

describe('reading bytes written by hand', () => {
  it.each([
    ['8f18', '8f18'],
    ['  8F 18\n15 f0 ', '8f1815f0'],
    ['0x8f, 0x18, 0x15', '8f1815'],
    ['8f:18:15', '8f1815'],
    ['8f-18-15', '8f1815'],
    ['\\x8f\\x18', '8f18'],
    ['84 05 48656c6c6f', '840548656c6c6f'],
    ['0000 8f18', '00008f18'],
    ['8405  48656c6c6f', '840548656c6c6f'],
    ['', ''],
    ['\n \n', ''],
  ])('takes %j', (text, hex) => {
    expect(bytesOf(text)).toBe(hex)
  })

  it('says which character of which line is not a digit', () => {
    expect(bytesOf('8f 18\n15 g0')).toBe('Line 2 has "g" in "g0", which is not a hex digit.')
  })

  it('says where half a byte is missing', () => {
    expect(bytesOf('8f 1')).toBe('Line 1 has an odd number of hex digits in "1": write every byte with two.')
  })
})

describe('reading dumps of tools', () => {
  it('takes xxd with its text column', () => {
    const dump = [
      '00000000: 4745 5420 2f64 656d 6f20 4854 5450 2f31  GET /demo HTTP/1',
      '00000010: 2e31 0d0a 486f 7374 3a20 610d 0a         .1..Host: a..',
    ]
    expect(bytesOf(dump.join('\n'))).toBe(toHex(request))
  })

  it('takes hexdump -C, whose last line is an offset alone', () => {
    const dump = [
      '00000000  47 45 54 20 2f 64 65 6d  6f 20 48 54 54 50 2f 31  |GET /demo HTTP/1|',
      '00000010  2e 31 0d 0a 48 6f 73 74  3a 20 61 0d 0a           |.1..Host: a..|',
      '0000001d',
    ]
    expect(bytesOf(dump.join('\r\n'))).toBe(toHex(request))
  })

  it('takes Wireshark’s bytes as hex and text', () => {
    const dump = [
      '0000   47 45 54 20 2f 64 65 6d 6f 20 48 54 54 50 2f 31   GET /demo HTTP/1',
      '0010   2e 31 0d 0a 48 6f 73 74 3a 20 61 0d 0a            .1..Host: a..',
      '',
    ]
    expect(bytesOf(dump.join('\n'))).toBe(toHex(request))
  })

  it('takes od -A x -t x1', () => {
    const dump = ['000000 47 45 54 20 2f 64 65 6d 6f 20 48 54 54 50 2f 31', '000010 2e 31 0d 0a', '000014']
    expect(bytesOf(dump.join('\n'))).toBe('474554202f64656d6f20485454502f312e310d0a')
  })

  it('takes a single line, and a dump cut out of the middle', () => {
    expect(bytesOf('0000  8f 18 15 f0')).toBe('8f1815f0')
    expect(bytesOf('00000040: 8f18 15f0  ....')).toBe('8f1815f0')
  })

  it('is not taken in by a text column that looks like hex or like the end of the column', () => {
    expect(bytesOf('00000000: 6162 6364 7c20 3132  abcd| 12')).toBe('616263647c203132')
    expect(bytesOf('00000000  61 62 20 7c 63  |ab |c|')).toBe('6162207c63')
  })

  it('says that lines are missing when the offsets do not add up', () => {
    const dump = ['00000000: 4745 5420', '00000010: 2e31 0d0a']
    expect(bytesOf(dump.join('\n'))).toBe('Line 2 begins at offset 0x10 where 0x4 was due: lines are missing.')
  })

  it('says what to do about lines that hexdump left out', () => {
    const dump = ['00000000  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  |aaaaaaaaaaaaaaaa|', '*', '00001000']
    expect(bytesOf(dump.join('\n'))).toBe(
      'Line 2 is "*": the dump leaves repeated lines out. Make it again with "hexdump -v" or "xxd".',
    )
  })

  it('never throws, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0f8 :|.*x\n\t,-') }), (text) => {
        const parsed = parseHex(text)
        if (!parsed.ok) expect(parsed.error).toMatch(/^Line \d+ .*\.$/)
      }),
    )
  })
})
