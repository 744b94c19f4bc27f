import { describe, expect, it } from 'vitest'
import { copyOf, roomFor } from '../../../shared/bytes/room.ts'

const sizes = [0, 1, 64, 65, 100, 1000, 4096, 4097, 20_000]

describe('room', () => {
  it('is as long as was asked for, and zeros', () => {
    for (const size of [...sizes, ...sizes]) {
      const room = roomFor(size)
      expect(room).toEqual(new Uint8Array(size))
      room.fill(0xff)
    }
  })

  it('never overlaps other room', () => {
    const rooms = Array.from({ length: 500 }, (_, i) => roomFor(65 + ((i * 37) % 900)))
    rooms.forEach((room, i) => {
      room.fill(i & 0xff)
    })
    for (const [i, room] of rooms.entries()) expect(room.every((byte) => byte === (i & 0xff))).toBe(true)
  })

  it('keeps no more than 8 KiB for what is small', () => {
    for (const size of sizes) expect(roomFor(size).buffer.byteLength).toBeLessThanOrEqual(Math.max(8192, size))
  })

  it('holds copies that do not change with what was copied', () => {
    for (const size of sizes) {
      const given = Buffer.alloc(size, 1)
      const copy = copyOf(given)
      given.fill(2)
      expect(copy).toEqual(new Uint8Array(size).fill(1))
    }
  })
})
