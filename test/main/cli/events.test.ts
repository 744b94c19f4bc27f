import { describe, expect, it } from 'vitest'
import { eventJson, eventText } from '../../../main/cli/events.ts'
import { textMessage } from '../../shared/endpoint/peers.ts'

describe('an event as a line for people', () => {
  it('has control characters made visible: what a peer says cannot act on the terminal', () => {
    expect(eventText(textMessage('\x1b[2Jone\ntwo\x9b'))).toBe('text  ␛[2Jone␊two·')
    expect(eventText({ kind: 'open', resource: '/\x1b[2J' })).toBe('open  /␛[2J')
    expect(eventText({ kind: 'close', clean: true, code: 1000, reason: 'bye\x07' })).toBe('closed cleanly  1000  bye␇')
  })

  it('says what was agreed on, which JSON has too', () => {
    const open = { kind: 'open', resource: '/', subprotocol: 'chat', extensions: 'permessage-deflate' } as const
    expect(eventText(open)).toBe('open  /  chat  permessage-deflate')
    const { kind, ...agreed } = open
    expect(eventJson(open)).toEqual({ event: kind, ...agreed })
  })

  it('is whole up to 1,000 characters or 200 bytes, and says how much more there is', () => {
    expect(eventText(textMessage('x'.repeat(1000)))).toBe(`text  ${'x'.repeat(1000)}`)
    const text = eventText(textMessage('x'.repeat(5000)))
    expect(text).toMatch(/^text {2}x{999}… {2}\(5000 characters, --json has all\)$/)
    const bytes = eventText({ kind: 'message', type: 'binary', bytes: new Uint8Array(1_000_000) })
    expect(bytes).toMatch(/^binary {2}(00 ){199}00… {2}\(1000000 bytes, --json has all\)$/)
  })
})
