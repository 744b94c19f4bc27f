import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hybi04 } from '../../../shared/dialects/hybi04.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import {
  createLaneScanner,
  headLimit,
  junkBlock,
  type LaneScanner,
  mostHeld,
  scanUnits,
  statusWindow,
  type UnitSink,
} from '../../../shared/endpoint/laneScanner.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import type { Unit } from '../../../shared/framing/unit.ts'
import { encodeHead } from '../../../shared/handshake/head.ts'
import { challengeSize } from '../../../shared/handshake/keyNumbers.ts'
import {
  type Case,
  casesOf,
  connectionKeyOf,
  fromHex,
  isFinalFrame,
  isHead,
  prefixedCases,
  sentinelCases,
} from '../vectors.ts'

const request = encodeHead('GET /demo HTTP/1.1', [['Host', 'a']])
const response = encodeHead('HTTP/1.1 101 Switching Protocols', [['Upgrade', 'x']])
const refusal = encodeHead('HTTP/1.1 400 Bad Request', [['Content-Length', '3']])
const allCases = casesOf('handshake', 'frame', 'close', 'invalid')

/** Scans the pieces, and checks what must hold after each: complete units and the pending one tile the lane. */
function scanInPieces(scanner: LaneScanner, pieces: readonly Uint8Array[]): Unit[] {
  const units: Unit[] = []
  let tiles = true
  for (const piece of pieces) {
    scanner.push(piece, (kind, start, end, opcode, final) => {
      tiles &&= start === (units.at(-1)?.end ?? 0) && end > start
      units.push(kind === 'frame' ? { kind, start, end, opcode, final } : { kind, start, end })
    })
    const { pendingStart, pendingEnd, position } = scanner
    tiles &&= pendingStart === (units.at(-1)?.end ?? 0) && pendingStart <= position
    tiles &&= pendingEnd === null || pendingEnd > position
  }
  expect(tiles).toBe(true)
  return units
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const inner = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b)
  const offsets = [0, ...inner, bytes.length]
  return offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end))
}

/** The bytes as a lane: frames come after a head, and what belongs behind it. */
function laneOf(vector: (typeof allCases)[number]): Uint8Array {
  if (isHead(vector)) return vector.bytes
  const behind = vector.dialect.handshake.challenge === 'keyNumbers' ? challengeSize(vector.lane) : 0
  return concat(vector.lane === 'clientToServer' ? request : response, new Uint8Array(behind), vector.bytes)
}

function kinds(dialect: Dialect, lane: Lane, bytes: Uint8Array): string[] {
  return scanUnits(dialect, lane, bytes, { open: true }).map((unit) => unit.kind)
}

describe('scanning the reference vectors', () => {
  it.each(allCases)('$id: byte by byte gives the same units as whole', (vector) => {
    const bytes = laneOf(vector)
    const whole = scanInPieces(createLaneScanner(vector.dialect, vector.lane, connectionKeyOf(vector.dialect)), [bytes])
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))
    expect(
      scanInPieces(createLaneScanner(vector.dialect, vector.lane, connectionKeyOf(vector.dialect)), single),
    ).toEqual(whole)
  })

  const small = allCases.filter(({ bytes }) => bytes.length < 1000)
  it.each(small)('$id: split in two at every offset gives the same units as whole', (vector) => {
    const bytes = laneOf(vector)
    const whole = scanInPieces(createLaneScanner(vector.dialect, vector.lane, connectionKeyOf(vector.dialect)), [bytes])
    for (let cut = 0; cut <= bytes.length; cut++) {
      const scanner = createLaneScanner(vector.dialect, vector.lane, connectionKeyOf(vector.dialect))
      expect(scanInPieces(scanner, cutAt(bytes, [cut]))).toEqual(whole)
    }
  })

  const framesOf = (vector: Case) => {
    const bytes = laneOf(vector)
    const units = scanUnits(vector.dialect, vector.lane, bytes, {
      connectionKey: connectionKeyOf(vector.dialect),
    })
    const frames = units.filter(({ kind }) => kind === 'frame')
    expect(frames[0]?.start).toBe(bytes.length - vector.bytes.length)
    expect(frames.at(-1)?.end).toBe(bytes.length)
    return frames
  }

  it.each(prefixedCases)('$id: every frame of the vector is one unit', (vector) => {
    expect(framesOf(vector).map(({ opcode, final }) => [opcode, final])).toEqual(
      vector.frames.map((frame) => [frame.opcode, isFinalFrame(frame)]),
    )
  })

  it.each(sentinelCases)('$id: every frame of the vector is one unit', (vector) => {
    expect(framesOf(vector).map(({ opcode, final }) => [opcode, final])).toEqual(
      vector.frames.map(({ type }) => [Number(type), true]),
    )
  })
})

describe('scanning anything', () => {
  const soup = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(request, response, refusal, new Uint8Array(5000).fill(0x61)),
      fc
        .constantFrom('8100', '818537fa213d7f9f4d5158', '857e0100', '827fffffffffffffffff', '827f0020', '0d0a0d0a')
        .map(fromHex),
    ),
    { maxLength: 8 },
  )
  const anyLane = fc.constantFrom<Lane>('clientToServer', 'serverToClient')

  it.each(dialects)('$name: the units do not depend on how the bytes were cut', (dialect) => {
    fc.assert(
      fc.property(soup, anyLane, fc.array(fc.nat(6000), { maxLength: 6 }), (parts, lane, cuts) => {
        const bytes = concat(...parts)
        const whole = scanInPieces(createLaneScanner(dialect, lane), [bytes])
        const scanner = createLaneScanner(dialect, lane)
        expect(scanInPieces(scanner, cutAt(bytes, cuts))).toEqual(whole)
        expect(scanner.position).toBe(bytes.length)
      }),
    )
  })

  it.each(dialects)('$name: a scanner begun after any unit goes on as one that saw it all', (dialect) => {
    fc.assert(
      fc.property(soup, anyLane, fc.nat(), (parts, lane, seed) => {
        const bytes = concat(...parts)
        const complete = scanUnits(dialect, lane, bytes)
        fc.pre(complete.length > 0)
        const index = seed % complete.length
        const { kind, start, end } = complete[index]!
        const after = { kind, end, bytes: bytes.subarray(start, Math.min(end, start + statusWindow)) }
        const rest = scanUnits(dialect, lane, bytes, { open: true }).slice(index + 1)
        expect(scanUnits(dialect, lane, bytes.subarray(end), { after, open: true })).toEqual(rest)
      }),
    )
  })

  it.each(dialects)('$name: a clone goes on alone and leaves its original as it was', (dialect) => {
    fc.assert(
      fc.property(soup, anyLane, fc.nat(300), (parts, lane, seed) => {
        const bytes = concat(...parts)
        const [before, after] = cutAt(bytes, [seed]) as [Uint8Array, Uint8Array]
        const original = createLaneScanner(dialect, lane)
        const units = scanInPieces(original, [before])
        const clone = original.clone()
        clone.push(fromHex('ff00ff0d0a0d0a'), () => {})
        const rest: Unit[] = []
        original.push(after, (kind, start, end, opcode, final) => {
          rest.push(kind === 'frame' ? { kind, start, end, opcode, final } : { kind, start, end })
        })
        expect([...units, ...rest]).toEqual(scanUnits(dialect, lane, bytes))
      }),
    )
  })
})

describe('frames of hybi-04', () => {
  const key = connectionKeyOf(hybi04)!
  const frames = fromHex('0102030462a14326e56a57 deadbeefdab5 cafebabe3284')
  const unitsOf = (scan: (sink: UnitSink) => void) => {
    const units: [kind: string, start: number, end: number][] = []
    scan((kind, start, end) => units.push([kind, start, end]))
    return units
  }
  const [a, b, c] = [request.length + 11, request.length + 17, request.length + 23]
  const read = [
    ['frame', request.length, a],
    ['frame', a, b],
    ['frame', b, c],
  ]

  it('wait for the key that both heads make, and are found when it is told, however they came', () => {
    for (let cut = 0; cut <= frames.length; cut++) {
      const scanner = createLaneScanner(hybi04, 'clientToServer')
      scanner.push(request, () => {})
      expect(unitsOf((sink) => scanner.push(frames.subarray(0, cut), sink))).toEqual([])
      expect(scanner).toMatchObject({ awaitsKey: true, pendingStart: request.length, pendingEnd: null })
      const copy = scanner.clone()
      const found = unitsOf((sink) => {
        scanner.agree(key, sink)
        scanner.push(frames.subarray(cut), sink)
      })
      expect(found).toEqual(read)
      expect(copy).toMatchObject({ awaitsKey: true, position: request.length + cut })
    }
  })

  it('become junk when the key does not come for longer than any handshake takes', () => {
    const scanner = createLaneScanner(hybi04, 'clientToServer')
    const bytes = concat(request, new Uint8Array(mostHeld + 10))
    const kinds = unitsOf((sink) => scanner.push(bytes, sink)).map(([kind]) => kind)
    expect(kinds).toEqual(['request', ...Array.from({ length: mostHeld / junkBlock }, () => 'junk')])
    expect(scanner).toMatchObject({ pendingKind: 'junk', position: bytes.length })
  })
})

describe('heads', () => {
  it('are a request on one lane and a response on the other', () => {
    expect(kinds(hello00, 'clientToServer', request)).toEqual(['request'])
    expect(kinds(hello00, 'serverToClient', response)).toEqual(['response'])
  })

  it('are followed by junk when the response does not switch protocols', () => {
    const frame = fromHex('8100')
    expect(kinds(rfc6455, 'serverToClient', concat(refusal, frame))).toEqual(['response', 'junk'])
    const almost = encodeHead('HTTP/1.1 1010 x', [])
    expect(kinds(rfc6455, 'serverToClient', concat(almost, frame))).toEqual(['response', 'junk'])
    const bare = encodeHead('HTTP/1.1 101', [])
    expect(kinds(rfc6455, 'serverToClient', concat(bare, frame))).toEqual(['response', 'frame'])
  })

  it('end at an empty line, also when lines end in LF alone', () => {
    const bare = new TextEncoder().encode('GET / HTTP/1.1\nHost: a\n\n')
    expect(kinds(rfc6455, 'clientToServer', concat(bare, fromHex('8100')))).toEqual(['request', 'frame'])
  })

  it.each([
    ['clientToServer', '16030100'],
    ['clientToServer', '8f10'],
    ['clientToServer', '47455480'],
    ['serverToClient', '474554'],
    ['serverToClient', '818100'],
  ] as const)('are junk at once where %s bytes %s can begin none', (lane, hex) => {
    const units = scanUnits(hello00, lane, fromHex(hex), { open: true })
    expect(units).toEqual([{ kind: 'junk', start: 0, end: hex.length / 2 }])
  })

  it('may be as long as the limit, and are junk from their first byte when longer', () => {
    const longest = new Uint8Array(headLimit).fill(0x61)
    longest.set(fromHex('0d0a0d0a'), headLimit - 4)
    expect(kinds(hello00, 'clientToServer', longest)).toEqual(['request'])
    const tooLong = concat(Uint8Array.of(0x61), longest)
    const units = scanUnits(hello00, 'clientToServer', tooLong, { open: true })
    expect(units.map(({ kind, start, end }) => [kind, start, end])).toEqual([
      ...[0, 1, 2, 3].map((i) => ['junk', i * junkBlock, (i + 1) * junkBlock]),
      ['junk', headLimit, headLimit + 1],
    ])
  })
})

describe('frames', () => {
  it('tell where they end as soon as the header is whole', () => {
    const scanner = createLaneScanner(rfc6455, 'clientToServer')
    scanner.push(request, () => {})
    const at = request.length
    scanner.push(fromHex('81 85 37fa21'), () => {})
    expect(scanner).toMatchObject({ pendingStart: at, pendingEnd: null, pendingKind: 'frame', pendingOpcode: -1 })
    scanner.push(fromHex('3d'), () => {})
    expect(scanner).toMatchObject({ pendingStart: at, pendingEnd: at + 11, pendingKind: 'frame', pendingOpcode: 1 })
  })

  it('with a length no frame can have are their header alone, and junk follows', () => {
    const bytes = concat(request, fromHex('827f8000000000000000 6161'))
    const units = scanUnits(hello00, 'clientToServer', bytes, { open: true })
    expect(units.map(({ kind, start, end }) => [kind, end - start])).toEqual([
      ['request', request.length],
      ['frame', 10],
      ['junk', 2],
    ])
  })

  it('of any length cost no memory: only their header is kept', () => {
    const scanner = createLaneScanner(rfc6455, 'serverToClient')
    scanner.push(concat(response, fromHex('827f 0000000100000000')), () => {})
    expect(scanner.pendingEnd).toBe(response.length + 10 + 2 ** 32)
    const chunk = new Uint8Array(2 ** 26)
    const ends: number[] = []
    for (let i = 0; i < 64; i++) scanner.push(chunk, (_kind, _start, end) => ends.push(end))
    expect(ends).toEqual([response.length + 10 + 2 ** 32])
  })
})

describe('junk', () => {
  it('is cut into blocks counted from where it began', () => {
    const bytes = concat(refusal, new Uint8Array(2 * junkBlock + 5))
    const sizes = scanUnits(hello00, 'serverToClient', bytes, { open: true }).map(({ start, end }) => end - start)
    expect(sizes).toEqual([refusal.length, junkBlock, junkBlock, 5])
  })
})

describe('scanning a buffer', () => {
  it('lists the unfinished unit only when asked to', () => {
    const frame = encodeFrame({ dialect: hello00, opcode: 'text', final: true, payload: new Uint8Array(4) })
    const bytes = concat(request, frame.subarray(0, 3))
    expect(scanUnits(hello00, 'clientToServer', bytes)).toHaveLength(1)
    expect(scanUnits(hello00, 'clientToServer', bytes, { open: true }).at(-1)).toEqual({
      kind: 'frame',
      start: request.length,
      end: request.length + 3,
    })
  })
})
