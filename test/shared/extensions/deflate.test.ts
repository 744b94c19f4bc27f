// Both directions against zlib, and the examples of the RFC.
import {
  constants,
  createDeflateRaw,
  createInflateRaw,
  type DeflateRaw,
  deflateRawSync,
  type InflateRaw,
} from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { createDeflater, deflate } from '../../../shared/extensions/deflate.ts'
import {
  type Block,
  beginMessage,
  copyInflater,
  createInflater,
  type Inflater,
  inflate,
  isBetweenBlocks,
  madeBy,
  type Trouble,
} from '../../../shared/extensions/inflate.ts'
import { fromHex } from '../vectors.ts'

const tail = Uint8Array.of(0, 0, 0xff, 0xff)
const text = (value: string) => new Uint8Array(Buffer.from(value))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

interface Result {
  readonly bytes: Uint8Array
  readonly trouble: Trouble | null
  readonly blocks: readonly Block[]
}

/** One message, with the tail that its sender left out, fed in pieces of `size` bytes. */
function inflated(inflater: Inflater, message: Uint8Array, size = Number.POSITIVE_INFINITY, room = 1e9): Result {
  const whole = concat(message, tail)
  const pieces: Uint8Array[] = []
  const blocks: Block[] = []
  let made = 0
  for (let at = 0; at < whole.length; at += size) {
    const part = whole.subarray(at, at + size)
    const { trouble } = inflate(inflater, part, room - made, {
      bytes: (piece) => {
        pieces.push(piece.slice())
        made += piece.length
      },
      block: (block) => blocks.push(block),
    })
    if (trouble) return { bytes: concat(...pieces), trouble: { ...trouble, at: at + trouble.at }, blocks }
  }
  return { bytes: concat(...pieces), trouble: null, blocks }
}

const troubleOf = (data: string, windowBits = 15) => inflated(createInflater(windowBits), fromHex(data)).trouble

/** What zlib makes of messages, one after the other, with the tails cut off. */
async function zlibDeflated(messages: readonly Uint8Array[], level: number, windowBits: number): Promise<Uint8Array[]> {
  const stream = createDeflateRaw({ level, windowBits, memLevel: 8 })
  const all: Uint8Array[] = []
  for (const message of messages) {
    const bytes = await flushed(stream, message)
    all.push(bytes.subarray(0, bytes.length - tail.length))
  }
  stream.close()
  return all
}

async function zlibInflated(messages: readonly Uint8Array[], windowBits: number): Promise<Uint8Array[]> {
  const stream = createInflateRaw({ windowBits })
  const all: Uint8Array[] = []
  for (const message of messages) all.push(await flushed(stream, concat(message, tail)))
  stream.close()
  return all
}

function flushed(stream: DeflateRaw | InflateRaw, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const take = (part: Buffer) => parts.push(part)
    stream.on('data', take)
    stream.once('error', reject)
    stream.write(bytes)
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off('data', take)
      stream.off('error', reject)
      resolve(new Uint8Array(Buffer.concat(parts)))
    })
  })
}

/** Bytes that repeat themselves now and then, as messages do. */
const message = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom('hello', 'wirestep', '{"price":', 'the same again, and longer than the others', '\0'.repeat(300))
        .map(text),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 400 }))
        .map(([unit, count]) => concat(...new Array<Uint8Array>(count).fill(unit))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => concat(...parts))
const messages = fc.array(message, { minLength: 1, maxLength: 8 })

describe('inflating', () => {
  it.each([
    ['one block of fixed codes', 'f248cdc9c90700'],
    ['a stored block', '000500faff48656c6c6f00'],
    ['a block with BFINAL, and the stream that follows it', 'f348cdc9c9070000'],
    ['two blocks', 'f24805000000ffffcac9c90700'],
  ])('%s: "Hello", however it is cut', (_name, data) => {
    for (const size of [1, 2, 3, Number.POSITIVE_INFINITY]) {
      const inflater = createInflater(15)
      expect(inflated(inflater, fromHex(data), size)).toMatchObject({ bytes: text('Hello'), trouble: null })
      expect(isBetweenBlocks(inflater)).toBe(true)
    }
  })

  it('refers to the messages before while the window is kept, and no more when it is not', () => {
    const inflater = createInflater(15)
    inflated(inflater, fromHex('f248cdc9c90700'))
    const other = copyInflater(inflater)
    beginMessage(inflater, true)
    expect(inflated(inflater, fromHex('f200110000')).bytes).toEqual(text('Hello'))
    beginMessage(other, false)
    expect(inflated(other, fromHex('f200110000')).trouble).toEqual({
      at: 2,
      reason: 'data',
      says: '5 bytes back, where 1 are known',
    })
  })

  it('goes on by itself as a copy: what one inflates is not in the window of the other', () => {
    const one = createInflater(9)
    inflated(one, fromHex('f248cdc9c90700'))
    const other = copyInflater(one)
    for (const inflater of [one, other]) beginMessage(inflater, true)
    expect(inflated(one, deflate(createDeflater(9, false), text('jelly')).bytes).bytes).toEqual(text('jelly'))
    expect(inflated(other, fromHex('f200110000')).bytes).toEqual(text('Hello'))
  })

  it.each([
    ['the reserved block type', '07', 'data', 0],
    ['a stored block whose lengths disagree', '000500faf0', 'data', 4],
    ['a distance code that is reserved', '023e', 'data', 1],
    ['more literal codes than there are', 'f5ffff', 'data', 2],
    ['code lengths that make no code', '0400249249', 'data', null],
  ])('stops at %s', (_name, data, reason, at) => {
    const trouble = troubleOf(data)
    expect(trouble?.reason).toBe(reason)
    if (at !== null) expect(trouble?.at).toBe(at)
  })

  it('finds a repetition from outside the agreed window, at its last bit', async () => {
    const far = concat(
      text('needle in the hay'),
      new Uint8Array(600).map((_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 13),
      text('needle in the hay'),
    )
    const [data] = await zlibDeflated([far], 9, 15)
    expect(inflated(createInflater(15), data!).trouble).toBeNull()
    expect(inflated(createInflater(9), data!).trouble).toMatchObject({
      reason: 'window',
      says: '617 bytes back, window 512',
    })
  })

  it('stops when there is no room left, and has given no more', () => {
    const bomb = new Uint8Array(deflateRawSync(new Uint8Array(10_000_000), { finishFlush: constants.Z_SYNC_FLUSH }))
    for (const size of [1, 100, Number.POSITIVE_INFINITY]) {
      const { bytes, trouble } = inflated(createInflater(15), bomb, size, 1000)
      expect(bytes.length).toBe(1000)
      expect(trouble).toMatchObject({ reason: 'room' })
      expect(trouble?.at).toBe(inflated(createInflater(15), bomb, 1, 1000).trouble?.at)
    }
  })

  it('tells the blocks of a message: type, last or not, where they begin and what they make', () => {
    const { blocks } = inflated(createInflater(15), fromHex('f24805000000ffffcac9c90700'))
    expect(blocks).toEqual([
      { type: 'fixed', final: false, fromBit: 0, toBit: 26, size: 2 },
      { type: 'stored', final: false, fromBit: 26, toBit: 64, size: 0 },
      { type: 'fixed', final: false, fromBit: 64, toBit: 98, size: 3 },
      { type: 'stored', final: false, fromBit: 98, toBit: 136, size: 0 },
    ])
  })

  it('tells which byte made which', () => {
    const { reach } = inflate(createInflater(15), fromHex('f248cdc9c90700'), 100, { bytes: () => {} })
    expect([0, 1, 2, 3, 4].map((made) => madeBy(reach, made))).toEqual([1, 2, 3, 4, 5])
  })

  it('inflates whatever zlib deflates, at every level and window, message after message, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        messages,
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 9, max: 15 }),
        fc.constantFrom(1, 7, 1000, Number.POSITIVE_INFINITY),
        async (all, level, windowBits, size) => {
          const inflater = createInflater(windowBits)
          const deflated = await zlibDeflated(all, level, windowBits)
          deflated.forEach((data, index) => {
            // zlib gives nothing at all for an empty message behind a flush.
            if (data.length === 0) return
            beginMessage(inflater, true)
            const result = inflated(inflater, data, size)
            expect(result.trouble).toBeNull()
            expect(hex(result.bytes)).toBe(hex(all[index]!))
            expect(result.blocks.reduce((sum, block) => sum + block.size, 0)).toBe(all[index]!.length)
            expect(isBetweenBlocks(inflater)).toBe(true)
          })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('says the same of any bytes however they are cut, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 8, max: 15 }), (bytes, windowBits) => {
        const whole = inflated(createInflater(windowBits), bytes, Number.POSITIVE_INFINITY, 5000)
        expect(inflated(createInflater(windowBits), bytes, 1, 5000)).toEqual(whole)
        expect(inflated(createInflater(windowBits), bytes, 5, 5000)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })
})

describe('where a byte came from', () => {
  it('is told from the bytes taken alone, when those behind them cannot be inflated', () => {
    const good = deflate(createDeflater(15, true), Uint8Array.of(0x61, 0xff)).bytes
    const reserved = new Uint8Array(20).fill(0x07) // block type 3
    const made: number[] = []
    const { trouble } = inflate(createInflater(15), concat(good, fromHex('0000ffff'), reserved), 100, {
      bytes: (piece, at, reach) => {
        made.push(...Array.from(piece, (_, i) => madeBy(reach, at + i)))
      },
    })
    expect(trouble?.reason).toBe('data')
    expect(made).toHaveLength(2)
    for (const index of made) expect(index).toBeLessThan(good.length)
  })
})

describe('deflating', () => {
  it('makes the first examples of RFC 7692 §7.2.3, and the second message shorter still', () => {
    const first = deflate(createDeflater(15, true), text('Hello'))
    expect(hex(first.bytes)).toBe('f248cdc9c90700')
    expect(hex(deflate(first.deflater, text('Hello')).bytes)).toBe('02130000')
    expect(hex(deflate(createDeflater(15, true), new Uint8Array(0)).bytes)).toBe('00')
  })

  it('makes what zlib inflates, in every window, message after message', async () => {
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: 9, max: 15 }), async (all, windowBits) => {
        let deflater = createDeflater(windowBits, true)
        const deflated = all.map((one) => {
          const done = deflate(deflater, one)
          deflater = done.deflater
          return done.bytes
        })
        const back = await zlibInflated(deflated, windowBits)
        expect(back.map(hex)).toEqual(all.map(hex))
      }),
      { numRuns: 150 },
    )
  })

  it('never looks back farther than its window, the smallest one too', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 8, max: 15 }), fc.boolean(), (all, windowBits, keepsWindow) => {
        const inflater = createInflater(windowBits)
        let deflater = createDeflater(windowBits, keepsWindow)
        for (const one of all) {
          const done = deflate(deflater, one)
          deflater = done.deflater
          beginMessage(inflater, keepsWindow)
          const result = inflated(inflater, done.bytes)
          expect(result.trouble).toBeNull()
          expect(hex(result.bytes)).toBe(hex(one))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('stores what does not get shorter', () => {
    const noise = new Uint8Array(70_000).map((_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 13)
    const { bytes } = deflate(createDeflater(15, true), noise)
    expect(bytes.length).toBeLessThanOrEqual(noise.length + 11)
    expect(hex(inflated(createInflater(15), bytes).bytes)).toBe(hex(noise))
  })
})
