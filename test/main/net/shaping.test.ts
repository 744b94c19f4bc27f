import { describe, expect, it } from 'vitest'
import { createShaper, unshaped } from '../../../main/net/shaping.ts'

describe('shaping', () => {
  it('keeps nothing back when nothing is asked of it', () => {
    expect(createShaper(unshaped).due(1_000_000, 0).count).toBe(1_000_000)
  })

  it('delays every byte by as much, whatever came with it', () => {
    const shaper = createShaper({ ...unshaped, delay: 200 })
    shaper.arrived(10, 1000)
    shaper.arrived(5, 1100)
    expect(shaper.due(15, 1100)).toEqual({ count: 0, wait: 100 })
    expect(shaper.due(15, 1199.5).count).toBe(0)
    expect(shaper.due(15, 1200).count).toBe(10)
    expect(shaper.due(5, 1200)).toEqual({ count: 0, wait: 100 })
    expect(shaper.due(5, 1300).count).toBe(5)
  })

  it('delays no byte that was held before it began', () => {
    const shaper = createShaper({ ...unshaped, delay: 200 })
    shaper.arrived(1, 0)
    expect(shaper.due(8, 0).count).toBe(7)
  })

  it('lets no more bytes through than the rate allows, however long nothing came', () => {
    const shaper = createShaper({ ...unshaped, rate: 1000 })
    let [now, gone] = [60_000, 0]
    for (; now < 70_000; now += 7) {
      const { count } = shaper.due(1_000_000 - gone, now)
      shaper.went(count, now)
      gone += count
    }
    expect(gone).toBeGreaterThan(9_900)
    expect(gone).toBeLessThanOrEqual(10_020)
    const { count } = shaper.due(1_000_000, now + 60_000)
    expect(count).toBeLessThanOrEqual(20)
  })

  it('waits long enough for the next whole byte where the rate is less than one a tick', () => {
    const shaper = createShaper({ ...unshaped, rate: 4 })
    expect(shaper.due(9, 0)).toEqual({ count: 0, wait: 230 })
    expect(shaper.due(9, 230).count).toBe(1)
  })

  it('cuts into single bytes, or into pieces of the length that was drawn', () => {
    expect(createShaper({ ...unshaped, segments: 'byte' }).due(9, 0).count).toBe(1)
    const drawn = [0, 0.5, 0.999]
    const shaper = createShaper({ ...unshaped, segments: 'random' }, () => drawn.shift()!)
    expect([1, 2, 3].map(() => shaper.due(10_000, 0).count)).toEqual([1, 731, 1459])
  })

  it('merges what gathers for a moment from the first byte on', () => {
    const shaper = createShaper({ ...unshaped, segments: 'merge' })
    shaper.arrived(3, 0)
    shaper.arrived(4, 40)
    expect(shaper.due(7, 40)).toEqual({ count: 0, wait: 10 })
    expect(shaper.due(7, 50).count).toBe(7)
    shaper.went(7, 50)
    shaper.arrived(2, 60)
    expect(shaper.due(2, 100)).toEqual({ count: 0, wait: 10 })
  })
})
