// The tree of a JSON text: what is shown of it.
import { describe, expect, it } from 'vitest'
import { type JsonRow, jsonRows, looksLikeJson, opensAtFirst, readJson } from '../../../shared/bytes/json.ts'

function rowsOf(text: string, isOpen: (start: number, depth: number) => boolean = () => true): readonly JsonRow[] {
  return jsonRows(readJson(text), isOpen)
}

const shown = (rows: readonly JsonRow[]) =>
  rows.map(({ depth, name, value }) => `${'  '.repeat(depth)}${name === null ? '' : `${name}: `}${value}`)

describe('a text that is JSON', () => {
  it('is a tree with a row for every value', () => {
    expect(shown(rowsOf('{"a": [1, {"b": null}], "c": {}}'))).toEqual([
      '{ 2 members }',
      '  "a": [ 2 elements ]',
      '    0: 1',
      '    1: { 1 member }',
      '      "b": null',
      '  "c": {}',
    ])
  })

  it('shows numbers as they are written, and names that come twice twice', () => {
    const rows = rowsOf('{"id": 12345678901234567890, "id": 1.10e400, "x": -0}')
    expect(shown(rows).slice(1)).toEqual(['  "id": 12345678901234567890', '  "id": 1.10e400', '  "x": -0'])
    expect(new Set(rows.map(({ start }) => start)).size).toBe(rows.length)
  })

  it('says where each value is written, its name included', () => {
    const text = '{"a": [10, "ü"]}'
    expect(rowsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([text, '"a": [10, "ü"]', '10', '"ü"'])
  })

  it('hides what is folded', () => {
    expect(shown(rowsOf('[[1],[2]]', (start) => start !== 1))).toEqual([
      '[ 2 elements ]',
      '  0: [ 1 element ]',
      '  1: [ 1 element ]',
      '    0: 2',
    ])
  })

  it('is unfolded at first when it is small, and only at its top when it is not', () => {
    const small = readJson('[[1]]')
    const large = readJson(JSON.stringify(Array.from({ length: 300 }, () => [1])))
    expect([opensAtFirst(small, 1), opensAtFirst(large, 0), opensAtFirst(large, 1)]).toEqual([true, true, false])
  })
})

describe('a text that is not quite JSON', () => {
  it.each([
    ['{"a": 1,}', 'Line 1, column 9: the name of a member was due, in double quotes.'],
    ['{"a": 1\n "b": 2}', 'Line 2, column 2: a comma was due.'],
    ['{"a" 1}', 'Line 1, column 6: a colon was due.'],
    ['[1, 2', 'Line 1, column 6: the array is not closed.'],
    ['{"a": [1', 'Line 1, column 9: the array is not closed.'],
    ['[tru]', 'Line 1, column 2: this is no word of JSON.'],
    ['["a]', 'Line 1, column 2: the string is not closed.'],
    ['[1] 2', 'Line 1, column 5: more follows behind the value.'],
    ['[1, /* one */ 2]', 'Line 1, column 5: JSON has no comments.'],
    ['["\\q"]', 'Line 1, column 2: there is no such escape.'],
    [`${'['.repeat(501)}`, 'Line 1, column 501: arrays and objects are more than 500 deep there.'],
  ])('%j says where it breaks', (text, says) => {
    expect(readJson(text).broken?.says).toBe(says)
  })

  it('keeps the tree of what can be read', () => {
    expect(shown(rowsOf('{"a": 1, "b": [2'))).toEqual(['{ 2 members }', '  "a": 1', '  "b": [ 1 element ]', '    0: 2'])
  })

  it('never throws, whatever it is, and however deep', () => {
    const deep = `${'{"a":['.repeat(100_000)}`
    expect(readJson(deep).root).toBeNull()
    for (const text of ['', '{', '}', '{"', '{"a', '{:}', '[,]', '\u0000', '"\\u12', '{"a":}'])
      expect(() => rowsOf(text)).not.toThrow()
  })
})

it('only what begins like an object or an array is offered as JSON', () => {
  expect(['{}', ' \n[1]', '42', '"a"', 'hello {}'].map(looksLikeJson)).toEqual([true, true, false, false, false])
})
