import { describe, expect, it } from 'vitest'
import {
  cellSize,
  phaseText,
  rowDiffers,
  stepOfKey,
  toggled,
  whyNot,
} from '../../../../renderer/features/compare/compare.ts'
import type { ComparedCell, ComparedPhase } from '../../../../shared/compare/types.ts'

const cell: ComparedCell = {
  ...{ lane: 'clientToServer', label: 'text', preview: '"hi"', tone: 'data', size: 8, keyBytes: 4, masked: true },
  ...{ http: false, offset: 0, cursor: { record: 3, bytes: 0 } },
}

describe('picking dialects', () => {
  it('keeps the order of the list', () => {
    expect(toggled(['rfc6455'], 'hello-00', ['hello-00', 'rfc6455'])).toEqual(['hello-00', 'rfc6455'])
    expect(toggled(['hello-00', 'rfc6455'], 'hello-00', ['hello-00', 'rfc6455'])).toEqual(['rfc6455'])
  })

  it('wants two at least', () => {
    expect(whyNot(['rfc6455'])).toBe('Pick two dialects or more.')
    expect(whyNot(['hello-00', 'rfc6455'])).toBeNull()
  })

  it('takes ten at most', () => {
    expect(whyNot(Array.from({ length: 11 }, () => 'rfc6455'))).toBe('Pick 10 dialects at most.')
  })
})

describe('a row of a comparison', () => {
  it('differs where one column lacks it, has another size, or masks it', () => {
    const row = (...cells: (ComparedCell | null)[]) => ({ lane: 'clientToServer', name: 'text', cells }) as const
    expect(rowDiffers(row(cell, cell))).toBe(false)
    expect(rowDiffers(row(cell, null))).toBe(true)
    expect(rowDiffers(row(null, cell))).toBe(true)
    expect(rowDiffers(row(cell, { ...cell, size: 9 }))).toBe(true)
    expect(rowDiffers(row(cell, { ...cell, masked: false }))).toBe(true)
  })

  it('shows the end of a stream, which has no bytes, as there', () => {
    expect(cellSize({ ...cell, size: 0 })).toBe('✓')
  })
})

it('a phase shows its bytes, or why there are none', () => {
  const bytes = { clientToServer: 7, serverToClient: 2 }
  const phase: ComparedPhase = {
    line: 'ping client',
    results: [{ kind: 'done' }, { kind: 'lacking', says: 'has no ping' }, { kind: 'refused', says: 'Not now.' }],
    rows: [],
    bytes: [bytes, bytes, bytes],
  }
  expect([0, 1, 2].map((column) => phaseText(phase, column))).toEqual(['9 B', 'not in this dialect', 'refused'])
})

it('only arrows move between cells', () => {
  expect(stepOfKey('ArrowDown')).toEqual([1, 0])
  expect(stepOfKey('Enter')).toBeNull()
})
