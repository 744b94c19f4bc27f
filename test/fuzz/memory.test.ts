// What a lane makes an end hold is bounded by what came and by the limits, not by what the lane claims.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { concat } from '../../shared/bytes/concat.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { dialects } from '../../shared/dialects/registry.ts'
import { createLaneScanner } from '../../shared/endpoint/laneScanner.ts'
import { createObserver, observeReceived, observeSent } from '../../shared/endpoint/observer.ts'
import { encodeFrame } from '../../shared/framing/encode.ts'
import { eachDialect, give, openPair } from '../shared/endpoint/peers.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const MiB = 1024 * 1024

/** Bytes that are held when the work is done and were not before; `work` returns what is to be held. */
function heldBy(work: () => unknown): number {
  const inUse = () => {
    // Twice: array buffers are swept beside the program, and counted as gone when the next collection begins.
    collectGarbage()
    collectGarbage()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = inUse()
  const held = work()
  const after = inUse()
  expect(held).toBeDefined()
  return after - before
}

const sizeOfMessage = 64 * MiB
const bomb = deflateRawSync(Buffer.alloc(sizeOfMessage), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
const bombIn = (dialect: Dialect) => encodeFrame({ dialect, opcode: 'binary', final: true, payload: bomb, reserved: 4 })

describe.each(eachDialect)('what a lane of $name makes a program hold', ({ dialect }) => {
  const noise = new Uint8Array(MiB).map((_, i) => (i * 2654435761) >>> 24)

  it('is the beginning of a unit for the scanner, whatever comes', () => {
    const opening = openPair(dialect).server.sent
    const held = heldBy(() => {
      const scanner = createLaneScanner(dialect, 'serverToClient')
      let units = 0
      scanner.push(opening, () => units++)
      for (let times = 0; times < 16; times++) scanner.push(noise, () => units++)
      expect(units).toBeLessThanOrEqual(scanner.position)
      return scanner
    })
    expect(held).toBeLessThan(MiB)
  })

  it('is no payload for an observer', () => {
    const { client, server } = openPair(dialect)
    const observer = createObserver(dialect, 'client')
    observeSent(observer, client.sent)
    observeReceived(observer, server.sent)
    const message = encodeFrame({ dialect, opcode: 'text', final: true, payload: new Uint8Array(8 * MiB).fill(0x61) })
    const held = heldBy(() => {
      for (let at = 0; at < message.length - 1; at += 65536) {
        observeReceived(observer, message.subarray(at, Math.min(at + 65536, message.length - 1)))
      }
      return observer
    })
    expect(held).toBeLessThan(MiB)
  })

  it('is a small multiple of a message that comes byte by byte', () => {
    const { client } = openPair(dialect)
    const size = 32 * 1024
    const message = encodeFrame({ dialect, opcode: 'text', final: true, payload: new Uint8Array(size).fill(0x61) })
    const held = heldBy(() => {
      for (let at = 0; at < message.length - 1; at++) give(client, message.slice(at, at + 1))
      return client
    })
    expect(client.faults).toEqual([])
    expect(held).toBeLessThan(16 * size)
  })
})

describe.each(dialects.filter(({ compression }) => compression === 'deflate'))('a deflate bomb in $name', (dialect) => {
  it('is small', () => {
    expect(bombIn(dialect).length).toBeLessThan(sizeOfMessage / 500)
  })

  it.each([0, 1, 4096, MiB])('is refused by an end that takes %i bytes, which holds no more than that', (message) => {
    const { client } = openPair(dialect, { compress: {}, limits: { head: 16384, message } })
    const held = heldBy(() => {
      give(client, bombIn(dialect))
      return client
    })
    expect(client.faults.map(({ code }) => code)).toEqual(['message.too-big'])
    expect(client.events.map(({ kind }) => kind)).toEqual(['open', 'fault', 'close'])
    expect(held).toBeLessThan(message + MiB)
  })

  it('is refused with the first byte that makes it too much, in as many fragments as you like', () => {
    const { client } = openPair(dialect, { compress: {}, limits: { head: 16384, message: MiB } })
    const frames: Uint8Array[] = []
    for (let at = 0; at < bomb.length; at += 10) {
      const final = at + 10 >= bomb.length
      const [opcode, reserved] = at === 0 ? (['binary', 4] as const) : (['continuation', 0] as const)
      frames.push(encodeFrame({ dialect, opcode, reserved, final, payload: bomb.subarray(at, at + 10) }))
    }
    give(client, concat(...frames))
    expect(client.faults.map(({ code }) => code)).toEqual(['message.too-big'])
    expect(client.faults[0]!.span.start - openPair(dialect, { compress: {} }).server.sent.length).toBeLessThan(2000)
  })
})
