// Sessions of pasted bytes: who said what, in what order, and what is known of a handshake that is not there.
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../shared/bytes/hex.ts'
import { lanes } from '../../../shared/bytes/lanes.ts'
import { type Capture, createCapture, openLog } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type PastedSession, recordsOfPasted } from '../../../shared/capture/pastedSession.ts'
import type { RecordOf } from '../../../shared/capture/record.ts'
import { ladderRows, unitView } from '../../../shared/capture/views.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import { leavesOf } from '../../../shared/endpoint/describe.ts'
import { conversations } from './logs.ts'

/** hybi-04 §4.2, worked out in the reference of the dialects: "Hello" under a key of both heads. */
const hashed = { key: 'dGhlIHNhbXBsZSBub25jZQ==', nonce: 'H+cNj5elaybfGIQv1esl2w==', hello: '37fa213d b465 523503be58' }

function captureOf(session: PastedSession): Capture {
  const store = createMemoryStore()
  const capture = createCapture(store)
  const records = recordsOfPasted(session, 1_000)
  if (!records.ok) throw new Error(records.error)
  for (const record of records.value) capture.append(record)
  // What is saved is the same session.
  const opened = openLog(store)
  if (!opened.ok) throw new Error(opened.error)
  while (opened.value.reader.next());
  expect(opened.value.capture.problems).toEqual([])
  expect(opened.value.capture.connections[0]!.opened).toEqual(capture.connections[0]!.opened)
  return opened.value.capture
}

function rowsOf(capture: Capture) {
  return ladderRows(capture, 1, capture.end, 0, 100).rows.map(({ lane, label, preview }) =>
    `${lane[0]} ${label} ${preview}`.trim(),
  )
}

function faultsOf(capture: Capture): readonly string[] {
  return capture.connections[0]!.faults.map(({ code }) => code)
}

const open = (client: string, server: string, more: Partial<PastedSession> = {}) =>
  captureOf({ client, server, dialect: 'rfc6455', unseen: {}, ...more })

describe('pasted bytes that begin with the handshake', () => {
  it.each(dialectIds)('of %s are the conversation they are of, from the request that tells the dialect on', (id) => {
    const [client, server] = lanes.map((lane) => toHex(conversations[id][lane]))
    const capture = captureOf({ client: client!, server: server!, dialect: 'auto', unseen: null })
    const [connection] = capture.connections
    expect(connection!.dialect.id).toBe(id)
    expect(capture.problems).toEqual([])
    for (const lane of lanes) {
      expect(toHex(connection!.readDelivered(lane, 0, 10_000))).toBe(toHex(conversations[id][lane]))
    }
    expect(connection!.transitions.some(({ to }) => to === 'OPEN')).toBe(true)
  })

  it('of one lane are judged as far as that lane goes, without an answer to wait for', () => {
    const said = Buffer.from(conversations.rfc6455.clientToServer)
    const client = `${said.subarray(0, said.indexOf('\r\n\r\n') + 4).toString('hex')} 8100`
    expect(faultsOf(captureOf({ client, dialect: 'auto', unseen: null }))).toEqual(['mask.missing'])
  })
})

describe('pasted bytes of a connection that was open', () => {
  it('are frames from the first byte on, between two ends that are open', () => {
    const capture = open('81 85 37fa213d 7f9f4d5158', '81 02 6869')
    expect(rowsOf(capture)).toEqual(['c text "Hello"', 's text "hi"'])
    expect(faultsOf(capture)).toEqual([])
    const [connection] = capture.connections
    expect([
      connection!.stateAt('client', { record: 0, bytes: 0 }),
      connection!.stateAt('server', capture.end),
    ]).toEqual(['OPEN', 'OPEN'])
  })

  it('are judged: masks, opcodes, text', () => {
    expect(faultsOf(open('8100', '8180 00000000 8300 8101ff'))).toEqual([
      'mask.missing',
      'mask.unexpected',
      'frame.opcode',
      'utf8.invalid',
    ])
  })

  it('may go on with a message that began before, once', () => {
    expect(faultsOf(open('', '00 02 6869 89 00 80 00'))).toEqual([])
    expect(faultsOf(open('', '80 00 80 00'))).toEqual(['message.continuation'])
    expect(faultsOf(open('', '81 00 80 00'))).toEqual(['message.continuation'])
  })

  it('may have a deflated message, which is not read as text, and says so', () => {
    const capture = open('', 'c1 02 ffff')
    expect(faultsOf(capture)).toEqual([])
    const rsv1 = leavesOf(unitView(capture, 1, capture.end, 'serverToClient', 0)!.fields).find(
      ({ name }) => name === 'RSV1',
    )
    expect(rsv1!.says).toBe('the message may be deflated: the handshake that agreed on it is not there')
    expect(faultsOf(open('', 'c1 02 ffff', { unseen: { extensions: '' } }))).toEqual([
      'frame.reserved-bits',
      'utf8.invalid',
    ])
  })

  it('are inflated when the extension is named', () => {
    // RFC 7692 §7.2.3.1
    const capture = open('', 'c1 07 f2 48 cd c9 c9 07 00', { unseen: { extensions: 'permessage-deflate' } })
    expect(rowsOf(capture)).toEqual(['s text "Hello"'])
    expect(faultsOf(capture)).toEqual([])
  })

  it('of hybi-04 are unmasked with the key and the nonce of the heads that are not there', () => {
    const { key, nonce, hello } = hashed
    const capture = open(hello, '', { dialect: 'hybi-04', unseen: { key, nonce } })
    expect(rowsOf(capture)).toEqual(['c text "Hello"'])
    const { layers } = unitView(capture, 1, capture.end, 'clientToServer', 0)!
    expect(Buffer.from(layers.find(({ name }) => name === 'text')!.bytes).toString()).toBe('Hello')
  })

  it('may begin inside a frame: its rest is junk, and the frames behind it are frames', () => {
    const capture = createCapture(createMemoryStore())
    const records = recordsOfPasted({ server: 'aabbcc 81 02 6869', dialect: 'rfc6455', unseen: {} }, 1)
    if (!records.ok) throw new Error(records.error)
    const [opened, ...rest] = records.value
    capture.append({ ...(opened as RecordOf<'open'>), unseen: { cut: { serverToClient: 3 } } })
    for (const record of rest) capture.append(record)
    expect(rowsOf(capture)).toEqual(['s junk aa bb cc', 's text "hi"'])
    expect(faultsOf(capture)).toEqual([])
    const half = { record: 2, bytes: 4 }
    expect(ladderRows(capture, 1, half, 0, 10).rows.map(({ label }) => label)).toEqual(['junk', 'text'])
  })
})

describe('bytes that make no session', () => {
  it.each([
    [{}, 'There are no bytes: paste what the client sent, what the server sent, or both.'],
    [{ client: '8g' }, 'What the client sent cannot be read: Line 1 has "g" in "8g", which is not a hex digit.'],
    [
      { server: '81 0' },
      'What the server sent cannot be read: Line 1 has an odd number of hex digits in "0": write every byte with two.',
    ],
    [
      { server: '8100' },
      'Only the request of a client tells the dialect, and it is not among these bytes: say which dialect it is.',
    ],
    [{ client: '474554' }, 'The request is not whole, so that it does not tell the dialect: say which dialect it is.'],
    [
      { client: hashed.hello, dialect: 'hybi-04', unseen: { key: hashed.key } },
      'hybi-04 frames of a client cannot be read by themselves: their mask takes the Sec-WebSocket-Key of the request and the Sec-WebSocket-Nonce of the response.',
    ],
    [
      { client: 'char peer0_0[]={1}; char peer1_0[]={2};', server: '81', dialect: 'rfc6455', unseen: {} },
      'One text has both directions already: leave the other one empty.',
    ],
  ] as const)('say why: %j', (session, error) => {
    expect(recordsOfPasted({ dialect: 'auto', unseen: null, ...session } as PastedSession, 0)).toEqual({
      ok: false,
      error,
    })
  })

  it('are told apart by who answers when one text has both directions', () => {
    const text = 'char peer0_0[] = {0x81,0x00}; char peer1_0[] = {0x81,0x80,0,0,0,0};'
    expect(faultsOf(captureOf({ server: text, dialect: 'rfc6455', unseen: {} }))).toEqual([])
    expect(faultsOf(captureOf({ client: text, dialect: 'rfc6455', unseen: {} }))).toHaveLength(2)
  })
})
