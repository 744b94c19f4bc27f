import { describe, expect, it } from 'vitest'
import { createHighlight, light } from '../../../renderer/state/highlight.ts'

describe('the highlight', () => {
  it('lights the bytes of a span on its lane, and no others', () => {
    const highlight = createHighlight()
    highlight.set('hover', { lane: 'clientToServer', start: 4, end: 6 })
    const lit = [3, 4, 5, 6].map((offset) => highlight.lightOf('clientToServer', offset))
    expect(lit).toEqual([0, light.hover, light.hover, 0])
    expect(highlight.lightOf('serverToClient', 4)).toBe(light.none)
  })

  it('lights only the parts of a span that goes on in other frames', () => {
    const highlight = createHighlight()
    const parts = [
      { start: 4, end: 6 },
      { start: 8, end: 9 },
    ]
    highlight.set('selected', { lane: 'clientToServer', start: 4, end: 9, parts })
    const lit = [3, 4, 5, 6, 7, 8, 9].map((offset) => highlight.lightOf('clientToServer', offset) !== light.none)
    expect(lit).toEqual([false, true, true, false, false, true, false])
  })

  it('adds its layers up', () => {
    const highlight = createHighlight()
    highlight.set('unit', { lane: 'clientToServer', start: 0, end: 9 })
    highlight.set('selected', { lane: 'clientToServer', start: 4, end: 5 })
    highlight.set('caret', { lane: 'clientToServer', start: 4, end: 5 })
    expect(highlight.lightOf('clientToServer', 4)).toBe(light.unit | light.selected | light.caret)
  })

  it('tells only the cells whose light changed', () => {
    const highlight = createHighlight()
    const told: number[] = []
    for (let offset = 0; offset < 8; offset++) {
      highlight.watchByte('clientToServer', offset, () => told.push(offset))
    }
    highlight.set('hover', { lane: 'clientToServer', start: 2, end: 5 })
    told.length = 0
    highlight.set('hover', { lane: 'clientToServer', start: 3, end: 6 })
    expect(told).toEqual([2, 5])
  })

  it('tells nobody when the same span is set again, or after they left', () => {
    const highlight = createHighlight()
    let told = 0
    const leave = highlight.watchByte('clientToServer', 2, () => told++)
    highlight.set('hover', { lane: 'clientToServer', start: 2, end: 5 })
    highlight.set('hover', { lane: 'clientToServer', start: 2, end: 5 })
    leave()
    highlight.set('hover', null)
    expect(told).toBe(1)
  })
})
