import { expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import { encodeUtf8 } from '../../../../shared/bytes/utf8.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { doAct, give, openPair, other, refusalOf, settle, textMessage, textOf } from '../peers.ts'

/** On both sides of every size at which a length is written otherwise: base 128, and 7, 16 and 64 bits. */
const sizes = [1, 125, 126, 127, 128, 16383, 16384, 65535, 65536, 1_000_000]

export function messages(dialect: Dialect): void {
  it.each(roles)('of text and of no text at all, from the %s', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendText', text: 'grüß dich 🎈' })
    doAct(pair[role], { kind: 'sendText', text: '' })
    settle(pair, 3)
    expect(other(pair, role).events.slice(1)).toEqual([textMessage('grüß dich 🎈'), textMessage('')])
  })

  it.each(roles)('of text that is UTF-8 already, from the %s', (role) => {
    const pair = openPair(dialect)
    doAct(pair[role], { kind: 'sendUtf8', bytes: encodeUtf8('grüß dich 🎈') })
    settle(pair, 3)
    expect(other(pair, role).events.slice(1)).toEqual([textMessage('grüß dich 🎈')])
  })

  it.each(roles)('of bytes from the %s, or say that there are none', (role) => {
    const pair = openPair(dialect)
    const bytes = Uint8Array.of(0, 255, 128)
    if (dialect.framing === 'sentinel') {
      expect(refusalOf(pair[role], { kind: 'sendBinary', bytes })).toContain(dialect.name)
      return
    }
    doAct(pair[role], { kind: 'sendBinary', bytes })
    settle(pair, 3)
    expect(other(pair, role).events.slice(1)).toEqual([{ kind: 'message', type: 'binary', bytes }])
  })

  it.each(roles)('of every size at which a length is written otherwise, from the %s', (role) => {
    const pair = openPair(dialect)
    for (const size of sizes) {
      const text = printable(size)
      doAct(pair[role], { kind: 'sendText', text })
      settle(pair, 40_000)
      expect(other(pair, role).events.at(-1)).toMatchObject({ kind: 'message', type: 'text' })
      expect(textOf(other(pair, role).events.at(-1)) === text).toBe(true)
    }
  })

  it('of 16 MiB, in reads of 64 KiB', () => {
    const pair = openPair(dialect)
    const text = 'ä'.repeat(8 * 1024 * 1024)
    doAct(pair.server, { kind: 'sendText', text })
    settle(pair, 65536)
    expect(textOf(pair.client.events.at(-1)) === text).toBe(true)
  })

  it('without changing any earlier value', () => {
    const { client } = openPair(dialect)
    const earlier = client.state
    const frozen = JSON.stringify(earlier)
    doAct(client, { kind: 'sendText', text: 'x' })
    give(client, Uint8Array.of(0x84, 0x7e, 0x01))
    expect(JSON.stringify(earlier)).toBe(frozen)
  })
}

/** Not one character again and again: a byte in the wrong place is seen. */
function printable(size: number): string {
  const letters = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 33 + index))
  return letters.repeat(size / 94 + 1).slice(0, size)
}
