// Whatever is pasted, and whatever a connection without a beginning says: nothing throws, and nothing is made up.
import { describe, expect, it } from 'vitest'
import { concat } from '../../shared/bytes/concat.ts'
import { parsePasted } from '../../shared/bytes/pasted.ts'
import { readJoined } from '../../shared/capture/joinedConnection.ts'
import { recordsOfPasted } from '../../shared/capture/pastedSession.ts'
import { type Dice, eachSeed, timeLimit } from './dice.ts'

const scraps = [
  '81 05',
  '00000000  81 05  |..|',
  '\n',
  '    ',
  '{',
  '}',
  '0x81,',
  '*',
  '\\x81',
  '"',
  'gQVI',
  '=',
  ':',
  'peer1_0[] = ',
  '/*',
  '*/',
  '300',
  'ü',
  '\u0000',
]

function anyText(dice: Dice): string {
  return Array.from({ length: dice.below(40) }, () => dice.pick(scraps)).join(dice.pick(['', ' ', '\n']))
}

describe('any text in place of pasted bytes', { timeout: timeLimit }, () => {
  it('is bytes, or one sentence that says why it is none', () => {
    eachSeed((dice) => {
      for (let count = 0; count < 50; count += 1) {
        const text = anyText(dice)
        const pasted = parsePasted(text)
        if (!pasted.ok) expect(pasted.error).toMatch(/^[A-Z].*\.$/s)
        const records = recordsOfPasted({ client: text, server: anyText(dice), dialect: 'rfc6455', unseen: {} }, 0)
        if (!records.ok) expect(records.error).toMatch(/^[A-Z].*\.$/s)
      }
    })
  })
})

describe('any bytes in place of a connection without a beginning', { timeout: timeLimit }, () => {
  it('are taken for frames by nothing but frames', () => {
    eachSeed((dice) => {
      const noise = () => dice.bytes(200 + dice.below(4_000))
      expect(readJoined({ a: noise(), b: noise() }, true)).toBeNull()
      const frames = Uint8Array.of(0x81, 0x80, 1, 2, 3, 4, 0x89, 0x80, 1, 2, 3, 4)
      const reading = readJoined({ a: concat(frames, frames), b: Uint8Array.of(0x8a, 0, 0x81, 0) }, true)
      expect(reading).toMatchObject({ client: 'a', lanes: { clientToServer: { cut: 0, frames: 4 } } })
    })
  })

  it('are not taken for frames behind a close frame, where all is discarded and nothing can break a rule', () => {
    eachSeed((dice) => {
      const closed = (...frame: number[]) => concat(Uint8Array.of(...frame), dice.bytes(1_000))
      expect(readJoined({ a: closed(0x88, 0x80, 1, 2, 3, 4), b: closed(0x88, 0) }, true)).toBeNull()
    })
  })
})
