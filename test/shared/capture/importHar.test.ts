import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { openSession } from '../../../shared/capture/opening.ts'
import { ladderRows, messageViews } from '../../../shared/capture/views.ts'
import { success } from '../../../shared/ipc/result.ts'
import { type Opened, openFile } from './opened.ts'

function open(text: string) {
  return openFile(encodeUtf8(text))
}

function read(text: string): Opened {
  const imported = open(text)
  if (!imported.ok) throw new Error(imported.error)
  return imported.value
}

function harOf(...entries: readonly object[]): string {
  return JSON.stringify({ log: { version: '1.2', entries } })
}

function rowsOf({ capture }: Opened, connection = 1) {
  return ladderRows(capture, connection, capture.end, 0, 100).rows
}

function entry(more: object = {}) {
  return {
    startedDateTime: '2026-11-22T20:15:03.000Z',
    request: {
      method: 'GET',
      url: 'wss://example.com:8443/chat?x=1',
      headers: [{ name: 'Origin', value: 'https://example.com' }],
    },
    response: { status: 101, headers: [{ name: 'X-Server', value: 'a' }] },
    _webSocketMessages: [
      // Chrome and mitmproxy: seconds with a fraction, texts as they are, the rest as base64.
      { type: 'send', time: 1_795_378_503.5, opcode: 1, data: 'größe' },
      { type: 'receive', time: 1_795_378_504.25, opcode: 2, data: 'AP8B' },
    ],
    ...more,
  }
}

describe('a HAR file of many messages', () => {
  it('is taken message by message: what was read is there, and how much that is', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      type: 'send',
      time: 1_795_378_503,
      opcode: 1,
      data: `${index}`,
    }))
    const file = encodeUtf8(harOf(entry({ _webSocketMessages: many })))
    const opening = openSession(createMemoryStore(file), () => success(createMemoryStore()))
    if (!opening.ok) throw new Error(opening.error)
    const { value } = opening
    for (let step = 0; step < 502; step += 1) expect(value.next()).toBe(true)
    const half = value.capture.connection(1)
    expect(half.messageCount).toBe(500)
    expect(value.at / file.length).toBeCloseTo(0.5, 2)
    while (value.next());
    expect([half.messageCount, value.at, value.refusal()]).toEqual([1_000, file.length, null])
  })
})

describe('a HAR file', () => {
  it('of messages becomes frames that are legal, and says that they are reconstructed', () => {
    const imported = read(harOf(entry()))
    const rows = rowsOf(imported)
    expect(rows.map(({ label }) => label)).toEqual(['GET /chat?x=1', '101 Switching Protocols', 'text', 'binary'])
    expect(rows.filter(({ fault }) => fault)).toEqual([])
    expect(rows.map(({ time }) => time)).toEqual([
      1_795_378_503_000, 1_795_378_503_000, 1_795_378_503_500, 1_795_378_504_250,
    ])
    expect(imported.problems).toEqual([])
    expect(imported.notes).toEqual([
      expect.stringContaining('frame boundaries, masks (1, 3, 6, 10 and so on) and heads are reconstructed'),
    ])
    const notes = Array.from({ length: imported.capture.length }, (_, index) => imported.capture.record(index)).filter(
      ({ kind }) => kind === 'note',
    )
    expect(notes).toHaveLength(1)
  })

  it('as Playwright writes it has the messages and their times, which are in milliseconds', () => {
    const imported = read(readFileSync(new URL('../../fixtures/captures/playwright.har', import.meta.url), 'utf8'))
    const { rows } = messageViews(imported.capture, 1, imported.capture.end, 0, 100)
    expect(rows.map(({ lane, preview }) => [lane, preview])).toEqual([
      ['clientToServer', 'hello'],
      ['clientToServer', 'größe ✓'],
      ['clientToServer', '00 ff 01'],
      ['serverToClient', 'hello'],
      ['serverToClient', 'größe ✓'],
      ['serverToClient', '00 ff 01'],
    ])
    expect(rows[0]!.time).toBeCloseTo(1_795_656_005_684.228, 3)
    expect(rowsOf(imported).filter(({ fault }) => fault)).toEqual([])
    expect(imported.notes).toContain('1 entries of the HAR are not WebSockets and were skipped.')
  })

  it('has a key of its own for every connection and a mask for every frame, so that no rule is broken by what is made up', () => {
    const one = entry({ _webSocketMessages: [1, 2, 3].map((time) => ({ type: 'send', time, opcode: 1, data: 'a' })) })
    const { capture } = read(harOf(one, one))
    expect(capture.connections.map(({ faults }) => faults.map(({ code }) => code))).toEqual([[], []])
  })

  it('keeps the heads it has, leaves out pseudo headers, and cannot be made to smuggle a line in', () => {
    const headers = [
      { name: ':authority', value: 'x' },
      { name: 'Cookie', value: 'a\r\nX: b' },
      { name: 'Sec-WebSocket-Key', value: 'dGhlIHNhbXBsZSBub25jZQ==' },
    ]
    const imported = read(harOf(entry({ request: { url: 'ws://h/', headers } })))
    const head = new TextDecoder().decode(imported.capture.connection(1).readDelivered('clientToServer', 0, 400))
    expect(head).toContain('Cookie: a  X: b\r\n')
    expect(head).not.toContain(':authority')
    expect(head.match(/Sec-WebSocket-Key/g)).toHaveLength(1)
    const answer = new TextDecoder().decode(imported.capture.connection(1).readDelivered('serverToClient', 0, 400))
    expect(answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  it('says how many entries and messages it cannot read', () => {
    const bad = [
      { type: 'send', opcode: 1 },
      { type: 'send', opcode: 2, data: '!' },
      { type: 'up', opcode: 1, data: '' },
      7,
    ]
    const { problems } = read(harOf(entry({ _webSocketMessages: bad }), {}, []))
    expect(problems).toEqual([
      '2 entries of the HAR cannot be read and were skipped.',
      '4 messages of the HAR cannot be read and were skipped.',
    ])
  })

  it.each([
    ['{', 'begins like JSON but cannot be read as such'],
    ['{}', 'it has no list log.entries'],
    [harOf(), 'has 0 entries, none of them with _webSocketMessages'],
    [harOf({ request: { url: 'http://h/' } }), 'has 1 entries, none of them'],
  ])('that is none is refused: %s', (text, words) => {
    const imported = open(text)
    expect(imported).toMatchObject({ ok: false, error: expect.stringContaining(words) })
  })

  it('of any shape is read or refused with a sentence', () => {
    const anything = fc.jsonValue({ maxDepth: 3 })
    const message = fc.record(
      {
        type: fc.oneof(fc.constantFrom('send', 'receive'), anything),
        time: fc.oneof(fc.double(), anything),
        opcode: fc.oneof(fc.nat(16), anything),
        data: fc.oneof(fc.string(), anything),
      },
      { requiredKeys: [] },
    )
    const header = fc.record({
      name: fc.oneof(fc.string(), anything),
      value: fc.oneof(fc.string({ unit: 'binary' }), anything),
    })
    const any = fc.record(
      {
        startedDateTime: fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          anything,
        ),
        request: fc.oneof(
          fc.record({ url: fc.oneof(fc.webUrl(), fc.string()), headers: fc.array(header, { maxLength: 3 }) }),
          anything,
        ),
        response: anything,
        _webSocketMessages: fc.oneof(fc.array(fc.oneof(message, anything), { maxLength: 5 }), anything),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), (entries) => {
        const imported = open(harOf(...entries))
        if (!imported.ok) expect(imported.error).toMatch(/\.$/)
      }),
      { seed: 4_1130, numRuns: 300 },
    )
  })
})
