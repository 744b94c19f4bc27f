import { describe, expect, it } from 'vitest'
import { cursorMoved, followCursor } from '../../../renderer/state/selection.ts'
import { connectionView, laneView, runView, runWith } from '../build.ts'

describe('the selection that follows the cursor', () => {
  it('waits at the byte the first step lets through', () => {
    expect(followCursor(null, runWith(0, 0), null)).toMatchObject({ lane: 'clientToServer', offset: 0, span: null })
  })

  it('goes to the byte let through last, on the lane that moved', () => {
    const before = runWith(176, 0)
    expect(followCursor(before, runWith(176, 13), null)).toMatchObject({ lane: 'serverToClient', offset: 12 })
  })

  it('goes back with the cursor', () => {
    const now = { lane: 'serverToClient', offset: 12, span: null, follows: true } as const
    expect(followCursor(runWith(176, 13), runWith(176, 5), now)).toMatchObject({ lane: 'serverToClient', offset: 4 })
  })

  it('stands behind the last byte once the end of the stream was let through', () => {
    const before = runWith(20, 9)
    const ended = laneView({ delivered: 20, deliveredEnd: 'fin' })
    const lanes = { clientToServer: ended, serverToClient: laneView({ delivered: 9 }) }
    const after = runView({ connections: [connectionView({ lanes })] })
    expect(followCursor(before, after, null)).toMatchObject({ lane: 'clientToServer', offset: 20 })
  })

  it('begins anew in another run', () => {
    const now = { lane: 'serverToClient', offset: 12, span: null, follows: false } as const
    const other = runWith(0, 0, { id: 2 })
    expect(followCursor(runWith(176, 13), other, now)).toMatchObject({ lane: 'clientToServer', offset: 0 })
  })
})

describe('a moved cursor', () => {
  it.each([
    ['another record', runView({ cursor: { record: 4, bytes: 0 } })],
    ['another byte of the record', runView({ cursor: { record: 3, bytes: 2 } })],
    ['another run', runView({ id: 2 })],
    ['another connection', runView({ connection: 1 })],
  ])('is %s', (_, after) => {
    expect(cursorMoved(runView(), after)).toBe(true)
  })

  it('is not a run that only grew', () => {
    expect(cursorMoved(runView(), runView({ version: 2, end: { record: 9, bytes: 0 } }))).toBe(false)
  })
})

describe('a step that turns to another leg', () => {
  it('selects what was let through there, not what had been before', () => {
    const leg = (id: number, delivered: number, answered: number) =>
      connectionView({
        id,
        lanes: {
          clientToServer: laneView({ delivered }),
          serverToClient: laneView({ delivered: answered }),
        },
      })
    const before = runView({ connection: 2, connections: [leg(1, 100, 0), leg(2, 100, 50)] })
    const after = runView({ connection: 1, connections: [leg(1, 100, 50), leg(2, 100, 50)] })
    expect(followCursor(before, after, null)).toEqual({
      ...{ lane: 'serverToClient', offset: 49, span: null, follows: true },
    })
  })
})
