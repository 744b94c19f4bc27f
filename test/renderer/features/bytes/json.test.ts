// The tree of a JSON text: how keys move in it, and the bytes of its nodes.
import { describe, expect, it } from 'vitest'
import { besides, moveOf } from '../../../../renderer/features/bytes/json.ts'
import { joinedText, placesOfText, textOf } from '../../../../renderer/features/bytes/text.ts'
import { type JsonRow, jsonRows, readJson } from '../../../../shared/bytes/json.ts'

function rowsOf(text: string, isOpen: (start: number, depth: number) => boolean = () => true): readonly JsonRow[] {
  return jsonRows(readJson(text), isOpen)
}

const shown = (rows: readonly JsonRow[]) =>
  rows.map(({ depth, name, value }) => `${'  '.repeat(depth)}${name === null ? '' : `${name}: `}${value}`)

describe('keys in the tree', () => {
  const rows = rowsOf('{"a": [1, 2], "b": {"c": 3}}', (start) => start !== 14)
  it('go on and back, in and out, fold and unfold', () => {
    expect(shown(rows)).toEqual([
      '{ 2 members }',
      '  "a": [ 2 elements ]',
      '    0: 1',
      '    1: 2',
      '  "b": { 1 member }',
    ])
    const moves = (at: number, ...keys: readonly string[]) => keys.map((key) => moveOf(key, rows, at))
    expect(moves(1, 'ArrowDown', 'ArrowUp', 'Home', 'End')).toEqual([2, 0, 0, 4].map((to) => ({ kind: 'go', to })))
    expect(moves(1, 'ArrowRight', 'ArrowLeft')).toEqual([
      { kind: 'go', to: 2 },
      { kind: 'fold', open: false },
    ])
    expect(moves(4, 'ArrowRight', 'ArrowLeft')).toEqual([
      { kind: 'fold', open: true },
      { kind: 'go', to: 0 },
    ])
    expect(moves(3, 'ArrowRight', 'ArrowLeft')).toEqual([null, { kind: 'go', to: 1 }])
    expect(moves(0, 'ArrowUp')).toEqual([{ kind: 'go', to: 0 }])
    expect(moves(-1, 'ArrowDown', 'End', 'x')).toEqual([{ kind: 'go', to: 0 }, { kind: 'go', to: 4 }, null])
  })

  it('unfold all beside a row', () => {
    expect(moveOf('*', rows, 1)).toEqual({ kind: 'unfoldBeside' })
    expect(besides(rows, 1)).toEqual([14])
    expect(besides(rows, 2)).toEqual([])
  })
})

describe('characters and their bytes', () => {
  it('are places on the lane', () => {
    const bytes = new TextEncoder().encode('{"ü": "€"}')
    expect(placesOfText([{ name: 'text', bytes, at: 100 }], textOf(bytes)!, 6, 9)).toEqual([{ start: 107, end: 112 }])
  })

  it('of what was inflated are the bytes it was made of', () => {
    const bytes = new TextEncoder().encode('{"a":1}')
    // Wire byte 0 made nothing, 1 made three, 2 the rest.
    expect(placesOfText([{ name: 'text', bytes, at: 50, reach: [0, 0, 3] }], '{"a":1}', 0, 7)).toEqual([
      { start: 51, end: 53 },
    ])
  })

  it('of a text in frames are in each frame they were sent in, also where a character is cut between two', () => {
    const bytes = new TextEncoder().encode('["ab€c",1]')
    const cuts = [0, 3, 6, 6, bytes.length]
    const parts = cuts.slice(1).map((to, index) => {
      return { name: 'text' as const, bytes: bytes.subarray(cuts[index], to), at: 100 * (index + 1) }
    })
    const text = joinedText(parts)!
    expect(text).toBe('["ab€c",1]')
    expect(placesOfText(parts, text, 1, 7)).toEqual([
      { start: 101, end: 103 },
      { start: 200, end: 203 },
      { start: 400, end: 403 },
    ])
    expect(placesOfText(parts, text, 8, 9)).toEqual([{ start: 404, end: 405 }])
  })

  it('leave out a character that is cut, and are none of what is no UTF-8', () => {
    expect(textOf(Uint8Array.of(0x5b, 0xe2, 0x82))).toBe('[')
    expect(textOf(Uint8Array.of(0x5b, 0xff))).toBeNull()
  })
})
