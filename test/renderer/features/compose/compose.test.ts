import { describe, expect, it } from 'vitest'
import { type Draft, kindsOf, lineOf, placeholderOf, sendable } from '../../../../renderer/features/compose/compose.ts'
import { parseLine } from '../../../../shared/commands/grammar.ts'
import type { DialectView } from '../../../../shared/ipc/contract.ts'

const draft = (part: Partial<Draft>): Draft => ({ end: 'client', kind: 'text', text: '', code: '', ...part })

/** What the console makes of the draft. */
function read(part: Partial<Draft>, closeBody: DialectView['closeBody'] = 'codeAndReason') {
  const line = lineOf(draft(part), closeBody)
  if (!line.ok) return line.error
  const call = parseLine(line.value)
  return call.ok ? call.value : call.error
}

describe('what is composed', () => {
  it.each(['hello', 'two  spaces', 'it\'s "quoted"', '--not-an-option', 'back\\slash', '  edges  ', 'é 🙂'])(
    'arrives as it was typed: %j',
    (text) => {
      expect(read({ text })).toMatchObject({ name: 'send', args: { end: 'client', type: 'text', data: text } })
    },
  )

  it('is sent by the end that was picked', () => {
    expect(read({ end: 'server', text: 'x' })).toMatchObject({ args: { end: 'server' } })
  })

  it('can be bytes in hex, or nothing', () => {
    expect(read({ kind: 'hex', text: '00 ff' })).toMatchObject({ args: { type: 'hex', data: '00ff' } })
    expect(read({ kind: 'hex', text: '' })).toMatchObject({ args: { type: 'hex', data: '' } })
    expect(read({ kind: 'hex', text: '0' })).toContain('two digits')
  })

  it('can be an empty text', () => {
    expect(read({ text: '' })).toMatchObject({ name: 'send', args: { data: '' } })
  })

  it('can be a ping, with or without content', () => {
    expect(read({ kind: 'ping', text: '' })).toMatchObject({ name: 'ping', args: { text: '' } })
    expect(read({ kind: 'ping', text: 'a b' })).toMatchObject({ name: 'ping', args: { text: 'a b' } })
  })

  it('closes with a code and a reason where the dialect has them', () => {
    expect(read({ kind: 'close', code: '1000', text: 'good bye' })).toMatchObject({
      name: 'close',
      args: { code: 1000, reason: 'good bye' },
    })
    expect(read({ kind: 'close', text: 'good bye' })).toContain('close code')
  })

  it('closes with any body where the dialect gives it no form', () => {
    const call = read({ kind: 'close', text: '01 02' }, 'opaqueEchoed')
    expect(call).toMatchObject({ name: 'close', args: { hex: Uint8Array.of(1, 2) } })
    expect(read({ kind: 'close' }, 'opaqueEchoed')).toMatchObject({ name: 'close' })
  })

  it.each(['none', 'emptyFrame'] as const)(
    'closes with nothing where there is nothing to carry it: %s',
    (closeBody) => {
      expect(placeholderOf('close', closeBody)).toBeNull()
      expect(lineOf(draft({ kind: 'close', text: 'left from before' }), closeBody)).toMatchObject({
        value: 'close client',
      })
    },
  )

  it('is a text where what was picked in another dialect does not exist', () => {
    const dialect = { pings: false, binary: false } as DialectView
    expect(sendable(draft({ kind: 'hex', text: '00' }), dialect)).toMatchObject({ kind: 'text', text: '00' })
    expect(sendable(draft({ kind: 'close' }), dialect)).toMatchObject({ kind: 'close' })
  })

  it('offers pings and bytes only where the dialect has them', () => {
    const kinds = (has: boolean) => kindsOf({ pings: has, binary: has } as DialectView).map(({ value }) => value)
    expect(kinds(true)).toEqual(['text', 'hex', 'ping', 'close'])
    expect(kinds(false)).toEqual(['text', 'close'])
  })
})
