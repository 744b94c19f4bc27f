// Every fault of the catalogue, broken on purpose: what a receiver is fed, and which codes it reports.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { Dialect, LengthPrefixedDialect, OpcodeName } from '../../../shared/dialects/dialect.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hixie75 } from '../../../shared/dialects/hixie75.ts'
import { hixie76 } from '../../../shared/dialects/hixie76.ts'
import { hybi03 } from '../../../shared/dialects/hybi03.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { createNonceBook } from '../../../shared/endpoint/nonceBook.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import {
  agree,
  copyReceiver,
  createReceiver,
  feed,
  feedEnd,
  type ReceivedItem,
  type Receiver,
} from '../../../shared/endpoint/receiver.ts'
import { readRequest } from '../../../shared/endpoint/requestFacts.ts'
import { type FaultCode, faultCite, faultInfo } from '../../../shared/faults/catalogue.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { opcodeNumber } from '../../../shared/framing/opcodes.ts'
import { findHeadEnd, parseHead } from '../../../shared/handshake/head.ts'
import { encodeClientHello, encodeServerHello } from '../../../shared/handshake/hello.ts'
import { fromHex } from '../vectors.ts'
import { doAct, eachDialect, envOf, give, openPair, pairOf, pass, peerOf } from './peers.ts'
import { rulesOf, ruleTest } from './ruleTests.ts'

const limits = { head: 600, message: 300 }
const clientNonce = fromHex('a23f2bca452dde01')
const serverNonce = fromHex('15f0d2278bcd457f')

const text = (value: string) => Buffer.from(value, 'latin1')
const head = (...lines: string[]) => text(`${lines.join('\r\n')}\r\n\r\n`)

const helloRequest = [
  'GET /demo HTTP/1.1',
  'Host: example.com',
  'Connection: Upgrade',
  'Sec-WebSocket-Nonce: A23F2BCA452DDE01',
  'Sec-WebSocket-Protocol: sample',
  'Upgrade: WebSocket',
  'Origin: http://example.com',
  'Sec-WebSocket-Draft: 3',
]
const helloResponse = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: WebSocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Origin: http://example.com',
  'Sec-WebSocket-Location: ws://example.com/demo',
  'Sec-WebSocket-Protocol: sample',
]
const keyRequest = [
  'GET /chat HTTP/1.1',
  'Host: example.com',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: chat, superchat',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-a; v="1.2"',
  'Sec-WebSocket-Version: 13',
]
const keyResponse = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
]

/** The same in another version of the dialects that have a version. */
function keyRequestOf({ handshake }: Dialect): string[] {
  return keyRequest.map((line) => line.replace(/^(Sec-WebSocket-Version: ).*/, `$1${handshake.version?.value}`))
}

const literalRequest = [
  'GET /demo HTTP/1.1',
  'Upgrade: WebSocket',
  'Connection: Upgrade',
  'Host: example.com',
  'Origin: http://example.com',
  'WebSocket-Protocol: sample',
]
const keyNumbersRequest = [
  'GET /demo HTTP/1.1',
  'Host: example.com',
  'Connection: Upgrade',
  'Sec-WebSocket-Key2: 12998 5 Y3 1  .P00',
  'Sec-WebSocket-Protocol: sample',
  'Upgrade: WebSocket',
  'Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5',
  'Origin: http://example.com',
]
const key3 = text('^n:ds[4U')
const proof = text("8jKS'y:G*Co,Wxa-")

/** The request that is good in the dialect, line by line. */
function requestOf(dialect: Dialect): readonly string[] {
  switch (dialect.handshake.challenge) {
    case 'none':
      return literalRequest
    case 'keyNumbers':
      return dialect === hybi03 ? [...keyNumbersRequest, 'Sec-WebSocket-Draft: 2'] : keyNumbersRequest
    case 'hello':
      return helloRequest
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return keyRequestOf(dialect)
  }
}

/** The server's nonce too, where the dialect has one. */
function keyResponseOf({ handshake }: Dialect): string[] {
  const nonce = handshake.challenge === 'acceptHashAndNonce' ? ['Sec-WebSocket-Nonce: H+cNj5elaybfGIQv1esl2w=='] : []
  return [...keyResponse, ...nonce]
}

/** The lines with those that begin like `lines` replaced, or left out when only a name is given. */
function changed(from: readonly string[], ...lines: string[]): Uint8Array {
  const replaced = from.flatMap((line) => {
    const name = line.split(/[: ]/)[0]!
    const other = lines.find((each) => each.split(/[: ]/)[0] === name)
    return other === undefined ? [line] : other === name ? [] : [other]
  })
  return head(...replaced)
}

/** A receiver whose opening handshake is over. */
function open(dialect: Dialect, role: Role): Receiver {
  return { ...answered(dialect, role), stage: 'header' }
}

/** A receiver that knows what its own end has sent. */
function answered(dialect: Dialect, role: Role): Receiver {
  const receiver = createReceiver({ dialect, role, limits, keepsPayloads: true, goesOn: false, secure: false })
  if (role === 'server') return receiver
  const request = readRequest(parseHead(head(...requestOf(dialect)), 'request'), dialect)
  return { ...receiver, own: { ...receiver.own, request, key3 } }
}

function helloStage(role: Role): Receiver {
  const receiver = answered(hello00, 'client')
  return {
    ...receiver,
    role,
    stage: 'hello',
    own: { ...receiver.own, serverNonce: role === 'server' ? serverNonce : null },
  }
}

interface Broken {
  readonly code: FaultCode
  readonly dialect: Dialect
  readonly receiver: () => Receiver
  readonly bytes: Uint8Array
  readonly thenEnd?: boolean
  /** Rules that are broken with it whatever it is broken by: a refusal of a version is a refusal. */
  readonly behind?: readonly FaultCode[]
}

const asked = (code: FaultCode, dialect: Dialect, bytes: Uint8Array): Broken => ({
  code,
  dialect,
  bytes,
  receiver: () => answered(dialect, 'server'),
})
const answer = (code: FaultCode, dialect: Dialect, bytes: Uint8Array): Broken => ({
  code,
  dialect,
  bytes,
  receiver: () => answered(dialect, 'client'),
})
/** The same in every dialect that can agree on compression. */
const deflating = dialects.filter(({ compression }) => compression === 'deflate')
/** Frames of a server that deflates, in a window of 9 bits. */
const deflated = (code: FaultCode, hex: string): Broken[] =>
  deflating.map((dialect) => ({
    code,
    dialect,
    bytes: fromHex(hex),
    receiver: () => {
      const receiver = open(dialect, 'client')
      const lane = { windowBits: 9, contextTakeover: true }
      const lanes = { clientToServer: lane, serverToClient: lane }
      agree(receiver, { ...receiver.agreed, compression: { name: 'permessage-deflate', unit: 'message', lanes } })
      return receiver
    },
  }))
const offered = (code: FaultCode, parameters: string): Broken[] =>
  deflating.map((dialect) =>
    asked(code, dialect, changed(keyRequestOf(dialect), `Sec-WebSocket-Extensions: permessage-deflate; ${parameters}`)),
  )
const accepted = (code: FaultCode, offer: string, value: string): Broken[] =>
  deflating.map((dialect) => ({
    code,
    dialect,
    bytes: head(...keyResponse, `Sec-WebSocket-Extensions: ${value}`),
    receiver: () => {
      const request = changed(keyRequestOf(dialect), `Sec-WebSocket-Extensions: ${offer}`)
      const receiver = answered(dialect, 'client')
      return { ...receiver, own: { ...receiver.own, request: readRequest(parseHead(request, 'request'), dialect) } }
    },
  }))
const framed = (code: FaultCode, dialect: Dialect, role: Role, hex: string, thenEnd = false): Broken => ({
  code,
  dialect,
  bytes: fromHex(hex),
  receiver: () => open(dialect, role),
  thenEnd,
})
const greeted = (code: FaultCode, role: Role, hex: string, thenEnd = false): Broken => ({
  code,
  dialect: hello00,
  bytes: fromHex(hex),
  receiver: () => helloStage(role),
  thenEnd,
})

const broken: Broken[] = [
  asked('head.too-long', rfc6455, text(`GET / HTTP/1.1\r\nX: ${'x'.repeat(600)}`)),
  asked('head.too-long', hello00, text(`GET / HTTP/1.1\r\nX: ${'x'.repeat(600)}`)),
  asked('head.line', rfc6455, head(...keyRequest, 'no colon here')),
  asked('head.line', hello00, head(...helloRequest, ' folded')),
  answer('head.line', rfc6455, head(...keyResponse, ': no name')),
  asked('head.field-value', rfc6455, head(...keyRequest, 'X: a\0b')),
  answer('head.field-value', rfc6455, head(...keyResponse, 'X: a\x01')),
  asked('head.extension-syntax', rfc6455, changed(keyRequest, 'Sec-WebSocket-Extensions: a; b="1, 2"')),
  asked('head.line-end', rfc6455, head(...keyRequest, 'X: a\rb')),
  asked('head.line-end', rfc6455, text(`${keyRequest.join('\n')}\n\n`)),
  asked('head.line-end', hello00, text(`${helloRequest.join('\r\n')}\n\r\n`)),
  answer('head.line-end', hello00, text(`${helloResponse.join('\r\n')}\r\n\n`)),
  asked('head.start-line', rfc6455, fromHex('160301020001')),
  asked('head.start-line', hello00, text('SSH-2.0-OpenSSH_9.2\r\n')),
  asked('head.start-line', hello00, text('GET /demo\r\n')),
  answer('head.start-line', rfc6455, fromHex('818500000000')),
  answer('head.start-line', hello00, head('HTTP/1.1 101', ...helloResponse.slice(1))),
  asked('head.start-line', rfc6455, head('GET', ...keyRequest.slice(1))),
  asked('head.start-line', rfc6455, head('GET /a HTTP/11', ...keyRequest.slice(1))),
  answer('head.start-line', rfc6455, head('HTTP/1.1 abc', ...keyResponse.slice(1))),
  asked('head.method', hello00, head('POST /demo HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.http-version', rfc6455, head('GET /demo HTTP/1.0', ...keyRequest.slice(1))),
  answer('head.http-version', rfc6455, head('HTTP/1.0 101 Switching Protocols', ...keyResponse.slice(1))),
  asked('head.http-version', hello00, head('GET /demo HTTP/1.0', ...helloRequest.slice(1))),
  asked('head.resource', rfc6455, head('GET demo HTTP/1.1', ...keyRequest.slice(1))),
  asked('head.resource', rfc6455, head('GET /a b HTTP/1.1', ...keyRequest.slice(1))),
  asked('head.resource', hello00, head('GET /a#b HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.resource', hello00, head('GET demo HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.resource-character', hello00, head('GET /a:b HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.resource-character', hello00, head('GET /a%3Ab HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.query-colon', hello00, head('GET /a?b:c HTTP/1.1', ...helloRequest.slice(1))),
  asked('head.field-twice', rfc6455, head(...keyRequest, 'Host: example.org')),
  asked('head.field-twice', hello00, head(...helloRequest, 'Sec-WebSocket-Nonce: A23F2BCA452DDE01')),
  answer('head.field-twice', hello00, head(...helloResponse, 'Upgrade: WebSocket')),
  answer('head.field-twice', rfc6455, head(...keyResponse, keyResponse[3]!)),
  asked('head.host-missing', hello00, changed(helloRequest, 'Host')),
  asked('head.host', hello00, changed(helloRequest, 'Host:')),
  asked('head.host', rfc6455, changed(keyRequest, 'Host: http://example.com')),
  asked('head.upgrade-missing', hello00, changed(helloRequest, 'Upgrade')),
  asked('head.upgrade-value', hello00, changed(helloRequest, 'Upgrade: h2c')),
  answer('head.upgrade-value', hello00, changed(helloResponse, 'Upgrade: websocket')),
  answer('head.upgrade-value', rfc6455, changed(keyResponse, 'Upgrade:')),
  answer('head.upgrade-value', rfc6455, changed(keyResponse, 'Upgrade: h2c, websocket')),
  answer('head.upgrade-value', hello00, changed(helloResponse, 'Upgrade:  WebSocket')),
  answer('head.connection-value', hello00, changed(helloResponse, 'Connection: Upgrade ')),
  answer('head.connection-value', rfc6455, changed(keyResponse, 'Connection: Upgrade\xa0')),
  asked('head.connection-missing', rfc6455, changed(keyRequest, 'Connection')),
  asked('head.connection-missing', hello00, changed(helloRequest, 'Connection')),
  asked('head.connection-value', rfc6455, changed(keyRequest, 'Connection: keep-alive')),
  asked('head.connection-value', hello00, changed(helloRequest, 'Connection: keep-alive, Upgrade')),
  asked('head.origin-missing', hello00, changed(helloRequest, 'Origin')),
  asked('head.nonce-missing', hello00, changed(helloRequest, 'Sec-WebSocket-Nonce')),
  asked('head.nonce', hello00, changed(helloRequest, 'Sec-WebSocket-Nonce: A23F')),
  asked('head.nonce', hello00, changed(helloRequest, 'Sec-WebSocket-Nonce: A23F2BCA452DDE0G')),
  asked('head.nonce', hello00, changed(helloRequest, 'Sec-WebSocket-Nonce:  A23F2BCA452DDE01')),
  asked('head.nonce-lower-case', hello00, changed(helloRequest, 'Sec-WebSocket-Nonce: a23F2BCA452DDE01')),
  asked('head.draft', hello00, changed(helloRequest, 'Sec-WebSocket-Draft')),
  asked('head.draft', hello00, changed(helloRequest, 'Sec-WebSocket-Draft: 2')),
  asked('head.key-missing', rfc6455, changed(keyRequest, 'Sec-WebSocket-Key')),
  asked('head.key-base64', rfc6455, changed(keyRequest, 'Sec-WebSocket-Key: dGhl*HNhbXBsZSBub25jZQ==')),
  asked('head.key-length', rfc6455, changed(keyRequest, 'Sec-WebSocket-Key: dGhl')),
  asked('head.version-missing', rfc6455, changed(keyRequest, 'Sec-WebSocket-Version')),
  asked('head.version', rfc6455, changed(keyRequest, 'Sec-WebSocket-Version: 013')),
  asked('head.subprotocol-syntax', hello00, changed(helloRequest, 'Sec-WebSocket-Protocol: chat.example.com')),
  asked('head.subprotocol-syntax', rfc6455, changed(keyRequest, 'Sec-WebSocket-Protocol: a,,b')),
  answer('head.subprotocol-syntax', hello00, changed(helloResponse, 'Sec-WebSocket-Protocol: sample other')),
  asked('head.subprotocol-repeated', rfc6455, changed(keyRequest, 'Sec-WebSocket-Protocol: a, a')),
  asked('head.subprotocol-repeated', rfc6455, head(...keyRequest, 'Sec-WebSocket-Protocol: chat')),
  answer('head.subprotocol-missing', hello00, changed(helloResponse, 'Sec-WebSocket-Protocol')),
  answer('head.subprotocol-unrequested', hello00, changed(helloResponse, 'Sec-WebSocket-Protocol: other')),
  asked('head.extension-syntax', rfc6455, changed(keyRequest, 'Sec-WebSocket-Extensions: a; b=')),
  answer('head.extension-syntax', rfc6455, head(...keyResponse, 'Sec-WebSocket-Extensions: ;')),
  {
    ...answer('head.versions-unlisted', rfc6455, head('HTTP/1.1 426 Upgrade Required', 'Upgrade: websocket')),
    behind: ['head.status'],
  },
  answer(
    'head.extension-unrequested',
    rfc6455,
    head(...keyResponse, 'Sec-WebSocket-Extensions: permessage-deflate, x-b'),
  ),
  ...offered('extension.offer-unknown', 'magic'),
  ...offered('extension.offer-repeated', 'server_max_window_bits=10; server_max_window_bits=11'),
  ...offered('extension.offer-value', 'server_max_window_bits'),
  ...offered('extension.offer-value', 'server_max_window_bits=7'),
  ...offered('extension.offer-value', 'client_max_window_bits=16'),
  ...offered('extension.offer-value', 'server_max_window_bits=08'),
  ...offered('extension.offer-value', 'client_no_context_takeover=1'),
  ...accepted('extension.answer-unknown', 'permessage-deflate', 'permessage-deflate; magic'),
  ...accepted(
    'extension.answer-repeated',
    'permessage-deflate',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
  ),
  ...accepted(
    'extension.answer-value',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits',
  ),
  ...accepted('extension.answer-value', 'permessage-deflate', 'permessage-deflate; server_max_window_bits="7"'),
  ...accepted(
    'extension.answer-window',
    'permessage-deflate; server_max_window_bits=10',
    'permessage-deflate; server_max_window_bits=12',
  ),
  ...accepted('extension.answer-window', 'permessage-deflate; server_max_window_bits=10', 'permessage-deflate'),
  ...accepted('extension.answer-window', 'permessage-deflate', 'permessage-deflate; client_max_window_bits=10'),
  ...accepted(
    'extension.answer-window',
    'permessage-deflate; client_max_window_bits=10',
    'permessage-deflate; client_max_window_bits=11',
  ),
  ...accepted('extension.answer-takeover', 'permessage-deflate; server_no_context_takeover', 'permessage-deflate'),
  ...accepted(
    'extension.answer-twice',
    'permessage-deflate, x-webkit-deflate-frame',
    'permessage-deflate, x-webkit-deflate-frame',
  ),
  ...deflated('deflate.data', 'c10107'),
  ...deflated('deflate.data', 'c105f200110000'),
  ...deflated('deflate.window', 'c106' + '4a04a62b0000'),
  ...deflated('deflate.cut-off', 'c103f248cd'),
  ...deflated('deflate.cut-off', '4103f248cd' + '8000'),
  ...deflated('message.too-big', 'c108' + '6260180583090000'),
  ...deflated('utf8.invalid', 'c104faff0f00'),
  ...deflated('frame.reserved-bits', '4103f248cd' + 'c004c9c90700'),
  ...deflated('frame.reserved-bits', 'c900'),
  ...deflated('frame.reserved-bits', 'e107f248cdc9c90700'),
  answer('head.status', hello00, head('HTTP/1.1 404 Not Found')),
  answer('head.accept-missing', rfc6455, changed(keyResponse, 'Sec-WebSocket-Accept')),
  answer('head.accept', rfc6455, changed(keyResponse, 'Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=')),
  answer('head.origin-echo-missing', hello00, changed(helloResponse, 'Sec-WebSocket-Origin')),
  answer('head.origin-echo', hello00, changed(helloResponse, 'Sec-WebSocket-Origin: http://Example.com')),
  answer('head.location-missing', hello00, changed(helloResponse, 'Sec-WebSocket-Location')),
  answer('head.location', hello00, changed(helloResponse, 'Sec-WebSocket-Location: wss://example.com/demo')),
  {
    code: 'head.unasked',
    dialect: hello00,
    bytes: head(...helloResponse),
    receiver: () => unasked(hello00),
  },
  { ...asked('head.cut-off', rfc6455, text('GET /chat HT')), thenEnd: true },
  { ...answer('head.cut-off', hello00, text('')), thenEnd: true },
  greeted('hello.first-octet', 'client', '8405'),
  greeted('hello.first-octet', 'server', '47'),
  greeted('hello.second-octet', 'client', '8f10'),
  greeted('hello.second-octet', 'server', '8f18'),
  greeted('hello.digest', 'client', `8f1815f0d2278bcd457f${'00'.repeat(16)}`),
  greeted('hello.digest', 'server', `8f10${'00'.repeat(16)}`),
  greeted('hello.cut-off', 'client', '8f1815', true),
  greeted('hello.cut-off', 'server', '', true),
  framed('frame.reserved-bits', rfc6455, 'client', 'a100'),
  framed('frame.reserved-bits', hello00, 'client', 'c400'),
  framed('frame.reserved-bits', hello00, 'server', '8480'),
  framed('frame.opcode', hello00, 'server', '8600'),
  framed('frame.opcode', rfc6455, 'client', '8300'),
  framed('frame.length-form', rfc6455, 'client', '827f0000000000000100'),
  framed('frame.length-range', rfc6455, 'client', '827f8000000000000000'),
  framed('frame.length-range', hello00, 'client', '857fffffffffffffffff'),
  framed('mask.missing', rfc6455, 'server', '8100'),
  framed('mask.unexpected', rfc6455, 'client', '818000000000'),
  framed('control.fragmented', rfc6455, 'client', '0900'),
  framed('control.fragmented', hello00, 'client', '0200'),
  framed('control.too-long', rfc6455, 'client', '897e007e'),
  framed('control.too-long', hello00, 'server', '827e007e'),
  framed('hello.late', hello00, 'server', '8f10'),
  framed('message.continuation', hello00, 'server', '8000'),
  framed('message.continuation', rfc6455, 'client', '0000'),
  framed('message.interleaved', rfc6455, 'client', '0100' + '8100'),
  framed('message.interleaved', hello00, 'client', '0400' + '8500'),
  framed('message.too-big', rfc6455, 'client', '827e012d'),
  framed('message.too-big', hello00, 'client', '857f0020000000000000'),
  framed('utf8.invalid', rfc6455, 'client', '8102c3' + '28'),
  framed('utf8.invalid', rfc6455, 'client', '8803' + '03e8' + 'ff'),
  framed('utf8.invalid', rfc6455, 'client', '0101c3' + '8000'),
  framed('utf8.replaced', hello00, 'client', '8401' + 'ff'),
  framed('utf8.replaced', hello00, 'client', '8401' + 'c3'),
  framed('close.length', rfc6455, 'client', '880103'),
  framed('close.code', rfc6455, 'client', '880203ed'),
  framed('close.data-after', rfc6455, 'client', '8800' + '810161'),
  framed('close.data-after', hello00, 'server', '8100' + '840161'),
  framed('end.no-close', rfc6455, 'client', '', true),
  framed('end.no-close', hello00, 'client', '840161', true),
  framed('end.in-frame', rfc6455, 'client', '81', true),
  framed('end.in-frame', hello00, 'client', '840561', true),
  framed('end.in-frame', rfc6455, 'client', '8901', true),
]

const drafts = dialects.filter(({ handshake }) => handshake.challenge !== 'hello')
const older = drafts.filter(({ handshake }) => handshake.challenge === 'none' || handshake.challenge === 'keyNumbers')

/** The rules that a dialect with a key in its request shares with RFC 6455, each broken in its own opcodes and version. */
function brokenIn(dialect: Dialect): Broken[] {
  const request = keyRequestOf(dialect)
  const response = keyResponseOf(dialect)
  const byte = (name: OpcodeName, first = 0x80) => (first | opcodeNumber(dialect, name)!).toString(16).padStart(2, '0')
  const got = (code: FaultCode, hex: string, thenEnd = false) => framed(code, dialect, 'client', hex, thenEnd)
  const bad = dialect.invalidUtf8.client === 'fail' ? 'utf8.invalid' : 'utf8.replaced'
  return [
    asked('head.too-long', dialect, text(`GET / HTTP/1.1\r\nX: ${'x'.repeat(600)}`)),
    asked('head.line', dialect, head(...request, 'no colon here')),
    asked('head.line', dialect, head(...request, 'X(y): z')),
    asked('head.field-value', dialect, head(...request, 'X: a\0b')),
    answer('head.field-value', dialect, head(...keyResponseOf(dialect), 'X: a\x7f')),
    asked('head.line-end', dialect, text(`${request.join('\n')}\n\n`)),
    asked('head.start-line', dialect, text('SSH-2.0-OpenSSH_9.2\r\n')),
    asked('head.method', dialect, head('POST /demo HTTP/1.1', ...request.slice(1))),
    asked('head.http-version', dialect, head('GET /demo HTTP/1.0', ...request.slice(1))),
    asked('head.resource', dialect, head('GET /a#b HTTP/1.1', ...request.slice(1))),
    asked('head.field-twice', dialect, head(...request, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==')),
    ...dialect.handshake.originField.request.map((name) =>
      asked('head.field-twice', dialect, head(...request, `${name}: http://a`, `${name}: http://b`)),
    ),
    asked('head.host-missing', dialect, changed(request, 'Host')),
    asked('head.host', dialect, changed(request, 'Host: http://example.com')),
    asked('head.upgrade-missing', dialect, changed(request, 'Upgrade')),
    asked('head.upgrade-value', dialect, changed(request, 'Upgrade: h2c')),
    asked('head.connection-missing', dialect, changed(request, 'Connection')),
    asked('head.connection-value', dialect, changed(request, 'Connection: keep-alive')),
    asked('head.key-missing', dialect, changed(request, 'Sec-WebSocket-Key')),
    asked('head.key-base64', dialect, changed(request, 'Sec-WebSocket-Key: dGhl*HNhbXBsZSBub25jZQ==')),
    asked('head.key-length', dialect, changed(request, 'Sec-WebSocket-Key: dGhl')),
    asked('head.version-missing', dialect, changed(request, 'Sec-WebSocket-Version')),
    asked('head.version', dialect, changed(request, 'Sec-WebSocket-Version: 99')),
    asked('head.version', dialect, changed(request, `Sec-WebSocket-Version: 0${dialect.handshake.version?.value}`)),
    asked('head.subprotocol-syntax', dialect, changed(request, 'Sec-WebSocket-Protocol: a b')),
    asked('head.subprotocol-repeated', dialect, changed(request, 'Sec-WebSocket-Protocol: a, a')),
    asked('head.extension-syntax', dialect, changed(request, 'Sec-WebSocket-Extensions: ;')),
    answer('head.subprotocol-unrequested', dialect, head(...response, 'Sec-WebSocket-Protocol: other')),
    answer('head.extension-unrequested', dialect, head(...response, 'Sec-WebSocket-Extensions: x-b')),
    answer('head.status', dialect, head('HTTP/1.1 404 Not Found')),
    answer('head.accept-missing', dialect, changed(response, 'Sec-WebSocket-Accept')),
    answer('head.accept', dialect, changed(response, 'Sec-WebSocket-Accept: me89jWimTRKTWwrS3aRrL53YZSo=')),
    { ...asked('head.cut-off', dialect, text('GET /chat HT')), thenEnd: true },
    { ...answer('head.unasked', dialect, head(...keyResponse)), receiver: () => unasked(dialect) },
    got('frame.reserved-bits', `${byte('text', 0xc0)}00`),
    got('frame.opcode', '8600'),
    got('frame.length-range', `${byte('binary')}7f8000000000000000`),
    got('control.fragmented', `${byte('ping', 0)}00`),
    got('control.too-long', `${byte('ping')}7e007e`),
    got('message.continuation', `${byte('continuation')}00`),
    got('message.interleaved', `${byte('text', 0)}00${byte('binary')}00`),
    got('message.too-big', `${byte('binary')}7e012d`),
    got(bad, `${byte('text')}02c328`),
    got(bad, `${byte('text')}01c3`),
    got(
      'close.data-after',
      `${byte('close')}${dialect.closeBody === 'initiatorLetter' ? '0153' : '00'}${byte('text')}0161`,
    ),
    got('end.no-close', '', true),
    got('end.in-frame', `${byte('text')}0561`, true),
    ...(dialect.handshake.challenge === 'acceptHashAndNonce'
      ? [
          answer('head.server-nonce-missing', dialect, head(...keyResponse)),
          answer('head.server-nonce', dialect, changed(response, 'Sec-WebSocket-Nonce: dGhl')),
        ]
      : []),
    ...(dialect.closeBody === 'codeAndReason'
      ? [
          got('close.length', `${byte('close')}0103`),
          got('close.code', `${byte('close')}0203ed`),
          got('close.code', `${byte('close')}0203e7`),
          got(bad, `${byte('close')}0303e8ff`),
        ]
      : []),
    ...(dialect.closeBody === 'initiatorLetter'
      ? [got('close.initiator', `${byte('close')}00`), got('close.initiator', `${byte('close')}0143`)]
      : []),
    ...(dialect.framing === 'lengthPrefixed' && dialect.secondByteTopBit === 'mask'
      ? [
          framed('mask.missing', dialect, 'server', `${byte('text')}00`),
          got('mask.unexpected', `${byte('text')}8000000000`),
          got('frame.length-form', `${byte('ping')}7e000100`),
        ]
      : []),
  ]
}

function unasked(dialect: Dialect): Receiver {
  return createReceiver({ dialect, role: 'client', limits, keepsPayloads: true, goesOn: false, secure: false })
}

/** The rules of heads that hixie-75, hixie-76 and hybi-03 share, each broken in its own field names. */
function brokenInOlder(dialect: Dialect): Broken[] {
  const { locationField, originField, reason, subprotocolField } = dialect.handshake
  const request = requestOf(dialect)
  const response = [
    `HTTP/1.1 101 ${reason}`,
    'Upgrade: WebSocket',
    'Connection: Upgrade',
    `${originField.response}: http://example.com`,
    `${locationField}: ws://example.com/demo`,
    `${subprotocolField}: sample`,
  ]
  return [
    asked('head.too-long', dialect, text(`GET / HTTP/1.1\r\nX: ${'x'.repeat(600)}`)),
    asked('head.line', dialect, head(...request, ': no name')),
    asked('head.line-end', dialect, text(`${request.join('\n')}\n\n`)),
    asked('head.start-line', dialect, text('SSH-2.0-OpenSSH_9.2\r\n')),
    asked('head.method', dialect, head('POST /demo HTTP/1.1', ...request.slice(1))),
    asked('head.http-version', dialect, head('GET /demo HTTP/1.0', ...request.slice(1))),
    asked('head.resource', dialect, head('GET demo HTTP/1.1', ...request.slice(1))),
    asked('head.resource', dialect, head('GET http://example.com/demo HTTP/1.1', ...request.slice(1))),
    asked('head.field-twice', dialect, head(...request, 'Host: example.com')),
    asked('head.host-missing', dialect, changed(request, 'Host')),
    asked('head.host', dialect, changed(request, 'Host: http://example.com')),
    asked('head.letter-case', dialect, changed(request, 'Host: Example.com')),
    asked('head.letter-case', dialect, changed(request, 'Origin: http://Example.com')),
    asked('head.upgrade-missing', dialect, changed(request, 'Upgrade')),
    asked('head.upgrade-value', dialect, changed(request, 'Upgrade: h2c')),
    asked('head.connection-missing', dialect, changed(request, 'Connection')),
    asked('head.connection-value', dialect, changed(request, 'Connection: keep-alive, Upgrade')),
    asked('head.origin-missing', dialect, changed(request, 'Origin')),
    asked('head.subprotocol-syntax', dialect, changed(request, `${subprotocolField}: a\x7fb`)),
    answer('head.field-twice', dialect, head(...response, response[3]!)),
    answer('head.subprotocol-missing', dialect, changed(response, subprotocolField)),
    answer('head.subprotocol-unrequested', dialect, changed(response, `${subprotocolField}: other`)),
    answer('head.origin-echo-missing', dialect, changed(response, originField.response!)),
    answer('head.origin-echo', dialect, changed(response, `${originField.response}: http://example.org`)),
    answer('head.location-missing', dialect, changed(response, locationField!)),
    answer('head.location', dialect, changed(response, `${locationField}: wss://example.com/demo`)),
    answer('head.status', dialect, head('HTTP/1.1 404 Not Found')),
    { ...asked('head.cut-off', dialect, text('GET /demo HT')), thenEnd: true },
    { ...answer('head.unasked', dialect, head(...response)), receiver: () => unasked(dialect) },
    ...(dialect.handshake.challenge === 'keyNumbers' ? brokenKeys(dialect) : brokenLines(request, response)),
  ]
}

function brokenKeys(dialect: Dialect): Broken[] {
  const request = requestOf(dialect)
  const key = (value: string) => changed(request, `Sec-WebSocket-Key1: ${value}`)
  const behindHead = (role: Role): Receiver => ({ ...answered(dialect, role), stage: 'challenge' })
  const behind = (code: FaultCode, role: Role, bytes: Uint8Array, thenEnd = false): Broken => ({
    ...{ code, dialect, bytes, thenEnd },
    receiver: () => behindHead(role),
  })
  return [
    asked('head.keys-missing', dialect, changed(request, 'Sec-WebSocket-Key1')),
    asked('head.keys-missing', dialect, changed(request, 'Sec-WebSocket-Key2')),
    asked('head.key-spaces', dialect, key('4@146546xW%0l15')),
    asked('head.key-spaces', dialect, key('4\t2')),
    asked('head.key-digits', dialect, key('a b')),
    asked('head.key-multiple', dialect, key('3 x y')),
    asked('head.key-range', dialect, key('4294967296 x')),
    ...[`1${' '.repeat(13)}x3`, ' 1x', '1x ', '0 2x', '8589934590x  y', '1 2', `2 ${'x'.repeat(13)}`, '2 x\x7f'].map(
      (value) => asked('head.key-form', dialect, key(value)),
    ),
    behind('challenge.proof', 'client', new Uint8Array(16)),
    behind('challenge.cut-off', 'client', proof.subarray(0, 15), true),
    behind('challenge.cut-off', 'server', key3.subarray(0, 7), true),
    behind('challenge.cut-off', 'server', new Uint8Array(), true),
  ]
}

function brokenLines(request: readonly string[], response: readonly string[]): Broken[] {
  const swapped = (lines: readonly string[], at: number) => [
    ...lines.slice(0, at),
    lines[at + 1]!,
    lines[at]!,
    ...lines.slice(at + 2),
  ]
  return [
    asked('head.fixed-lines', hixie75, head('GET /demo HTTP/1.2', ...request.slice(1))),
    asked('head.fixed-lines', hixie75, changed(request, 'Upgrade: websocket')),
    asked('head.fixed-lines', hixie75, changed(request, 'Connection: upgrade')),
    asked('head.fixed-lines', hixie75, changed(request, 'Connection:Upgrade')),
    asked('head.order', hixie75, head(...swapped(request, 3))),
    answer('head.order', hixie75, head(...swapped(response, 3))),
    answer('head.fixed-bytes', hixie75, head('HTTP/1.1 101 WebSocket Protocol Handshake', ...response.slice(1))),
    answer('head.fixed-bytes', hixie75, head(...swapped(response, 1))),
    answer('head.fixed-bytes', hixie75, changed(response, 'Upgrade: websocket')),
    answer('head.fixed-bytes', hixie75, changed(response, 'Connection:  Upgrade')),
  ]
}

/** `300` text bytes fill the limit of these receivers. */
const overLimit = `00${'61'.repeat(301)}`
const brokenFrames: readonly Broken[] = [
  ...[hixie75, hixie76].flatMap((dialect) => [
    framed('frame.type', dialect, 'server', '05'),
    framed('frame.type', dialect, 'server', '8002'),
    framed('frame.length-limit', dialect, 'client', `80${'ff'.repeat(9)}00`),
    framed('frame.length-limit', dialect, 'server', `80${'80'.repeat(32)}`),
    framed('message.too-big', dialect, 'client', overLimit),
    framed('utf8.replaced', dialect, 'client', '0061c32862ff'),
    framed('utf8.replaced', dialect, 'client', '00c3ff'),
    framed('utf8.undefined', dialect, 'server', '0061c328'),
    framed('end.in-frame', dialect, 'client', '0061', true),
    framed('end.in-frame', dialect, 'client', '80', true),
  ]),
  framed('frame.type', hixie76, 'server', 'ff02'),
  framed('frame.type-discarded', hixie76, 'client', '0178ff'),
  framed('frame.type-discarded', hixie76, 'client', 'ff026162'),
  framed('close.data-after', hixie76, 'server', 'ff000061ff'),
  framed('end.no-close', hixie76, 'client', '0061ff', true),
  framed('frame.reserved-bits', hybi03, 'client', '4400'),
  framed('frame.reserved-bits', hybi03, 'server', '0480'),
  framed('frame.opcode', hybi03, 'server', '0f00'),
  framed('frame.length-range', hybi03, 'client', '057f8000000000000000'),
  framed('control.fragmented', hybi03, 'client', '8200'),
  framed('control.too-long', hybi03, 'server', '027e007e'),
  framed('message.continuation', hybi03, 'client', '0000'),
  framed('message.interleaved', hybi03, 'client', '8400' + '0500'),
  framed('message.too-big', hybi03, 'client', '057e012d'),
  framed('utf8.replaced', hybi03, 'server', '0401ff'),
  framed('close.data-after', hybi03, 'client', '0100' + '040161'),
  framed('end.no-close', hybi03, 'client', '', true),
  framed('end.in-frame', hybi03, 'client', '040561', true),
  asked('head.draft', hybi03, changed(requestOf(hybi03), 'Sec-WebSocket-Draft')),
  asked('head.draft', hybi03, changed(requestOf(hybi03), 'Sec-WebSocket-Draft: 4')),
]

broken.push(...drafts.filter((dialect) => !older.includes(dialect)).flatMap(brokenIn))
broken.push(...older.flatMap(brokenInOlder), ...brokenFrames)
broken.push(asked('head.letter-case', hello00, changed(helloRequest, 'Host: Example.com')))

const frameKey = fromHex('37fa213d')
const connectionKey = fromHex('6322a2adc02bc433e3896d34410b74bb7739f960')
const masked = dialects.filter(
  (dialect): dialect is LengthPrefixedDialect => dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none',
)
/** A receiver of frames that a client masked, past the handshake. */
function openToMasked(dialect: Dialect): Receiver {
  const receiver = open(dialect, 'server')
  agree(receiver, { ...receiver.agreed, connectionKey })
  return receiver
}
const maskedFrame = (dialect: Dialect, opcode: OpcodeName, mask: Uint8Array, payload = 'a') =>
  encodeFrame({ dialect, opcode, final: true, mask, connectionKey, payload: text(payload) })
const maskedWith = (code: 'mask.repeated' | 'mask.counted', ...keys: string[]) =>
  masked.map((dialect) => ({
    ...{ code, dialect, receiver: () => openToMasked(dialect) },
    bytes: concat(...keys.map((key, i) => maskedFrame(dialect, i % 2 === 0 ? 'text' : 'ping', fromHex(key)))),
  }))
broken.push(
  ...maskedWith('mask.repeated', '37fa213d', '37fa213d'),
  ...maskedWith('mask.repeated', '37fa213d', '0badcafe', '37fa213d'),
  ...maskedWith('mask.counted', '00000001', '00000002', '00000003'),
  ...maskedWith('mask.counted', 'fe000000', 'ff000000', '00000000'),
  ...maskedWith('mask.counted', '80000000', '60000000', '40000000'),
)

/** The rule that depends on what a server speaks: its endpoint reports it, no receiver. */
const unsupported = dialects
  .map((dialect) => ({ code: 'head.subprotocol-unsupported' as const, dialect }))
  .filter(({ code, dialect }) => rulesOf(dialect.id).includes(code))

/** What a client of the dialect sends that does not wait for the answer: its request, and a frame. */
function eager(dialect: Dialect) {
  const { client, server } = pairOf(dialect)
  doAct(client, { kind: 'open' })
  const frame = fromHex(dialect.framing === 'sentinel' ? '0061ff' : '8401610000000000')
  const asked = client.sent.length
  return { client, server, bytes: concat(client.sent, frame), span: { start: asked, end: asked + frame.length } }
}
/** The rule that depends on which end spoke first: an observer of the client reports it, or the server's endpoint. */
const waited = dialects.map((dialect) => ({ code: 'head.data-before-answer' as const, dialect }))

/** The rule that takes two connections to break: an observer with the nonces of both reports it. */
const drawn = dialects
  .filter(({ handshake }) => handshake.challenge !== 'none')
  .map((dialect) => ({ code: 'head.nonce-repeated' as const, dialect }))

function itemsOf({ receiver: make, thenEnd }: Broken, chunks: readonly Uint8Array[]): ReceivedItem[] {
  const receiver = make()
  const items: ReceivedItem[] = []
  for (const chunk of chunks) feed(receiver, chunk, (item) => items.push(item))
  if (thenEnd) feedEnd(receiver, (item) => items.push(item))
  return items
}

function faultsOf(one: Broken) {
  return itemsOf(one, [one.bytes]).flatMap((item) => (item.kind === 'faults' ? [...item.faults] : []))
}

describe('faults', () => {
  it('are broken in every dialect that has the rule', () => {
    const tested = [...broken, ...unsupported, ...waited, ...drawn].map(({ code, dialect }) =>
      ruleTest(code, dialect.id),
    )
    const rules = dialects.flatMap(({ id }) => rulesOf(id).map((code) => ruleTest(code, id)))
    expect(rules.filter((rule) => !tested.includes(rule))).toEqual([])
  })

  for (const { code, dialect } of unsupported) {
    it(ruleTest(code, dialect.id), () => {
      const asked = dialect.handshake.subprotocols === 'oneString' ? ['a b'] : ['a', 'b']
      const pair = pairOf(dialect, { subprotocols: asked }, { subprotocols: ['c'] })
      doAct(pair.client, { kind: 'open' })
      pass(pair.client, pair.server)
      expect(pair.server.faults).toMatchObject([{ code, found: 'a b' }])
      expect(pair.server.faults[0]!.span).toEqual({ start: 0, end: findHeadEnd(pair.client.sent) })
    })
  }

  for (const { code, dialect } of waited) {
    it(ruleTest(code, dialect.id), () => {
      const { server, bytes, span } = eager(dialect)
      const observer = createObserver(dialect, 'client')
      expect(observeSent(observer, bytes).faults).toEqual([{ code, lane: 'clientToServer', span, at: span.end }])
      expect(observeSent(observer, bytes.subarray(span.start)).faults).toEqual([])
      give(server, bytes)
      expect(server.faults[0]).toEqual({ code, lane: 'clientToServer', span })
    })

    it(`${code} of ${dialect.id} is not said of a client that waits`, () => {
      const { client, server } = openPair(dialect)
      const observer = createObserver(dialect, 'client')
      const { span } = eager(dialect)
      const found = [
        observeSent(observer, client.sent.subarray(0, span.start)),
        observeReceived(observer, server.sent),
        observeSent(observer, client.sent.subarray(span.start)),
      ].flatMap(({ faults }) => faults)
      expect([...found, ...server.faults]).toEqual([])
    })
  }

  for (const { code, dialect } of drawn) {
    it(ruleTest(code, dialect.id), () => {
      const book = createNonceBook()
      const asks = (connection: number, bytes: Uint8Array) =>
        observeReceived(createObserver(dialect, 'server', { nonces: { book, connection } }), bytes).faults
      const { client } = openPair(dialect)
      const request = client.sent.subarray(0, findHeadEnd(client.sent))
      expect(asks(1, request)).toEqual([])
      const [fault, ...others] = asks(2, request)
      expect(others).toEqual([])
      expect(fault).toMatchObject({ code, lane: 'clientToServer' })
      const nonce = Buffer.from(request.subarray(fault!.span.start, fault!.span.end)).toString('latin1')
      expect(fault!.found).toMatch(/, as in connection 1$/)
      expect(fault!.found!.startsWith(nonce)).toBe(true)
      const otherRequest = peerOf(envOf(dialect, 'client', {}, 7))
      doAct(otherRequest, { kind: 'open' })
      expect(asks(3, otherRequest.sent.subarray(0, findHeadEnd(otherRequest.sent)))).toEqual([])
    })
  }

  for (const one of broken) {
    it(ruleTest(one.code, one.dialect.id), () => {
      const found = faultsOf(one)
      expect(found.map(({ code }) => code)).toEqual([...(one.behind ?? []), one.code])
      const { span } = found.at(-1)!
      expect(span.start).toBeGreaterThanOrEqual(0)
      expect(span.end).toBeLessThanOrEqual(one.bytes.length)
      if (!one.thenEnd) expect(span.end).toBeGreaterThan(span.start)
    })
  }

  it.each(broken)('$code has a section in the dialect that reports it', ({ code, dialect }) => {
    expect(Object.keys(faultInfo(code).cite)).toContain(dialect.id)
    expect(faultCite(code, dialect.id)).not.toBe('')
  })

  it.each(broken)('$code is reported the same however the bytes are cut', (one) => {
    const whole = itemsOf(one, [one.bytes])
    expect(
      itemsOf(
        one,
        Array.from(one.bytes, (byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole)
    for (let at = 1; at < one.bytes.length; at++) {
      expect(itemsOf(one, [one.bytes.subarray(0, at), one.bytes.subarray(at)])).toEqual(whole)
    }
  })

  it.each(broken.filter(({ thenEnd }) => !thenEnd))(
    '$code is reported with the first byte that makes it certain',
    (one) => {
      const at = itemsOf(one, [one.bytes]).find(({ kind }) => kind === 'faults')!.at
      const codesWith = (count: number) =>
        itemsOf(one, [one.bytes.subarray(0, count)]).filter(({ kind }) => kind === 'faults')
      expect(codesWith(at)).toHaveLength(1)
      expect(codesWith(at - 1)).toHaveLength(0)
    },
  )

  it('lists everything that is wrong with a head, and answers for the first', () => {
    const found = faultsOf(asked('head.method', rfc6455, head('POST demo HTTP/1.0', 'Host: a')))
    expect(found.map(({ code }) => code)).toEqual([
      'head.method',
      'head.http-version',
      'head.resource',
      'head.upgrade-missing',
      'head.connection-missing',
      'head.key-missing',
      'head.version-missing',
    ])
  })

  it('are not reported for heads and Hellos as they should be', () => {
    const good: readonly [() => Receiver, Uint8Array][] = [
      [() => answered(hello00, 'server'), concat(head(...helloRequest))],
      [() => answered(hello00, 'client'), concat(head(...helloResponse), encodeServerHello(clientNonce, serverNonce))],
      [() => answered(rfc6455, 'server'), head(...keyRequest)],
      [() => answered(rfc6455, 'client'), head(...keyResponse, 'Sec-WebSocket-Extensions: x-a')],
      [() => helloStage('server'), encodeClientHello(clientNonce, serverNonce)],
      [() => answered(hixie75, 'server'), head(...literalRequest)],
      [() => answered(hixie76, 'server'), concat(head(...keyNumbersRequest), key3)],
      [() => answered(hybi03, 'server'), concat(head(...requestOf(hybi03)), key3)],
      [() => ({ ...answered(hixie76, 'client'), stage: 'challenge' }), proof],
    ]
    for (const [receiver, bytes] of good) {
      const items = itemsOf({ code: 'head.line', dialect: hello00, receiver, bytes }, [bytes])
      expect(items.map(({ kind }) => kind)).not.toContain('faults')
      expect(items.at(-1)!.at).toBe(bytes.length)
    }
  })

  it.each(dialects.filter(({ handshake }) => handshake.extensionsField === null))(
    'are not reported for a field of extensions in $id, where it means nothing',
    (dialect) => {
      const withExtensions = (sent: Uint8Array) => {
        const end = findHeadEnd(sent) - 2
        return concat(sent.subarray(0, end), text('Sec-WebSocket-Extensions: ;;=;\r\n'), sent.subarray(end))
      }
      const { client, server } = pairOf(dialect)
      doAct(client, { kind: 'open' })
      give(server, withExtensions(client.sent))
      give(client, withExtensions(server.sent))
      expect([...server.faults, ...client.faults]).toEqual([])
      expect(client.state.name).toBe('OPEN')
    },
  )

  it('are not reported for names with dots in hybi-03: only Upgrade+Hello bans them', () => {
    const bytes = changed(requestOf(hybi03), 'Sec-WebSocket-Protocol: chat.example.com v1.0+x')
    expect(faultsOf(asked('head.subprotocol-syntax', hybi03, bytes))).toEqual([])
  })
})

describe.each(masked)('the keys of a client of $id', (dialect) => {
  const other = fromHex('0badcafe')
  const faultsIn = (...frames: Uint8Array[]) => {
    const bytes = concat(...frames)
    return faultsOf({ code: 'mask.repeated', dialect, bytes, receiver: () => openToMasked(dialect) })
  }
  const frame = (key: Uint8Array, opcode: OpcodeName = 'text') => maskedFrame(dialect, opcode, key)

  it('are pointed at, the four bytes of them, where one is that of the frame before', () => {
    const [first, second] = [frame(other), frame(frameKey)]
    const at = first.length + second.length + (dialect.masking === 'clientPayload' ? 2 : 0)
    const found = faultsIn(first, second, frame(frameKey, 'ping'))
    expect(found).toMatchObject([{ lane: 'clientToServer', span: { start: at, end: at + 4 }, found: '37fa213d again' }])
  })

  it('are known to be used in turn, since the two before are kept', () => {
    const found = faultsIn(frame(frameKey), frame(other), frame(frameKey))
    expect(found).toMatchObject([{ code: 'mask.repeated', found: '37fa213d again, two frames later' }])
  })

  it('may come again later, since none before these is kept', () => {
    expect(faultsIn(...[frameKey, other, fromHex('11223344'), frameKey].map((key) => frame(key)))).toEqual([])
  })

  it('are shown, all three of them, where they count', () => {
    const found = faultsIn(...['0badcaff', '0badcb00', '0badcb01'].map((key) => frame(fromHex(key))))
    expect(found).toMatchObject([{ code: 'mask.counted', found: '0badcaff, 0badcb00, 0badcb01' }])
  })

  it('are said to be foreseen once a connection', () => {
    const keys = [
      frameKey,
      frameKey,
      frameKey,
      other,
      other,
      ...['01', '02', '03', '04'].map((one) => fromHex(one.repeat(4))),
    ]
    expect(faultsIn(...keys.map((key) => frame(key)))).toHaveLength(1)
  })

  it('end nothing: the messages are delivered', () => {
    const bytes = concat(frame(frameKey), frame(frameKey))
    const items = itemsOf({ code: 'mask.repeated', dialect, bytes, receiver: () => openToMasked(dialect) }, [bytes])
    expect(items.map(({ kind }) => kind)).toEqual(['message', 'faults', 'message'])
    expect(items).toMatchObject([{}, { ends: false }, { payload: Uint8Array.of(0x61) }])
  })
})

describe.each(eachDialect)('a receiver of $name', ({ dialect }) => {
  const typedFrame = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 120 }))
    .map(([type, bytes]) =>
      type < 0x80
        ? concat(
            Uint8Array.of(type),
            bytes.filter((byte) => byte !== 0xff),
            Uint8Array.of(0xff),
          )
        : concat(Uint8Array.of(type, bytes.length), bytes),
    )
  const headedFrame = fc
    .record({
      opcode: fc.constantFrom(...Object.values(dialect.opcodes)),
      final: fc.boolean(),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 40 }).map((s) => new Uint8Array(Buffer.from(s))),
      ),
      reserved: fc.oneof(
        { weight: 20, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 7 }) },
      ),
    })
    .map((spec) => encodeFrame({ dialect, ...spec }))
  const arbitraryFrame = dialect.framing === 'sentinel' ? typedFrame : headedFrame

  const anyBytes = fc.oneof(
    { weight: 8, arbitrary: arbitraryFrame },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  )

  it.each([
    { receiver: 'one that stops at a violation', goesOn: false },
    { receiver: 'one that goes on', goesOn: true },
  ])('tells the same of any bytes however they are cut: $receiver', ({ goesOn }) => {
    fc.assert(
      fc.property(
        fc.array(anyBytes, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 50 })),
        fc.constantFrom<Role>('client', 'server'),
        (frames, sizes, role) => {
          const bytes = concat(...frames)
          const receiver = () => ({ ...open(dialect, role), goesOn })
          const one: Broken = { code: 'head.line', dialect, bytes, receiver, thenEnd: true }
          const chunks: Uint8Array[] = []
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value as number
            chunks.push(bytes.slice(at, at + size))
            at += size
          }
          expect(itemsOf(one, chunks)).toEqual(itemsOf(one, [bytes]))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds, going on, the fault that it would have stopped at first of all', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 8 }), (frames) => {
        const bytes = concat(...frames)
        const first = (goesOn: boolean) => {
          const receiver = () => ({ ...open(dialect, 'client'), goesOn })
          const items = itemsOf({ code: 'head.line', dialect, bytes, receiver }, [bytes])
          return items.find((item) => item.kind === 'faults' && item.ends)
        }
        expect(first(true)).toEqual(first(false))
      }),
      { numRuns: 500 },
    )
  })

  it('is not changed by what its copy is fed', () => {
    const receiver = open(dialect, 'client')
    const text = (part: string, first: boolean) =>
      dialect.framing === 'sentinel'
        ? Buffer.from(first ? `\0${part}` : `${part}\xff`, 'latin1')
        : encodeFrame({ dialect, opcode: first ? 'text' : 'continuation', final: !first, payload: Buffer.from(part) })
    feed(receiver, text('ab', true), () => {})
    const before = JSON.stringify(receiver)
    const copy = copyReceiver(receiver)
    const rest = text('cd', false)
    const messages: string[] = []
    for (const one of [copy, receiver]) {
      feed(one, rest, (item) => {
        if (item.kind === 'message') messages.push(Buffer.from(item.payload!).toString())
      })
      if (one === copy) expect(JSON.stringify(receiver)).toBe(before)
    }
    expect(messages).toEqual(['abcd', 'abcd'])
  })
})
