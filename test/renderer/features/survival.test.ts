// What the table of survivals shows, and how its keys move.
import { describe, expect, it } from 'vitest'
import { cellOf, placeAfter, progressText } from '../../../renderer/features/survival/survival.ts'
import type { Survival, SurvivalView } from '../../../shared/intermediaries/survival.ts'

const survives: Survival = {
  ...{ dialect: 'hixie-76', via: 'relay', seed: 7, outcome: 'survives', step: null, says: null },
}
const fails: Survival = {
  ...{ dialect: 'hixie-76', via: 'reverse-proxy', seed: 7, outcome: 'fails' },
  step: { number: 4, lane: 'serverToClient', label: '101 Web Socket' },
  says: 'The 8 bytes stay.',
}
const view: SurvivalView = {
  ...{ dialects: ['hixie-76', 'hello-00'], via: ['relay', 'reverse-proxy'], seed: 7, done: [survives, fails] },
  running: { dialect: 'hello-00', via: 'relay' },
}

describe('a cell of the survivals', () => {
  it('says that a dialect survives, and nothing else', () => {
    expect(cellOf(view, 'hixie-76', 'relay')).toEqual({ state: 'survives', word: 'survives', where: '', why: '' })
  })

  it('says how, at which step and why one does not', () => {
    expect(cellOf(view, 'hixie-76', 'reverse-proxy')).toEqual({
      ...{ state: 'fails', word: 'handshake fails' },
      ...{ where: 'at step 4, 101 Web Socket', why: 'The 8 bytes stay.' },
    })
  })

  it('says that nothing more came where no node said why', () => {
    const silent = { ...view, done: [{ ...fails, step: null, says: null }] }
    expect(cellOf(silent, 'hixie-76', 'reverse-proxy')).toMatchObject({ where: '', why: 'Nothing more comes.' })
  })

  it('tells the run that goes on from those whose turn has not come', () => {
    expect(cellOf(view, 'hello-00', 'relay')).toMatchObject({ state: 'running', word: 'runs…' })
    expect(cellOf(view, 'hello-00', 'reverse-proxy')).toMatchObject({ state: 'waiting', word: '' })
  })
})

describe('the progress of the runs', () => {
  it.each([
    [view, '2 of 4 runs, 1 does not survive'],
    [{ ...view, running: null }, '2 of 4 runs, stopped, 1 does not survive'],
    [{ ...view, done: [survives, fails, fails, fails], running: null }, '4 runs, 3 do not survive'],
  ])('counts what has ended and what broke %#', (shown, text) => expect(progressText(shown)).toBe(text))
})

describe('the keys of the table', () => {
  it.each([
    ['ArrowRight', { row: 0, column: 1 }],
    ['ArrowDown', { row: 1, column: 0 }],
    ['ArrowLeft', null],
    ['ArrowUp', null],
    ['Enter', null],
  ])('%s from the first cell', (key, place) => expect(placeAfter({ row: 0, column: 0 }, key, 2, 2)).toEqual(place))

  it('stay inside the table', () => {
    expect(placeAfter({ row: 1, column: 1 }, 'ArrowDown', 2, 2)).toBe(null)
    expect(placeAfter({ row: 1, column: 1 }, 'ArrowRight', 2, 2)).toBe(null)
  })
})
