import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import { openPair } from './peers.ts'

/** A frame of RFC 6455 that may break a rule: opcode, RSV1, fragments, MASK, the form of its length, text. */
const anyFrame = fc.record({
  first: fc.constantFrom(0x82, 0x81, 0x82, 0x81, 0x02, 0x01, 0x80, 0x89, 0xc2, 0x83, 0x88),
  masked: fc.boolean(),
  long: fc.constantFrom(false, false, false, true),
  key: fc.constantFrom(0, 1, 2),
  payload: fc.oneof(fc.constantFrom([], [0x68, 0xc3, 0xa9]), fc.array(fc.nat(255), { maxLength: 6 })),
})

interface AnyFrame {
  readonly first: number
  readonly masked: boolean
  readonly long: boolean
  readonly key: number
  readonly payload: readonly number[]
}

/** Masked with a key that leaves three bytes of the payload, or all of them, on the wire as they are. */
function bytesOf({ first, masked, long, key, payload }: AnyFrame): Uint8Array {
  const bit = masked ? 0x80 : 0
  const length = long ? [bit | 126, 0, payload.length] : [bit | payload.length]
  return Uint8Array.of(first, ...length, ...(masked ? [0, 0, 0, key] : []), ...payload)
}

/** What an observer says of the frames behind the handshake, when `onItem` has it read every payload and when not. */
function observed(role: Role, frames: Uint8Array, onItem?: () => void) {
  const { client, server } = openPair(rfc6455)
  const observer = createObserver(rfc6455, role, onItem ? { onItem } : {})
  if (role === 'client') observeSent(observer, client.sent)
  observeReceived(observer, role === 'client' ? server.sent : client.sent)
  if (role === 'server') observeSent(observer, server.sent)
  const said = observeReceived(observer, frames)
  return { said, state: observer.state, position: observer.receiver.position, stage: observer.receiver.stage }
}

describe('an observer that passes plain messages over', () => {
  it.each(['client', 'server'] as const)('says the same of what a %s receives as one that reads them', (role) => {
    const check = (all: AnyFrame[], cut: number) => {
      const bytes = concat(...all.map(bytesOf))
      const frames = bytes.subarray(0, Math.max(0, bytes.length - cut))
      expect(observed(role, frames)).toEqual(observed(role, frames, () => {}))
    }
    fc.assert(fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.nat(6), check), { seed: 4_1146, numRuns: 600 })
  })

  it('finds a key that comes again among messages that are in order', () => {
    const frames = [1, 2, 2, 2].map((key) => bytesOf({ first: 0x82, masked: true, long: false, key, payload: [1] }))
    const { said } = observed('server', concat(...frames))
    expect(said.faults.map(({ code, found }) => [code, found])).toEqual([['mask.repeated', '00000002 again']])
  })

  it('finds text that is no UTF-8 among messages that are in order', () => {
    const frame = (first: number, key: number, payload: number[]) =>
      bytesOf({ first, masked: true, long: false, key, payload })
    const { said } = observed(
      'server',
      concat(frame(0x82, 1, [0xff]), frame(0x81, 2, [0x68, 0xff]), frame(0x82, 1, [1])),
    )
    expect(said.faults.map(({ code }) => code)).toEqual(['utf8.invalid'])
  })
})
