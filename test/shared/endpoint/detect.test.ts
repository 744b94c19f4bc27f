import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { createDetector, detectDialect, detectionSentence, versionsOf } from '../../../shared/endpoint/detect.ts'
import { headLimit } from '../../../shared/endpoint/laneScanner.ts'
import { encodeHead, parseHead } from '../../../shared/handshake/head.ts'
import { fromHex, vectorsOf } from '../vectors.ts'

type Fields = readonly (readonly [name: string, value: string])[]

const upgrade: Fields = [
  ['Host', 'example.com'],
  ['Upgrade', 'WebSocket'],
  ['Connection', 'Upgrade'],
]
const key: Fields = [['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']]
const key1: Fields = [['Sec-WebSocket-Key1', '3e6b263  4 17 80']]
const key2: Fields = [['Sec-WebSocket-Key2', '17  9 G`ZD9   2 2b 7X 3 /r90']]
const nonce: Fields = [['Sec-WebSocket-Nonce', 'A23F2BCA452DDE01']]
const draft = (value: string): Fields => [['Sec-WebSocket-Draft', value]]
const version = (value: string): Fields => [['Sec-WebSocket-Version', value]]

function request(...parts: readonly Fields[]): Uint8Array {
  return encodeHead('GET /demo HTTP/1.1', parts.flat())
}

function detect(...parts: readonly Fields[]) {
  return detectDialect(parseHead(request(...parts), 'request'), dialects)
}

/** The bytes that evidence points at. */
function pointedAt(bytes: Uint8Array, found: ReturnType<typeof detectDialect>): readonly string[] {
  return found.evidence.map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString('latin1'))
}

describe('detecting the dialect of a request', () => {
  it.each([
    ['hixie-75', upgrade],
    ['hixie-76', [...upgrade, ...key1, ...key2]],
    ['hixie-76', [...upgrade, ...key1, ...key2, ...draft('0')]],
    ['hybi-03', [...upgrade, ...key1, ...key2, ...draft('1')]],
    ['hybi-03', [...upgrade, ...key1, ...key2, ...draft('2')]],
    ['hybi-03', [...upgrade, ...key1, ...key2, ...draft('3')]],
    ['hello-00', [...upgrade, ...nonce, ...draft('3')]],
    ['hello-00', [...upgrade, ...nonce]],
    ['hybi-04', [...upgrade, ...key, ...version('4')]],
    ['hybi-05', [...upgrade, ...key, ...version('5')]],
    ['hybi-06', [...upgrade, ...key, ...version('6')]],
    ['hybi-07', [...upgrade, ...key, ...version('7')]],
    ['hybi-08', [...upgrade, ...key, ...version('8')]],
    ['rfc6455', [...upgrade, ...key, ...version('13')]],
  ] as const)('%s is told from %j', (id, fields) => {
    expect(detect(fields)).toMatchObject({ dialect: { id }, refusal: null })
  })

  it('does not depend on the order or the case of the names', () => {
    expect(detect(draft('2'), [['SEC-WEBSOCKET-KEY2', '1 2']], upgrade, [['sec-websocket-key1', '3 4']])).toMatchObject(
      {
        dialect: { id: 'hybi-03' },
      },
    )
  })

  it('lets a version decide over everything else', () => {
    expect(detect(upgrade, nonce, key1, key2, draft('2'), version('8')).dialect.id).toBe('hybi-08')
  })

  it('lets a nonce decide over keys and a draft number, which implementations of two drafts share', () => {
    expect(detect(upgrade, key1, key2, draft('3'), nonce).dialect.id).toBe('hello-00')
  })

  it('shows what told, and where it is', () => {
    const bytes = request(upgrade, key2, draft('3'), key1)
    const found = detectDialect(parseHead(bytes, 'request'), dialects)
    expect(pointedAt(bytes, found)).toEqual([
      'Sec-WebSocket-Key2: 17  9 G`ZD9   2 2b 7X 3 /r90',
      'Sec-WebSocket-Draft: 3',
      'Sec-WebSocket-Key1: 3e6b263  4 17 80',
    ])
    expect(detectionSentence(found)).toBe(
      'Sec-WebSocket-Key2 present, Sec-WebSocket-Draft is 3, which clients of hybi-03 sent too, Sec-WebSocket-Key1 present: hybi-03.',
    )
  })

  it.each([
    ['99', 'Sec-WebSocket-Version is 99, known are 13, 8, 7, 6, 5, 4'],
    ['09', 'Sec-WebSocket-Version is 09, known are 13, 8, 7, 6, 5, 4'],
    ['', 'Sec-WebSocket-Version is empty, known are 13, 8, 7, 6, 5, 4'],
  ])('answers 426 to version "%s", which no dialect has', (value, says) => {
    const found = detect(upgrade, key, version(value))
    expect(found).toMatchObject({ dialect: { id: 'rfc6455' }, refusal: 426, evidence: [{ says }] })
  })

  it.each([
    ['a key without a version', [...upgrade, ...key], 'Sec-WebSocket-Key without Sec-WebSocket-Version'],
    ['the first key alone', [...upgrade, ...key1], 'Sec-WebSocket-Key1 without Sec-WebSocket-Key2'],
    ['the second key alone', [...upgrade, ...key2], 'Sec-WebSocket-Key2 without Sec-WebSocket-Key1'],
    [
      'nothing of a WebSocket',
      [['Host', 'example.com']],
      'an ordinary HTTP request: no field of it asks for a WebSocket',
    ],
    ['another protocol', [['Upgrade', 'h2c']], 'an ordinary HTTP request: no field of it asks for a WebSocket'],
  ] as const)('answers 400 to %s', (_, fields, says) => {
    expect(detect(fields)).toMatchObject({ refusal: 400, evidence: [{ says }] })
  })

  it('answers 400 to two keys with a draft number that no draft has', () => {
    const found = detect(upgrade, key1, key2, draft('7'))
    expect(detectionSentence(found)).toBe(
      'No dialect explains this request (Sec-WebSocket-Key1 present, Sec-WebSocket-Key2 present, ' +
        'Sec-WebSocket-Draft is 7, which no draft with keys has). A good server answers 400; it is read as rfc6455.',
    )
  })

  it('takes no request for a dialect that is not among those known', () => {
    const known = dialects.filter(({ id }) => id === 'rfc6455' || id === 'hello-00')
    const found = detectDialect(parseHead(request(upgrade, key1, key2), 'request'), known)
    expect(found).toMatchObject({ dialect: { id: 'rfc6455' }, refusal: 400 })
  })

  it('lists the versions it knows, newest first', () => {
    expect(versionsOf(dialects)).toEqual(['13', '8', '7', '6', '5', '4'])
  })
})

describe('a detector on a lane', () => {
  const bytes = request(upgrade, nonce, draft('3'))

  it('tells with the last byte of the head, and not before', () => {
    const detector = createDetector(dialects)
    const told = Array.from(bytes, (byte) => detector.feed(Uint8Array.of(byte)))
    expect(told.findIndex((found) => found !== null)).toBe(bytes.length - 1)
    expect(told.at(-1)).toMatchObject({ dialect: { id: 'hello-00' } })
    expect(detector.bytes).toEqual(bytes)
  })

  it('never looks at what follows the head', () => {
    const frames = encodeLatin1('Sec-WebSocket-Version: 13\r\n\r\n')
    const detector = createDetector(dialects)
    expect(detector.feed(new Uint8Array([...bytes, ...frames]))).toMatchObject({ dialect: { id: 'hello-00' } })
  })

  it.each([
    ['no request', '\x81\x05Hello', 'the first bytes are no HTTP request'],
    ['TLS', '\x16\x03\x01', 'the first byte begins a TLS handshake, as of a client that was given wss:// for ws://'],
  ])('gives up at the first byte that begins %s', (_, first, says) => {
    const found = createDetector(dialects).feed(encodeLatin1(first))
    expect(found).toMatchObject({ refusal: 400, evidence: [{ start: 0, end: 1, says }] })
  })

  it('gives up on a head that does not end', () => {
    const detector = createDetector(dialects)
    expect(detector.feed(encodeLatin1(`GET / HTTP/1.1\r\nA: ${'a'.repeat(headLimit - 20)}`))).toBeNull()
    expect(detector.feed(encodeLatin1('a'))).toMatchObject({ refusal: 400 })
  })
})

/** Some vectors are parts of heads. */
const isRequest = (hex: string) => hex.startsWith(Buffer.from('GET ').toString('hex'))

describe('the requests of the reference', () => {
  const requests = dialects.flatMap(({ id }) =>
    vectorsOf(id)
      .filter(({ kind, direction, hex }) => kind === 'handshake' && direction === 'c2s' && isRequest(hex))
      .map(({ id: name, hex }) => ({ id, name, bytes: fromHex(hex) })),
  )

  it.each(dialects.map(({ id }) => id))('has some of %s', (id) => {
    expect(requests.filter((one) => one.id === id)).not.toEqual([])
  })

  it.each(requests)('$name is told to be $id', ({ id, bytes }) => {
    expect(createDetector(dialects).feed(bytes)).toMatchObject({ dialect: { id }, refusal: null })
  })

  it.each(dialects.map(({ id }) => id))('%s is told from among the dialects registered', (id) => {
    const own = requests.filter((one) => one.id === id)
    expect(own.map(({ bytes }) => createDetector().feed(bytes)?.dialect.id)).toEqual(own.map(() => id))
  })
})
