import { describe, expect, it } from 'vitest'
import {
  caretAfter,
  cellsOf,
  characterOf,
  layerSheet,
  leafAt,
  onLane,
  onSheet,
  rowCount,
  rowOf,
  type Sheet,
  wireSheet,
} from '../../../../renderer/features/bytes/cells.ts'
import type { Leaf } from '../../../../shared/capture/view.ts'
import { bytesView, unitView } from '../../build.ts'

const leaf = (start: number, end: number, name: string, role: Leaf['role'] = 'value'): Leaf => ({
  start,
  end,
  name,
  role,
})

describe('a row of cells', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index)
  const sheet = wireSheet(bytesView({ bytes, delivered: 20, edits: [{ start: 22, end: 24, label: 'edited' }] }))

  it('holds sixteen bytes, and nothing behind the last', () => {
    expect(cellsOf(sheet, 0).map((cell) => cell?.value)).toEqual(Array.from({ length: 16 }, (_, index) => index))
    expect(cellsOf(sheet, 2).map((cell) => cell?.value ?? null)).toEqual([
      32,
      33,
      34,
      35,
      36,
      37,
      38,
      39,
      ...Array(8).fill(null),
    ])
  })

  it('tells delivered, next and held bytes apart, and edited ones', () => {
    const cells = cellsOf(sheet, 1).slice(3, 8)
    expect(cells.map((cell) => cell?.phase)).toEqual(['delivered', 'next', 'held', 'held', 'held'])
    expect(cells.map((cell) => cell?.edited)).toEqual([false, false, false, true, true])
  })

  it('is empty where the bytes have not been fetched', () => {
    const part = wireSheet(bytesView({ bytes: bytes.slice(16, 32), from: 16, length: 40 }))
    expect(cellsOf(part, 0).every((cell) => cell === null)).toBe(true)
    expect(cellsOf(part, 1)[0]?.offset).toBe(16)
  })
})

describe('the colour of a byte', () => {
  const leaves = [
    leaf(0, 1, 'FIN', 'flag'),
    leaf(0, 1, 'opcode', 'opcode'),
    leaf(1, 2, 'length'),
    leaf(2, 30, 'payload'),
  ]

  it('is that of the last field that shares it', () => {
    expect(leafAt(leaves, 0)?.name).toBe('opcode')
  })

  it('is found in the middle of a long field, and nowhere behind the last', () => {
    expect([1, 2, 17, 29, 30].map((offset) => leafAt(leaves, offset)?.name ?? null)).toEqual([
      'length',
      'payload',
      'payload',
      'payload',
      null,
    ])
  })
})

describe('a layer of a unit', () => {
  const unit = unitView({ span: { start: 100, end: 110 }, delivered: 6 })
  const sheet = layerSheet(unit, { name: 'unmasked', bytes: Uint8Array.of(1, 2, 3, 4), at: 106 })

  it('begins with its own first byte, and keeps the offsets the bytes have on the lane', () => {
    expect(rowCount(sheet)).toBe(1)
    expect(
      cellsOf(sheet, 0)
        .slice(0, 4)
        .map((cell) => [cell?.offset, cell?.value]),
    ).toEqual([
      [106, 1],
      [107, 2],
      [108, 3],
      [109, 4],
    ])
    expect(rowOf(sheet, 109)).toBe(0)
  })

  it('dims what is held', () => {
    expect(cellsOf(sheet, 0)[0]?.phase).toBe('next')
    expect(cellsOf(sheet, 0)[1]?.phase).toBe('held')
  })
})

describe('the caret', () => {
  const sheet = wireSheet(bytesView())
  it.each([
    ['ArrowRight', 18, 19],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 18, 34],
    ['ArrowDown', 30, 39],
    ['ArrowUp', 18, 2],
    ['Home', 18, 0],
    ['End', 18, 39],
    ['x', 18, null],
  ])('goes by %s from %i to %s', (key, from, to) => expect(caretAfter(key, from, sheet)).toBe(to))
})

it('CR, LF and spaces are visible, and what cannot be printed is a dot', () => {
  expect(Array.from('A\r\n \t~', (one) => characterOf(one.charCodeAt(0))).join('')).toBe('A¬¶·.~')
})

describe('an inflated layer', () => {
  // Two bytes of header, then a payload whose three bytes made nothing, two bytes and one byte.
  const reach = [0, 0, 2]
  const sheet: Sheet = {
    ...{ lane: 'clientToServer', length: 3, delivered: 3, from: 0, leaves: [], edits: [], base: 0 },
    bytes: Uint8Array.of(1, 2, 3),
    inflated: { at: 102, reach },
  }

  it('tells the byte of the lane with which each of its bytes came', () => {
    expect([0, 1, 2].map((offset) => onLane(sheet, offset))).toEqual([103, 103, 104])
    expect(cellsOf(sheet, 0).map((cell) => cell?.lane)).toContain(104)
  })

  it('tells its first byte that came with a byte of the lane', () => {
    expect([102, 103, 104, 110].map((offset) => onSheet(sheet, offset))).toEqual([0, 0, 2, 2])
  })
})
