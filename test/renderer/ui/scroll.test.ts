import { describe, expect, it } from 'vitest'
import { indexAt, offsetToShow, type RowSizes, rowsInView, topOf, totalHeight } from '../../../renderer/ui/rows.ts'
import { scaleFor, tallest } from '../../../renderer/ui/scroll.ts'

const sizes: RowSizes = { count: 1000, height: 50, first: 30 }

describe('the rows of a list', () => {
  it('lie one under the other, the first with its own height', () => {
    expect([0, 1, 2].map((index) => topOf(index, sizes))).toEqual([0, 30, 80])
    expect(totalHeight(sizes)).toBe(30 + 999 * 50)
  })

  it('are found again by where they are', () => {
    for (const index of [0, 1, 2, 500, 999]) {
      expect(indexAt(topOf(index, sizes), sizes)).toBe(index)
      expect(indexAt(topOf(index + 1, sizes) - 1, sizes)).toBe(index)
    }
    expect(indexAt(1e9, sizes)).toBe(1000)
  })

  it('exist only where they are seen, and a few around', () => {
    expect(rowsInView(0, 300, 6, sizes)).toEqual({ from: 0, to: 13 })
    expect(rowsInView(30 + 499 * 50, 300, 6, sizes)).toEqual({ from: 494, to: 513 })
    expect(rowsInView(totalHeight(sizes) - 300, 300, 6, sizes).to).toBe(1000)
    expect(rowsInView(0, 300, 6, { count: 0, height: 50, first: 50 })).toEqual({ from: 0, to: 0 })
  })

  it('come into view by the smallest move', () => {
    expect(offsetToShow(3, 500, 300, sizes)).toBe(topOf(3, sizes))
    expect(offsetToShow(12, 500, 300, sizes)).toBe(500)
    expect(offsetToShow(40, 500, 300, sizes)).toBe(topOf(41, sizes) - 300)
  })
})

describe('the scale of a long list', () => {
  it('is one to one while the list fits into an element', () => {
    expect(scaleFor(40_000, 600)).toEqual({ ratio: 1, height: 40_000, last: 39_400 })
    expect(scaleFor(100, 600)).toEqual({ ratio: 1, height: 100, last: 0 })
  })

  it('keeps a million rows of the ladder inside what a browser can lay out', () => {
    expect(scaleFor(1_000_000 * 50, 600).height).toBeLessThan(2 ** 25)
  })

  it('has the end of the bar be the end of the list', () => {
    const [total, view] = [1_400_000_000, 600]
    const { ratio, height, last } = scaleFor(total, view)
    expect((height - view) * ratio).toBeCloseTo(last, 0)
    expect(height).toBe(tallest)
  })
})
