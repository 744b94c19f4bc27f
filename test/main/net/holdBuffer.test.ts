import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHoldBuffer } from '../../../main/net/holdBuffer.ts'

describe('a hold buffer', () => {
  it('gives back what was put in, cut wherever it is taken', () => {
    const buffer = createHoldBuffer()
    buffer.push(Uint8Array.of(1, 2, 3))
    buffer.push(Uint8Array.of(4, 5))
    expect(Buffer.concat(buffer.take(1))).toEqual(Buffer.of(1))
    expect(Buffer.concat(buffer.take(3))).toEqual(Buffer.of(2, 3, 4))
    expect(buffer.length).toBe(1)
  })

  it('takes parts of the chunks themselves, without copying', () => {
    const buffer = createHoldBuffer()
    const chunk = Uint8Array.of(1, 2, 3, 4)
    buffer.push(chunk)
    expect(buffer.take(2)[0]!.buffer).toBe(chunk.buffer)
  })

  it('refuses to give more than it holds', () => {
    expect(() => createHoldBuffer().take(1)).toThrow('asked for 1 of 0 held bytes')
  })

  it('behaves as one long array does under any pushes, takes and edits', () => {
    const bytes = fc.uint8Array({ maxLength: 12 })
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), bytes }),
      fc.record({ kind: fc.constant('take' as const), count: fc.nat(10) }),
      fc.record({ kind: fc.constant('splice' as const), at: fc.nat(10), remove: fc.nat(5), bytes }),
    )
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const buffer = createHoldBuffer()
        let model: number[] = []
        for (const step of operations) {
          if (step.kind === 'push') {
            buffer.push(step.bytes)
            model = [...model, ...step.bytes]
          } else if (step.kind === 'take') {
            const count = Math.min(step.count, model.length)
            expect([...Buffer.concat(buffer.take(count))]).toEqual(model.splice(0, count))
          } else {
            const at = Math.min(step.at, model.length)
            const remove = Math.min(step.remove, model.length - at)
            buffer.splice(at, remove, step.bytes)
            model.splice(at, remove, ...step.bytes)
          }
          expect(buffer.length).toBe(model.length)
        }
        expect([...Buffer.concat(buffer.take(buffer.length))]).toEqual(model)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
