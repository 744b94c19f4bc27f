import { describe, expect, it } from 'vitest'
import { roles } from '../../../../shared/bytes/lanes.ts'
import { hixie75 } from '../../../../shared/dialects/hixie75.ts'
import { doAct, give, openPair, other, overOf, pairOf, settle, textMessage } from '../peers.ts'

describe('hixie-75', () => {
  it('sends the request of the draft, line by line', () => {
    const { client } = pairOf(hixie75, { subprotocols: ['sample'], origin: 'HTTP://Example.com' })
    doAct(client, { kind: 'open' })
    const lines = [
      'GET /demo HTTP/1.1',
      'Upgrade: WebSocket',
      'Connection: Upgrade',
      'Host: example.com',
      'Origin: http://example.com',
      'WebSocket-Protocol: sample',
    ]
    expect(Buffer.from(client.sent).toString()).toBe(`${lines.join('\r\n')}\r\n\r\n`)
  })

  it('answers with the 85 bytes that are fixed, then origin and location', () => {
    const { server } = openPair(hixie75)
    const lines = [
      'HTTP/1.1 101 Web Socket Protocol Handshake',
      'Upgrade: WebSocket',
      'Connection: Upgrade',
      'WebSocket-Origin: http://example.com',
      'WebSocket-Location: ws://example.com/demo',
    ]
    expect(Buffer.from(server.sent).toString()).toBe(`${lines.join('\r\n')}\r\n\r\n`)
  })

  it.each(roles)('closes by ending the stream when the %s closes, which is clean between two frames', (role) => {
    const pair = openPair(hixie75)
    const before = pair[role].sent.length
    doAct(pair[role], { kind: 'close' })
    expect(pair[role].sent).toHaveLength(before)
    expect(overOf(pair[role])).toEqual({ over: true, clean: true })
    settle(pair)
    expect(overOf(other(pair, role))).toEqual({ over: true, clean: true })
    expect(other(pair, role).faults).toEqual([])
  })

  it('lets a client throw away what has no meaning, FF 00 included, and say nothing', () => {
    const pair = openPair(hixie75)
    give(pair.client, Uint8Array.of(1, 0x61, 0xff, 0x80, 2, 0x61, 0x62, 0xff, 0, 0, 0x6f, 0x6b, 0xff))
    expect(pair.client.events.slice(1)).toEqual([textMessage('ok')])
  })

  it('ends without a close frame when a rule is broken', () => {
    const pair = openPair(hixie75)
    const { length } = pair.server.sent
    give(pair.server, Uint8Array.of(5))
    expect(pair.server.faults.map(({ code }) => code)).toEqual(['frame.type'])
    expect(pair.server.sent).toHaveLength(length)
    expect(overOf(pair.server)).toEqual({ over: true, clean: false })
  })
})
