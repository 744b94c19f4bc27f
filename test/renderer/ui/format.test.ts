import { describe, expect, it } from 'vitest'
import { formatCount, formatDuration, formatOffset, formatSize } from '../../../renderer/ui/format.ts'

describe('numbers as people read them', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [64 * 1024 * 1024, '64 MiB'],
    [5 * 1024 ** 4, '5 TiB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatSize(bytes)).toBe(text))

  it.each([
    [0.412, '0.412 ms'],
    [12, '12.0 ms'],
    [3200, '3.20 s'],
    [125_000, '2:05.0'],
  ])('%f milliseconds are %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text))

  it('offsets have four digits, and as many more as the longest needs', () => {
    expect(formatOffset(0xa6)).toBe('0x00a6')
    expect(formatOffset(0xa6, 0x1_0000)).toBe('0x000a6')
  })

  it('one is not plural', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'byte'))).toEqual(['0 bytes', '1 byte', '2 bytes'])
  })
})
