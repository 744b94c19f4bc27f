import { describe, expect, it } from 'vitest'
import { fieldAt, focusOf, isPicked, unitHolds } from '../../../renderer/state/focus.ts'
import { field, unitView } from '../build.ts'

const digest = field('digest', 104, 110)
const payload = field('payload', 102, 110, { children: [field('nonce', 102, 104), digest] })
const fin = field('FIN', 100, 101, { bits: { from: 0, to: 1 } })
const opcode = field('opcode', 100, 101, { bits: { from: 4, to: 8 } })
const unit = unitView({ fields: [fin, opcode, field('length', 101, 102), payload] })
const at = (offset: number, part = {}) =>
  ({ lane: 'clientToServer', offset, span: null, follows: true, ...part }) as const

describe('the focus in a unit', () => {
  it('is the whole unit once it was let through', () => {
    expect(focusOf(unit, at(109))).toEqual({ span: null, byte: 100 })
  })

  it('is the field in which a step stopped, while part of the unit is held', () => {
    expect(focusOf({ ...unit, delivered: 6 }, at(105))).toEqual({ span: { start: 104, end: 110 }, byte: 105 })
  })

  it('is what was picked, and its byte the one that was pointed at', () => {
    const span = { start: 104, end: 110 }
    expect(focusOf(unit, at(107, { span, follows: false }))).toEqual({ span, byte: 107 })
  })

  it('finds the smallest field around a byte, and none beside the unit', () => {
    expect(fieldAt(unit.fields, 103)?.name).toBe('nonce')
    expect(fieldAt(unit.fields, 99)).toBeNull()
  })
})

describe('a picked field', () => {
  const focus = { span: { start: 100, end: 101 }, byte: 100 }

  it('is every field of a picked byte', () => {
    expect([fin, opcode].map((one) => isPicked(one, focus, undefined))).toEqual([true, true])
  })

  it('is only the one whose bits were picked', () => {
    expect([fin, opcode].map((one) => isPicked(one, focus, { from: 4, to: 8 }))).toEqual([false, true])
  })

  it('is the part rather than the field that is all part', () => {
    const around = field('payload', 104, 110, { children: [digest] })
    const picked = { span: { start: 104, end: 110 }, byte: 104 }
    expect([around, digest].map((one) => isPicked(one, picked, undefined))).toEqual([false, true])
  })
})

it('an old unit does not hold a selection on the other lane or outside it', () => {
  expect(unitHolds(unit, at(105))).toBe(true)
  expect(unitHolds(unit, at(110))).toBe(false)
  expect(unitHolds(unit, at(105, { lane: 'serverToClient' }))).toBe(false)
  expect(unitHolds(null, at(105))).toBe(false)
})
