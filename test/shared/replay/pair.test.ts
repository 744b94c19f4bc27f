import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairs } from '../../../shared/replay/pair.ts'

/** Letters are kinds, digits what they carry: `a1` and `a2` can be taken for each other. */
function paired(recorded: string, replayed: string): string {
  const items = (text: string) => text.split(' ').filter(Boolean)
  const likeness = {
    same: (one: string, other: string) => one === other,
    comparable: (one: string, other: string) => one[0] === other[0],
    size: () => 1,
  }
  return Array.from(
    pairs(items(recorded), items(replayed), likeness),
    (pair) => `${pair.recorded ?? '-'}/${pair.replayed ?? '-'}${pair.moved ? ` ${pair.moved}` : ''}`,
  ).join(', ')
}

describe('a recording and its replay, paired', () => {
  it.each([
    ['', '', ''],
    ['a1 a2', 'a1 a2', 'a1/a1, a2/a2'],
    ['a1 a2 a3', 'a1 a3', 'a1/a1, a2/-, a3/a3'],
    ['a1 a3', 'a1 a2 a3', 'a1/a1, -/a2, a3/a3'],
    ['a1 a2', 'a1', 'a1/a1, a2/-'],
    ['a1', 'a1 a2 b3', 'a1/a1, -/a2, -/b3'],
    ['a1 a2 a3', 'a1 a9 a3', 'a1/a1, a2/a9, a3/a3'],
    ['a1 a1 a1', 'a9 a1 a1', 'a1/a9, a1/a1, a1/a1'],
    ['a1 c1', 'c2', 'a1/-, c1/c2'],
    ['c1', 'b1 c2', '-/b1, c1/c2'],
    ['a1', 'b1', 'a1/-, -/b1'],
    ['a1 a2 a3', 'a2 a1 a3', 'a2/a2 earlier, a1/a1, a3/a3'],
    ['a1 a2 a3', 'a2 a3 a1', 'a1/a1 later, a2/a2, a3/a3'],
    ['a1 a1 a2', 'a1 a2 a1', 'a1/a1, a2/a2 earlier, a1/a1'],
  ])('%j beside %j is %j', (recorded, replayed, rows) => {
    expect(paired(recorded, replayed)).toBe(rows)
  })

  it('loses and doubles nothing, and keeps the order of all that did not move', () => {
    const runs = fc.array(fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1'), { maxLength: 80 })
    fc.assert(
      fc.property(runs, runs, (recorded, replayed) => {
        const rows = paired(recorded.join(' '), replayed.join(' '))
          .split(', ')
          .filter(Boolean)
          .map((row) => row.split(/[/ ]/))
        const side = (index: number) => rows.map((row) => row[index]!).filter((item) => item !== '-')
        expect(side(0).sort()).toEqual([...recorded].sort())
        expect(side(1).sort()).toEqual([...replayed].sort())
        if (rows.every(([, , moved]) => moved === undefined)) {
          expect(rows.map((row) => row[0]!).filter((item) => item !== '-')).toEqual(recorded)
          expect(rows.map((row) => row[1]!).filter((item) => item !== '-')).toEqual(replayed)
        }
      }),
    )
  })

  it('says the same of a run beside itself, however long', () => {
    const run = Array.from({ length: 1000 }, (_, index) => `a${index % 7}`).join(' ')
    expect(paired(run, run)).toBe(
      run
        .split(' ')
        .map((item) => `${item}/${item}`)
        .join(', '),
    )
  })

  it('finds its way back after something new in a long run', () => {
    const run = Array.from({ length: 200 }, (_, index) => `a${index}`)
    const rows = paired(run.join(' '), [...run.slice(0, 100), 'b1', ...run.slice(100)].join(' ')).split(', ')
    expect(rows.filter((row) => row.startsWith('-'))).toEqual(['-/b1'])
    expect(rows).toHaveLength(201)
  })
})
