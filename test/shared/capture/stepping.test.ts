import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Lane, lanes } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type Cursor, compareCursors } from '../../../shared/capture/record.ts'
import {
  bytesToStep,
  cursorAfter,
  cursorBefore,
  nextLane,
  stepCount,
  stepIndex,
} from '../../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { converse, createLab, recordsOf } from './lab.ts'
import { anyLog, hex } from './logs.ts'

const granularities = ['byte', 'field', 'unit'] as const

const start: Cursor = { record: 0, bytes: 0 }

/** Every stop from the start of the log on. */
function stopsFrom(capture: CaptureReader, granularity: (typeof granularities)[number], id = 0): Cursor[] {
  const stops: Cursor[] = []
  for (let at = cursorAfter(capture, id, start, granularity); at; at = cursorAfter(capture, id, at, granularity)) {
    stops.push(at)
  }
  return stops
}

/** Every stop back from a cursor. */
function stopsBefore(
  capture: CaptureReader,
  from: Cursor,
  granularity: (typeof granularities)[number],
  id = 0,
): Cursor[] {
  const stops: Cursor[] = []
  for (let at = cursorBefore(capture, id, from, granularity); at; at = cursorBefore(capture, id, at, granularity)) {
    stops.push(at)
  }
  return stops
}

function deliveredAt(capture: CaptureReader, cursor: Cursor, id = 0): Record<Lane, number> {
  const connection = capture.connection(id)
  const [clientToServer, serverToClient] = lanes.map((lane) => connection.deliveredLengthAt(lane, cursor))
  return { clientToServer: clientToServer!, serverToClient: serverToClient! }
}

describe('a step through held bytes', () => {
  it.each(dialectIds)('of a byte, a field or a unit at a time delivers the same %s streams', (dialect) => {
    const whole = converse(createLab(dialect), 'unit').capture
    for (const granularity of ['byte', 'field'] as const) {
      const { capture } = converse(createLab(dialect), granularity)
      for (const lane of lanes) {
        const length = whole.connection(0).deliveredLengthAt(lane, whole.end)
        expect(capture.connection(0).readDelivered(lane, 0, 1e6)).toEqual(
          whole.connection(0).readDelivered(lane, 0, length),
        )
      }
      expect(stepCount(capture, 0)).toBe(stepCount(whole, 0))
    }
  })

  it('goes to the end of the field, the unit, or all that the lane holds', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('84 05 48656c6c6f  82 00'))
    const size = (granularity: 'byte' | 'field' | 'unit' | 'all') =>
      bytesToStep(lab.capture, 0, lab.capture.end, 'clientToServer', granularity)
    expect(size('byte')).toEqual({ kind: 'bytes', count: 1, partial: false })
    expect(size('field')).toEqual({ kind: 'bytes', count: 1, partial: false }) // FIN, reserved bits and opcode
    expect(size('unit')).toEqual({ kind: 'bytes', count: 7, partial: false })
    expect(size('all')).toEqual({ kind: 'bytes', count: 9, partial: false })
    lab.release('clientToServer', 2)
    expect(size('field')).toEqual({ kind: 'bytes', count: 5, partial: false })
    lab.release('clientToServer', 3)
    expect(size('unit')).toEqual({ kind: 'bytes', count: 2, partial: false })
  })

  it('takes all that is held of a unit that is not all there, and says so', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('84 05 4865'))
    const size = (granularity: 'byte' | 'field' | 'unit') =>
      bytesToStep(lab.capture, 0, lab.capture.end, 'clientToServer', granularity)
    expect(size('unit')).toEqual({ kind: 'bytes', count: 4, partial: true })
    expect(size('byte')).toEqual({ kind: 'bytes', count: 1, partial: false })
    lab.release('clientToServer', 2)
    expect(size('field')).toEqual({ kind: 'bytes', count: 2, partial: true })
  })

  it('lets a held end through on its own, after all bytes; then nothing is held', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'x' })
    lab.act('client', { kind: 'end' })
    const size = () => bytesToStep(lab.capture, 0, lab.capture.end, 'clientToServer', 'all')
    expect(size()).toEqual({ kind: 'bytes', count: 7, partial: false })
    lab.release('clientToServer', 7)
    expect(size()).toEqual({ kind: 'end' })
    lab.releaseEnd('clientToServer')
    expect(size()).toBeNull()
  })

  it('crosses the payload of a long frame as one field', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendBinary', bytes: new Uint8Array(1_000_000) })
    lab.release('clientToServer', 10)
    const size = bytesToStep(lab.capture, 0, lab.capture.end, 'clientToServer', 'field')
    expect(size).toEqual({ kind: 'bytes', count: 1_000_000, partial: false })
  })
})

describe('the next lane', () => {
  it('is the one whose first held byte arrived first', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('server', { kind: 'sendText', text: 'a' })
    lab.act('client', { kind: 'sendText', text: 'b' })
    expect(nextLane(lab.capture, 0, lab.capture.end)).toBe('serverToClient')
  })

  it('is the one with a unit in flight, though the other has waited longer', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('server', { kind: 'sendText', text: 'a' })
    lab.act('client', { kind: 'sendText', text: 'b' })
    lab.release('clientToServer', 1)
    expect(nextLane(lab.capture, 0, lab.capture.end)).toBe('clientToServer')
  })

  it('is not one whose unit in flight has nothing held', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('84'))
    lab.release('clientToServer', 1)
    expect(nextLane(lab.capture, 0, lab.capture.end)).toBeNull()
    lab.act('server', { kind: 'sendText', text: 'a' })
    expect(nextLane(lab.capture, 0, lab.capture.end)).toBe('serverToClient')
  })

  it('counts a held end like a byte', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.forgeEnd('server', 'fin')
    lab.act('client', { kind: 'sendText', text: 'b' })
    expect(nextLane(lab.capture, 0, lab.capture.end)).toBe('serverToClient')
  })
})

describe('moving through the record', () => {
  it.each(dialectIds)('by bytes stops once for every byte and end that %s delivered', (dialect) => {
    const { capture } = converse(createLab(dialect))
    const stops = stopsFrom(capture, 'byte')
    const { clientToServer, serverToClient } = deliveredAt(capture, capture.end)
    expect(stops).toHaveLength(clientToServer + serverToClient + 2)
    expect(stops.at(-1)).toEqual(capture.end)
  })

  it('by units stops where each row of the ladder is complete', () => {
    const { capture } = converse(createLab('hello-00'), 'byte')
    const done = stopsFrom(capture, 'unit').map((cursor) => stepIndex(capture, 0, cursor))
    expect(done).toEqual(Array.from({ length: stepCount(capture, 0) }, (_, index) => index + 1))
  })

  it('takes in what the ends did because of a step', () => {
    const lab = createLab('hello-00')
    lab.settle()
    const [first] = stopsFrom(lab.capture, 'unit')
    expect(lab.capture.connection(0).sentLengthAt('serverToClient', first!)).toBe(169 + 26) // the head and the Hello
    expect(deliveredAt(lab.capture, first!)).toEqual({ clientToServer: 176, serverToClient: 0 })
  })

  it.each(granularities)(
    'back by a %s visits the stops of forward in reverse, down to before the first byte',
    (granularity) => {
      for (const recorded of ['byte', 'field', 'unit', 'all'] as const) {
        const { capture } = converse(createLab('hello-00'), recorded)
        const forward = stopsFrom(capture, granularity)
        const before = { record: 3, bytes: 0 } // opened, asked, sent
        expect(stopsBefore(capture, capture.end, granularity)).toEqual([before, ...forward.slice(0, -1)].reverse())
      }
    },
  )

  it.each(granularities)('by a %s does so in any log, for each connection by itself', (granularity) => {
    fc.assert(
      fc.property(anyLog, (records) => {
        const capture = createCapture(createMemoryStore())
        for (const record of records) capture.append(record)
        for (const { id } of capture.connections) {
          const forward = stopsFrom(capture, granularity, id)
          expect(forward).toEqual([...forward].sort(compareCursors))
          const last = forward.at(-1)
          if (!last) continue
          expect(deliveredAt(capture, last, id)).toEqual(deliveredAt(capture, capture.end, id))
          const back = stopsBefore(capture, last, granularity, id)
          expect(back.slice(0, -1)).toEqual(forward.slice(0, -1).reverse())
          expect(deliveredAt(capture, back.at(-1)!, id)).toEqual({ clientToServer: 0, serverToClient: 0 })
        }
      }),
    )
  })

  it('from any cursor stops where a stop is next, forward and back', () => {
    const { capture } = converse(createLab('rfc6455'))
    const records = recordsOf(capture)
    const stops = stopsFrom(capture, 'unit')
    for (let record = 4; record < records.length; record += 1) {
      const cursor = { record, bytes: 0 }
      const after = stops.filter((stop) => compareCursors(stop, cursor) > 0)
      const before = stops.filter((stop) => compareCursors(stop, cursor) < 0)
      expect(cursorBefore(capture, 0, cursor, 'unit')).toEqual(before.at(-1) ?? { record: 3, bytes: 0 })
      const next = cursorAfter(capture, 0, cursor, 'unit')
      expect(after).toContainEqual(next)
      expect(stepIndex(capture, 0, next!)).toBeGreaterThan(stepIndex(capture, 0, cursor))
    }
  })

  it('by all stops once what the lane held then was delivered', () => {
    const lab = createLab('hello-00')
    lab.settle('byte')
    const asked = { record: 3, bytes: 0 }
    const next = cursorAfter(lab.capture, 0, asked, 'all')
    expect(deliveredAt(lab.capture, next!)).toEqual({ clientToServer: 176, serverToClient: 0 })
  })

  it('stops at a FIN and at the reset that follows it', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    for (const how of ['fin', 'reset'] as const) {
      lab.forgeEnd('server', how)
      lab.releaseEnd('serverToClient')
    }
    const [reset, fin] = stopsBefore(lab.capture, { record: lab.capture.length + 1, bytes: 0 }, 'unit')
    expect(lab.capture.connection(0).deliveredEndAt('serverToClient', reset!)).toBe('reset')
    expect(lab.capture.connection(0).deliveredEndAt('serverToClient', fin!)).toBe('fin')
  })

  it('of one connection passes over what another one does', () => {
    const one = createLab('hello-00')
    const other = createLab('rfc6455', 1, one.capture)
    while (one.step('unit') || other.step('unit')) other.step('field')
    const stops = stopsFrom(one.capture, 'unit', 0)
    expect(stops.map((cursor) => stepIndex(one.capture, 0, cursor))).toEqual([1, 2, 3, 4])
    expect(stops.at(-1)).toEqual(one.capture.end)
  })

  it('has no stop after the last or before the first', () => {
    const { capture } = converse(createLab('hello-00'))
    expect(cursorAfter(capture, 0, capture.end, 'byte')).toBeNull()
    expect(cursorBefore(capture, 0, { record: 3, bytes: 0 }, 'byte')).toBeNull()
    expect(cursorBefore(capture, 0, start, 'unit')).toBeNull()
  })
})
