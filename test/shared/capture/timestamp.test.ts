import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeOf, timestampOf, toLogTime } from '../../../shared/capture/timestamp.ts'

describe('a time in the log', () => {
  it('is the nanosecond nearest to it, as two halves', () => {
    const nanos = (time: number) => {
      const { high, low } = timestampOf(time)
      return (BigInt(high) << 32n) | BigInt(low)
    }
    expect(nanos(0)).toBe(0n)
    expect(nanos(0.000001)).toBe(1n)
    expect(nanos(4294.967296)).toBe(2n ** 32n)
    expect(nanos(1_669_144_503_123.25)).toBe(1_669_144_503_123_250_000n)
    fc.assert(fc.property(fc.nat(2 ** 44), (time) => nanos(time) === BigInt(time) * 1_000_000n))
  })

  it('comes back unchanged when it is a whole number of nanoseconds, or after 1971', () => {
    // Times that adding milliseconds and the rest would miss by a bit.
    for (const time of [1.802493, 1.721944, 3.852171]) expect(toLogTime(time)).toBe(time)
    const whole = fc.oneof(fc.nat(), fc.maxSafeNat()).map((nanos) => nanos / 1_000_000)
    const later = fc.double({ min: 3.2e10, max: 1.8e13, noNaN: true })
    fc.assert(
      fc.property(fc.oneof(whole, later), (time) => toLogTime(time) === time),
      { numRuns: 2000 },
    )
  })

  it('comes back as the nearest double when it is finer than that', () => {
    expect(toLogTime(1.0000004)).toBe(1)
    expect(toLogTime(1.0000006)).toBe(1.000001)
    expect(timeOf({ high: 0xffffffff, low: 0xffffffff })).toBeCloseTo(18_446_744_073_709.55, 2)
  })

  it('cannot be before 1970, after 2554, or no time at all', () => {
    for (const time of [-1, 18_446_744_073_709, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => timestampOf(time)).toThrow('is not a date from 1970 on')
    }
  })
})
