import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Column,
  createAscendingColumn,
  createF64Column,
  createU8Column,
  createU16Column,
  createU32Column,
} from '../../../shared/capture/columns.ts'

/** More than two blocks, and a part of one. */
const length = 1300

const filled = (column: Column, values: readonly number[]): Column => {
  for (const value of values) column.push(value)
  return column
}
const valuesOf = (column: Column) => Array.from({ length: column.length }, (_, index) => column.get(index))
const series = (valueAt: (index: number) => number) => Array.from({ length }, (_, index) => valueAt(index))

describe('a column', () => {
  it.each([
    ['the same again and again', () => 7],
    ['counting up', (index: number) => index],
    ['counting up by 300', (index: number) => index * 300],
    ['jumping by a million', (index: number) => (index % 2) * 1_000_000],
    ['offsets past 4 GiB', (index: number) => 2 ** 40 + index * 100_000],
    ['further apart than 4 GiB', (index: number) => index * 2 ** 33],
    ['going down below zero', (index: number) => -1 - index],
    ['times of today to a nanosecond', (index: number) => 1_764_175_000_000 + index * 0.123456],
    ['times near 1970 to a nanosecond', (index: number) => index * 0.000001],
    ['a third of a number', (index: number) => index / 3],
  ])('of 64 bits gives back %s', (_, valueAt) => {
    const values = series(valueAt)
    for (const unit of [1, 2 ** -12]) expect(valuesOf(filled(createF64Column(unit), values))).toEqual(values)
  })

  it.each([
    ['8', createU8Column, 0xff],
    ['16', createU16Column, 0xffff],
    ['32', createU32Column, 0xffffffff],
  ] as const)('of %s bits gives back any values of that width', (_, create, max) => {
    const value = fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, max))
    const check = (values: number[]) => {
      expect(valuesOf(filled(create(), values))).toEqual(values)
    }
    fc.assert(fc.property(fc.array(value, { minLength: 500, maxLength: length }), check), { numRuns: 20 })
  })

  it.each([
    ['one after the other', () => 1],
    ['in pairs', (index: number) => (index % 2) * 4 + 1],
    ['none next to another', () => 2],
    ['with gaps now and then', (index: number) => (index % 100 === 0 ? 1000 : 1)],
  ])('of ascending numbers gives them back, %s', (_, stepAt) => {
    let last = -1
    const values = series((index) => {
      last += stepAt(index)
      return last
    })
    expect(valuesOf(filled(createAscendingColumn(), values))).toEqual(values)
    expect(() => createAscendingColumn().get(0)).toThrow('a column of 0 has no entry 0')
  })

  it('says its length, and has nothing outside it', () => {
    for (const count of [0, 16, 17, 511, 512, 513, 1024]) {
      const column = filled(
        createU32Column(),
        Array.from({ length: count }, (_, index) => index),
      )
      expect(column.length).toBe(count)
      for (const outside of [-1, count, count + 600]) {
        expect(() => column.get(outside)).toThrow(`a column of ${count} has no entry ${outside}`)
      }
    }
  })
})
