import { describe, expect, it } from 'vitest'
import { dialectById, dialectIds, dialects, isDialectId } from '../../../shared/dialects/registry.ts'

describe('the registry', () => {
  it('lists every dialect once, oldest first, and finds it by its id', () => {
    expect(dialectIds).toEqual([
      'hixie-75',
      'hixie-76',
      'hybi-03',
      'hello-00',
      'hybi-04',
      'hybi-05',
      'hybi-06',
      'hybi-07',
      'hybi-08',
      'rfc6455',
    ])
    for (const dialect of dialects) expect(dialectById(dialect.id)).toBe(dialect)
  })

  it('says of every draft whose section numbers could not be checked that they could not', () => {
    const unsure = dialects.filter(({ sectionsSay }) => sectionsSay !== null)
    expect(unsure.map(({ id }) => id)).toEqual(dialectIds.filter((id) => id !== 'rfc6455'))
    for (const { sectionsSay } of unsure) expect(sectionsSay).toMatch(/could be( read)?[.: ].*$/)
  })

  it('knows which texts are ids', () => {
    expect(isDialectId('hello-00')).toBe(true)
    expect(isDialectId('constructor')).toBe(false)
    expect(isDialectId('hybi-99')).toBe(false)
  })

  it.each(dialects)('$name gives every opcode name one number and cites a section for every topic', (dialect) => {
    const names = Object.values(dialect.opcodes)
    expect(new Set(names).size).toBe(names.length)
    for (const cite of Object.values(dialect.cites)) expect(cite).toMatch(/ §\d/)
  })
})
