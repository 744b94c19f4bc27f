import { describe, expect, it } from 'vitest'
import {
  cursorAt,
  cursorForKey,
  cursorNear,
  gotoLine,
  markTitle,
  speedLabel,
  speeds,
  speedWord,
} from '../../../../renderer/features/timeline/timeline.ts'
import type { TimelineMark } from '../../../../shared/capture/view.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'

const end = { record: 20, bytes: 0 }
const marks = [5, 10, 15].map(
  (record): TimelineMark => ({ cursor: { record, bytes: 0 }, time: record, at: record / 20, tone: 'http', label: '' }),
)

describe('the timeline', () => {
  it('has a record at every place, and none outside', () => {
    expect([-1, 0, 0.5, 1, 2].map((place) => cursorAt(place, end).record)).toEqual([0, 0, 10, 20, 20])
  })

  it.each([
    ['ArrowRight', 0.5, 15],
    ['ArrowRight', 0.75, 20],
    ['ArrowLeft', 0.5, 5],
    ['ArrowLeft', 0.25, 0],
    ['Home', 0.5, 0],
    ['End', 0.5, 20],
  ])('goes by %s from %f to record %i', (key, at, record) => {
    expect(cursorForKey(key, at, marks, end)?.record).toBe(record)
  })

  it.each([
    [0.49, 10],
    [0.26, 5],
    [0.4, 8],
    [1, 20],
  ])('pointed at near %f goes to record %i: to a mark when one is near', (place, record) => {
    expect(cursorNear(place, marks, end, 0.02).record).toBe(record)
  })

  it('says of a mark what it is, where and when', () => {
    const [mark] = marks
    expect(markTitle({ ...mark!, label: 'GET /demo', lane: 'clientToServer', time: 25 }, 5)).toBe(
      'GET /demo\nclient → server, 20.0 ms',
    )
    expect(markTitle({ ...mark!, tone: 'fault', label: 'mask.missing' }, 5)).toContain('Broken rule: mask.missing')
    expect(markTitle({ ...mark!, tone: 'warning', label: 'mask.repeated' }, 5)).toContain('Warning: mask.repeated')
  })

  it('is not moved by other keys', () => {
    expect(cursorForKey('x', 0.5, marks, end)).toBeNull()
  })

  it('moves by lines the console understands', () => {
    expect(parseLine(gotoLine({ record: 12, bytes: 5 }))).toMatchObject({
      value: { args: { position: { record: 12, bytes: 5 } } },
    })
    for (const speed of speeds) {
      expect(parseLine(`speed ${speedWord(speed)}`)).toMatchObject({ value: { args: { speed } } })
    }
    expect(speeds.map(speedLabel)).toContain('max')
  })
})
