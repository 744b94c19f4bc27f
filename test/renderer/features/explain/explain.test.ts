import { describe, expect, it } from 'vitest'
import {
  emptyReason,
  fieldRows,
  nextTitle,
  progressOf,
  startsOpen,
} from '../../../../renderer/features/explain/explain.ts'
import { connectionView, field, laneView, runView, unitView } from '../../build.ts'

const digest = field('digest', 104, 110, { says: '16 octets' })
const payload = field('payload', 102, 110, { children: [field('nonce', 102, 104), digest] })
const unit = unitView({ fields: [field('length', 101, 102, { says: 'must be 24' }), payload], delivered: 6 })

describe('the field tree', () => {
  const rows = fieldRows(unit, () => true)

  it('has parents before their parts', () => {
    expect(rows.map(({ field: { name }, depth }) => `${depth} ${name}`)).toEqual([
      '0 length',
      '0 payload',
      '1 nonce',
      '1 digest',
    ])
  })

  it('says what a field means, how much of it came, or that it is held', () => {
    expect(rows.map(({ note }) => note)).toEqual(['must be 24', '4 of 8 bytes', '', '2 of 6 bytes'])
    const [, , , last] = fieldRows({ ...unit, delivered: 3 }, () => true)
    expect(last).toMatchObject({ arrival: 'held', note: 'held' })
  })

  it('leaves out what is folded', () => {
    expect(fieldRows(unit, () => false).map(({ field: { name }, open }) => [name, open])).toEqual([
      ['length', null],
      ['payload', false],
    ])
  })

  it('starts with the lines of a head folded, and opens the one around what is picked', () => {
    const line = field('Upgrade', 10, 30, {
      children: [field('name', 10, 17), field('colon', 17, 19, { role: 'separator' })],
    })
    expect(startsOpen(line, null)).toBe(false)
    expect(startsOpen(line, { start: 10, end: 17 })).toBe(true)
    expect(startsOpen(line, { start: 10, end: 30 })).toBe(false)
    expect(startsOpen(payload, null)).toBe(true)
  })
})

describe('the progress of a unit', () => {
  it.each([
    [unitView({ delivered: 0 }), 'all 10 bytes held at the gate'],
    [unitView({ delivered: 4 }), '4 of 10 bytes let through'],
    [unitView({ delivered: 10 }), ''],
    [
      unitView({ delivered: 4, complete: false }),
      '4 bytes let through; more have to arrive before its length is known',
    ],
  ])('%# is told in words', (view, words) => expect(progressOf(view)).toBe(words))
})

it('what comes next is the receiver’s doing', () => {
  expect(nextTitle(unitView({ lane: 'serverToClient' }))).toBe('What the client does next')
})

describe('where no unit is', () => {
  const selection = { lane: 'clientToServer', offset: 20, span: null, follows: true } as const
  const ended = (sentEnd: 'fin' | 'reset' | null) =>
    runView({
      connections: [connectionView({ lanes: { clientToServer: laneView({ sentEnd }), serverToClient: laneView() } })],
    })

  it.each([
    ['fin', 'End of the stream'],
    ['reset', 'The stream was reset'],
    [null, 'No unit here'],
  ] as const)('the end %s is called by its name', (end, title) => {
    expect(emptyReason(ended(end), selection).title).toBe(title)
  })

  it('a newcomer is told what to do', () => {
    expect(emptyReason(runView(), null).says).toContain('F10')
  })
})
