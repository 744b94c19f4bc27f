import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { type Lane, lanes, receiverOf, roles, senderOf } from '../../../shared/bytes/lanes.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type Cursor, compareCursors, type EditLabel, type LogRecord } from '../../../shared/capture/record.ts'
import type { ConnectionCapture, IndexRow } from '../../../shared/capture/types.ts'
import type { Dialect, DialectId } from '../../../shared/dialects/dialect.ts'
import { dialectById } from '../../../shared/dialects/registry.ts'
import { scanUnits } from '../../../shared/endpoint/laneScanner.ts'
import {
  createObserver,
  type Observation,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
} from '../../../shared/endpoint/observer.ts'
import { anyLog, conversations, hex } from './logs.ts'
import { allCursors, arrivals, editSpans, gateBytes, type NaiveLane, naiveKey, naiveWorld } from './naive.ts'
import { topologyOf } from './topology.ts'

function captureOf(records: readonly LogRecord[]): Capture {
  const capture = createCapture(createMemoryStore())
  for (const record of records) capture.append(record)
  return capture
}

const at = { time: 1e12, connection: 1 }
const open = (dialect: DialectId, connection = 1): LogRecord => ({
  ...at,
  connection,
  kind: 'open',
  topology: topologyOf(connection),
  dialect,
})
const sent = (lane: Lane, bytes: Uint8Array): LogRecord => ({ ...at, kind: 'sent', lane, bytes })
const delivered = (lane: Lane, bytes: Uint8Array): LogRecord => ({ ...at, kind: 'delivered', lane, bytes })
const passed = (lane: Lane, bytes: Uint8Array): LogRecord[] => [sent(lane, bytes), delivered(lane, bytes)]
const edit = (lane: Lane, place: number, remove: number, insert: string, label: EditLabel): LogRecord => ({
  ...at,
  kind: 'edit',
  lane,
  at: place,
  remove,
  insert: hex(insert),
  label,
})

function rowsAt(one: ConnectionCapture, cursor: Cursor): IndexRow[] {
  return Array.from({ length: one.rowCountAt(cursor) }, (_, index) => one.row(index))
}

const isUnit = ({ kind }: IndexRow): boolean => kind !== 'fin' && kind !== 'reset' && kind !== 'dropped'

function dialectOf(records: readonly LogRecord[], connection: number): Dialect {
  const opened = records.find((record) => record.kind === 'open' && record.connection === connection)
  if (opened?.kind !== 'open') throw new Error('not opened')
  return dialectById(opened.dialect!)
}

describe('every answer as of every cursor equals what the records alone say, for any log', () => {
  /** Runs `check` for every connection and cursor of many logs. */
  function always(
    check: (one: ConnectionCapture, cursor: Cursor, records: readonly LogRecord[]) => void,
    numRuns = 40,
  ): void {
    const checkLog = (records: readonly LogRecord[]) => {
      const capture = captureOf(records)
      for (const one of capture.connections) {
        for (const cursor of allCursors(records)) check(one, cursor, records)
      }
    }
    fc.assert(fc.property(anyLog, checkLog), { numRuns })
  }

  function lanesAt(one: ConnectionCapture, cursor: Cursor, records: readonly LogRecord[]): [Lane, NaiveLane][] {
    const world = naiveWorld(records, one.id, cursor)
    return lanes.map((lane) => [lane, world[lane]])
  }

  it('lengths and ends of both streams, and how much is held', () => {
    always((one, cursor, records) => {
      for (const [lane, naive] of lanesAt(one, cursor, records)) {
        expect(one.sentLengthAt(lane, cursor)).toBe(naive.sent.length)
        expect(one.deliveredLengthAt(lane, cursor)).toBe(naive.delivered.length)
        expect(one.heldLengthAt(lane, cursor)).toBe(gateBytes(naive).length - naive.delivered.length)
        expect(one.sentEndAt(lane, cursor)).toBe(naive.sentEnd)
        expect(one.deliveredEndAt(lane, cursor)).toBe(naive.deliveredEnd)
      }
    })
  })

  it('the bytes of the sent, the delivered and the gate stream, and any part of them', () => {
    always((one, cursor, records) => {
      for (const [lane, naive] of lanesAt(one, cursor, records)) {
        const gate = gateBytes(naive)
        expect([...one.readSent(lane, 0, naive.sent.length)]).toEqual(naive.sent)
        expect([...one.readDelivered(lane, 0, naive.delivered.length)]).toEqual(naive.delivered)
        expect([...one.readGate(lane, cursor, 0, gate.length)]).toEqual(gate)
        const [from, to] = [Math.floor(gate.length / 3), Math.ceil((gate.length * 3) / 4)]
        expect([...one.readGate(lane, cursor, from, to)]).toEqual(gate.slice(from, to))
      }
    })
  })

  it('where edits are, and by which record each byte came and went', () => {
    always((one, cursor, records) => {
      for (const [lane, naive] of lanesAt(one, cursor, records)) {
        expect(one.editsAt(lane, cursor)).toEqual(editSpans(naive))
        arrivals(naive).forEach((by, offset) => {
          if (offset < naive.delivered.length) expect(one.deliveredBy(lane, offset)).toBe(naive.deliveries[offset])
          else expect(one.arrivedBy(lane, cursor, offset)).toBe(by)
        })
      }
    }, 20)
  })

  it('the rows, the boundary behind them, and the row that holds a byte', () => {
    always((one, cursor, records) => {
      const rows = rowsAt(one, cursor)
      for (const [lane, naive] of lanesAt(one, cursor, records)) {
        const found = rows.filter((row) => row.lane === lane)
        const dialect = dialectOf(records, one.id)
        const connectionKey = naiveKey(naiveWorld(records, one.id, cursor), dialect)
        const units = scanUnits(dialect, lane, Uint8Array.from(naive.delivered), { connectionKey })
        expect(found.filter(isUnit).map(unitOf)).toEqual(units)
        expect(found.filter(({ kind }) => kind === 'dropped').map(({ span }) => span)).toEqual(naive.drops)
        expect(found.filter(({ kind }) => kind === 'fin' || kind === 'reset')).toHaveLength(naive.ends)
        expect(one.boundaryAt(lane, cursor)).toBe(units.at(-1)?.end ?? 0)
        for (const { start, end } of units) {
          for (const offset of [start, end - 1])
            expect(one.row(one.rowHolding(lane, offset)).span).toEqual({ start, end })
        }
      }
    })
  })

  function unitOf({ kind, span, opcode, final }: IndexRow) {
    return kind === 'frame' ? { kind, ...span, opcode, final } : { kind, ...span }
  }

  it('the messages that frames make up', () => {
    always((one, cursor, records) => {
      const rows = rowsAt(one, cursor)
      const naive = lanes.flatMap((lane) => naiveMessages(rows, lane, dialectOf(records, one.id)))
      const messages = Array.from({ length: one.messageCountAt(cursor) }, (_, index) => one.message(index))
      expect(messages).toEqual(naive.sort((a, b) => a.rows.at(-1)! - b.rows.at(-1)!))
    })
  })

  function naiveMessages(rows: readonly IndexRow[], lane: Lane, { opcodes }: Dialect) {
    const messages: { lane: Lane; type: 'text' | 'binary'; rows: number[] }[] = []
    let current: (typeof messages)[number] | null = null
    rows.forEach((row, index) => {
      const name = row.kind === 'frame' && row.lane === lane ? opcodes[row.opcode] : undefined
      if (name === 'text' || name === 'binary') current = { lane, type: name, rows: [] }
      if (!current || (name !== 'continuation' && name !== 'text' && name !== 'binary')) return
      current.rows.push(index)
      if (!row.final) return
      messages.push(current)
      current = null
    })
    return messages
  }

  it('the states of both ends, and the faults found so far', () => {
    always((one, cursor, records) => {
      const naive = naiveEnds(one, cursor, records)
      for (const role of roles) expect(one.stateAt(role, cursor)).toBe(naive.states[role])
      const faults = one.faults.filter((fault) => compareCursors(fault.cursor, cursor) <= 0)
      expect(faults.map(({ code }) => code)).toEqual(naive.faults)
    })
  })

  function naiveEnds(one: ConnectionCapture, cursor: Cursor, records: readonly LogRecord[]) {
    const dialect = dialectOf(records, one.id)
    const config = one.opened.url === undefined ? {} : { url: one.opened.url }
    const ends = {
      client: createObserver(dialect, 'client', config),
      server: createObserver(dialect, 'server', config),
    }
    const faults: string[] = []
    const note = (seen: Observation) => faults.push(...seen.faults.map(({ code }) => code))
    const feed = (record: LogRecord) => {
      if (record.connection !== one.id) return
      if (record.kind === 'sent') note(observeSent(ends[senderOf(record.lane)], record.bytes))
      if (record.kind === 'delivered') note(observeReceived(ends[receiverOf(record.lane)], record.bytes))
      if (record.kind === 'sentEnd') note(observeSentEnd(ends[senderOf(record.lane)]))
      if (record.kind === 'deliveredEnd') note(observeReceivedEnd(ends[receiverOf(record.lane)]))
    }
    records.slice(0, cursor.record).forEach(feed)
    const next = records[cursor.record]
    if (cursor.bytes > 0 && next?.kind === 'delivered') feed({ ...next, bytes: next.bytes.slice(0, cursor.bytes) })
    return { states: { client: ends.client.state, server: ends.server.state }, faults }
  }

  it('which records are its own, and which of them a person made', () => {
    always((one, cursor, records) => {
      const own = records.flatMap((record, index) => (record.connection === one.id ? [index] : []))
      const end = cursor.record + (cursor.bytes > 0 ? 1 : 0)
      expect(one.recordCountAt(cursor)).toBe(own.filter((index) => index < end).length)
      expect(own.map((_, index) => one.recordAt(index))).toEqual(own)
      const asides = own.filter((index) => records[index]!.kind === 'edit' || records[index]!.kind === 'note')
      expect(one.asides).toEqual(asides)
    }, 10)
  })

  it('transitions in log order, each leading on from the one before', () => {
    always((one) => {
      const cursors = one.transitions.map(({ cursor }) => cursor)
      expect(cursors).toEqual([...cursors].sort(compareCursors))
      for (const role of roles) {
        const moves = one.transitions.filter((move) => move.role === role)
        expect(moves.slice(1).map(({ from }) => from)).toEqual(moves.slice(0, -1).map(({ to }) => to))
      }
    }, 10)
  })
})

describe('a recorded hello-00 conversation', () => {
  const { clientToServer, serverToClient } = conversations['hello-00']
  const helloEnd = serverToClient.length - 13
  const records = [
    open('hello-00'),
    ...passed('clientToServer', clientToServer.slice(0, -45)),
    ...passed('serverToClient', serverToClient),
    ...passed('clientToServer', clientToServer.slice(-45)),
  ]
  const one = captureOf(records).connection(1)

  it('has a row for every unit, complete after the byte that ends it', () => {
    const units = rowsAt(one, { record: records.length, bytes: 0 })
    expect(units.map(({ kind, opcode }) => (kind === 'frame' ? opcode : kind))).toEqual([
      'request',
      'response',
      15,
      3,
      4,
      1,
      15,
      4,
      4,
      2,
      0,
      5,
      1,
    ])
    expect(units[0]!.completed).toEqual({ record: 3, bytes: 0 })
    expect(units[2]!.completed).toEqual({ record: 4, bytes: helloEnd })
    expect(units[2]!.span).toEqual({ start: helloEnd - 26, end: helloEnd })
  })

  it('moves the client to the open state with the last byte of the server Hello', () => {
    const last: Cursor = { record: 4, bytes: helloEnd }
    expect(one.stateAt('client', { ...last, bytes: helloEnd - 1 })).toBe('AWAITING_SERVER_HELLO')
    expect(one.transitions.find(({ trigger }) => trigger === 'receiveHello')).toMatchObject({
      role: 'client',
      from: 'AWAITING_SERVER_HELLO',
      cursor: last,
    })
  })

  it('puts a fragmented message together around the ping inside it', () => {
    const messages = Array.from({ length: one.messageCount }, (_, index) => one.message(index))
    expect(messages).toEqual([
      { lane: 'serverToClient', type: 'text', rows: [4] },
      { lane: 'clientToServer', type: 'text', rows: [7] },
      { lane: 'clientToServer', type: 'text', rows: [8, 10] },
      { lane: 'clientToServer', type: 'binary', rows: [11] },
    ])
  })

  it('has no message for fragments that continue nothing, or that never end', () => {
    const more = passed('serverToClient', hex('80 01 61  04 01 62  84 01 63  80 01 64'))
    const log = captureOf([...records, ...more]).connection(1)
    const messages = Array.from({ length: log.messageCount }, (_, index) => log.message(index))
    expect(messages.slice(4)).toEqual([{ lane: 'serverToClient', type: 'text', rows: [15] }])
  })

  it('is the same world at the end of a record as at the start of the next', () => {
    const end: Cursor = { record: 2, bytes: clientToServer.length - 45 }
    const start: Cursor = { record: 3, bytes: 0 }
    for (const cursor of [end, start]) {
      expect(one.stateAt('server', cursor)).toBe('REQUEST_RECEIVED')
      expect(one.rowCountAt(cursor)).toBe(1)
      expect(one.deliveredLengthAt('clientToServer', cursor)).toBe(clientToServer.length - 45)
    }
  })
})

describe('an edit at the gate', () => {
  const bytes = hex('00 01 02 03 04 05 06 07 08 09')
  const lane: Lane = 'clientToServer'
  const whenEdited = (...edits: readonly LogRecord[]) => {
    const records = [open('rfc6455'), sent(lane, bytes), delivered(lane, bytes.slice(0, 2)), ...edits]
    const end: Cursor = { record: records.length, bytes: 0 }
    const one = captureOf(records).connection(1)
    return { gate: one.readGate(lane, end, 0, 99), edits: one.editsAt(lane, end), rows: rowsAt(one, end) }
  }

  it('shows dropped bytes as a row, where they were and as long as they were', () => {
    const { gate, edits, rows } = whenEdited(edit(lane, 4, 3, '', 'dropped'))
    expect(gate).toEqual(hex('00 01 02 03 07 08 09'))
    expect(edits).toEqual([{ start: 4, end: 4, label: 'dropped' }])
    expect(rows).toMatchObject([
      { kind: 'dropped', lane, span: { start: 4, end: 7 }, completed: { record: 4, bytes: 0 } },
    ])
  })

  it('moves along when a later edit before it changes the length', () => {
    const { gate, edits } = whenEdited(edit(lane, 6, 1, 'ff', 'edited'), edit(lane, 2, 0, 'aabb', 'inserted'))
    expect(gate).toEqual(hex('00 01 aa bb 02 03 04 05 ff 07 08 09'))
    expect(edits).toEqual([
      { start: 2, end: 4, label: 'inserted' },
      { start: 8, end: 9, label: 'edited' },
    ])
  })

  it('keeps what a later edit left of it', () => {
    const { gate, edits } = whenEdited(edit(lane, 4, 2, 'aabbcc', 'edited'), edit(lane, 3, 2, '', 'dropped'))
    expect(gate).toEqual(hex('00 01 02 bb cc 06 07 08 09'))
    expect(edits).toEqual([
      { start: 3, end: 3, label: 'dropped' },
      { start: 3, end: 5, label: 'edited' },
    ])
  })

  it('of nothing but a drop stays before what is put in at the same place', () => {
    const { gate, edits } = whenEdited(edit(lane, 4, 2, '', 'dropped'), edit(lane, 4, 0, 'aabb', 'inserted'))
    expect(gate).toEqual(hex('00 01 02 03 aa bb 06 07 08 09'))
    expect(edits).toEqual([
      { start: 4, end: 4, label: 'dropped' },
      { start: 4, end: 6, label: 'inserted' },
    ])
  })

  it('is no place of its own any more once a later edit replaced it whole', () => {
    const { edits } = whenEdited(edit(lane, 4, 1, 'aa', 'edited'), edit(lane, 3, 3, 'bbbb', 'edited'))
    expect(edits).toEqual([{ start: 3, end: 5, label: 'edited' }])
  })
})

describe('bytes that are no head', () => {
  it('become rows of junk when the head limit is reached, not before', () => {
    const junk = new Uint8Array(20_000).fill(0x61)
    const one = captureOf([open('rfc6455'), ...passed('clientToServer', junk)]).connection(1)
    expect(one.rowCountAt({ record: 2, bytes: 16_383 })).toBe(0)
    expect(one.rowCountAt({ record: 2, bytes: 16_384 })).toBe(4)
    expect(one.row(0)).toMatchObject({ kind: 'junk', span: { start: 0, end: 4096 } })
  })
})

describe('a record that cannot follow the log is refused with nothing written', () => {
  const lane: Lane = 'clientToServer'
  const start = [open('rfc6455'), sent(lane, hex('0102 03'))]
  const fin: LogRecord = { ...at, kind: 'sentEnd', lane, how: 'fin' }

  it.each<[string, LogRecord[], LogRecord, string]>([
    ['of a connection that has not opened', [], sent(lane, hex('01')), 'connection 1 has not opened'],
    ['that opens a connection again', start, open('rfc6455'), 'connection 1 opens twice'],
    ['that delivers more than is held', start, delivered(lane, hex('01020304')), 'the gate holds 3'],
    ['of no bytes', start, sent(lane, hex('')), 'a record of bytes has none'],
    ['of bytes behind the end of their stream', [...start, fin], sent(lane, hex('01')), 'follow the end'],
    ['that ends a stream twice', [...start, fin], fin, 'a stream ends twice'],
    ['that edits what is not there', start, edit(lane, 2, 2, '', 'dropped'), 'outside what the gate holds, 0 to 3'],
    ['that edits what went through', [...start, delivered(lane, hex('01'))], edit(lane, 0, 1, '', 'edited'), '1 to 3'],
    ['from before 1970', start, { ...fin, time: -1 }, 'not a date'],
    ['of a connection that is no number', [], { ...open('rfc6455', 0.5) }, 'no 32-bit number'],
  ])('%s', (_, before, record, message) => {
    const store = createMemoryStore()
    const capture = createCapture(store)
    for (const each of before) capture.append(each)
    const { size } = store
    expect(() => capture.append(record)).toThrow(message)
    expect([store.size, capture.length]).toEqual([size, before.length])
  })

  it('but a reset may follow a FIN', () => {
    const one = captureOf([...start, fin, { ...fin, how: 'reset' }]).connection(1)
    expect(one.sentEndAt(lane, { record: 3, bytes: 0 })).toBe('fin')
    expect(one.sentEndAt(lane, { record: 4, bytes: 0 })).toBe('reset')
  })
})

describe('the index', () => {
  it('answers for streams that came in many small records', () => {
    const chunk = concat(hex('82 0e'), new Uint8Array(14).fill(7))
    const head = conversations.rfc6455
    const first = (bytes: Uint8Array) => bytes.slice(0, Buffer.from(bytes).indexOf('\r\n\r\n') + 4)
    const capture = captureOf([
      open('rfc6455'),
      ...passed('clientToServer', first(head.clientToServer)),
      ...passed('serverToClient', first(head.serverToClient)),
    ])
    const one = capture.connection(1)
    const base = one.deliveredLengthAt('serverToClient', capture.end)
    for (let index = 0; index < 9_000; index += 1)
      for (const each of passed('serverToClient', chunk)) capture.append(each)
    expect(one.rowCount).toBe(9_002)
    expect(one.rowHolding('serverToClient', base + 16 * 4_321 + 3)).toBe(4_323)
    expect(one.row(4_323).span).toEqual({ start: base + 16 * 4_321, end: base + 16 * 4_322 })
    expect(one.readDelivered('serverToClient', base + 8, base + 16 * 9_000)).toHaveLength(16 * 9_000 - 8)
    expect(one.messageCountAt({ record: 5 + 2 * 777, bytes: 0 })).toBe(777)
    expect(one.deliveredBy('serverToClient', base + 16 * 500)).toBe(5 + 2 * 500 + 1)
  })
})
