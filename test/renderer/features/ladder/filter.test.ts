import { describe, expect, it } from 'vitest'
import { filterLine, filterSays } from '../../../../renderer/features/ladder/filter.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'

describe('the filter bar', () => {
  it('sends a line that sets the filter, or one that takes it away', () => {
    expect(parseLine(filterLine(' opcode text or "a b" '))).toMatchObject({
      value: { name: 'filter', args: { expression: 'opcode text or "a b"' } },
    })
    expect(parseLine(filterLine('  '))).toMatchObject({ value: { name: 'filter', args: { expression: undefined } } })
  })
  it('says how many match, and how far the search is until it is done', () => {
    expect(filterSays({ text: 'fault', searched: 1204, of: 1204 }, 37)).toBe('37 match')
    expect(filterSays({ text: 'fault', searched: 300, of: 1200 }, 3)).toBe('3 match, 25% searched')
  })
})
