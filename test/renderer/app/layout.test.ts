import { describe, expect, it } from 'vitest'
import { bytesWidth, defaultSizes, sizesByPane } from '../../../renderer/app/layout.ts'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
]

describe('the panes', () => {
  it.each(sizes)('give sixteen bytes a row their width at $width pixels, and fill the window', (window) => {
    const [ladder = 0, bytes = 0, explain = 0] = defaultSizes('columns', window)
    expect((bytes / 100) * window.width).toBeGreaterThanOrEqual(bytesWidth - 1)
    expect(ladder + bytes + explain).toBeCloseTo(100)
    expect((ladder / 100) * window.width).toBeGreaterThanOrEqual(270)
  })

  it('come back as the person left them', () => {
    expect(sizesByPane('rows', [60, 40], sizes[0]!)).toEqual({ 'upper-pane': 60, 'lower-pane': 40 })
  })

  it('fall back to their defaults when what was saved does not fit', () => {
    expect(Object.keys(sizesByPane('columns', [60, 40], sizes[0]!))).toEqual([
      'ladder-pane',
      'bytes-pane',
      'explain-pane',
    ])
    expect(sizesByPane('columns', [60, 40], sizes[0]!)['ladder-pane']).not.toBe(60)
  })
})
