import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import { type AnyFrame, anyFrame, frameBytes } from './anyFrame.ts'
import { openPair } from './peers.ts'

/**
 * What an observer says of the frames behind the handshake, which come in two reads, when `onItem` has it read every payload
 * and when not.
 */
function observed(role: Role, frames: Uint8Array, onItem?: () => void, firstRead = frames.length) {
  const { client, server } = openPair(rfc6455)
  const observer = createObserver(rfc6455, role, onItem ? { onItem } : {})
  if (role === 'client') observeSent(observer, client.sent)
  observeReceived(observer, role === 'client' ? server.sent : client.sent)
  if (role === 'server') observeSent(observer, server.sent)
  const said = observeReceived(observer, frames.subarray(0, firstRead))
  const rest = frames.subarray(firstRead)
  const saidThen = rest.length > 0 ? observeReceived(observer, rest) : null
  return { said, saidThen, state: observer.state, position: observer.receiver.position, stage: observer.receiver.stage }
}

describe('an observer that passes plain messages over', () => {
  it.each(['client', 'server'] as const)('says the same of what a %s receives as one that reads them', (role) => {
    const check = (all: AnyFrame[], cut: number, firstRead: number) => {
      const bytes = concat(...all.map(frameBytes))
      const frames = bytes.subarray(0, Math.max(0, bytes.length - cut))
      expect(observed(role, frames, undefined, firstRead)).toEqual(observed(role, frames, () => {}, firstRead))
    }
    const streams = fc.tuple(fc.array(anyFrame, { maxLength: 8 }), fc.nat(6), fc.nat(200))
    fc.assert(
      fc.property(streams, (stream) => check(...stream)),
      { seed: 4_1146, numRuns: 1200 },
    )
  })

  it('finds a key that could be foreseen among messages that are in order', () => {
    const found = (keys: number[]) => {
      const frames = keys.map((key) => frameBytes({ first: 0x82, masked: true, long: false, key, payload: [1] }))
      return observed('server', concat(...frames)).said.faults.map((fault) => [fault.code, fault.found])
    }
    expect(found([1, 2, 2, 2])).toEqual([['mask.repeated', '00000002 again']])
    expect(found([1, 2, 1, 2])).toEqual([['mask.repeated', '00000001 again, two frames later']])
    expect(found([7, 1, 2, 3, 4])).toEqual([['mask.counted', '00000001, 00000002, 00000003']])
  })

  it('finds text that is no UTF-8 among messages that are in order', () => {
    const frame = (first: number, key: number, payload: number[]) =>
      frameBytes({ first, masked: true, long: false, key, payload })
    const { said } = observed(
      'server',
      concat(frame(0x82, 1, [0xff]), frame(0x81, 2, [0x68, 0xff]), frame(0x82, 5, [1])),
    )
    expect(said.faults.map(({ code }) => code)).toEqual(['utf8.invalid'])
  })
})
