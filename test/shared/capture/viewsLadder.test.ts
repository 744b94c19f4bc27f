import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lanes, receiverOf, senderOf } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { Cursor, LogRecord } from '../../../shared/capture/record.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import type { LadderRow } from '../../../shared/capture/view.ts'
import { connectionView, ladderRows, nextStep, passedRows } from '../../../shared/capture/views.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { scanUnits } from '../../../shared/endpoint/laneScanner.ts'
import {
  createObserver,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../../../shared/endpoint/observer.ts'
import { converse, createLab, labUrl, recordsOf } from './lab.ts'
import { anyLog, hex } from './logs.ts'
import { allCursors, gateBytes, naiveKey, naiveWorld } from './naive.ts'

function rowsAt(capture: CaptureReader, cursor: Cursor, id = 0): readonly LadderRow[] {
  return ladderRows(capture, id, cursor, 0, 1000).rows
}

/** The units of both lanes as a scan of all bytes from the beginning has them. */
function naiveUnits(records: readonly LogRecord[], id: number, cursor: Cursor) {
  const world = naiveWorld(records, id, cursor)
  const opened = records.find((record) => record.kind === 'open' && record.connection === id)
  const dialect = dialectById((opened as Extract<LogRecord, { kind: 'open' }>).dialect!)
  return lanes.flatMap((lane) => {
    const delivered = world[lane].delivered.length
    const units = scanUnits(dialect, lane, Uint8Array.from(gateBytes(world[lane])), {
      open: true,
      connectionKey: naiveKey(world, dialect),
    })
    return units.map(({ kind, start, end }) => ({
      ...{ lane, kind, start, end },
      delivered: Math.max(0, Math.min(end, delivered) - start),
    }))
  })
}

/** Ladder rows that are units, as far as they are in the gate stream, lane by lane. */
function ladderUnits(capture: CaptureReader, id: number, cursor: Cursor) {
  const gateEnds = connectionView(capture, id, cursor).lanes
  const rows = rowsAt(capture, cursor, id)
  return lanes.flatMap((lane) => {
    const length = gateEnds[lane].delivered + gateEnds[lane].held
    return rows
      .filter((row) => row.lane === lane && !['fin', 'reset', 'dropped'].includes(row.kind))
      .map(({ kind, span, delivered }) => ({
        ...{ lane, kind, start: span.start, end: Math.min(span.end, length), delivered },
      }))
  })
}

/** The ladder as text: one line a row. */
function drawn(rows: readonly LadderRow[]): string {
  return rows.map((row) => `${line(row)}\n`).join('')
}

function line({ index, lane, label, preview, span, delivered, tone, messageRow, edited, fault }: LadderRow): string {
  const size = span.end - span.start
  const extras = [
    ...(size > 0 && delivered < size ? [`${delivered} of ${size} bytes through`] : []),
    ...(messageRow === undefined ? [] : [`part of the message of row ${messageRow}`]),
    ...(edited ? [edited] : []),
    ...(fault ? [`fault ${fault.code}`] : []),
  ]
  const arrow = `${senderOf(lane)} -> ${receiverOf(lane)}`
  const what = `${label}${preview && `  ${preview}`}  [${span.start}, ${span.end})  ${tone}`
  return [`${String(index).padStart(2)}  ${arrow}  ${what}`, ...extras].join('  ')
}

describe('the ladder', () => {
  it.each(dialectIds)('of a whole %s conversation is the drawn one', async (dialect) => {
    const { capture } = converse(createLab(dialect))
    await expect(drawn(rowsAt(capture, capture.end))).toMatchFileSnapshot(`../../fixtures/ladders/${dialect}.txt`)
  })

  it.each(dialectIds)('of %s in the middle of a handshake byte shows what is in flight and held', async (dialect) => {
    const lab = createLab(dialect)
    lab.step('unit')
    if (lab.capture.connection(0).dialect.handshake.challenge === 'keyNumbers') lab.step('unit')
    lab.release('serverToClient', 40)
    lab.act('server', { kind: 'sendText', text: 'early' })
    const drawing = drawn(rowsAt(lab.capture, lab.capture.end))
    await expect(drawing).toMatchFileSnapshot(`../../fixtures/ladders/${dialect}-in-flight.txt`)
  })

  it('of what passed is the ladder without what is held, for any log, as of any cursor', () => {
    const check = (records: LogRecord[]) => {
      const capture = createCapture(createMemoryStore())
      for (const record of records) capture.append(record)
      for (const { id } of capture.connections) {
        for (const cursor of allCursors(records)) {
          const done = capture.connection(id).rowCountAt(cursor)
          const passed = rowsAt(capture, cursor, id).filter(({ index, delivered }) => index < done || delivered > 0)
          expect(passedRows(capture, id, cursor, 0, 1000)).toEqual(passed)
          expect(passedRows(capture, id, cursor, done, 0)).toEqual(passed.slice(done))
        }
      }
    }
    fc.assert(fc.property(anyLog, check), { numRuns: 60 })
  })

  it.each(dialectIds)('of %s has, as of every cursor, the units that a scan from the beginning has', (dialect) => {
    const { capture } = converse(createLab(dialect), 'field')
    const records = recordsOf(capture)
    for (const cursor of allCursors(records)) {
      expect(ladderUnits(capture, 0, cursor)).toEqual(naiveUnits(records, 0, cursor))
    }
  })

  it('has the units of a scan from the beginning for any log of any connections, edits included', () => {
    fc.assert(
      fc.property(anyLog, fc.double({ min: 0, max: 1, noNaN: true }), (records, share) => {
        const capture = createCapture(createMemoryStore())
        for (const record of records) capture.append(record)
        const cursors = allCursors(recordsOf(capture))
        const cursor = cursors[Math.floor(share * (cursors.length - 1))]!
        for (const { id } of capture.connections) {
          expect(ladderUnits(capture, id, cursor)).toEqual(naiveUnits(records, id, cursor))
        }
      }),
    )
  })

  it('gives any part of itself as a page, with the total', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('85 03 00ff12 04 01 41'))
    const { capture } = lab
    const all = ladderRows(capture, 0, capture.end, 0, 1000)
    expect(all.total).toBe(all.rows.length)
    for (let from = 0; from <= all.total; from += 1) {
      for (const count of [0, 1, 3]) {
        const page = ladderRows(capture, 0, capture.end, from, count)
        expect(page).toEqual({ total: all.total, rows: all.rows.slice(from, from + count) })
      }
    }
  })

  it('lists a unit in flight before held units, and held units by when their first byte arrived', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('server', { kind: 'sendText', text: 'first' })
    lab.act('client', { kind: 'sendText', text: 'second' })
    lab.act('server', { kind: 'sendText', text: 'third' })
    const done = lab.capture.connection(0).rowCount
    const held = () =>
      rowsAt(lab.capture, lab.capture.end)
        .slice(done)
        .map(({ preview }) => preview)
    expect(held()).toEqual(['"first"', '"second"', '"third"'])
    lab.release('clientToServer', 1)
    expect(held()).toEqual(['"second"', '"first"', '"third"'])
  })

  it('lists what was inserted at the gate where it lies on its lane', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'later' })
    const { delivered } = connectionView(lab.capture, 0, lab.capture.end).lanes.clientToServer
    lab.edit('clientToServer', delivered, 0, hex('84 01 41'), 'inserted')
    const rows = rowsAt(lab.capture, lab.capture.end).slice(-2)
    expect(rows.map(({ preview, edited }) => [preview, edited])).toEqual([
      ['"A"', 'inserted'],
      ['"later"', undefined],
    ])
  })

  it('shows a held end of stream as a row behind the held bytes', () => {
    const lab = createLab('rfc6455')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'bye' })
    lab.forgeEnd('client', 'reset')
    const rows = rowsAt(lab.capture, lab.capture.end).slice(-2)
    expect(rows.map(({ kind, label }) => [kind, label])).toEqual([
      ['frame', 'text'],
      ['reset', 'RST'],
    ])
  })

  it('knows the length of a frame from its header, and of a head only from its end', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('84 05 4865'))
    const frame = rowsAt(lab.capture, lab.capture.end).at(-1)!
    expect(frame).toMatchObject({ complete: true, span: { start: 194, end: 201 }, preview: '"He…"' })
    lab.forge('server', hex('84'))
    expect(rowsAt(lab.capture, lab.capture.end).at(-1)).toMatchObject({
      complete: false,
      span: { start: 195, end: 196 },
    })
  })

  it('links the fragments of a message to its first row, held or delivered, and control frames to none', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.forge('client', hex('04 01 41  83 00  00 01 42'))
    lab.settle()
    lab.forge('client', hex('80 01 43  80 01 44'))
    const rows = rowsAt(lab.capture, lab.capture.end)
    const first = rows.findIndex(({ final }) => final === false)
    expect(rows.slice(first).map(({ messageRow }) => messageRow)).toEqual([first, undefined, first, first, undefined])
    const page = ladderRows(lab.capture, 0, lab.capture.end, first + 2, 2).rows
    expect(page.map(({ messageRow }) => messageRow)).toEqual([first, first])
  })

  it('marks a row with the fault that was found on it, from the cursor on where it was found', () => {
    const lab = createLab('hello-00')
    lab.step('unit')
    lab.step('unit')
    lab.edit('serverToClient', 190, 1, Uint8Array.of(0))
    lab.settle()
    const hello = (cursor: Cursor) => rowsAt(lab.capture, cursor).find(({ label }) => label === 'Hello')
    expect(hello(lab.capture.end)).toMatchObject({
      edited: 'edited',
      fault: { code: 'hello.digest', severity: 'violation' },
    })
    const found = lab.capture.connection(0).faults.find(({ code }) => code === 'hello.digest')!.cursor
    expect(hello({ record: found.record - 1, bytes: 0 })?.fault).toBeUndefined()
  })

  it('shows what was dropped as a row of its own and leaves no mark on the unit behind it', () => {
    const lab = createLab('hello-00')
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'gone' })
    lab.act('client', { kind: 'sendText', text: 'kept' })
    lab.edit('clientToServer', 194, 6, new Uint8Array(0), 'dropped')
    const rows = rowsAt(lab.capture, lab.capture.end).slice(-2)
    expect(rows[0]).toMatchObject({
      kind: 'dropped',
      label: 'dropped',
      edited: 'dropped',
      preview: '6 bytes that never arrived',
    })
    expect(rows[1]).toMatchObject({ preview: '"kept"' })
    expect(rows[1]).not.toHaveProperty('edited')
  })

  it('does not read the payload of a long held frame', () => {
    const store = createMemoryStore()
    const read: number[] = []
    const counting = {
      ...store,
      get size() {
        return store.size
      },
      read: (offset: number, length: number) => {
        read.push(length)
        return store.read(offset, length)
      },
    }
    const lab = createLab('hello-00', 0, createCapture(counting))
    lab.settle()
    lab.act('client', { kind: 'sendBinary', bytes: new Uint8Array(1_000_000) })
    read.length = 0
    const { rows } = ladderRows(lab.capture, 0, lab.capture.end, 0, 100)
    expect(rows.at(-1)!.span).toEqual({ start: 194, end: 194 + 10 + 1_000_000 })
    expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(200_000)
  })
})

describe('the connection', () => {
  it.each(dialectIds)('of %s is, as of every cursor, in the states that fresh observers come to', (dialect) => {
    const { capture } = converse(createLab(dialect), 'field')
    const records = recordsOf(capture)
    for (const cursor of allCursors(records)) {
      expect(connectionView(capture, 0, cursor).states).toEqual(statesOf(records, cursor, dialect))
    }
  })

  it('says what the next step concerns and how much its lane holds', () => {
    const lab = createLab('hello-00')
    const next = () => nextStep(lab.capture, 0, lab.capture.end)
    expect(next()).toEqual({ lane: 'clientToServer', label: 'GET /demo', held: 176 })
    lab.release('clientToServer', 100)
    expect(next()).toEqual({ lane: 'clientToServer', label: 'GET /demo', held: 76 })
    lab.settle()
    expect(next()).toBeNull()
    lab.forgeEnd('server', 'fin')
    expect(next()).toEqual({ lane: 'serverToClient', label: 'FIN', held: 0 })
  })
})

function statesOf(records: readonly LogRecord[], cursor: Cursor, dialect: (typeof dialectIds)[number]) {
  const observers = {
    client: createObserver(dialectById(dialect), 'client', { url: labUrl }),
    server: createObserver(dialectById(dialect), 'server', { url: labUrl }),
  }
  records.slice(0, cursor.record + 1).forEach((record, index) => {
    const isNext = index === cursor.record
    if (record.kind === 'delivered') {
      const bytes = isNext ? record.bytes.slice(0, cursor.bytes) : record.bytes
      observeReceived(observers[receiverOf(record.lane)], bytes)
    } else if (!isNext) {
      if (record.kind === 'sent') observeSent(observers[senderOf(record.lane)], record.bytes)
      if (record.kind === 'sentEnd') observeSentEnd(observers[senderOf(record.lane)])
      if (record.kind === 'deliveredEnd') observeReceivedEnd(observers[receiverOf(record.lane)])
    }
  })
  return { client: observers.client.state, server: observers.server.state }
}
