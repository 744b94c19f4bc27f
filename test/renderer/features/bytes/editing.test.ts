import { describe, expect, it } from 'vitest'
import { bitGroups, bitsOf } from '../../../../renderer/features/bytes/bits.ts'
import type { Cell } from '../../../../renderer/features/bytes/cells.ts'
import { editLine, hexOf, typeDigit } from '../../../../renderer/features/bytes/editing.ts'
import { bytesBefore, splitBySpan, withMarks } from '../../../../renderer/features/bytes/text.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'
import { field } from '../../build.ts'

const held: Cell = { offset: 176, lane: 176, value: 0, leaf: null, phase: 'held', edited: false }

describe('typing over a held byte', () => {
  it('waits for the second digit, then sends the whole byte', () => {
    const first = typeDigit('F', 'serverToClient', held, null)
    expect(first).toEqual({ kind: 'first', typed: { offset: 176, digit: 'F' } })
    const second = first.kind === 'first' && typeDigit('0', 'serverToClient', held, first.typed)
    expect(second).toEqual({ kind: 'whole', line: 'edit server 176 --remove 1 --insert f0' })
  })

  it('begins anew at another byte', () => {
    expect(typeDigit('1', 'serverToClient', held, { offset: 175, digit: 'f' }).kind).toBe('first')
  })

  it('is refused where the byte was let through, with what to do instead', () => {
    const refused = typeDigit('1', 'serverToClient', { ...held, phase: 'delivered' }, null)
    expect(refused).toMatchObject({ kind: 'refused', says: expect.stringContaining('fork') })
  })

  it('makes lines the console understands', () => {
    for (const line of [editLine('clientToServer', 9, 2, 'ff00'), editLine('clientToServer', 9, 1, '')]) {
      expect(parseLine(line)).toMatchObject({ ok: true, value: { name: 'edit' } })
    }
  })
})

it.each([
  ['8f 18', '8f18'],
  ['0x8F, 0x18', '8f18'],
  ['', ''],
  ['8f1', null],
  ['zz', null],
])('the hex %j is %j', (typed, hex) => expect(hexOf(typed)).toBe(hex))

describe('the bits of a byte', () => {
  const fields = [
    field('FIN', 10, 11, { bits: { from: 0, to: 1 }, value: '1' }),
    field('opcode', 10, 11, { bits: { from: 4, to: 8 }, value: '0xF Hello' }),
    field('payload', 11, 19, { children: [field('server nonce', 11, 19)] }),
  ]

  it('are written from the most significant on', () => {
    expect(bitsOf(0x8f).join('')).toBe('10001111')
  })

  it('are bracketed by field; a field of several bits says its value', () => {
    expect(bitGroups(fields, 10).map(({ from, to, label }) => [from, to, label])).toEqual([
      [0, 1, 'FIN'],
      [4, 8, 'opcode 0xF Hello'],
    ])
  })

  it('of a longer field say which byte of it they are', () => {
    expect(bitGroups(fields, 13).map(({ from, to, label }) => [from, to, label])).toEqual([
      [0, 8, 'server nonce, byte 3 of 8'],
    ])
  })
})

describe('a unit as text', () => {
  const bytes = new TextEncoder().encode('é\r\nb')

  it('is split where its picked bytes begin and end', () => {
    expect(splitBySpan(bytes, 100, { start: 102, end: 104 })).toEqual(['é', '\r\n', 'b'])
    expect(splitBySpan(bytes, 100, { start: 0, end: 50 })).toEqual(['é\r\nb', '', ''])
  })

  it('shows line ends and keeps them', () => {
    expect(withMarks('a\r\nb')).toBe('a¬¶\nb')
  })

  it('leads from each place on screen to the byte behind it', () => {
    const shown = withMarks('é\r\nb')
    expect(shown).toBe('é¬¶\nb')
    expect([0, 1, 2, 4].map((place) => bytesBefore('é\r\nb', place))).toEqual([0, 2, 3, 4])
  })
})
