import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import type { Field } from '../../../shared/bytes/field.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hybi04 } from '../../../shared/dialects/hybi04.ts'
import { hybi06 } from '../../../shared/dialects/hybi06.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { describeUnit, leavesOf, summariseUnit } from '../../../shared/endpoint/describe.ts'
import { emptyContext, type HandshakeContext, readContext } from '../../../shared/endpoint/describeContext.ts'
import type { Derivation, Description, UnitInput } from '../../../shared/endpoint/description.ts'
import { scanUnits } from '../../../shared/endpoint/laneScanner.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import type { UnitKind } from '../../../shared/framing/unit.ts'
import { encodeHead } from '../../../shared/handshake/head.ts'
import { casesOf, connectionKeyOf, fromHex, isHead, prefixedCases, sentinelCases } from '../vectors.ts'

/** Every bit of [start, end) is in exactly one leaf, in order, and no leaf is empty. */
function expectTiles(fields: readonly Field[], start: number, end: number): void {
  const leaves = leavesOf(fields)
  const from = leaves.map((leaf) => leaf.start * 8 + (leaf.bits?.from ?? 0))
  const to = leaves.map((leaf) => (leaf.bits ? leaf.start * 8 + leaf.bits.to : leaf.end * 8))
  expect([...from, end * 8]).toEqual([start * 8, ...to])
  expect(leaves.every((leaf, i) => from[i]! < to[i]! && (!leaf.bits || leaf.end === leaf.start + 1))).toBe(true)
}

/** Parents span their children and nothing else. */
function expectNested(fields: readonly Field[]): void {
  for (const { children, start, end } of fields) {
    if (!children) continue
    expect([children[0]?.start, children.at(-1)?.end]).toEqual([start, end])
    expectNested(children)
  }
}

function checkUnit(input: UnitInput): Description {
  const description = describeUnit(input)
  expectTiles(description.fields, input.start, input.start + input.bytes.length)
  expectNested(description.fields)
  expect(description.preview.length).toBeLessThanOrEqual(48)
  expect(description.label.length).toBeLessThanOrEqual(48)
  const { label, preview, tone } = description
  expect(summariseUnit(input)).toEqual({ label, preview, tone })
  for (const { bytes, at } of description.layers) {
    expect(at).toBeGreaterThanOrEqual(input.start)
    expect(at + bytes.length).toBeLessThanOrEqual(input.start + input.bytes.length)
  }
  return description
}

function inputOf(dialect: Dialect, lane: Lane, kind: UnitKind, bytes: Uint8Array, more: Partial<UnitInput> = {}) {
  return {
    dialect,
    lane,
    kind,
    bytes,
    start: 0,
    end: bytes.length,
    context: emptyContext,
    connectionKey: connectionKeyOf(dialect),
    ...more,
  }
}

function frame(dialect: Dialect, lane: Lane, hex: string, more: Partial<UnitInput> = {}): Description {
  return checkUnit(inputOf(dialect, lane, 'frame', fromHex(hex), more))
}

function fieldCalled(description: Description, name: string): Field | undefined {
  const walk = (fields: readonly Field[]): readonly Field[] => fields.flatMap((f) => [f, ...walk(f.children ?? [])])
  return walk(description.fields).find((field) => field.name === name)
}

/** A formula as one line of text. */
function formula({ parts }: Derivation): string {
  const show = (part: Derivation['parts'][number]) =>
    part.kind === 'term' ? `[${part.value}]` : part.kind === 'text' ? part.text : ' '
  return parts.map(show).join('')
}

const allCases = casesOf('handshake', 'frame', 'close', 'invalid')

/** What is before the first frame, so that vectors of frames are read as frames where a challenge comes first. */
const handshakeOver = { kind: 'challenge', end: 0, bytes: new Uint8Array() } as const

describe('a frame of hybi-04', () => {
  const hex = '01020304 62a14326e56a57'
  const known = (value: string, lane: Lane) => ({ value, lane, span: { start: 10, end: 34 } })
  const context = {
    ...emptyContext,
    key: known('dGhlIHNhbXBsZSBub25jZQ==', 'clientToServer'),
    responseNonce: known('H+cNj5elaybfGIQv1esl2w==', 'serverToClient'),
  }

  it('is unmasked by a chain that begins in both heads', () => {
    const description = frame(hybi04, 'clientToServer', hex, { context })
    expect(description).toMatchObject({ label: 'ping', preview: '"Hello"' })
    const [connection, mask, unmasking] = description.derivations
    expect(formula(connection!)).toContain('[dGhlIHNhbXBsZSBub25jZQ==]')
    expect(formula(connection!)).toContain('[H+cNj5elaybfGIQv1esl2w==]')
    expect(formula(connection!)).toContain('[6322a2adc02bc433e3896d34410b74bb7739f960]')
    expect(formula(mask!)).toContain('[01020304]')
    expect(formula(mask!)).toContain('[e0a40b438906386f1f44ae45a7e41378c0fe2510]')
    expect(formula(unmasking!)).toContain('[82 05 48 65 6c 6c 6f]')
    const linked = connection!.parts.flatMap((part) => (part.kind === 'term' && part.from ? [part.from.lane] : []))
    expect(linked).toEqual(['clientToServer', 'serverToClient'])
    expect(fieldCalled(description, 'opcode')?.says).toContain('on the wire 62')
  })

  it('cannot be read behind its nonce while the key of the connection is not known', () => {
    const description = frame(hybi04, 'clientToServer', hex, { connectionKey: null, end: null })
    expect(description.fields.map(({ name }) => name)).toEqual(['masking key', 'masked'])
    expect(description.derivations.map(({ matches }) => matches)).toEqual([null, null])
  })
})

describe('the reference vectors', () => {
  it.each(allCases)('$id: the leaves tile every unit to the bit, whole and cut anywhere', (vector) => {
    const { dialect, lane, bytes } = vector
    const before = isHead(vector) ? {} : { after: handshakeOver }
    const connectionKey = connectionKeyOf(dialect)
    for (const { kind, start, end } of scanUnits(dialect, lane, bytes, { ...before, open: true, connectionKey })) {
      const unit = bytes.subarray(start, end)
      const step = Math.max(1, Math.floor(unit.length / 300))
      for (let cut = 0; cut <= unit.length; cut += step) {
        checkUnit(inputOf(dialect, lane, kind, unit.subarray(0, cut), { start, end }))
      }
      checkUnit(inputOf(dialect, lane, kind, unit, { start, end }))
    }
  })

  it.each(prefixedCases)('$id: the fields say what the vector says', ({ dialect, lane, bytes, frames }) => {
    let start = 0
    for (const expected of frames) {
      const maskSize = expected.maskingKey || expected.frameNonce ? 4 : 0
      const size = { '7': 2, '7+16': 4, '7+64': 10 }[expected.lengthEncoding] + maskSize + expected.payloadLength
      const unit = bytes.subarray(start, start + size)
      const description = checkUnit(inputOf(dialect, lane, 'frame', unit, { start, end: start + size }))
      const value = (name: string) => fieldCalled(description, name)?.value
      expect(value(expected.more === undefined ? 'FIN' : 'MORE')).toBe(String(expected.fin ?? expected.more))
      expect([value('RSV1'), value('RSV2'), value('RSV3')]).toEqual(
        [expected.rsv1, expected.rsv2, expected.rsv3].map(String),
      )
      expect(value('opcode')?.toLowerCase()).toBe(`0x${expected.opcode.toString(16)} ${expected.opcodeName}`)
      expect(value('extended payload length') ?? value('payload length')).toBe(String(expected.payloadLength))
      expect(value('masking key')).toBe(expected.maskingKey ?? expected.frameNonce)
      expect(value(expected.mask === undefined ? 'RSV4' : 'MASK')).toBe(String(expected.mask ?? expected.rsv4))
      start += size
    }
  })

  const closes = casesOf('close').filter(({ vector }) => vector.closeCode)
  it.each(closes)('$id: code and reason are shown', ({ dialect, lane, bytes, vector }) => {
    const description = checkUnit(inputOf(dialect, lane, 'frame', bytes))
    expect(fieldCalled(description, 'close code')?.value).toBe(String(vector.closeCode))
    const shown = vector.reason && `${vector.closeCode} "${vector.reason}"`
    if (shown) expect(description.preview).toBe(shown.length > 48 ? `${shown.slice(0, 46)}…"` : shown)
  })

  it.each(sentinelCases)('$id: the fields say what the vector says', ({ dialect, lane, bytes, frames }) => {
    const units = scanUnits(dialect, lane, bytes, { after: handshakeOver })
    expect(units).toHaveLength(frames.length)
    for (const [index, { start, end }] of units.entries()) {
      const { type, form, dataHex } = frames[index]!
      const description = checkUnit(inputOf(dialect, lane, 'frame', bytes.subarray(start, end), { start, end }))
      const data = fieldCalled(description, 'text') ?? fieldCalled(description, 'data')
      expect(Number(fieldCalled(description, 'type')?.value)).toBe(Number(type))
      expect(data ? data.end - data.start : 0).toBe(dataHex.length / 2)
      expect(fieldCalled(description, 'end of data') !== undefined).toBe(form === 'sentinel')
    }
  })

  const heads = casesOf('handshake').filter(({ vector }) => vector.decoded?.headers && !vector.decoded.trailingBytesHex)
  it.each(heads)(
    '$id: every header field is a field with name and value as leaves',
    ({ dialect, lane, bytes, vector }) => {
      const kind = lane === 'clientToServer' ? 'request' : 'response'
      const { fields } = checkUnit(inputOf(dialect, lane, kind, bytes))
      expect(fields[0]?.value).toBe(vector.decoded!.startLine)
      const shown = fields.slice(1, -1).map(({ name, value }) => [name, value])
      expect(shown).toEqual(vector.decoded!.headers)
      for (const field of fields.slice(1, -1)) {
        expect(field.children!.map(({ name }) => name)).toEqual(['field name', 'separator', field.name, 'line end'])
      }
    },
  )
})

describe('any bytes', () => {
  const anyKind = fc.constantFrom<UnitKind>('request', 'response', 'challenge', 'frame', 'junk')
  const anyLane = fc.constantFrom<Lane>('clientToServer', 'serverToClient')
  const anyDialect = fc.constantFrom(...dialects)

  it('are tiled by their leaves to the bit, as any kind of unit', () => {
    const anyBytes = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(anyDialect, anyLane, anyKind, anyBytes, fc.nat(1e9), (dialect, lane, kind, bytes, start) => {
        checkUnit(inputOf(dialect, lane, kind, bytes, { start, end: null }))
      }),
    )
  })

  it('made by damaging vectors are tiled too', () => {
    const small = allCases.filter(({ bytes }) => bytes.length > 0 && bytes.length < 400)
    const damage = fc.array(fc.tuple(fc.nat(399), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.constantFrom(...small), damage, fc.nat(400), (vector, changes, cut) => {
        const bytes = vector.bytes.slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const headKind = vector.lane === 'clientToServer' ? 'request' : 'response'
        const kind = isHead(vector) ? headKind : 'frame'
        checkUnit(inputOf(vector.dialect, vector.lane, kind, bytes.subarray(0, cut)))
      }),
    )
  })

  it('of a huge payload are not looked at beyond the beginning for a summary', () => {
    const bytes = encodeFrame({
      dialect: hello00,
      opcode: 'text',
      final: true,
      payload: new Uint8Array(2 ** 24).fill(0x61),
    })
    const { preview } = summariseUnit(inputOf(hello00, 'clientToServer', 'frame', bytes))
    expect(preview).toBe(`"${'a'.repeat(45)}…"`)
  })
})

const nonceRequest = encodeHead('GET /demo HTTP/1.1', [
  ['Host', 'example.com'],
  ['Sec-WebSocket-Nonce', 'A23F2BCA452DDE01'],
])
const serverHelloHex = '8f18 15f0d2278bcd457f ee7ebe0c369cbf255a4451fc58d7cc4f'
const clientHelloHex = '8f10 33122035d11258fd7c764314580e539c'

function helloContext(serverHello: string | null): HandshakeContext {
  return readContext(hello00, {
    request: { bytes: nonceRequest, start: 0 },
    response: null,
    clientChallenge: null,
    serverHello: serverHello === null ? null : { bytes: fromHex(serverHello), start: 166 },
  })
}

describe.each(dialects.filter(({ handshake }) => handshake.challenge.startsWith('acceptHash')))(
  'Sec-WebSocket-Nonce in a response of $id',
  (dialect) => {
    it(dialect === hybi04 ? 'makes masks' : 'is left over from hybi-04, and said to be', () => {
      const bytes = encodeLatin1('HTTP/1.1 101 OK\r\nSec-WebSocket-Nonce: H+cNj5elaybfGIQv1esl2w==\r\n\r\n')
      const { fields } = describeUnit(inputOf(dialect, 'serverToClient', 'response', bytes))
      const says = fields.find(({ name }) => name === 'Sec-WebSocket-Nonce')?.says
      expect(says).toMatch(dialect === hybi04 ? /with the key they make the masks/ : /^a field of hybi-04/)
    })
  },
)

describe.each(dialects)('the words about the opening of $id', (dialect) => {
  it.each([
    ['clientToServer', 'request'],
    ['serverToClient', 'response'],
  ] as const)('name each section once: %s', (lane, kind) => {
    const bytes = encodeLatin1(kind === 'request' ? 'GET / HTTP/1.1\r\n\r\n' : 'HTTP/1.1 101 OK\r\n\r\n')
    const unit = { dialect, lane, kind, bytes, start: 0, end: bytes.length, context: emptyContext }
    const sections = describeUnit(unit).cite.split(', ')
    expect(sections).toEqual([...new Set(sections)])
  })
})

describe('the Hello of the server', () => {
  const context = helloContext(null)

  it('shows nonce and digest, and says what it proves and what comes next', () => {
    const description = frame(hello00, 'serverToClient', serverHelloHex, { context, start: 166, end: 192 })
    expect(description).toMatchObject({
      title: 'Hello frame',
      says: 'The server proves that it read the client’s nonce, and asks the client to prove the same.',
      label: 'Hello',
      preview: 'server nonce + proof',
      tone: 'hello',
    })
    expect(description.next).toMatch(/^The client waits for all 26 bytes\./)
    expect(fieldCalled(description, 'server nonce')).toMatchObject({ value: '15f0d2278bcd457f', start: 168, end: 176 })
    expect(fieldCalled(description, 'digest')).toMatchObject({
      value: 'ee7ebe0c369cbf255a4451fc58d7cc4f',
      start: 176,
      end: 192,
    })
    expect(fieldCalled(description, 'opcode')?.value).toBe('0xF Hello')
  })

  it('derives the digest from terms that link to their bytes on both lanes', () => {
    const { derivations } = frame(hello00, 'serverToClient', serverHelloHex, { context, start: 166, end: 192 })
    const [made] = derivations
    expect(formula(made!)).toBe(
      'MD5( [a23f2bca452dde01] + ["WebSocket"] + [15f0d2278bcd457f] ) = [ee7ebe0c369cbf255a4451fc58d7cc4f]',
    )
    expect(made!.matches).toBe(true)
    const nonceAt = Buffer.from(nonceRequest).indexOf('A23F')
    const links = made!.parts.flatMap((part) => (part.kind === 'term' && part.from ? [part.from] : []))
    expect(links).toEqual([
      { lane: 'clientToServer', span: { start: nonceAt, end: nonceAt + 16 } },
      { lane: 'serverToClient', span: { start: 168, end: 176 } },
      { lane: 'serverToClient', span: { start: 176, end: 192 } },
    ])
  })

  it('with a wrong digest shows both values', () => {
    const { derivations } = frame(hello00, 'serverToClient', serverHelloHex.replace(/4f$/, '50'), { context })
    expect(derivations[0]!.matches).toBe(false)
    expect(formula(derivations[0]!)).toMatch(/= \[ee7e.*4f\] but the wire has \[ee7e.*50\]$/)
  })

  it.each([
    ['the digest is not all there', serverHelloHex.slice(0, 30), context],
    ['the nonce is not all there', '8f18 15f0', context],
    ['the request was not seen', serverHelloHex, emptyContext],
  ])('cannot be checked while %s', (_, hex, known) => {
    const { derivations } = frame(hello00, 'serverToClient', hex, { context: known, end: 26 })
    expect(derivations[0]!.matches).toBeNull()
  })

  it('cut short says how much of a part is there', () => {
    const description = frame(hello00, 'serverToClient', '8f18 15f0d2278bcd457f ee7ebe', { end: 26 })
    expect(fieldCalled(description, 'digest')?.value).toBe('ee7ebe… 3 of 16')
  })
})

describe('the Hello of the client', () => {
  it('is checked against both nonces, the other way round', () => {
    const context = helloContext(serverHelloHex)
    const description = frame(hello00, 'clientToServer', clientHelloHex, { context })
    expect(formula(description.derivations[0]!)).toBe(
      'MD5( [15f0d2278bcd457f] + ["WebSocket"] + [a23f2bca452dde01] ) = [33122035d11258fd7c764314580e539c]',
    )
    expect(description.derivations[0]!.matches).toBe(true)
    expect(description.preview).toBe('proof')
  })

  it('does not pass when it echoes the server’s digest', () => {
    const context = helloContext(serverHelloHex)
    const echo = frame(hello00, 'clientToServer', '8f10 ee7ebe0c369cbf255a4451fc58d7cc4f', { context })
    expect(echo.derivations[0]!.matches).toBe(false)
  })
})

describe('the opening of RFC 6455', () => {
  const [request, response] = ['rfc6455/hs-request', 'rfc6455/hs-response'].map(
    (id) => casesOf('handshake').find((vector) => vector.id === id)!.bytes,
  ) as [Uint8Array, Uint8Array]
  const units = {
    request: { bytes: request, start: 0 },
    response: { bytes: response, start: 0 },
    serverHello: null,
    clientChallenge: null,
  }
  const context = readContext(rfc6455, units)

  it('gives the context its resource, key, offer and choice', () => {
    expect(context).toMatchObject({
      resource: { value: '/chat' },
      key: { value: 'dGhlIHNhbXBsZSBub25jZQ==' },
      offered: { value: ['chat', 'superchat'] },
      chosen: { value: 'chat', lane: 'serverToClient' },
      clientNonce: null,
    })
    const { start, end } = context.key!.span
    expect(Buffer.from(request.subarray(start, end)).toString()).toBe(context.key!.value)
  })

  it('derives the accept value of the response', () => {
    const made = checkUnit(inputOf(rfc6455, 'serverToClient', 'response', response, { context })).derivations[0]!
    expect(formula(made)).toBe(
      'base64( SHA-1( [dGhlIHNhbXBsZSBub25jZQ==] + ["258EAFA5-E914-47DA-95CA-C5AB0DC85B11"] ) ) = [s3pPLMBiTxaQ9kYGzzhZRbK+xOo=]',
    )
    expect(made.matches).toBe(true)
  })

  it('does not judge a response that is not all there, and fails one without the value', () => {
    const cut = checkUnit(inputOf(rfc6455, 'serverToClient', 'response', response.subarray(0, 120), { context }))
    expect(cut.derivations[0]!.matches).toBeNull()
    const bare = encodeHead('HTTP/1.1 101 Switching Protocols', [['Upgrade', 'websocket']])
    const without = checkUnit(inputOf(rfc6455, 'serverToClient', 'response', bare, { context }))
    expect(without.derivations[0]!.matches).toBe(false)
  })

  it('shows an LF without its CR as what it is, and every line by itself', () => {
    const bytes = new TextEncoder().encode('HTTP/1.1 101 x\nUpgrade: websocket\n\n')
    const { fields } = checkUnit(inputOf(rfc6455, 'serverToClient', 'response', bytes, { context }))
    expect(fields.map(({ name }) => name)).toEqual(['status line', 'Upgrade', 'empty line'])
    const ends = leavesOf(fields).filter(({ name }) => name === 'line end' || name === 'empty line')
    expect(ends.map(({ value, says }) => [value, says])).toEqual(Array(3).fill(['LF', 'a CR belongs in front']))
  })

  it('gives no meaning to a field that the dialect does not know', () => {
    const bytes = encodeHead('GET / HTTP/1.1', [['Sec-WebSocket-Extensions', 'x']])
    const saysOf = (dialect: typeof rfc6455 | typeof hello00) =>
      checkUnit(inputOf(dialect, 'clientToServer', 'request', bytes, { context })).fields[1]!.says
    expect(saysOf(rfc6455)).toContain('extensions')
    expect(saysOf(hello00)).toBeUndefined()
  })

  it('is a refusal with any other status, and nothing is derived', () => {
    const bytes = encodeHead('HTTP/1.1 400 Bad Request', [['Sec-WebSocket-Version', '13']])
    const description = checkUnit(inputOf(rfc6455, 'serverToClient', 'response', bytes, { context }))
    expect(description).toMatchObject({ title: 'Refusal', label: '400 Bad Request', derivations: [], tone: 'http' })
  })
})

describe('the extensions of a head', () => {
  const fieldLine = 'Sec-WebSocket-Extensions'

  function partsOf(kind: 'request' | 'response', value: string): readonly Field[] {
    const line = kind === 'request' ? 'GET / HTTP/1.1' : 'HTTP/1.1 101 Switching Protocols'
    const bytes = encodeLatin1(`${line}\r\n${fieldLine}: ${value}\r\n\r\n`)
    const lane = kind === 'request' ? 'clientToServer' : 'serverToClient'
    const { fields } = checkUnit(inputOf(rfc6455, lane, kind, bytes))
    const list = fields.find(({ name }) => name === fieldLine)!.children![2]!
    return list.children ?? [list]
  }

  it('are taken apart, each parameter with its meaning and its section', () => {
    const [extension] = partsOf(
      'response',
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=15',
    )
    expect(extension).toMatchObject({ name: 'permessage-deflate', cite: 'RFC 7692 §7' })
    const parts = extension!.children!.filter(({ role }) => role !== 'separator').slice(1)
    expect(parts.map(({ value, says, cite }) => [value, says, cite])).toEqual([
      ['server_no_context_takeover', 'the server deflates every message without those before it', 'RFC 7692 §7.1.1.1'],
      [
        'client_no_context_takeover',
        'the client must deflate every message without those before it',
        'RFC 7692 §7.1.1.2',
      ],
      ['server_max_window_bits=10', 'the server looks back 1024 bytes at most', 'RFC 7692 §7.1.2.1'],
      ['client_max_window_bits=15', 'the client must look back 32768 bytes at most', 'RFC 7692 §7.1.2.2'],
    ])
  })

  it('ask for something in an offer, of which there may be several', () => {
    const [first, comma, second] = partsOf(
      'request',
      'permessage-deflate; client_max_window_bits, x-webkit-deflate-frame; max_window_bits=9',
    )
    expect(first!.children!.at(-1)).toMatchObject({
      name: 'client_max_window_bits',
      says: 'the server may say how far the client looks back',
    })
    expect(comma).toMatchObject({ role: 'separator', value: ', ' })
    expect(second!.children!.at(-1)!.says).toBe('the other end must look back 512 bytes at most')
  })

  it('that nobody here knows are named and not explained', () => {
    const [extension] = partsOf('request', 'bbf-usp-protocol; eid="proto::cpe"')
    expect(extension).toMatchObject({ name: 'bbf-usp-protocol', value: 'bbf-usp-protocol; eid="proto::cpe"' })
    expect(extension!.says).toBeUndefined()
    expect(extension!.children!.at(-1)).toMatchObject({ name: 'eid', value: 'eid="proto::cpe"' })
  })

  it('that follow no grammar stay one part', () => {
    expect(partsOf('request', 'permessage-deflate;; x')).toMatchObject([{ name: fieldLine }])
  })
})

describe('masked frames', () => {
  const description = frame(rfc6455, 'clientToServer', '818537fa213d7f9f4d5158', { start: 100, end: 111 })

  it('show the payload unmasked and how that is done', () => {
    expect(description.preview).toBe('"Hello"')
    expect(formula(description.derivations[0]!)).toBe('[7f 9f 4d 51 58] xor [37 fa 21 3d 37] = [48 65 6c 6c 6f]')
  })

  it('have a layer for the wire, one unmasked and one of text, each in its place', () => {
    expect(description.layers.map(({ name, at, bytes }) => [name, at, Buffer.from(bytes).toString('hex')])).toEqual([
      ['wire', 100, '818537fa213d7f9f4d5158'],
      ['unmasked', 106, '48656c6c6f'],
      ['text', 106, '48656c6c6f'],
    ])
  })

  it('of a key of zeros are said to be on the wire as they are, except where the key is hashed', () => {
    const saysOfKey = (dialect: Dialect, hex: string) =>
      frame(dialect, 'clientToServer', hex).fields.find(({ name }) => name === 'masking key')?.says
    expect(saysOfKey(rfc6455, '8182000000006869')).toContain('of zeros, it changes nothing')
    expect(saysOfKey(hybi06, '0000000084026869')).toContain('of zeros, it changes nothing')
    expect(saysOfKey(rfc6455, '8182000000016869')).toBe('XORed onto the payload, over and over')
    expect(saysOfKey(hybi04, '0000000084026869')).not.toContain('of zeros')
  })

  it('without payload have nothing to unmask', () => {
    expect(frame(rfc6455, 'clientToServer', '818037fa213d').derivations).toEqual([])
  })
})

describe('previews and labels on the ladder', () => {
  it.each([
    ['text', rfc6455, '810548656c6c6f', 'text', '"Hello"', 'data'],
    ['an empty text', rfc6455, '8100', 'text', '""', 'data'],
    ['text with control characters', hello00, '8403610d0a', 'text', '"a␍␊"', 'data'],
    ['text that is not UTF-8', hello00, '8402c3ff', 'text', '"��"', 'data'],
    ['binary', rfc6455, '820300ff12', 'binary', '00 ff 12', 'data'],
    ['a ping with text in it', rfc6455, '89026869', 'ping', '"hi"', 'control'],
    ['a pong with bytes in it', hello00, '830200ff', 'pong', '00 ff', 'control'],
    ['an empty ping', hello00, '8200', 'ping', '', 'control'],
    ['a close with code and reason', rfc6455, '880503e8627965', 'close', '1000 "bye"', 'close'],
    ['a close with a code', rfc6455, '880203e8', 'close', '1000', 'close'],
    ['a close with half a code', rfc6455, '880103', 'close', '03', 'close'],
    ['an empty close', rfc6455, '8800', 'close', '', 'close'],
    ['a close with an opaque body', hello00, '8103627965', 'close', '"bye"', 'close'],
    ['a reserved opcode', rfc6455, '830161', 'opcode 0x3', '"a"', 'junk'],
  ] as const)('%s', (_, dialect, hex, label, preview, tone) => {
    expect(frame(dialect, 'serverToClient', hex)).toMatchObject({ label, preview, tone })
  })

  it.each([
    ['text', '"hi"', 'text'],
    ['binary', '68 69', 'binary'],
  ] as const)('a continuation of a %s message', (continues, preview, role) => {
    const description = frame(rfc6455, 'serverToClient', '80026869', { continues })
    expect(description).toMatchObject({ label: 'continuation', preview })
    expect(fieldCalled(description, 'payload')?.role).toBe(role)
  })

  it('a payload that is not all there ends in an ellipsis', () => {
    expect(frame(rfc6455, 'serverToClient', '8105 4865', { end: 7 }).preview).toBe('"He…"')
    expect(frame(rfc6455, 'serverToClient', '8205 4865', { end: 7 }).preview).toBe('48 65…')
  })

  it('request and response', () => {
    const head = checkUnit(inputOf(hello00, 'clientToServer', 'request', nonceRequest))
    expect(head).toMatchObject({ label: 'GET /demo', preview: '', tone: 'http', title: 'Opening request' })
    const response = encodeHead('HTTP/1.1 101 Switching Protocols', [])
    expect(checkUnit(inputOf(hello00, 'serverToClient', 'response', response)).label).toBe('101 Switching Protocols')
    expect(checkUnit(inputOf(hello00, 'clientToServer', 'request', new Uint8Array())).label).toBe('request')
  })

  it('a frame of which nothing is there', () => {
    expect(frame(hello00, 'serverToClient', '', { end: null })).toMatchObject({
      title: 'Frame',
      label: 'frame',
      preview: '',
    })
  })

  it('a close frame with the longest code and a long reason, in as much room as any other', () => {
    const bytes = encodeFrame({
      dialect: rfc6455,
      opcode: 'close',
      final: true,
      payload: Uint8Array.of(0xff, 0xff, ...new Uint8Array(100).fill(0x61)),
    })
    const { preview } = summariseUnit(inputOf(rfc6455, 'serverToClient', 'frame', bytes))
    expect(preview).toMatch(/^65535 "a+…"$/)
    expect(preview.length).toBe(48)
  })

  it('junk', () => {
    const description = checkUnit(inputOf(hello00, 'serverToClient', 'junk', fromHex('00ff'), { end: 4096 }))
    expect(description).toMatchObject({ label: 'junk', preview: '00 ff…', tone: 'junk' })
  })
})

describe('bits that break a rule', () => {
  it('say so on the field', () => {
    const description = frame(rfc6455, 'clientToServer', 'c100')
    expect(fieldCalled(description, 'RSV1')).toMatchObject({ value: '1', says: 'must be 0' })
    expect(fieldCalled(description, 'MASK')).toMatchObject({ value: '0', says: 'clients must mask' })
    const long = frame(rfc6455, 'serverToClient', '827e0001 61')
    expect(fieldCalled(long, 'extended payload length')?.says).toBe('bytes; would fit a shorter form')
    const endless = frame(rfc6455, 'serverToClient', '827f8000000000000000')
    expect(fieldCalled(endless, 'extended payload length')?.says).toBe('longer than any frame can be')
  })

  it('and lines that are no header fields say so too', () => {
    const bytes = encodeHead('GET / HTTP/1.1', [['constructor', 'x']])
    const odd = Buffer.from(Buffer.from(bytes).toString('latin1').replace('constructor: x', 'what'), 'latin1')
    const description = checkUnit(inputOf(hello00, 'clientToServer', 'request', odd))
    expect(fieldCalled(description, 'line')).toMatchObject({
      role: 'junk',
      says: 'not a header field: it has no colon',
    })
    checkUnit(inputOf(hello00, 'clientToServer', 'request', bytes))
  })
})

it('the leaves are the innermost fields, in order', () => {
  const { fields } = frame(hello00, 'clientToServer', '8401 61')
  expect(leavesOf(fields).map(({ start, end }) => `${start}-${end}`)).toEqual([
    ...Array<string>(5).fill('0-1'),
    ...Array<string>(2).fill('1-2'),
    '2-3',
  ])
})
