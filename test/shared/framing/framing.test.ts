import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, equalBytes } from '../../../shared/bytes/concat.ts'
import type { LengthPrefixedDialect } from '../../../shared/dialects/dialect.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hixie75 } from '../../../shared/dialects/hixie75.ts'
import { hixie76 } from '../../../shared/dialects/hixie76.ts'
import { hybi06 } from '../../../shared/dialects/hybi06.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { encodeFrame, mostInFront } from '../../../shared/framing/encode.ts'
import {
  emptyFrameHeader,
  type Framing,
  framingOf,
  longestHeader,
  payloadMask,
  readFrameHeader,
} from '../../../shared/framing/header.ts'
import { applyMask } from '../../../shared/framing/mask.ts'
import { isControl, opcodeName, opcodeNumber } from '../../../shared/framing/opcodes.ts'
import { framePayload } from '../../../shared/framing/payload.ts'
import { afterTerminator, closeTypeWithData, mostDigits } from '../../../shared/framing/sentinel.ts'
import type { FrameHeader } from '../../../shared/framing/unit.ts'
import {
  connectionKeyOf,
  type FrameCase,
  fromHex,
  isFinalFrame,
  prefixedCases,
  sentinelCases,
  type VectorFrame,
} from '../vectors.ts'

const lengthForms = { '7': 7, '7+16': 16, '7+64': 64 } as const

interface Placed {
  readonly at: number
  readonly header: FrameHeader
  readonly expected: VectorFrame
}

/** Every frame of a vector, read in place. */
type Case = FrameCase<LengthPrefixedDialect, VectorFrame>

function framesOf({ bytes, dialect, lane, frames }: Case): Placed[] {
  let at = 0
  return frames.map((expected) => {
    const header = emptyFrameHeader()
    expect(readFrameHeader(bytes, at, bytes.length, framingOf(dialect, lane, connectionKeyOf(dialect)), header)).toBe(0)
    const placed = { at, header, expected }
    at += header.headerLength + header.payloadLength
    return placed
  })
}

function maskOf({ bytes }: Case, { at, header }: Placed): Uint8Array | undefined {
  if (header.keyInFront > 0) return bytes.subarray(at, at + header.keyInFront)
  const end = at + header.headerLength
  return header.secondByteTopBit ? bytes.subarray(end - 4, end) : undefined
}

function payloadOf(vector: Case, placed: Placed): Uint8Array {
  const from = placed.at + placed.header.headerLength
  const wire = vector.bytes.subarray(from, from + placed.header.payloadLength)
  const mask = payloadMask(
    vector.bytes,
    placed.at,
    framingOf(vector.dialect, vector.lane, connectionKeyOf(vector.dialect)),
    placed.header,
  )
  return mask ? applyMask(wire, mask) : wire
}

const frameCases = prefixedCases

describe('frames of the reference vectors', () => {
  it.each(frameCases)('$id: every field is read as the vector says', (vector) => {
    for (const placed of framesOf(vector)) {
      const { header, expected } = placed
      expect(header).toMatchObject({
        opcode: expected.opcode,
        final: isFinalFrame(expected),
        reserved: expected.rsv1 * 4 + expected.rsv2 * 2 + expected.rsv3,
        secondByteTopBit: (expected.mask ?? expected.rsv4) === 1,
        payloadLength: expected.payloadLength,
        lengthForm: lengthForms[expected.lengthEncoding],
        lengthUnusable: false,
      })
      expect(opcodeName(vector.dialect, header.opcode)).toBe(expected.opcodeName)
      const payload = Buffer.from(payloadOf(vector, placed))
      if (expected.payloadHex !== undefined) expect(payload.toString('hex')).toBe(expected.payloadHex)
      if (expected.payloadText !== undefined) expect(payload.toString()).toBe(expected.payloadText)
      const mask = maskOf(vector, placed)
      expect(mask && Buffer.from(mask).toString('hex')).toBe(expected.maskingKey ?? expected.frameNonce)
    }
  })

  it.each(frameCases)('$id: the frames fill the bytes, and trailing bytes change nothing', (vector) => {
    const last = framesOf(vector).at(-1)!
    expect(last.at + last.header.headerLength + last.header.payloadLength).toBe(vector.bytes.length)
    const longer = Buffer.concat([vector.bytes, fromHex('ff00ff')])
    expect(framesOf({ ...vector, bytes: longer })).toEqual(framesOf(vector))
  })

  it.each(frameCases)('$id: encodes to the same bytes again', (vector) => {
    const encoded = framesOf(vector).map((placed) => {
      const mask = maskOf(vector, placed)
      return encodeFrame({
        dialect: vector.dialect,
        opcode: opcodeName(vector.dialect, placed.header.opcode)!,
        final: placed.header.final,
        payload: payloadOf(vector, placed),
        connectionKey: connectionKeyOf(vector.dialect),
        ...(mask && { mask }),
      })
    })
    expect(Buffer.concat(encoded).equals(vector.bytes)).toBe(true)
  })
})

describe('reading a header', () => {
  it.each(frameCases)('$id: says how many bytes are missing, never too many, and is content with all', (vector) => {
    for (const { at, header } of framesOf(vector)) {
      for (let there = 0; there < header.headerLength; there++) {
        const missing = readFrameHeader(
          vector.bytes,
          at,
          at + there,
          framingOf(vector.dialect, vector.lane, connectionKeyOf(vector.dialect)),
          emptyFrameHeader(),
        )
        expect(missing).toBeGreaterThan(0)
        expect(there + missing).toBeLessThanOrEqual(header.headerLength)
      }
    }
  })

  it.each(dialects)('$name: takes any bytes, and no header is longer than the longest', (dialect) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: longestHeader, maxLength: longestHeader + 6 }), (bytes) => {
        const header = emptyFrameHeader()
        expect(readFrameHeader(bytes, 0, bytes.length, framingOf(dialect, 'serverToClient'), header)).toBe(0)
        expect(header.headerLength).toBeLessThanOrEqual(longestHeader)
      }),
    )
  })

  it('overwrites everything that an earlier header left', () => {
    const header = emptyFrameHeader()
    readFrameHeader(fromHex('0f ff ffffffffffffffff 01020304'), 0, 14, framingOf(rfc6455, 'serverToClient'), header)
    expect(header.lengthUnusable).toBe(true)
    readFrameHeader(fromHex('81 00'), 0, 2, framingOf(rfc6455, 'serverToClient'), header)
    const fresh = emptyFrameHeader()
    readFrameHeader(fromHex('81 00'), 0, 2, framingOf(rfc6455, 'serverToClient'), fresh)
    expect(header).toEqual(fresh)
  })

  it.each([
    ['001fffffffffffff', false, 2 ** 53 - 1],
    ['0020000000000000', true, 2 ** 53],
    ['8000000000000000', true, 2 ** 63],
  ])('a 64-bit length of %s is unusable: %s', (length, lengthUnusable, payloadLength) => {
    const header = emptyFrameHeader()
    readFrameHeader(fromHex(`827f${length}`), 0, 10, framingOf(rfc6455, 'serverToClient'), header)
    expect(header).toMatchObject({ lengthUnusable, payloadLength })
  })

  it('reads the first bit by the polarity the dialect names', () => {
    const header = emptyFrameHeader()
    const more = { ...hello00, firstBit: 'more' } as const
    readFrameHeader(fromHex('8400'), 0, 2, framingOf(hello00, 'serverToClient'), header)
    expect(header.final).toBe(true)
    readFrameHeader(fromHex('8400'), 0, 2, framingOf(more, 'serverToClient'), header)
    expect(header.final).toBe(false)
    expect(encodeFrame({ dialect: more, opcode: 'text', final: true, payload: new Uint8Array() })).toEqual(
      fromHex('0400'),
    )
  })

  it('expects a masking key only where the top bit of the second byte means MASK', () => {
    const header = emptyFrameHeader()
    expect(readFrameHeader(fromHex('8480'), 0, 2, framingOf(hello00, 'serverToClient'), header)).toBe(0)
    expect(header).toMatchObject({ headerLength: 2, secondByteTopBit: true })
    expect(readFrameHeader(fromHex('8180'), 0, 2, framingOf(rfc6455, 'serverToClient'), header)).toBe(4)
  })
})

describe('a frame that is masked as a whole', () => {
  const spec = { dialect: hybi06, opcode: 'text', final: true, mask: fromHex('37fa213d') } as const

  it('has its key in front, and header and payload are XORed with it from the first byte of the header on', () => {
    const bytes = encodeFrame({ ...spec, payload: Buffer.from('Hello') })
    expect(Buffer.from(bytes).toString('hex')).toBe('37fa213db3ff69585b964e')
  })

  it.each([0, 125, 126, 65535, 65536])('is read back with %i bytes of payload, after any longer header', (size) => {
    const payload = Uint8Array.from({ length: size }, (_, i) => i & 0xff)
    const bytes = encodeFrame({ ...spec, payload })
    const header = emptyFrameHeader()
    expect(readFrameHeader(bytes, 0, bytes.length, framingOf(hybi06, 'clientToServer'), header)).toBe(0)
    expect(header).toMatchObject({ keyInFront: 4, payloadLength: size, opcode: 4 })
    const wire = bytes.subarray(header.headerLength)
    expect(
      Buffer.from(applyMask(wire, payloadMask(bytes, 0, framingOf(hybi06, 'clientToServer'), header)!)).equals(payload),
    ).toBe(true)
  })

  it('comes from clients only: a server’s header is in clear', () => {
    const header = emptyFrameHeader()
    expect(readFrameHeader(fromHex('840548656c6c6f'), 0, 7, framingOf(hybi06, 'serverToClient'), header)).toBe(0)
    expect(header).toMatchObject({ keyInFront: 0, headerLength: 2, payloadLength: 5 })
  })
})

/** Every length-prefixed dialect, as its clients send and as its servers do. */
const lengthPrefixed = dialects
  .filter((dialect) => dialect.framing === 'lengthPrefixed')
  .flatMap((dialect) => {
    const plain = { opcode: 'text', final: true } as const
    const masked = { ...plain, mask: fromHex('37fa213d'), connectionKey: new Uint8Array(20).fill(7) } as const
    const byServer = { name: `${dialect.name} of a server`, dialect, spec: plain }
    return dialect.masking === 'none' ? [byServer] : [byServer, { name: dialect.name, dialect, spec: masked }]
  })

describe('encoding a frame', () => {
  const payload = new Uint8Array(5)

  it('can break rules on request: reserved bits and longer length forms', () => {
    const spec = { dialect: hello00, opcode: 'binary', final: true, payload } as const
    expect(encodeFrame({ ...spec, reserved: 5 }).subarray(0, 2)).toEqual(fromHex('d505'))
    expect(encodeFrame({ ...spec, lengthForm: 16 }).subarray(0, 4)).toEqual(fromHex('857e0005'))
    expect(encodeFrame({ ...spec, lengthForm: 64 }).subarray(0, 10)).toEqual(fromHex('857f0000000000000005'))
  })

  it.each(lengthPrefixed)('needs no copy of a payload in $name that has room in front of it', ({ dialect, spec }) => {
    for (const size of [0, 125, 126, 65536]) {
      const payload = Uint8Array.from({ length: size }, (_, i) => i)
      const frame = encodeFrame({ ...spec, dialect, payload })
      const buffer = concat(new Uint8Array(20), payload)
      const inPlace = encodeFrame({ ...spec, dialect, payload: buffer.subarray(20), room: mostInFront })
      expect(equalBytes(inPlace, frame)).toBe(true)
      expect(inPlace.buffer).toBe(buffer.buffer)
      expect(buffer.subarray(0, 6)).toEqual(new Uint8Array(6)) // what is in front of the room stays
    }
  })

  it('leaves a payload as it is when there is less room than its header takes', () => {
    const bytes = fromHex('0000004865')
    encodeFrame({
      dialect: rfc6455,
      opcode: 'text',
      final: true,
      mask: fromHex('01020304'),
      payload: bytes.subarray(3),
      room: 3,
    })
    expect(bytes).toEqual(fromHex('0000004865'))
  })

  it('refuses what the dialect has no bits for', () => {
    const mask = fromHex('01020304')
    expect(() => encodeFrame({ dialect: hello00, opcode: 'text', final: true, payload, mask })).toThrow('masks nothing')
    expect(() => encodeFrame({ dialect: rfc6455, opcode: 'hello', final: true, payload })).toThrow('no hello frame')
    const long = new Uint8Array(126)
    expect(() => encodeFrame({ dialect: rfc6455, opcode: 'text', final: true, payload: long, lengthForm: 7 })).toThrow(
      '126 does not fit a 7-bit length',
    )
  })
})

describe('masking', () => {
  it('XORs byte i with key byte (phase + i) mod 4 and leaves its input alone', () => {
    const keys = fc.uint8Array({ minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), keys, fc.nat(9), fc.nat(3), (buffer, key, phase, skip) => {
        const bytes = buffer.subarray(Math.min(skip, buffer.length))
        const before = bytes.slice()
        const masked = applyMask(bytes, key, phase)
        expect(masked).toEqual(bytes.map((byte, i) => byte ^ key[(phase + i) % 4]!))
        expect(bytes).toEqual(before)
        expect(applyMask(masked, key, phase)).toEqual(bytes)
      }),
    )
  })

  it('gives the same however the payload is cut, when the phase goes on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, seed) => {
        const key = fromHex('37fa213d')
        const cut = Math.min(seed, bytes.length)
        const parts = [applyMask(bytes.subarray(0, cut), key), applyMask(bytes.subarray(cut), key, cut)]
        expect(Buffer.concat(parts).equals(applyMask(bytes, key))).toBe(true)
      }),
    )
  })
})

describe('frames that an FF byte or a length in base 128 ends', () => {
  const [framing75, framing76] = [hixie75, hixie76].map((dialect) => framingOf(dialect, 'clientToServer')) as [
    Framing,
    Framing,
  ]
  it.each(sentinelCases)(
    '$id: are read as the vector says, one behind the other',
    ({ bytes, dialect, lane, frames }) => {
      const framing = framingOf(dialect, lane)
      let at = 0
      for (const { type, form, dataHex } of frames) {
        const header = emptyFrameHeader()
        expect(readFrameHeader(bytes, at, bytes.length, framing, header)).toBe(0)
        expect(header.opcode).toBe(Number(type))
        expect(header.lengthForm).toBe(form === 'sentinel' ? 'terminated' : 'base128')
        const dataAt = at + header.headerLength
        const next = form === 'sentinel' ? afterTerminator(bytes, dataAt) : dataAt + header.payloadLength
        expect(Buffer.from(framePayload(framing, bytes.subarray(at, next)).payload).toString('hex')).toBe(dataHex)
        at = next
      }
      expect(at).toBe(bytes.length)
    },
  )

  it.each(sentinelCases.filter(({ frames }) => frames.every(({ disposition }) => /deliver|close/.test(disposition))))(
    '$id: encodes to the same bytes again',
    ({ bytes, dialect, frames }) => {
      const encoded = frames.map(({ type, dataHex }) =>
        encodeFrame({ dialect, opcode: opcodeName(dialect, Number(type))!, final: true, payload: fromHex(dataHex) }),
      )
      expect(Buffer.concat(encoded).equals(bytes)).toBe(true)
    },
  )

  it.each([
    ['80 00', 2, 0, false],
    ['80 7f', 2, 127, false],
    ['80 81 00', 3, 128, false],
    ['80 80 80 01', 4, 1, false],
    ['80 8f ff ff ff ff ff ff 7f', 9, 2 ** 53 - 1, false],
    ['80 90 80 80 80 80 80 80 00', 9, 2 ** 53, true],
    ['ff ff ff ff ff ff ff ff ff ff 00', 11, (128 ** 9 - 1) * 128, true],
  ])('%s has %i bytes of header and counts %d, unusable: %s', (hex, headerLength, payloadLength, lengthUnusable) => {
    const header = emptyFrameHeader()
    const bytes = fromHex(hex)
    expect(readFrameHeader(bytes, 0, bytes.length, framing76, header)).toBe(0)
    expect(header).toMatchObject({ headerLength, payloadLength, lengthUnusable })
  })

  it('gives up on a length after so many digits', () => {
    const header = emptyFrameHeader()
    const endless = new Uint8Array(mostDigits + 10).fill(0x80)
    expect(readFrameHeader(endless, 0, mostDigits, framing75, header)).toBe(1)
    expect(readFrameHeader(endless, 0, endless.length, framing75, header)).toBe(0)
    expect(header).toMatchObject({ headerLength: 1 + mostDigits, lengthUnusable: true })
  })

  it('takes an FF frame for a close only when it is empty, however its length is written', () => {
    const nameOf = (hex: string) => {
      const header = emptyFrameHeader()
      readFrameHeader(fromHex(hex), 0, hex.length / 2, framing76, header)
      return [header.opcode, opcodeName(hixie76, header.opcode)]
    }
    expect(nameOf('ff00')).toEqual([0xff, 'close'])
    expect(nameOf('ff8000')).toEqual([0xff, 'close'])
    expect(nameOf('ff02')).toEqual([closeTypeWithData, undefined])
  })

  it('cannot be encoded with what they cannot carry', () => {
    const frame = (opcode: 'text' | 'close' | 'ping', payload: number[], final = true) =>
      encodeFrame({ dialect: hixie76, opcode, final, payload: Uint8Array.from(payload) })
    expect(() => frame('ping', [])).toThrow('no ping frame')
    expect(() => frame('text', [0xff])).toThrow('can carry')
    expect(() => frame('close', [1])).toThrow('can carry')
    expect(() => frame('text', [], false)).toThrow('no fragments')
    expect(() => encodeFrame({ dialect: hixie75, opcode: 'close', final: true, payload: new Uint8Array() })).toThrow(
      'no close frame',
    )
  })
})

describe('opcodes', () => {
  it.each(dialects)('$name: names and numbers lead to each other', (dialect) => {
    for (const [number, name] of Object.entries(dialect.opcodes)) {
      expect(opcodeName(dialect, Number(number))).toBe(name)
      expect(opcodeNumber(dialect, name)).toBe(Number(number))
    }
  })

  it('are unknown where the dialect reserves them', () => {
    expect(opcodeName(rfc6455, 15)).toBeUndefined()
    expect(opcodeNumber(rfc6455, 'hello')).toBeUndefined()
  })

  it('are control opcodes for close, ping, pong and hello', () => {
    const control = Object.values(hello00.opcodes).filter(isControl)
    expect(control.sort()).toEqual(['close', 'hello', 'ping', 'pong'])
  })
})
