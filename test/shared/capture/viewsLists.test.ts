import { describe, expect, it } from 'vitest'
import { createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { Cursor } from '../../../shared/capture/record.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import {
  faultViews,
  messageViews,
  mostMarks,
  segmentViews,
  summaryCounts,
  timelineMarks,
  transitionViews,
} from '../../../shared/capture/views.ts'
import { dialectById, dialectIds } from '../../../shared/dialects/registry.ts'
import { converse, createLab, recordsOf } from './lab.ts'
import { hex } from './logs.ts'
import { allCursors } from './naive.ts'

/** A hello-00 lab with an open connection. */
function opened() {
  const lab = createLab('hello-00')
  lab.settle()
  return lab
}

/** A server that gets a nonce it must refuse. */
function refused() {
  const lab = createLab('hello-00')
  const request = new TextDecoder().decode(
    lab.capture.connection(0).readGate('clientToServer', lab.capture.end, 0, 176),
  )
  lab.edit('clientToServer', request.indexOf('Nonce: ') + 7, 1, hex('58'))
  lab.settle()
  return lab
}

const lists = { faultViews, messageViews, segmentViews, transitionViews }

describe('every list', () => {
  it.each(Object.entries(lists))(
    '%s: is, as of any cursor, a beginning of the whole, and pages are parts of it',
    (_, list) => {
      const { capture } = refused()
      const { capture: conversation } = converse(createLab('rfc6455'))
      for (const each of [capture, conversation]) {
        const whole = list(each, 0, each.end, 0, 1000)
        expect(whole.rows).toHaveLength(whole.total)
        for (const cursor of allCursors(recordsOf(each)).filter(({ bytes }) => bytes === 0)) {
          const { total, rows } = list(each, 0, cursor, 0, 1000)
          expect(rows).toEqual(whole.rows.slice(0, total))
          expect(list(each, 0, cursor, 1, 2)).toEqual({ total, rows: rows.slice(1, 3) })
        }
      }
    },
  )

  it('has in sum what the summary counts', () => {
    const { capture } = refused()
    for (const cursor of allCursors(recordsOf(capture))) {
      const totals = Object.values(lists).map((list) => list(capture, 0, cursor, 0, 0).total)
      const { faultCount, messageCount, segmentCount } = summaryCounts(capture, 0, cursor)
      expect(totals.slice(0, 3)).toEqual([faultCount, messageCount, segmentCount])
    }
  })
})

describe('messages', () => {
  const rows = (capture: CaptureReader) => messageViews(capture, 0, capture.end, 0, 100).rows

  it.each(dialectIds.filter((id) => dialectById(id).framing === 'sentinel'))(
    'of %s are what stands between 00 and FF',
    (dialect) => {
      const { capture } = converse(createLab(dialect))
      expect(rows(capture).map(({ type, preview, size }) => [type, preview.slice(0, 25), size])).toEqual([
        ['text', 'hello', 5],
        ['text', 'good day, in one piece', 22],
        ['text', '', 0],
        ['text', 'ä'.repeat(25), 600],
      ])
    },
  )

  it.each(dialectIds.filter((id) => dialectById(id).framing === 'lengthPrefixed'))(
    'of %s are put together from their fragments, in clear',
    (dialect) => {
      const { capture } = converse(createLab(dialect))
      expect(
        rows(capture).map(({ type, preview, size, fragments }) => [type, preview.slice(0, 25), size, fragments]),
      ).toEqual([
        ['text', 'hello', 5, 1],
        ['text', 'good day, in three pieces', 25, 3],
        ['binary', '', 0, 1],
        ['binary', '00 01 02 03 04 05 06 07 0', 130, 1],
      ])
    },
  )

  it('preview 200 characters however they are encoded and cut, or 64 bytes', () => {
    const lab = opened()
    const text = '😀'.repeat(150) + 'é'.repeat(100)
    lab.act('client', { kind: 'sendText', text, fragments: 7 })
    lab.act('client', { kind: 'sendBinary', bytes: new Uint8Array(100), fragments: 3 })
    lab.settle()
    const [first, second] = rows(lab.capture)
    expect(first!.preview).toBe('😀'.repeat(150) + 'é'.repeat(50))
    expect(first!.size).toBe(150 * 4 + 100 * 2)
    expect(second!.preview).toBe('00 '.repeat(64).trim())
  })

  it('of very many fragments read the store in large pieces, not fragment by fragment', () => {
    const store = createMemoryStore()
    let reads = 0
    const read: typeof store.read = (offset, length) => {
      reads += 1
      return store.read(offset, length)
    }
    const counted = {
      ...store,
      read,
      get size() {
        return store.size
      },
    }
    const lab = createLab('rfc6455', 0, createCapture(counted))
    lab.settle()
    lab.act('client', { kind: 'sendText', text: 'fragment by fragment '.repeat(250), fragments: 5_000 })
    lab.settle('all')
    reads = 0
    const [message] = rows(lab.capture)
    expect(message).toMatchObject({
      fragments: 5_000,
      size: 5_250,
      preview: 'fragment by fragment '.repeat(10).slice(0, 200),
    })
    expect(reads).toBeLessThan(50)
  })

  it('exist from the cursor on where their last byte was delivered', () => {
    const lab = opened()
    lab.act('client', { kind: 'sendText', text: 'hi' })
    lab.settle('byte')
    const { length } = lab.capture
    const totalAt = (cursor: Cursor) => messageViews(lab.capture, 0, cursor, 0, 0).total
    expect(totalAt({ record: length - 1, bytes: 0 })).toBe(0)
    expect(totalAt({ record: length, bytes: 0 })).toBe(1)
    expect(rows(lab.capture)[0]!.time).toBe(lab.capture.head(length - 1).time)
  })
})

describe('faults', () => {
  it('say what the catalogue says of them in the connection’s dialect', () => {
    const { capture } = refused()
    const [fault] = faultViews(capture, 0, capture.end, 0, 1).rows
    expect(fault).toMatchObject({ lane: 'clientToServer', severity: 'violation', connection: 0 })
    expect(fault!.cite).toMatch(/^hello-00|^hybi-03/)
    for (const words of [fault!.says, fault!.consequence, fault!.remedy]) expect(words).not.toBe('')
    expect(fault!.citeSays).toMatch(/no numbered copy/)
  })
})

describe('segments', () => {
  it('tell every record in words, and bytes as far as the cursor is in them', () => {
    const lab = opened()
    lab.note('look here')
    lab.act('client', { kind: 'sendText', text: 'hello' })
    lab.edit('clientToServer', 194, 0, hex('83 00'), 'inserted')
    lab.settle()
    const said = (cursor: Cursor) =>
      segmentViews(lab.capture, 0, cursor, 0, 100).rows.map(({ side, says, size }) => [side, says, size])
    expect(said(lab.capture.end).slice(0, 5)).toEqual([
      ['open', 'connection 0 opens, hello-00, ws://127.0.0.1:4502/demo', 0],
      ['action', 'client: open the connection', 0],
      ['sent', 'the client sent 176 bytes', 176],
      ['delivered', 'the server got 176 bytes', 176],
      ['sent', 'the server sent 169 bytes', 169],
    ])
    expect(said(lab.capture.end).slice(-6)).toEqual([
      ['note', 'note: look here', 0],
      ['action', 'client: send text "hello"', 0],
      ['sent', 'the client sent 7 bytes', 7],
      ['edit', 'gate: inserted at byte 194 from the client, 0 bytes out, 2 in', 2],
      ['delivered', 'the server got 2 bytes', 2],
      ['delivered', 'the server got 7 bytes', 7],
    ])
    expect(said({ record: 3, bytes: 1 }).at(-1)).toEqual(['delivered', 'the server got 1 byte', 1])
  })

  it('are those of the connection alone', () => {
    const one = createLab('hello-00')
    const other = createLab('rfc6455', 1, one.capture)
    other.settle()
    one.settle()
    for (const { id } of [one, other]) {
      const { rows } = segmentViews(one.capture, id, one.capture.end, 0, 100)
      expect(new Set(rows.map(({ connection }) => connection))).toEqual(new Set([id]))
      for (const { record } of rows) expect(one.capture.head(record).connection).toBe(id)
    }
  })
})

describe('the timeline', () => {
  it('has a mark for every row of a short log, in order, on one scale', () => {
    const { capture } = converse(createLab('hello-00'))
    const marks = timelineMarks(capture, 0)
    expect(marks).toHaveLength(capture.connection(0).rowCount)
    expect(marks[0]).toMatchObject({ label: 'GET /demo', tone: 'http', lane: 'clientToServer' })
    const places = marks.map(({ at }) => at)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places.at(-1)).toBe(1)
  })

  it('is thinned to a bounded number of marks, and keeps every fault, edit and note', () => {
    const lab = opened()
    for (let index = 0; index < 1500; index += 1) {
      lab.act('client', { kind: 'ping', bytes: Uint8Array.of(index & 0xff) })
      if (index % 50 === 0) lab.note(`note ${index}`)
    }
    lab.edit('clientToServer', 194, 0, hex('85 00'), 'inserted')
    lab.forge('server', hex('8f 00'))
    lab.settle()
    const marks = timelineMarks(lab.capture, 0)
    expect(marks).toHaveLength(mostMarks)
    expect(marks.filter(({ label }) => label.startsWith('note '))).toHaveLength(30)
    expect(marks.map(({ label }) => label)).toContain('inserted')
    expect(marks.map(({ label }) => label)).toContain('hello.late')
    const gaps = marks.slice(1).map((mark, index) => mark.at - marks[index]!.at)
    expect(Math.max(...gaps)).toBeLessThan(0.5)
  })

  it('is bounded even when there are more notes than marks', () => {
    const lab = createLab('hello-00')
    for (let index = 0; index < 1000; index += 1) lab.note(`note ${index}`)
    const labels = timelineMarks(lab.capture, 0).map(({ label }) => label)
    expect(labels).toHaveLength(mostMarks)
    expect([labels[0], labels.at(-1)]).toEqual(['note 0', 'note 999'])
  })
})
