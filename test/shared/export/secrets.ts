// A session with one secret in every place a session has: heads, masked and fragmented messages, compressed ones, notes,
// actions, edits, and bytes that only one side of the gate saw.
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { encodeUtf8 } from '../../../shared/bytes/utf8.ts'
import { type Capture, createCapture } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import type { OpcodeName } from '../../../shared/dialects/dialect.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { acceptValue } from '../../../shared/handshake/accept.ts'
import { topologyOf } from '../capture/topology.ts'

export const secret = 'tok-4f9aXYZ'

export interface FrameOf {
  readonly opcode?: OpcodeName
  readonly final?: boolean
  readonly reserved?: number
  readonly mask?: Uint8Array
}

export function frame(payload: Uint8Array | string, more: FrameOf = {}): Uint8Array {
  const bytes = typeof payload === 'string' ? encodeUtf8(payload) : payload
  return encodeFrame({ dialect: rfc6455, opcode: 'text', final: true, payload: bytes, ...more })
}

export const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

export function heads(extension: string | null, ...more: readonly string[]): Readonly<Record<Lane, Uint8Array>> {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const head = (...lines: readonly string[]) => encodeLatin1(`${lines.join('\r\n')}\r\n\r\n`)
  const extensions = extension === null ? [] : [`Sec-WebSocket-Extensions: ${extension}`]
  const common = ['Upgrade: websocket', 'Connection: Upgrade']
  return {
    clientToServer: head(
      'GET /chat HTTP/1.1',
      'Host: server.example.com',
      ...common,
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
      ...extensions,
      ...more,
    ),
    serverToClient: head(
      'HTTP/1.1 101 Switching Protocols',
      ...common,
      `Sec-WebSocket-Accept: ${acceptValue(key)}`,
      ...extensions,
    ),
  }
}

const time = 1_700_000_000_000

/** What both lanes carry, in turns, without a gate between. */
export function sessionOf(...crossing: readonly (readonly [Lane, Uint8Array])[]): Capture {
  const capture = createCapture(createMemoryStore())
  capture.append({ kind: 'open', time, connection: 1, topology: topologyOf(1) })
  crossing.forEach(([lane, bytes], index) => {
    const record = { time: time + index, connection: 1, lane, bytes }
    capture.append({ kind: 'sent', ...record })
    capture.append({ kind: 'delivered', ...record })
  })
  return capture
}

export function openedWith(extension: string | null, ...more: readonly string[]) {
  const { clientToServer, serverToClient } = heads(extension, ...more)
  return [
    ['clientToServer', clientToServer],
    ['serverToClient', serverToClient],
  ] as const
}

/** The secret in every place where it can be. */
export function leakySession(): Capture {
  const capture = sessionOf(
    ...openedWith(null, `Cookie: theme=dark; sid=${secret}`, `X-Folded: a\r\n ${secret}`),
    ['clientToServer', frame(`{"token":"${secret}"}`, { mask })],
    ['serverToClient', frame(`hello ${secret.slice(0, 4)}`, { final: false })],
    ['serverToClient', frame('', { opcode: 'ping' })],
    ['serverToClient', frame(`${secret.slice(4)} bye`, { opcode: 'continuation' })],
    ['serverToClient', frame(concat(Uint8Array.of(0xff, 0x00), encodeUtf8(secret)), { opcode: 'binary' })],
    ['serverToClient', frame(secret, { opcode: 'ping' })],
  )
  const at = { time: time + 100, connection: 1 }
  const own: LogRecord[] = [
    { kind: 'note', ...at, text: `look at ${secret}` },
    { kind: 'action', ...at, end: 'client', action: { kind: 'sendText', text: secret } },
    { kind: 'sent', ...at, lane: 'clientToServer', bytes: frame(secret, { mask }) },
    {
      ...{ kind: 'edit', ...at, lane: 'clientToServer', label: 'edited', remove: frame(secret, { mask }).length },
      ...{
        at: capture.connection(1).deliveredLengthAt('clientToServer', capture.end),
        insert: frame('harmless', { mask }),
      },
    },
    { kind: 'delivered', ...at, lane: 'clientToServer', bytes: frame('harmless', { mask }) },
    { kind: 'sent', ...at, lane: 'serverToClient', bytes: frame(`held ${secret}`) },
  ]
  for (const record of own) capture.append(record)
  return capture
}
