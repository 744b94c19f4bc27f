import { describe, expect, it } from 'vitest'
import {
  cellAfter,
  linesOf,
  phaseText,
  rowDiffers,
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

describe('keys in the table', () => {
  const row = (...cells: (ComparedCell | null)[]) => ({ lane: 'clientToServer', name: 'text', cells }) as const
  const phase = { line: 'open', results: [{ kind: 'done' }, { kind: 'done' }], bytes: [] } as const
  const lines = linesOf([
    { ...phase, rows: [row(cell, cell), row(null, cell)] },
    { ...phase, rows: [row(cell, null)] },
  ])

  it('go from cell to cell, over the heads of phases and cells that are empty', () => {
    expect(lines.map(({ kind }) => kind)).toEqual(['phase', 'units', 'units', 'phase', 'units'])
    expect(cellAfter('ArrowDown', { line: 1, column: 1 }, lines)).toEqual({ line: 2, column: 1 })
    expect(cellAfter('ArrowDown', { line: 1, column: 0 }, lines)).toEqual({ line: 4, column: 0 })
    expect(cellAfter('ArrowUp', { line: 4, column: 0 }, lines)).toEqual({ line: 1, column: 0 })
    expect(cellAfter('ArrowRight', { line: 1, column: 0 }, lines)).toEqual({ line: 1, column: 1 })
  })

  it('go nowhere at the edge, and other keys go nowhere at all', () => {
    expect(cellAfter('ArrowUp', { line: 1, column: 0 }, lines)).toBeNull()
    expect(cellAfter('ArrowLeft', { line: 2, column: 1 }, lines)).toBeNull()
    expect(cellAfter('ArrowDown', { line: 2, column: 1 }, lines)).toBeNull()
    expect(cellAfter('Enter', { line: 1, column: 0 }, lines)).toBeNull()
  })
})
