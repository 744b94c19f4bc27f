import { describe, expect, it } from 'vitest'
import { scaleFor, tallest } from '../../../renderer/ui/scroll.ts'

describe('the scale of a long list', () => {
  it('is one to one while the list fits into an element', () => {
    expect(scaleFor(40_000, 600)).toEqual({ ratio: 1, height: 40_000 })
  })

  it('keeps a million rows of the ladder inside what a browser can lay out', () => {
    expect(scaleFor(1_000_000 * 50, 600).height).toBeLessThan(2 ** 25)
  })

  it('has the end of the bar be the end of the list', () => {
    const [total, view] = [1_400_000_000, 600]
    const { ratio, height } = scaleFor(total, view)
    expect((height - view) * ratio).toBeCloseTo(total - view, 0)
    expect(height).toBe(tallest)
  })
})
