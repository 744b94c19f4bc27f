import { describe, expect, it } from 'vitest'
import { locateRow, type ReadRows } from '../../../../renderer/features/ladder/locate.ts'
import type { Lane } from '../../../../shared/bytes/lanes.ts'
import { ladderRow } from '../../build.ts'

/** A hundred thousand rows: the server answers in a burst in the middle, the client sends the rest, ten bytes each. */
const count = 100_000
const laneOf = (index: number): Lane => (index >= 40_000 && index < 45_000 ? 'serverToClient' : 'clientToServer')
const startOf = (index: number): number => {
  if (laneOf(index) === 'serverToClient') return (index - 40_000) * 10
  return (index >= 45_000 ? index - 5000 : index) * 10
}

function reader() {
  let asked = 0
  const read: ReadRows = async (from, size) => {
    asked += 1
    return Array.from({ length: Math.min(size, count - from) }, (_, step) => {
      const index = from + step
      return ladderRow({ index, lane: laneOf(index), span: { start: startOf(index), end: startOf(index) + 10 } })
    })
  }
  return { read, asked: () => asked }
}

describe('finding the row of a byte', () => {
  it.each([0, 63, 30_000, 70_001, 99_999])(
    'finds row %i of the lane that sends most in a few questions',
    async (row) => {
      const { read, asked } = reader()
      expect(await locateRow(read, { low: 0, high: count }, 'clientToServer', startOf(row) + 3, 0)).toBe(row)
      expect(asked()).toBeLessThan(40)
    },
  )

  it('finds a row of a lane that most pages do not show', async () => {
    const { read } = reader()
    expect(await locateRow(read, { low: 0, high: count }, 'serverToClient', startOf(44_321) + 9, 0)).toBe(44_321)
  })

  it('finds nothing behind the last byte, and nothing when the host does not answer', async () => {
    const { read } = reader()
    expect(await locateRow(read, { low: 0, high: count }, 'clientToServer', count * 10, 0)).toBeNull()
    expect(await locateRow(async () => null, { low: 0, high: count }, 'clientToServer', 5, 0)).toBeNull()
  })
})
