import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lanes } from '../../../shared/bytes/lanes.ts'
import { createFaultPlaces, isOn } from '../../../shared/capture/faultPlaces.ts'
import type { LocatedFault } from '../../../shared/capture/types.ts'

const span = fc.tuple(fc.nat(60), fc.nat(12)).map(([start, length]) => ({ start, end: start + length }))
const anyFault = fc.record({ lane: fc.constantFrom(...lanes), span }).map(
  ({ lane, span }): LocatedFault => ({
    ...{ code: 'frame.opcode', lane, span, connection: 1, time: 0, cursor: { record: 0, bytes: 0 } },
  }),
)

describe('the faults on a place', () => {
  it('are those that a look at all of them finds, in the order they were found', () => {
    const check = (faults: LocatedFault[], lane: (typeof lanes)[number], place: { start: number; end: number }) => {
      const places = createFaultPlaces()
      for (const fault of faults) places.add(fault)
      expect(places.on(lane, place)).toEqual(faults.filter((one) => one.lane === lane && isOn(one.span, place)))
    }
    fc.assert(fc.property(fc.array(anyFault, { maxLength: 40 }), fc.constantFrom(...lanes), span, check), {
      seed: 4_1143,
      numRuns: 500,
    })
  })
})
