import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lanes } from '../../../shared/bytes/lanes.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import { createRecordIndex, type RecordIndex } from '../../../shared/capture/recordIndex.ts'
import type { RecordHead } from '../../../shared/capture/types.ts'

const connection = fc.integer({ min: 0, max: 0xffffffff })
const time = fc.integer({ min: 0, max: 4e9 }).map((ticks) => ticks / 4)
const place = fc.integer({ min: 0, max: 2 ** 40 })
const lane = fc.constantFrom(...lanes)
const bytes = fc.integer({ min: 1, max: 300 }).map((length) => new Uint8Array(length))

/** An entry as it is added, and the records that are in the index then. */
interface Added {
  add(index: RecordIndex): void
  readonly heads: readonly RecordHead[]
  readonly offset: number
}

const asRecord = fc
  .record({
    kind: fc.constantFrom('sent', 'delivered', 'sentEnd', 'note'),
    connection,
    time,
    lane,
    bytes,
    place,
    offset: place,
  })
  .map(({ kind, connection, time, lane, bytes, place: start, offset }): Added => {
    const at = { connection, time }
    const records: Record<string, LogRecord> = {
      sent: { kind: 'sent', ...at, lane, bytes },
      delivered: { kind: 'delivered', ...at, lane, bytes },
      sentEnd: { kind: 'sentEnd', ...at, lane, how: 'reset' },
      note: { kind: 'note', ...at, text: '' },
    }
    const size = kind === 'sent' || kind === 'delivered' ? bytes.length : 0
    return {
      add: (index) => index.add(records[kind]!, start, offset),
      heads: [{ kind, ...at, lane: kind === 'note' ? null : lane, size, start }],
      offset,
    }
  })

const asPassed = fc
  .record({ connection, time, lane, bytes, sentStart: place, deliveredStart: place, offset: place })
  .map(({ connection, time, lane, bytes, sentStart, deliveredStart, offset }): Added => {
    const head = { connection, time, lane, size: bytes.length }
    const slice = { connection, time, lane, bytes: new Uint8Array(9 + bytes.length), start: 9, end: 9 + bytes.length }
    return {
      add: (index) => index.addPassed(slice, sentStart, deliveredStart, offset),
      heads: [
        { kind: 'sent', ...head, start: sentStart },
        { kind: 'delivered', ...head, start: deliveredStart },
      ],
      offset,
    }
  })

it('gives back every record, in whatever order they are asked for, and bytes that passed as the two that they are', () => {
  const entries = fc.array(fc.oneof(asRecord, asPassed), { minLength: 600, maxLength: 1200 })
  fc.assert(
    fc.property(entries, fc.infiniteStream(fc.nat()), (added, orders) => {
      const index = createRecordIndex()
      for (const one of added) one.add(index)
      const all = added.flatMap(({ heads, offset }) => heads.map((head) => ({ head, offset })))
      expect(index.length).toBe(all.length)
      const order = all.map((_, number) => ({ number, key: orders.next().value as number }))
      for (const { number } of order.sort((one, other) => one.key - other.key)) {
        const { head, offset } = all[number]!
        expect(index.head(number)).toEqual(head)
        expect(index.kind(number)).toBe(head.kind)
        expect(index.start(number)).toBe(head.start)
        expect(index.offset(number)).toBe(offset)
        if (head.kind === 'sentEnd') expect(index.how(number)).toBe('reset')
      }
    }),
    { numRuns: 5 },
  )
})

it('has no record outside of it', () => {
  const index = createRecordIndex()
  index.add({ kind: 'note', connection: 1, time: 0, text: '' }, 0, 0)
  for (const outside of [-1, 1, Number.NaN]) {
    expect(() => index.head(outside)).toThrow(`an index of 1 records has no record ${outside}`)
  }
})
