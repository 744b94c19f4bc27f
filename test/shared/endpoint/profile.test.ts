// Endpoints that keep to the prototype of 2010: what they do not send, and what they do about what comes.
import { describe, expect, it } from 'vitest'
import { opcodeNumber } from '../../../shared/framing/opcodes.ts'
import { messageRefusal, restrictions, tooLong } from '../../../shared/profile/prototype2010.ts'
import { doAct, eachDialect, kinds, openPair, refusalOf, settle } from './peers.ts'

const keeps = { profile: 'prototype-2010' } as const
const long = 'x'.repeat(126)

describe.each(eachDialect)('an end of $name with the profile', ({ dialect }) => {
  it('sends 125 bytes of text and not 126', () => {
    const { client } = openPair(dialect, keeps)
    expect(refusalOf(client, { kind: 'sendText', text: long.slice(1) })).toBe(null)
    expect(refusalOf(client, { kind: 'sendText', text: long })).toBe(messageRefusal('prototype-2010', 'text', 126))
  })

  it('sends nothing binary', () => {
    const { server } = openPair(dialect, keeps)
    expect(refusalOf(server, { kind: 'sendBinary', bytes: Uint8Array.of(1) })).toMatch('A binary message is refused')
  })

  it('says why it takes no message of 126 bytes, and closes without waiting for all of it', () => {
    const { client, server } = openPair(dialect, {}, { ...keeps, limits: { head: 16384, message: 125 } })
    doAct(client, { kind: 'sendText', text: long })
    settle({ client, server })
    expect(server.events).toContainEqual({ kind: 'refused', says: tooLong(null) })
    expect(kinds(server)).not.toContain('message')
    expect(kinds(server).at(-1)).toBe('close')
    expect(kinds(client).at(-1)).toBe('close')
  })
})

const withBinary = eachDialect.filter(({ dialect }) => opcodeNumber(dialect, 'binary') !== undefined)

describe.each(withBinary)('an end of $name with the profile', ({ dialect }) => {
  it('says why it takes no binary message, and closes', () => {
    const { client, server } = openPair(dialect, {}, keeps)
    doAct(client, { kind: 'sendBinary', bytes: Uint8Array.of(1, 2) })
    settle({ client, server })
    expect(server.events).toContainEqual({ kind: 'refused', says: messageRefusal('prototype-2010', 'binary', 2) })
    expect(kinds(server)).not.toContain('message')
    expect(kinds(client).at(-1)).toBe('close')
    if (dialect.closeBody !== 'codeAndReason') return
    expect(Buffer.from(server.sent).includes(restrictions.messages.title)).toBe(true)
  })
})
