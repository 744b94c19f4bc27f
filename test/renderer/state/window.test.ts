import { describe, expect, it } from 'vitest'
import { rangeAround } from '../../../renderer/state/window.ts'

describe('the range to ask for', () => {
  it('stays while it covers what is visible', () => {
    const held = { from: 100, count: 400 }
    expect(rangeAround(held, { from: 120, to: 160 }, 400)).toBe(held)
  })

  it('is laid around what is visible when that leaves it', () => {
    const { from, count } = rangeAround({ from: 0, count: 400 }, { from: 5000, to: 5040 }, 400)
    expect(from).toBeLessThanOrEqual(4900)
    expect(from + count).toBeGreaterThanOrEqual(5140)
  })

  it('does not begin before the first row', () => {
    expect(rangeAround(null, { from: 0, to: 30 }, 400)).toEqual({ from: 0, count: 400 })
  })
})
