// Every invalid vector of the dialects, fed to the endpoint it is meant for, however it is chunked.
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { createEndpoint, type EndpointState, receive, receiveEnd } from '../../../shared/endpoint/endpoint.ts'
import { agree, copyReceiver } from '../../../shared/endpoint/receiver.ts'
import { readRequest } from '../../../shared/endpoint/requestFacts.ts'
import type { EndpointEnv, EndpointEvent } from '../../../shared/endpoint/types.ts'
import { type FaultCode, faults } from '../../../shared/faults/catalogue.ts'
import type { Fault } from '../../../shared/faults/fault.ts'
import { emptyFrameHeader, framingOf, readFrameHeader } from '../../../shared/framing/header.ts'
import { applyMask } from '../../../shared/framing/mask.ts'
import { findHeadEnd, parseHead } from '../../../shared/handshake/head.ts'
import { type Case, casesOf, connectionKeyOf, fromHex } from '../vectors.ts'
import { envOf, openPair, textMessage, textOf } from './peers.ts'

/** What the vectors call a rule, and the code it has here. */
const codes: Readonly<Record<string, FaultCode>> = {
  'accept-mismatch': 'head.accept',
  'challenge-response-incomplete': 'challenge.cut-off',
  'close-body-length-1': 'close.length',
  'close-initiator-mismatch': 'close.initiator',
  'close-code-invalid': 'close.code',
  'close-code-not-for-wire': 'close.code',
  'connection-closed-before-hello': 'hello.cut-off',
  'connection-lacks-upgrade': 'head.connection-value',
  'control-with-extended-length': 'frame.length-form',
  'control-too-long': 'control.too-long',
  'data-frame-inside-fragmented-message': 'message.interleaved',
  'digest-mismatch': 'hello.digest',
  'duplicate-sec-websocket-key': 'head.field-twice',
  'empty-field-name': 'head.line',
  'extension-not-requested': 'head.extension-unrequested',
  'ff-frame-with-data': 'frame.type-discarded',
  'garbled-header': 'frame.reserved-bits',
  'first-frame-not-hello': 'hello.first-octet',
  'first-octet-not-8f': 'hello.first-octet',
  'fixed-41-bytes-mismatch': 'head.fixed-bytes',
  'fragmented-control': 'control.fragmented',
  'hello-after-open': 'hello.late',
  'http-version-too-low': 'head.http-version',
  'invalid-utf8': 'utf8.invalid',
  'key-not-16-bytes': 'head.key-length',
  'key-not-base64': 'head.key-base64',
  'key3-incomplete': 'challenge.cut-off',
  'length-beyond-limit': 'frame.length-limit',
  'length-msb-set': 'frame.length-range',
  'line-not-crlf': 'head.line-end',
  'location-mismatch': 'head.location',
  'location-not-exactly-one': 'head.field-twice',
  'masked-server-frame': 'mask.unexpected',
  'method-not-GET': 'head.method',
  'missing-connection': 'head.connection-missing',
  'missing-host': 'head.host-missing',
  'missing-sec-websocket-accept': 'head.accept-missing',
  'missing-sec-websocket-key': 'head.key-missing',
  'missing-sec-websocket-key1': 'head.keys-missing',
  'missing-sec-websocket-key2': 'head.keys-missing',
  'missing-sec-websocket-nonce': 'head.nonce-missing',
  'missing-sec-websocket-version': 'head.version-missing',
  'missing-origin': 'head.origin-missing',
  'missing-upgrade': 'head.upgrade-missing',
  'no-digits': 'head.key-digits',
  'nonce-not-16-hex-digits': 'head.nonce',
  'nonce-not-uppercase': 'head.nonce-lower-case',
  'nonminimal-length': 'frame.length-form',
  'origin-mismatch': 'head.origin-echo',
  'origin-not-exactly-one': 'head.origin-echo-missing',
  'part-overflow': 'head.key-range',
  'query-contains-colon': 'head.query-colon',
  'reserved-opcode': 'frame.opcode',
  'resource-contains-encoded-control': 'head.resource-character',
  'resource-contains-encoded-whitespace': 'head.resource-character',
  'resource-not-starting-with-slash': 'head.resource',
  'rsv-bit-set': 'frame.reserved-bits',
  'rsv4-bit-set': 'frame.reserved-bits',
  'second-octet-not-10': 'hello.second-octet',
  'second-octet-not-18': 'hello.second-octet',
  'status-line-not-exact': 'head.fixed-bytes',
  'status-not-101': 'head.status',
  'subprotocol-bad-character': 'head.subprotocol-syntax',
  'subprotocol-bad-syntax': 'head.subprotocol-syntax',
  'subprotocol-not-requested': 'head.subprotocol-unrequested',
  'subprotocol-not-unique': 'head.subprotocol-repeated',
  'unexpected-continuation': 'message.continuation',
  'unmasked-client-frame': 'mask.missing',
  'unsupported-version': 'head.version',
  'upgrade-not-websocket': 'head.upgrade-value',
  'websocket-location-mismatch': 'head.location',
  'websocket-protocol-not-exactly-one': 'head.subprotocol-missing',
  'zero-spaces': 'head.key-spaces',
}

/** Rules that have one name there, and a code each here for what breaks them. */
const codesById: Readonly<Record<string, FaultCode>> = {
  'hixie-75/inv-missing-origin': 'head.origin-echo-missing',
  'hixie-75/inv-duplicate-origin': 'head.field-twice',
  'hixie-75/inv-utf8-server': 'utf8.undefined',
  'hixie-75/inv-frame-type-server': 'frame.type',
  'hixie-76/inv-frame-type-01-client': 'frame.type-discarded',
  'hixie-76/inv-frame-type-80-server': 'frame.type',
  'hixie-76/inv-garbage-after-open': 'frame.type',
}

const codeOf = ({ id, expected }: Invalid): FaultCode | undefined =>
  expected.outcome === 'replace-and-deliver' ? 'utf8.replaced' : (codesById[id] ?? codes[expected.rule])

interface Expected {
  readonly outcome: string
  readonly rule: string
  readonly strength: string
  readonly closeCode?: number
  readonly httpStatus?: number
  readonly responseHeader?: string
}

interface Context {
  readonly state?: string
  readonly clientNonceHex?: string
  readonly serverNonceHex?: string
  readonly requestedSubprotocol?: string
  readonly then?: string
}

/** The columns of an invalid vector that other tests have no use for. */
interface Invalid extends Case {
  readonly expected: Expected
  readonly context: Context
  readonly receiver: Role
}

const invalid: readonly Invalid[] = casesOf('invalid').flatMap((one) => {
  const {
    expected,
    context = {},
    receiver,
  } = one.vector as unknown as {
    expected: Expected
    context?: Context
    receiver: Role | 'either'
  }
  const roles: readonly Role[] = receiver === 'either' ? ['client', 'server'] : [receiver]
  return roles.map((role) => ({ ...one, expected, context, receiver: role }))
})

/** The endpoint in the state the vector begins in, and how many bytes of the lane are behind it. */
function before({ dialect, context, receiver, vector }: Invalid): {
  env: EndpointEnv
  state: EndpointState
  passed: number
} {
  const env = envOf(dialect, receiver, { subprotocols: ['sample'] })
  if (context.state === 'awaiting-server-hello' || context.state === 'awaiting-client-hello') {
    return { env, state: awaitingHello(env, context), passed: 0 }
  }
  if (/^48545450/.test(vector.hex)) return { env, state: awaitingResponse(env, context), passed: 0 }
  if (vector.parsed ?? /^(474554|504f53)/.test(vector.hex)) {
    if (context.state !== 'awaiting-client-hello') return { env, state: createEndpoint(env), passed: 0 }
  }
  const pair = openPair(dialect)
  const other = receiver === 'client' ? pair.server : pair.client
  return { env, state: withSampleKey(pair[receiver].state, dialect), passed: other.sent.length }
}

/** As if the handshake had been the sample one: the vectors of hybi-04 are masked with its key. */
function withSampleKey(state: EndpointState, dialect: Dialect): EndpointState {
  const connectionKey = connectionKeyOf(dialect)
  if (connectionKey === null) return state
  const receiver = copyReceiver(state.receiver)
  agree(receiver, { ...receiver.agreed, connectionKey })
  return { ...state, receiver }
}

function awaitingHello(env: EndpointEnv, { clientNonceHex, serverNonceHex }: Context): EndpointState {
  const state = createEndpoint(env)
  const request = {
    ...readRequest(parseHead(new Uint8Array(0), 'request'), env.dialect),
    nonce: fromHex(clientNonceHex!),
  }
  const own = { ...state.receiver.own, request, serverNonce: serverNonceHex ? fromHex(serverNonceHex) : null }
  const name = env.role === 'client' ? 'AWAITING_SERVER_HELLO' : 'AWAITING_CLIENT_HELLO'
  return { ...state, name, receiver: { ...state.receiver, stage: 'hello', own } }
}

/** The client has sent the request that the vectors' responses answer. */
function awaitingResponse(env: EndpointEnv, { requestedSubprotocol }: Context): EndpointState {
  const { bytes } = casesOf('handshake').find(({ id }) => id.startsWith(`${env.dialect.id}/hs-request`))!
  const end = findHeadEnd(bytes)
  const state = createEndpoint(env)
  const asked = readRequest(parseHead(bytes.subarray(0, end), 'request'), env.dialect)
  // The responses to the drafts before hybi-03 name no subprotocol, unless they say so.
  const isBare = env.dialect.handshake.subprotocols === 'oneString' && requestedSubprotocol === undefined
  const request = isBare ? { ...asked, subprotocols: [] } : asked
  const own = { ...state.receiver.own, request, key3: bytes.slice(end) }
  return { ...state, name: 'AWAITING_RESPONSE', receiver: { ...state.receiver, own } }
}

interface Outcome {
  readonly faults: readonly Fault[]
  readonly events: readonly EndpointEvent[]
  readonly sent: readonly Uint8Array[]
  readonly ended: boolean
  readonly state: string
}

function run(one: Invalid, chunks: readonly Uint8Array[]): Outcome {
  const { env, state: first } = before(one)
  let state = first
  const all = { faults: [] as Fault[], events: [] as EndpointEvent[], sent: [] as Uint8Array[], ended: false }
  const take = (step: ReturnType<typeof receive>) => {
    state = step.state
    all.faults.push(...step.faults)
    all.events.push(...step.events)
    all.sent.push(...step.send)
    all.ended ||= step.end
  }
  for (const chunk of chunks) take(receive(state, chunk, env))
  if (thenEnds(one)) take(receiveEnd(state, env))
  return { ...all, state: state.name }
}

/** What cannot be told before the peer ends its stream. */
const thenEnds = ({ context, expected }: Invalid) =>
  context.then !== undefined || expected.rule === 'challenge-response-incomplete'

const stalls = ({ expected }: Invalid) => expected.outcome === 'stall'
/** Looks odd, but breaks no rule of its dialect. */
const isLegal = ({ expected }: Invalid) => expected.outcome === 'accept'
const breaking = invalid.filter((one) => !isLegal(one) && !stalls(one))

/** What ends the connection, or else what was met first: the frames of a vector share one masking key. */
const deciding = ({ faults: found }: Outcome) =>
  found.find(({ code }) => faults[code].severity === 'violation') ?? found[0]!

describe('invalid vectors', () => {
  it.each(invalid.filter(isLegal))('$id, received by the $receiver, is legal and delivered', (one) => {
    const outcome = run(one, [one.bytes])
    expect(outcome.faults).toEqual([])
    expect(outcome.events).toMatchObject([textMessage('Hello')])
  })

  it.each(invalid.filter(stalls))('$id, received by the $receiver, breaks no rule and delivers nothing', (one) => {
    const outcome = run(one, [one.bytes])
    expect(outcome.faults).toEqual([])
    expect(outcome.events).toEqual([])
    expect(outcome.state).toBe('OPEN')
  })

  it.each(breaking)('$id, received by the $receiver, breaks its rule', (one) => {
    const outcome = run(one, [one.bytes])
    expect(codeOf(one)).toBeDefined()
    expect(outcome.faults.map(({ code }) => code)).toContain(codeOf(one))
    expect(deciding(outcome).code).toBe(codeOf(one))
  })

  it.each(breaking)('$id, received by the $receiver, ends as its strength says', (one) => {
    const outcome = run(one, [one.bytes])
    const { severity } = faults[deciding(outcome).code]
    if (severity === 'warning') {
      expectToGoOn(one, outcome)
      expect(outcome.ended).toBe(false)
      return
    }
    expect(outcome.state).toBe('FAILED')
    expect(outcome.ended).toBe(true)
    expect(outcome.events.filter(({ kind }) => kind === 'close')).toHaveLength(1)
    expect(outcome.events.at(-1)).toMatchObject({ kind: 'close', clean: false })
    expect(closeCodeSent(one, outcome)).toBe(one.expected.closeCode)
    if (one.expected.outcome === 'abort') expect(statusSent(outcome)).toBe(400)
    else expect(statusSent(outcome)).toBe(one.expected.httpStatus)
    if (one.expected.responseHeader) expect(textSent(outcome)).toContain(`\r\n${one.expected.responseHeader}\r\n`)
    // The head of a good request is answered before what belongs behind it is in.
    if (one.expected.outcome === 'abort-tcp') expect(outcome.sent).toHaveLength(thenEnds(one) ? 1 : 0)
  })

  it.each(invalid)('$id, received by the $receiver, is judged the same in single bytes', (one) => {
    const bytewise = run(
      one,
      Array.from(one.bytes, (byte) => Uint8Array.of(byte)),
    )
    expect(bytewise).toEqual(run(one, [one.bytes]))
  })

  it.each(invalid)('$id, received by the $receiver, is judged the same split anywhere', (one) => {
    const whole = run(one, [one.bytes])
    for (let at = 1; at < one.bytes.length; at++) {
      expect(run(one, [one.bytes.subarray(0, at), one.bytes.subarray(at)])).toEqual(whole)
    }
  })

  it.each(invalid)('$id, received by the $receiver, points into its own bytes', (one) => {
    const { passed } = before(one)
    for (const { span } of run(one, [one.bytes]).faults) {
      expect(span.start).toBeGreaterThanOrEqual(passed)
      expect(span.end).toBeGreaterThanOrEqual(span.start)
      expect(span.end).toBeLessThanOrEqual(passed + one.bytes.length)
    }
  })
})

function expectToGoOn({ expected }: Invalid, { events }: Outcome): void {
  const messages = events.filter(({ kind }) => kind === 'message')
  switch (expected.outcome) {
    case 'replace-and-deliver':
      expect(messages).toMatchObject([{ type: 'text' }])
      expect(textOf(messages[0])).toContain('\ufffd')
      break
    case 'error-and-continue':
      expect(messages).toEqual([])
      break
    default:
      expect(expected.strength).toBe('policy')
  }
}

function closeCodeSent({ dialect }: Invalid, { sent }: Outcome): number | undefined {
  const frame = sent.at(-1)
  if (!frame || dialect.closeBody !== 'codeAndReason' || frame[0] !== 0x88) return undefined
  const header = emptyFrameHeader()
  readFrameHeader(frame, 0, frame.length, framingOf(dialect, 'serverToClient'), header)
  const wire = frame.subarray(header.headerLength)
  const body = header.secondByteTopBit
    ? applyMask(wire, frame.subarray(header.headerLength - 4, header.headerLength))
    : wire
  return (body[0]! << 8) | body[1]!
}

function textSent({ sent }: Outcome): string {
  return Buffer.concat(sent).toString('latin1')
}

function statusSent(outcome: Outcome): number | undefined {
  const match = /^HTTP\/1\.1 (\d+)/.exec(textSent(outcome))
  const status = match ? Number(match[1]) : 101
  return status === 101 ? undefined : status
}

/** Where the first fault of a vector is, counted from its own first byte. */
const places: readonly [id: string, start: number, end: number][] = [
  ['hello-00/inv-data-before-server-hello', 0, 1],
  ['hello-00/inv-server-hello-short-form', 1, 2],
  ['hello-00/inv-server-hello-bad-digest', 10, 26],
  ['hello-00/inv-client-hello-bad-digest', 2, 18],
  ['hello-00/inv-server-hello-truncated', 0, 20],
  ['hello-00/inv-more-polarity', 7, 8],
  ['hello-00/inv-second-hello', 0, 1],
  ['hello-00/inv-nonce-lowercase', 81, 82],
  ['hello-00/inv-url-encoded-space', 6, 9],
  ['hixie-75/inv-76-reason-phrase', 0, 43],
  ['hixie-75/inv-upgrade-connection-swapped', 44, 65],
  ['hixie-75/inv-bare-lf', 42, 43],
  ['hixie-75/inv-empty-field-name', 166, 171],
  ['hixie-75/inv-utf8-server', 3, 4],
  ['hixie-75/inv-frame-type-server', 0, 1],
  ['hixie-76/inv-zero-spaces-key1', 140, 155],
  ['hixie-76/inv-no-digits', 140, 145],
  ['hixie-76/inv-part-overflow', 140, 153],
  ['hixie-76/inv-truncated-key3', 192, 197],
  ['hixie-76/inv-short-md5', 175, 190],
  ['hixie-76/inv-frame-type-01-client', 0, 1],
  ['hixie-76/inv-ff-nonzero-length', 0, 2],
  ['hixie-76/inv-huge-length', 0, 11],
  ['hixie-76/inv-utf8-client', 2, 3],
  ['hybi-03/inv-rsv4', 1, 2],
  ['hybi-03/inv-length-msb', 1, 10],
  ['hybi-03/inv-oversize-ping', 1, 4],
  ['hybi-04/inv-rsv4', 5, 6],
  ['hybi-04/inv-connection-key-used-as-mask', 4, 5],
  ['hybi-04/inv-unmasked-client-frame', 4, 5],
  ['hybi-05/inv-rsv4', 5, 6],
  ['hybi-05/inv-close-wrong-letter', 6, 7],
  ['hybi-06/inv-reserved-opcode', 4, 5],
  ['hybi-06/inv-interleaved-data', 11, 12],
  ['hybi-07/inv-masked-from-server', 1, 2],
  ['hybi-07/inv-control-16bit-length', 1, 4],
  ['hybi-07/inv-interleaved-binary', 7, 8],
  ['hybi-07/inv-close-length-1', 6, 7],
  ['hybi-07/inv-utf8', 6, 7],
  ['hybi-08/inv-utf8-split-then-bad', 13, 14],
  ['hybi-08/inv-close-1005', 6, 8],
  ['rfc6455/inv-rsv1', 0, 1],
  ['rfc6455/inv-unmasked-from-client', 1, 2],
  ['rfc6455/inv-interleaved-text', 7, 8],
  ['rfc6455/inv-oversize-ping', 1, 4],
  ['rfc6455/inv-nonminimal-64', 1, 10],
  ['rfc6455/inv-close-length-1', 6, 7],
  ['rfc6455/inv-close-code-999', 6, 8],
  ['rfc6455/inv-utf8-close-reason', 8, 9],
  ['rfc6455/inv-utf8-stray-continuation', 6, 7],
  ['rfc6455/inv-utf8-beyond-10ffff', 7, 8],
  ['rfc6455/inv-utf8-truncated', 7, 8],
  ['rfc6455/inv-res-status-200', 9, 12],
]

describe('places', () => {
  it.each(places)('%s is wrong at bytes %i to %i', (id, start, end) => {
    const one = invalid.find((each) => each.id === id)!
    const { passed } = before(one)
    const { span } = deciding(run(one, [one.bytes]))
    expect({ start: span.start - passed, end: span.end - passed }).toEqual({ start, end })
  })
})
