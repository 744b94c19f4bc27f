import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { added, allGathered, type Gathered, gather, nothingGathered } from '../../../shared/bytes/gathered.ts'

const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 })
const announced = fc.nat(1000)
const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, i) => i * 7)

function gathered(from: Gathered, parts: readonly Uint8Array[], announcing: number): Gathered {
  return parts.reduce((before, part) => gather(before, part, announcing), from)
}

describe('bytes that come piece by piece', () => {
  it('are all there in order, whatever was announced, in an array that is no longer', () => {
    fc.assert(
      fc.property(pieces, announced, (parts, announcing) => {
        const all = allGathered(gathered(nothingGathered, parts, announcing))
        expect([...all]).toEqual(parts.flatMap((part) => [...part]))
      }),
    )
  })

  it('are a value: what two go on from does not change with either', () => {
    fc.assert(
      fc.property(pieces, pieces, pieces, announced, (first, one, other, announcing) => {
        const common = gathered(nothingGathered, first, announcing)
        const [oneOn, otherOn] = [gathered(common, one, announcing), gathered(common, other, announcing)]
        const bytes = (parts: readonly Uint8Array[]) => parts.flatMap((part) => [...part])
        expect([...allGathered(common)]).toEqual(bytes(first))
        expect([...allGathered(oneOn)]).toEqual(bytes([...first, ...one]))
        expect([...allGathered(otherOn)]).toEqual(bytes([...first, ...other]))
      }),
    )
  })

  it('stand in one array that is never moved, when as many come as were announced, and the first are an eighth', () => {
    const first = gather(nothingGathered, bytesOf(10_000), 80_000)
    const second = gather(first, bytesOf(70_000), 80_000)
    expect(second.room).toBe(first.room)
    expect(allGathered(second)).toBe(first.room.bytes)
    expect(added(first, second)).toEqual(bytesOf(70_000))
  })

  it('are changed by whoever gathered them, where they stand', () => {
    const first = gather(nothingGathered, bytesOf(3), 6)
    const second = gather(first, bytesOf(3), 6)
    added(first, second).fill(9)
    expect([...allGathered(second)]).toEqual([0, 7, 14, 9, 9, 9])
  })

  it('take no more room than eight times what came, whatever was announced', () => {
    expect(nothingGathered.room.bytes).toHaveLength(0)
    expect(gather(nothingGathered, bytesOf(100), 2 ** 40).room.bytes).toHaveLength(800)
    expect(gather(nothingGathered, new Uint8Array(0), 2 ** 40).room.bytes).toHaveLength(0)
  })

  it('are moved a few times only, when they come one by one and twice as many are expected each time', () => {
    const rooms = new Set<unknown>()
    let all = nothingGathered
    for (let i = 0; i < 10_000; i++) {
      all = gather(all, Uint8Array.of(i), 2 * all.size)
      rooms.add(all.room)
    }
    expect(rooms.size).toBeLessThan(20)
    expect(allGathered(all)).toEqual(Uint8Array.from({ length: 10_000 }, (_, i) => i))
  })
})
