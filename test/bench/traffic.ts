// The traffic that is measured with: an RFC 6455 handshake that is in order, and binary frames.
import { encodeLatin1 } from '../../shared/bytes/ascii.ts'
import type { LogRecord } from '../../shared/capture/record.ts'
import { rfc6455 } from '../../shared/dialects/rfc6455.ts'
import { encodeFrame } from '../../shared/framing/encode.ts'

/** The handshake of RFC 6455 §1.3, as its example has it. */
export const requestHead = encodeLatin1(
  [
    'GET /chat HTTP/1.1',
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n'),
)

export const responseHead = encodeLatin1(
  [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    '\r\n',
  ].join('\r\n'),
)

const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

/** A binary frame with `size` bytes of payload, masked as a client's is. */
export function clientFrame(size: number): Uint8Array {
  return encodeFrame({ dialect: rfc6455, opcode: 'binary', final: true, payload: payloadOf(size), mask })
}

/** A binary frame with `size` bytes of payload, as a server sends it. */
export function serverFrame(size: number): Uint8Array {
  return encodeFrame({ dialect: rfc6455, opcode: 'binary', final: true, payload: payloadOf(size) })
}

function payloadOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => at)
}

/** Bytes of one read: what Node reads from a socket at most. */
export const readSize = 65536

/** `count` times `frame`, cut into reads that take no notice of where frames end. */
export function readsOf(frame: Uint8Array, count: number): readonly Buffer[] {
  const lane = Buffer.alloc(frame.length * count, frame)
  const reads: Buffer[] = []
  for (let at = 0; at < lane.length; at += readSize) reads.push(lane.subarray(at, at + readSize))
  return reads
}

/** The record that a connection of this traffic begins with in a log. */
export const openRecord: Extract<LogRecord, { kind: 'open' }> = {
  kind: 'open',
  time: 0,
  connection: 1,
  dialect: 'rfc6455',
  topology: {
    client: { host: '127.0.0.1', port: 50001 },
    gateForClient: { host: '127.0.0.1', port: 50002 },
    gateForServer: { host: '127.0.0.1', port: 50003 },
    server: { host: '127.0.0.1', port: 50004 },
  },
}
