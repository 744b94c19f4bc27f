import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createCapture, openLog } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { LogEntry, LogRecord } from '../../../shared/capture/record.ts'
import type { CaptureReader } from '../../../shared/capture/types.ts'
import { anyLog, hex } from './logs.ts'
import { openCapture, openFile } from './opened.ts'
import { topologyOf } from './topology.ts'

interface Recorded {
  readonly file: Uint8Array
  /** Size of the file before each record, and at the end. */
  readonly sizes: readonly number[]
}

function record(records: readonly LogEntry[]): Recorded {
  const store = createMemoryStore()
  const capture = createCapture(store)
  const sizes = records.map((each) => {
    const before = store.size
    capture.append(each)
    return before
  })
  return { file: store.read(0, store.size), sizes: [...sizes, store.size] }
}

function reopen(file: Uint8Array): CaptureReader {
  const opened = openCapture(createMemoryStore(file))
  if (!opened.ok) throw new Error(opened.error)
  return opened.value
}

/** Reads the first bytes of a file that is longer. */
const memoryOf = (file: Uint8Array) => (offset: number, length: number) => file.slice(offset, offset + length)

const recordsOf = (capture: CaptureReader): LogRecord[] =>
  Array.from({ length: capture.length }, (_, index) => capture.record(index))

const at = { time: 1_669_144_503_123.25, connection: 1 }
const opened: LogRecord = {
  ...at,
  kind: 'open',
  topology: topologyOf(1),
  dialect: 'rfc6455',
  url: 'ws://127.0.0.1:4502/',
}
const request: LogRecord = {
  ...at,
  kind: 'sent',
  lane: 'clientToServer',
  bytes: encodeUtf8('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'),
}

const sentence = /^[A-Z].*\.$/

describe('a recording read back', () => {
  it('says which Wirestep made it', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect(Buffer.from(record([]).file).toString('latin1')).toContain(`Wirestep ${version}\0`)
  })
  it('has exactly the records that were written, for any log', () => {
    const check = (records: LogRecord[]) => {
      const capture = reopen(record(records).file)
      expect(capture.problems).toEqual([])
      expect(recordsOf(capture)).toEqual(records)
    }
    fc.assert(fc.property(anyLog, check), { numRuns: 100 })
  })

  it('is the same index as the one made while recording', () => {
    const check = (records: LogRecord[]) => {
      const store = createMemoryStore()
      const live = createCapture(store)
      for (const each of records) live.append(each)
      const capture = reopen(store.read(0, store.size))
      const rows = (reader: CaptureReader) =>
        reader.connections.map((one) => Array.from({ length: one.rowCount }, (_, index) => one.row(index)))
      const heads = (reader: CaptureReader) => Array.from({ length: reader.length }, (_, index) => reader.head(index))
      expect(rows(capture)).toEqual(rows(live))
      expect(heads(capture)).toEqual(heads(live))
      expect(recordsOf(live)).toEqual(records)
    }
    fc.assert(fc.property(anyLog, check), { numRuns: 50 })
  })

  it('keeps times to the nanosecond, also close to 1970', () => {
    const times = [0, 0.000001, 12.3456, 999.999999, 1_669_144_503_123.25, 1_669_144_503_123.4568, 2 ** 44]
    const records = times.map((time): LogRecord => ({ kind: 'note', time, connection: 1, text: '' }))
    expect(recordsOf(reopen(record([opened, ...records]).file)).slice(1)).toEqual(records)
  })

  it('keeps text that no UTF-8 can express, and lines that look like its own', () => {
    const notes = ['\ud800 lone', 'two\nwirestep {"kind":"note"}', '\u0000\u2028', '𝒳'.repeat(300)]
    const records = notes.map((text): LogRecord => ({ ...at, kind: 'note', text }))
    expect(recordsOf(reopen(record([opened, ...records]).file)).slice(1)).toEqual(records)
  })

  it('keeps an action too long for one comment, in several packets', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index)
    const action: LogRecord = { ...at, kind: 'action', end: 'client', action: { kind: 'sendBinary', bytes } }
    const records = [opened, action, request]
    expect(recordsOf(reopen(record(records).file))).toEqual(records)
  })

  it('has long chunks as several records of at most 32768 bytes', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251)
    const capture = reopen(record([opened, { ...request, bytes }]).file)
    expect([1, 2, 3].map((index) => capture.head(index).size)).toEqual([32768, 32768, 4464])
    expect([1, 2, 3].map((index) => capture.head(index).start)).toEqual([0, 32768, 65536])
    expect(capture.connection(1).readSent('clientToServer', 0, 70_000)).toEqual(bytes)
  })

  it('tells how far opening has come', () => {
    const bytes = new Uint8Array(32768)
    const store = createMemoryStore()
    const capture = createCapture(store)
    capture.append(opened)
    for (let index = 0; index < 100; index += 1) capture.append({ ...request, bytes })
    const opening = openLog(store)
    if (!opening.ok) throw new Error(opening.error)
    const { reader } = opening.value
    const places: number[] = []
    while (reader.next()) places.push(reader.at)
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    expect(places.at(-1)).toBe(store.size)
  })

  it('can be looked at while it is read, each record as soon as it is', () => {
    const check = (records: LogRecord[]) => {
      const opening = openLog(createMemoryStore(record(records).file))
      if (!opening.ok) throw new Error(opening.error)
      const { capture, reader } = opening.value
      let seen = 0
      while (reader.next()) {
        expect(capture.length).toBeGreaterThanOrEqual(seen)
        seen = capture.length
        expect(recordsOf(capture)).toEqual(records.slice(0, seen))
      }
      expect(seen).toBe(records.length)
    }
    fc.assert(fc.property(anyLog, check), { numRuns: 20 })
  })

  it('waits for what is still to come of a store that is being filled, and reads the same', () => {
    const check = (records: LogRecord[], piece: number) => {
      const { file } = record(records)
      const store = { ...createMemoryStore(), isFilling: true, size: 0, read: memoryOf(file) }
      store.size = Math.min(file.length, 12)
      const opening = openLog(store)
      if (!opening.ok) throw new Error(opening.error)
      const { capture, reader } = opening.value
      for (; store.size < file.length; store.size = Math.min(file.length, store.size + piece)) while (reader.next());
      store.isFilling = false
      while (reader.next());
      expect(capture.problems).toEqual([])
      expect(recordsOf(capture)).toEqual(records)
    }
    fc.assert(fc.property(anyLog, fc.integer({ min: 1, max: 700 }), check), { numRuns: 50 })
  })
})

describe('a recording cut at any byte', () => {
  it('opens with every record that is whole, and says where it was cut', () => {
    const check = (records: LogRecord[], share: number) => {
      const { file, sizes } = record(records)
      const cut = 1 + Math.floor(share * (file.length - 1))
      const capture = reopen(file.slice(0, cut))
      const whole = sizes.slice(1).filter((size) => size <= cut).length
      expect(recordsOf(capture)).toEqual(records.slice(0, whole))
      expect(capture.problems.length).toBeLessThanOrEqual(1)
      for (const problem of capture.problems) expect(problem).toMatch(sentence)
    }
    fc.assert(fc.property(anyLog, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), check), {
      numRuns: 300,
    })
  })

  it('says so for every cut that is not between two blocks', () => {
    const { file } = record([opened, request])
    const boundaries = blockStarts(file)
    for (let cut = 1; cut < file.length; cut += 1) {
      const { problems } = reopen(file.slice(0, cut))
      const start = boundaries.filter((offset) => offset <= cut).at(-1)
      expect(problems).toEqual(
        start === cut
          ? []
          : [
              `The file is cut short: it ends at byte ${cut}, inside the block that begins at byte ${start}. Everything before that block was read.`,
            ],
      )
    }
  })

  it('loses a record of several packets whole, and says where it begins', () => {
    const action: LogRecord = {
      ...at,
      kind: 'action',
      end: 'client',
      action: { kind: 'sendBinary', bytes: new Uint8Array(100_000) },
    }
    const { file, sizes } = record([opened, action])
    const secondPart = blockStarts(file).filter((offset) => offset > sizes[1]!)[0]!
    const capture = reopen(file.slice(0, secondPart))
    expect(recordsOf(capture)).toEqual([opened])
    expect(capture.problems).toEqual([
      `The file is cut short: the record that begins at byte ${sizes[1]} is not whole. Everything before it was read.`,
    ])
  })
})

describe('what passed the gate as it came', () => {
  const lane = 'clientToServer'
  const passed = (bytes: Uint8Array): LogEntry => ({ ...at, kind: 'passed', lane, bytes })
  const both = (bytes: Uint8Array): LogRecord[] => [
    { ...at, kind: 'sent', lane, bytes },
    { ...at, kind: 'delivered', lane, bytes },
  ]
  const big = Uint8Array.from({ length: 40_000 }, (_, index) => index % 251)
  const held: LogRecord = { ...request, bytes: hex('8180 00000000') }

  it('is in the file once, and a sent and a delivered record of the log', () => {
    const { file } = record([opened, passed(request.bytes), passed(big), held])
    const parts = [request.bytes, big.subarray(0, 32768), big.subarray(32768)]
    const capture = reopen(file)
    expect(capture.problems).toEqual([])
    expect(recordsOf(capture)).toEqual([opened, ...parts.flatMap(both), held])
    const connection = capture.connection(1)
    expect(connection.readSent(lane, 0, 99_999)).toEqual(concat(request.bytes, big, held.bytes))
    expect(connection.readDelivered(lane, 0, 99_999)).toEqual(concat(request.bytes, big))
    expect(file.length).toBeLessThan(record([opened, ...both(request.bytes), ...both(big)]).file.length / 1.9)
  })

  it('is the same index while it is recorded', () => {
    const store = createMemoryStore()
    const live = createCapture(store)
    for (const entry of [opened, passed(request.bytes), held]) live.append(entry)
    const capture = reopen(store.read(0, store.size))
    expect(recordsOf(live)).toEqual(recordsOf(capture))
    expect(live.connection(1).row(0)).toEqual(capture.connection(1).row(0))
  })

  it('comes behind edits that made a lane shorter or longer, and what was held then', () => {
    const edit: LogRecord = { ...at, kind: 'edit', lane, at: 0, remove: 6, insert: hex('aa'), label: 'edited' }
    const delivered: LogRecord = { ...at, kind: 'delivered', lane, bytes: hex('aa') }
    const capture = reopen(record([opened, held, edit, delivered, passed(big)]).file)
    expect(capture.problems).toEqual([])
    expect(capture.connection(1).readSent(lane, 6, 99_999)).toEqual(big)
    expect(capture.connection(1).readDelivered(lane, 1, 99_999)).toEqual(big)
  })

  it('cannot come while something is held, nor behind an end', () => {
    const ended: LogRecord = { ...at, kind: 'sentEnd', lane, how: 'fin' }
    expect(() => record([opened, held, passed(big)])).toThrow('40000 bytes pass where the gate holds 6')
    expect(() => record([opened, ended, passed(big)])).toThrow('bytes follow the end of their stream')
    expect(() => record([opened, passed(new Uint8Array(0))])).toThrow('a record of bytes has none')
  })

  it('is not read where what was held before it has not been delivered, or is missing', () => {
    const delivered: LogRecord = { ...held, kind: 'delivered' }
    const { file, sizes } = record([opened, held, delivered, passed(big)])
    const problem = (from: number, to: number) => reopen(concat(file.slice(0, from), file.slice(to))).problems
    expect(problem(sizes[2]!, sizes[3]!)).toEqual([
      `The file is damaged at byte ${sizes[2]}: 32768 bytes pass where the gate holds 6. Everything before it was read.`,
    ])
    expect(problem(sizes[1]!, sizes[3]!)).toEqual([
      `The file is damaged at byte ${sizes[1]}: packets that should come before it are missing. Everything before it was read.`,
    ])
  })
})

describe('a record of several packets', () => {
  it('is damaged when one of them is missing', () => {
    const bytes = new Uint8Array(150_000)
    const { file, sizes } = record([opened, { ...at, kind: 'action', end: 'client', action: { kind: 'ping', bytes } }])
    const [first, second, third] = blockStarts(file).filter((offset) => offset >= sizes[1]!)
    const problem = (offset: number, what: string) =>
      `The file is damaged at byte ${offset}: ${what}. Everything before it was read.`
    const without = (from: number, to: number) => reopen(concat(file.slice(0, from), file.slice(to)))
    for (const [from, to] of [
      [first!, second!],
      [second!, third!],
    ] as const) {
      const capture = without(from, to)
      expect(recordsOf(capture)).toEqual([opened])
      expect(capture.problems).toEqual([problem(from, 'the parts of a record are out of order there')])
    }
  })
})

describe('a file with more in it than a recording', () => {
  const { file, sizes } = record([opened, request])
  const inserted = (offset: number, ...blocks: Uint8Array[]) =>
    concat(file.slice(0, offset), ...blocks, file.slice(offset))

  it('is read past blocks of unknown kinds, which are counted', () => {
    const unknown = hex('99000000 10000000 01020304 10000000')
    const capture = reopen(inserted(sizes[1]!, unknown, unknown))
    expect(recordsOf(capture)).toEqual([opened, request])
    expect(capture.problems).toEqual([
      `Skipped blocks of a kind Wirestep does not know: 2, the first at byte ${sizes[1]}.`,
    ])
  })

  it('is read past name tables, statistics and custom blocks in silence', () => {
    const blocks = ['04000000', '05000000', 'ad0b0000'].map((type) => hex(`${type} 10000000 00000000 10000000`))
    const capture = reopen(inserted(sizes[1]!, ...blocks))
    expect(recordsOf(capture)).toEqual([opened, request])
    expect(capture.problems).toEqual([])
  })

  it('is read past packets of interfaces that are unknown, which are counted', () => {
    const packet = file.slice(sizes[1])
    packet.set([9, 0, 0, 0], 8)
    const capture = reopen(inserted(sizes[1]!, packet))
    expect(recordsOf(capture)).toEqual([opened, request])
    expect(capture.problems).toEqual([
      `Skipped packets of interfaces that are not described as Ethernet: 1, the first at byte ${sizes[1]}.`,
    ])
  })

  it('is read past packets that Wirestep did not record, which are counted', () => {
    const packet = file.slice(sizes[1])
    packet[28] = 0xaa
    const capture = reopen(inserted(sizes[1]!, packet))
    expect(recordsOf(capture)).toEqual([opened, request])
    expect(capture.problems).toEqual([
      `Skipped packets that Wirestep did not record: 1, the first at byte ${sizes[1]}.`,
    ])
  })

  it('is read past options that are unknown, which are counted', () => {
    const length = file.length - sizes[1]! + 12
    const packet = new Uint8Array(length)
    packet.set(file.slice(sizes[1]))
    packet.set(hex('4d000400 aabbccdd 00000000'), length - 16)
    const view = new DataView(packet.buffer)
    view.setUint32(4, length, true)
    view.setUint32(length - 4, length, true)
    const capture = reopen(concat(file.slice(0, sizes[1]), packet))
    expect(recordsOf(capture)).toEqual([opened, request])
    expect(capture.problems).toEqual([`Skipped options Wirestep does not know: 1, the first at byte ${sizes[1]}.`])
  })

  it('is read to the place where a packet is missing', () => {
    const more: LogRecord = { ...request, bytes: hex('8180 00000000') }
    const { file: long, sizes: places } = record([opened, request, more])
    const capture = reopen(concat(long.slice(0, places[1]), long.slice(places[2])))
    expect(recordsOf(capture)).toEqual([opened])
    expect(capture.problems).toEqual([
      `The file is damaged at byte ${places[1]}: packets that should come before it are missing. Everything before it was read.`,
    ])
  })

  it('is read to the place where a block contradicts itself', () => {
    const broken = file.slice()
    broken[file.length - 4]! ^= 1
    const capture = reopen(broken)
    expect(recordsOf(capture)).toEqual([opened])
    expect(capture.problems).toEqual([
      `The file is damaged at byte ${sizes[1]}: the block there has two different lengths. Everything before it was read.`,
    ])
  })

  it('never makes the reader throw, whatever is changed in it', () => {
    const check = (changes: [number, number][]) => {
      const changed = file.slice()
      for (const [place, value] of changes) changed[place % changed.length] = value
      const result = openCapture(createMemoryStore(changed))
      const sentences = result.ok ? result.value.problems : [result.error]
      for (const each of sentences) expect(each).toMatch(sentence)
    }
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), check), { numRuns: 2000 })
  })
})

describe('a file in the other byte order', () => {
  it('is read like any other', () => {
    const records: LogRecord[] = [opened, request, { ...at, kind: 'note', text: 'turned round' }]
    expect(recordsOf(reopen(turnedRound(record(records).file)))).toEqual(records)
  })
})

describe('a recording made before what was sent was of a protocol of its own', () => {
  it('is read like any other', () => {
    const records: LogRecord[] = [opened, request, { ...request, kind: 'delivered' }]
    const { file } = record(records)
    const before = file.slice()
    // In a packet block the IPv4 header's protocol stands behind 28 bytes of block and 14 of Ethernet.
    for (const start of blockStarts(file)) if (file[start + 28 + 14 + 9] === 253) before[start + 28 + 14 + 9] = 6
    expect(before).not.toEqual(file)
    expect(recordsOf(reopen(before))).toEqual(records)
  })
})

describe('what is no recording', () => {
  const refusal = (file: Uint8Array) => {
    const result = openCapture(createMemoryStore(file))
    return result.ok ? null : result.error
  }

  it('is told apart by its first bytes', () => {
    expect(refusal(new Uint8Array(0))).toBe('The file is empty: nothing was recorded in it.')
    expect(refusal(encodeUtf8('GET / HTTP/1.1\r\n'))).toMatch(/^The file is not a pcapng recording:/)
    expect(refusal(hex('d4c3b2a1 02000400 00000000 00000000'))).toMatch(/but an old pcap file/)
  })

  it('is taken for packets of other programs when none of them is ours', () => {
    const { file } = record([opened, { ...request, bytes: encodeUtf8('GET / HTTP/1.1\r\n\r\n') }])
    const foreign = file.slice()
    for (const start of blockStarts(file)) if (file[start] === 6) foreign[start + 28] = 0xaa
    const result = openFile(foreign)
    expect(!result.ok && result.error).toMatch(/^No WebSocket connection was found\./)
  })

  it('is still a recording when no connection is in it', () => {
    const result = openFile(record([]).file)
    expect(result.ok && [result.value.capture.length, result.value.problems]).toEqual([0, []])
  })

  it('is no recording either when its store cannot be appended to after opening', () => {
    const { file } = record([opened])
    const result = openCapture(createMemoryStore(file))
    expect(() => result.ok && result.value.append(request)).toThrow('not written to')
  })
})

function blockStarts(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const starts = [0]
  while (starts.at(-1)! < file.length) starts.push(starts.at(-1)! + view.getUint32(starts.at(-1)! + 4, true))
  return starts
}

/** The same file as a machine of the other byte order would have written it. */
function turnedRound(file: Uint8Array): Uint8Array {
  const turned = file.slice()
  const view = new DataView(turned.buffer)
  const turn16 = (offset: number) => view.setUint16(offset, view.getUint16(offset, true))
  const turn32 = (offset: number) => view.setUint32(offset, view.getUint32(offset, true))
  for (const start of blockStarts(file).slice(0, -1)) {
    const type = view.getUint32(start, true)
    const length = view.getUint32(start + 4, true)
    const packet = type === 6 ? view.getUint32(start + 20, true) : 0
    const options = start + (type === 6 ? 28 + ((packet + 3) & ~3) : type === 1 ? 16 : 24)
    for (let at = options; at + 4 < start + length; ) {
      const value = view.getUint16(at + 2, true)
      turn16(at)
      turn16(at + 2)
      at += 4 + ((value + 3) & ~3)
    }
    if (type === 6) for (let at = 8; at < 28; at += 4) turn32(start + at)
    else if (type === 1) for (const at of [8]) turn16(start + at)
    else for (const at of [12, 14]) turn16(start + at)
    if (type === 0x0a0d0d0a) turn32(start + 8)
    for (const at of [0, 4, length - 4]) turn32(start + at)
  }
  return turned
}
