import { describe, expect, it } from 'vitest'
import { toHex } from '../../../shared/bytes/hex.ts'
import { parseOneWay, parsePasted } from '../../../shared/bytes/pasted.ts'

/** The form, and `0:hex` or `1:hex` for each piece; else the error. */
function read(text: string): string {
  const pasted = parsePasted(text)
  if (!pasted.ok) return pasted.error
  const { form, pieces } = pasted.value
  return [form, ...pieces.map(({ peer, bytes }) => `${peer}:${toHex(bytes)}`)].join(' ')
}

describe('bytes as people paste them', () => {
  it.each([
    ['81 05 48656c6c6f', 'hex 0:810548656c6c6f'],
    ['00000000: 8105 4865 6c6c 6f                        ..Hello', 'a hex dump 0:810548656c6c6f'],
    ['00000000  81 05 48 65 6c 6c 6f  |..Hello|\n00000007', 'a hex dump 0:810548656c6c6f'],
    ['0000   81 05 48 65 6c 6c 6f   ..Hello', 'a hex dump 0:810548656c6c6f'],
    ['"\\x81\\x05Hello"'.replace('Hello', '\\x48'), 'an escaped string 0:810548'],
    ['"\\x81\\x05" \\\n"\\x48";', 'an escaped string 0:810548'],
    [
      'unsigned char sent[] = {\n  0x81, 0x05, /* header */\n  72, 0x65 // payload\n};\nunsigned int sent_len = 4;',
      'an array of C 0:81054865',
    ],
    ['gQVIZWxsbw==', 'base64 0:810548656c6c6f'],
    ['gQVI\nZWxsbw==\n', 'base64 0:810548656c6c6f'],
    [' \n', 'hex'],
  ])('reads %j', (text, says) => {
    expect(read(text)).toBe(says)
  })

  it('reads both directions of a stream that Wireshark follows, in their order', () => {
    const followed = [
      '00000000  81 80 00 00 00 00                                  ......',
      '    00000000  81 02 68 69                                        ..hi',
      '    00000004  8a 00                                              ..',
      '00000006  89 80 00 00 00 00                                  ......',
    ]
    expect(read(followed.join('\n'))).toBe('a hex dump of both directions 0:818000000000 1:810268698a00 0:898000000000')
  })

  it('reads both directions as arrays of C, which Wireshark calls by who speaks', () => {
    const arrays = [
      'char peer0_0[] = { /* Packet 4 */\n0x81, 0x80, 0x00, 0x00, \n0x00, 0x00 };',
      'char peer1_0[] = { /* Packet 6 */\n0x8a, 0x00 };',
    ]
    expect(read(arrays.join('\n'))).toBe('an array of C 0:818000000000 1:8a00')
  })

  it.each([
    ['81 05\n48 6g', 'Line 2 has "g" in "6g", which is not a hex digit.'],
    ['{ 0x81,\n 0x123 }', 'Line 2 has "0x123" in an array, where a byte from 0 to 255 or 0x00 to 0xff was due.'],
    ['{ 0x81, 256 }', 'Line 1 has "256" in an array, where a byte from 0 to 255 or 0x00 to 0xff was due.'],
    ['81 85 37fz', 'Line 1 has "z" in "37fz", which is not a hex digit.'],
    [
      '00000000  81 80\n    00000000  81 02\n    00000009  8a 00',
      'Line 3 begins at offset 0x9 where 0x2 was due: lines are missing.',
    ],
    [
      '00000000  81 05 48  |..H|\n0000000g  12',
      'Line 2 is no row of a dump, as those before it are: an offset, bytes of two hex digits, the text.',
    ],
    ['37fa213d\nb46g', 'Line 2 has "g" in "b46g", which is not a hex digit.'],
    ['hello, world', 'Line 1 has "h" in "hello", which is not a hex digit.'],
  ])('says what is wrong with %j, and where', (text, says) => {
    expect(read(text)).toBe(says)
  })

  it('does not take one direction for two', () => {
    expect(parseOneWay('81 05')).toEqual({ ok: true, value: Uint8Array.of(0x81, 5) })
    expect(parseOneWay('char peer1_0[] = { 1 };')).toMatchObject({ ok: false })
  })
})
