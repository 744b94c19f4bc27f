// Logs to test with: random ones that could have happened, over bytes that a conversation would have.

import fc from 'fast-check'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { concat } from '../../../shared/bytes/concat.ts'
import { parseHex } from '../../../shared/bytes/hex.ts'
import { type Lane, lanes, roles } from '../../../shared/bytes/lanes.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import type { Cursor, EditLabel, LogRecord } from '../../../shared/capture/record.ts'
import type { DialectId, OpcodeName } from '../../../shared/dialects/dialect.ts'
import { hybi04 } from '../../../shared/dialects/hybi04.ts'
import { dialectIds } from '../../../shared/dialects/registry.ts'
import type { Action } from '../../../shared/endpoint/types.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { gateBytes, naiveWorld } from './naive.ts'
import { topologyOf } from './topology.ts'

export function hex(text: string): Uint8Array {
  const parsed = parseHex(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

const head = (...lines: readonly string[]): Uint8Array => encodeLatin1(`${lines.join('\r\n')}\r\n\r\n`)

/** The heads of the drafts from hybi-04 on, and of RFC 6455. */
const keyHeads = (version: number): Readonly<Record<Lane, Uint8Array>> => ({
  clientToServer: head(
    'GET /chat HTTP/1.1',
    'Host: server.example.com',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Version: ${version}`,
  ),
  serverToClient: head(
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  ),
})

/** Frames as they have been since hybi-07. */
const maskedPayloads = (version: number): Readonly<Record<Lane, Uint8Array>> => ({
  clientToServer: concat(
    keyHeads(version).clientToServer,
    hex('81 85 37fa213d 7f9f4d5158  01 82 00000000 4869  89 80 01020304  80 81 00000000 21  88 82 00000000 03e8'),
  ),
  serverToClient: concat(
    keyHeads(version).serverToClient,
    hex('81 05 48656c6c6f  02 01 aa  8a 00  80 01 bb  88 02 03e8'),
  ),
})

/** Frames as they were in hybi-05 and -06: the keys are zero but one, so that what is said can be read. */
const maskedFrames = (version: number, bye: string, answer: string): Readonly<Record<Lane, Uint8Array>> => ({
  clientToServer: concat(
    keyHeads(version).clientToServer,
    hex('37fa213d b3ff69585b964e  00000000 04024869  01020304 8302  00000000 800121'),
    hex(`00000000 810${bye.length / 2}${bye}`),
  ),
  serverToClient: concat(
    keyHeads(version).serverToClient,
    hex(`84 05 48656c6c6f  05 01 aa  83 00  80 01 bb  81 0${answer.length / 2}${answer}`),
  ),
})

/** The same in hybi-04, whose masks are hashes: those of the sample handshake. */
const hashedFrames: Readonly<Record<Lane, Uint8Array>> = {
  clientToServer: concat(
    keyHeads(4).clientToServer,
    ...hashed('text', 'Hello'),
    ...hashed('ping', ''),
    ...hashed('close', ''),
  ),
  serverToClient: concat(
    keyHeads(4).serverToClient.subarray(0, -2),
    encodeLatin1('Sec-WebSocket-Nonce: H+cNj5elaybfGIQv1esl2w==\r\n\r\n'),
    hex('84 05 48656c6c6f  05 01 aa  83 00  80 01 bb  81 00'),
  ),
}

function hashed(opcode: OpcodeName, text: string): readonly Uint8Array[] {
  const key = { mask: hex('37fa213d'), connectionKey: hex('6322a2adc02bc433e3896d34410b74bb7739f960') }
  return [encodeFrame({ dialect: hybi04, opcode, final: true, payload: encodeLatin1(text), ...key })]
}

/** The heads of hixie-76 and what follows them. */
function keyNumberHeads(...more: readonly string[]): Readonly<Record<Lane, Uint8Array>> {
  const request = [
    'GET /demo HTTP/1.1',
    'Host: example.com',
    'Connection: Upgrade',
    'Sec-WebSocket-Key2: 12998 5 Y3 1  .P00',
    'Upgrade: WebSocket',
    'Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5',
    'Origin: http://example.com',
    ...more,
  ]
  const response = [
    'HTTP/1.1 101 WebSocket Protocol Handshake',
    'Upgrade: WebSocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Origin: http://example.com',
    'Sec-WebSocket-Location: ws://example.com/demo',
  ]
  return {
    clientToServer: concat(head(...request), encodeLatin1('^n:ds[4U')),
    serverToClient: concat(head(...response), encodeLatin1("8jKS'y:G*Co,Wxa-")),
  }
}

/** What the two ends of a short conversation send: the drafts' own examples. */
export const conversations: Readonly<Record<DialectId, Readonly<Record<Lane, Uint8Array>>>> = {
  'hixie-75': {
    clientToServer: concat(
      head(
        'GET /demo HTTP/1.1',
        'Upgrade: WebSocket',
        'Connection: Upgrade',
        'Host: example.com',
        'Origin: http://example.com',
      ),
      hex('00 48656c6c6f ff  00 ff'),
    ),
    serverToClient: concat(
      head(
        'HTTP/1.1 101 Web Socket Protocol Handshake',
        'Upgrade: WebSocket',
        'Connection: Upgrade',
        'WebSocket-Origin: http://example.com',
        'WebSocket-Location: ws://example.com/demo',
      ),
      hex('80 02 6162  00 e697a5 ff  01 78 ff'),
    ),
  },
  'hixie-76': {
    clientToServer: concat(keyNumberHeads().clientToServer, hex('00 48656c6c6f ff  00 ff  ff 00')),
    serverToClient: concat(keyNumberHeads().serverToClient, hex('80 02 6162  00 e697a5 ff  ff 01 61  ff 00')),
  },
  'hybi-03': {
    clientToServer: concat(
      keyNumberHeads('Sec-WebSocket-Draft: 2').clientToServer,
      hex('04 05 48656c6c6f  84 03 48656c  02 00  00 02 6c6f  05 03 00ff12  01 02 0102'),
    ),
    serverToClient: concat(keyNumberHeads().serverToClient, hex('03 00  04 05 48656c6c6f  01 02 0102')),
  },
  'hello-00': {
    clientToServer: concat(
      head(
        'GET /demo HTTP/1.1',
        'Host: example.com',
        'Connection: Upgrade',
        'Sec-WebSocket-Nonce: A23F2BCA452DDE01',
        'Upgrade: WebSocket',
        'Origin: http://example.com',
        'Sec-WebSocket-Draft: 3',
      ),
      hex('8f10 33122035d11258fd7c764314580e539c'),
      hex('84 05 48656c6c6f  04 03 48656c  82 00  80 02 6c6f  85 03 00ff12  81 02 0102'),
    ),
    serverToClient: concat(
      head(
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: WebSocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Origin: http://example.com',
        'Sec-WebSocket-Location: ws://example.com/demo',
      ),
      hex('8f18 15f0d2278bcd457f ee7ebe0c369cbf255a4451fc58d7cc4f'),
      hex('83 00 84 05 48656c6c6f 81 02 0102'),
    ),
  },
  'hybi-04': hashedFrames,
  'hybi-05': maskedFrames(5, '43', '53'),
  'hybi-06': maskedFrames(6, '03e8', '03e8'),
  'hybi-07': maskedPayloads(7),
  'hybi-08': maskedPayloads(8),
  rfc6455: maskedPayloads(13),
}

const bytes = (most: number) => fc.uint8Array({ maxLength: most })
const text = fc.string({ unit: 'binary', maxLength: 20 })

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom<Action>({ kind: 'open' }, { kind: 'end' }, { kind: 'timeout' }, { kind: 'close' }),
  fc.record({ kind: fc.constant('sendText' as const), text }),
  fc.record({ kind: fc.constant('sendUtf8' as const), bytes: text.map(encodeUtf8) }),
  fc.record({ kind: fc.constant('sendBinary' as const), bytes: bytes(20), fragments: fc.nat(4) }),
  fc.record({ kind: fc.constantFrom('ping' as const, 'pong' as const), bytes: bytes(20) }),
  fc.record({ kind: fc.constant('close' as const), code: fc.integer({ min: 0, max: 65535 }), reason: text }),
  fc.record({ kind: fc.constant('close' as const), body: bytes(20) }),
)

/** One thing that may happen next; shares are turned into places that exist when it does. */
type Happening =
  | { readonly kind: 'sent' | 'delivered'; readonly lane: Lane; readonly size: number }
  | { readonly kind: 'junk'; readonly lane: Lane; readonly bytes: Uint8Array }
  | { readonly kind: 'sentEnd' | 'deliveredEnd'; readonly lane: Lane; readonly reset: boolean }
  | {
      readonly kind: 'edit'
      readonly lane: Lane
      readonly from: number
      readonly share: number
      readonly insert: Uint8Array
      readonly label: EditLabel
    }
  | { readonly kind: 'action'; readonly end: 'client' | 'server'; readonly action: Action }
  | { readonly kind: 'note'; readonly text: string }

const lane = fc.constantFrom(...lanes)
const share = fc.double({ min: 0, max: 1, noNaN: true })

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('sent' as const), lane, size: fc.integer({ min: 1, max: 120 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('delivered' as const), lane, size: fc.integer({ min: 1, max: 90 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      lane,
      from: share,
      share,
      insert: bytes(6),
      label: fc.constantFrom<EditLabel>('edited', 'inserted', 'duplicated', 'dropped'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('junk' as const), lane, bytes: bytes(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('sentEnd' as const, 'deliveredEnd' as const),
      lane,
      reset: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('action' as const), end: fc.constantFrom(...roles), action: anyAction }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('note' as const), text }) },
)

const time = fc.double({ min: 1.2e12, max: 4e12, noNaN: true, noDefaultInfinity: true })

/** Logs of up to two connections in which everything could have happened as it says. */
export const anyLog: fc.Arbitrary<LogRecord[]> = fc
  .record({
    dialects: fc.array(fc.constantFrom(...dialectIds), { minLength: 1, maxLength: 2 }),
    host: fc.constantFrom('127.0.0.1', '::1', 'wirestep.example'),
    url: fc.option(text, { nil: undefined }),
    seed: fc.option(fc.nat(), { nil: undefined }),
    happenings: fc.array(fc.record({ connection: fc.nat(1), happening, time }), { maxLength: 40 }),
    opened: time,
  })
  .map(({ dialects, host, url, seed, happenings, opened }) => {
    const records: LogRecord[] = dialects.map((dialect, connection) => ({
      kind: 'open',
      time: opened,
      connection,
      topology: topologyOf(connection, host),
      dialect,
      ...(url === undefined ? {} : { url }),
      ...(seed === undefined ? {} : { seed, inProcess: true }),
    }))
    for (const each of happenings) {
      const connection = each.connection % dialects.length
      const record = recordOf(records, connection, dialects[connection]!, each.happening, each.time)
      if (record) records.push(record)
    }
    return records
  })

export function endOf(records: readonly LogRecord[]): Cursor {
  return { record: records.length, bytes: 0 }
}

/** The happening as the next record of the log; null when it cannot happen now. */
function recordOf(
  records: readonly LogRecord[],
  connection: number,
  dialect: DialectId,
  happening: Happening,
  time: number,
): LogRecord | null {
  const at = { time, connection }
  if (happening.kind === 'action' || happening.kind === 'note') return { ...at, ...happening }
  const lane = naiveWorld(records, connection, endOf(records))[happening.lane]
  const gate = gateBytes(lane)
  const base = { ...at, lane: happening.lane }
  switch (happening.kind) {
    case 'sent': {
      const next = conversations[dialect][happening.lane].slice(lane.sent.length, lane.sent.length + happening.size)
      return lane.sentEnd || next.length === 0 ? null : { ...base, kind: 'sent', bytes: next }
    }
    case 'junk':
      return lane.sentEnd || happening.bytes.length === 0 ? null : { ...base, kind: 'sent', bytes: happening.bytes }
    case 'delivered': {
      const next = gate.slice(lane.delivered.length, lane.delivered.length + happening.size)
      return lane.deliveredEnd || next.length === 0
        ? null
        : { ...base, kind: 'delivered', bytes: Uint8Array.from(next) }
    }
    case 'sentEnd':
    case 'deliveredEnd': {
      const before = lane[happening.kind]
      const how = happening.reset ? 'reset' : 'fin'
      return before === null || (before === 'fin' && how === 'reset') ? { ...base, kind: happening.kind, how } : null
    }
    case 'edit': {
      const held = gate.length - lane.delivered.length
      const from = lane.delivered.length + Math.round(happening.from * held)
      const remove = Math.round(happening.share * (gate.length - from))
      const { insert, label } = happening
      return { ...base, kind: 'edit', at: from, remove, insert, label }
    }
  }
}
