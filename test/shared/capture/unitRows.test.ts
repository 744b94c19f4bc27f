import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUnitRows } from '../../../shared/capture/unitRows.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'

/** Opcodes of RFC 6455: continuation, text, binary, ping. */
const anyFrame = fc.record({ opcode: fc.constantFrom(0, 1, 2, 9), final: fc.boolean() })

/** What a walk back from `before` finds. */
function openByWalking(frames: readonly { opcode: number; final: boolean }[], before: number): number {
  for (let row = before - 1; row >= 0; row -= 1) {
    const { opcode, final } = frames[row]!
    if (opcode === 9) continue
    if (final) return -1
    if (opcode !== 0) return row
  }
  return -1
}

describe('the message that is open before a row', () => {
  it('is the one a walk back over all frames finds, however they are fragmented', () => {
    const check = (frames: { opcode: number; final: boolean }[]) => {
      const rows = createUnitRows(rfc6455, () => 0)
      frames.forEach(({ opcode, final }, index) => {
        rows.add('frame', 'clientToServer', index, index + 1, opcode, final, index, 0)
      })
      for (let row = 0; row <= frames.length; row += 1) {
        expect(rows.messageOpenBefore('clientToServer', row)).toBe(openByWalking(frames, row))
      }
    }
    fc.assert(fc.property(fc.array(anyFrame, { maxLength: 30 }), check), { seed: 4_1144, numRuns: 500 })
  })
})
