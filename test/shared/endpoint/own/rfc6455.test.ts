import { describe, expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import { rfc6455 } from '../../../../shared/dialects/rfc6455.ts'
import { act } from '../../../../shared/endpoint/endpoint.ts'
import { doAct, give, kinds, openPair, overOf, pairOf, pass, settle } from '../peers.ts'

describe('RFC 6455', () => {
  it('masks every frame of the client with a key of its own, and none of the server', () => {
    const { client, server } = openPair(rfc6455)
    const at = client.sent.length
    doAct(client, { kind: 'sendText', text: 'a' })
    doAct(client, { kind: 'sendText', text: 'a' })
    const frames = client.sent.slice(at)
    expect(frames[1]).toBe(0x81)
    expect(toHex(frames.slice(2, 6))).not.toBe(toHex(frames.slice(9, 13)))
    const from = server.sent.length
    doAct(server, { kind: 'sendText', text: 'a' })
    expect(toHex(server.sent.slice(from))).toBe('810161')
  })

  it('reports the code and reason of the close frame that was received', () => {
    const pair = openPair(rfc6455)
    doAct(pair.client, { kind: 'close', code: 3001, reason: 'grüß' })
    settle(pair)
    for (const peer of [pair.client, pair.server]) {
      expect(peer.events.at(-1)).toEqual({ kind: 'close', clean: true, code: 3001, reason: 'grüß' })
    }
  })

  it('reports 1005 for an empty close frame and 1006 when there was none', () => {
    const empty = openPair(rfc6455)
    doAct(empty.client, { kind: 'close' })
    settle(empty)
    expect(empty.server.events.at(-1)).toEqual({ kind: 'close', clean: true, code: 1005, reason: '' })
    const without = openPair(rfc6455)
    doAct(without.client, { kind: 'end' })
    settle(without)
    expect(without.server.events.at(-1)).toEqual({ kind: 'close', clean: false, code: 1006 })
  })

  it('tells the peer what was wrong in its close frame', () => {
    const pair = openPair(rfc6455)
    give(pair.client, Uint8Array.of(0x83, 0))
    settle(pair)
    expect(pair.server.events.at(-1)).toEqual({
      kind: 'close',
      clean: true,
      code: 1002,
      reason: 'The opcode is reserved.',
    })
  })

  it('opens without a subprotocol when the server speaks none of those asked for', () => {
    const { client, server } = openPair(rfc6455, { subprotocols: ['a'] }, { subprotocols: ['b'] })
    expect(client.events).toEqual([{ kind: 'open', resource: '/demo' }])
    expect(server.faults).toEqual([])
  })

  it('fails by way of its close frame, and is not closed cleanly', () => {
    const { client } = openPair(rfc6455)
    give(client, Uint8Array.of(0x83, 0))
    expect(client.transitions.slice(-2).map(({ trigger, to }) => [trigger, to])).toEqual([
      ['sendClose', 'CLOSE_SENT'],
      ['fault', 'FAILED'],
    ])
    expect(overOf(client)).toEqual({ over: true, clean: false })
  })

  it('takes lists that are spread over several fields', () => {
    const { server } = pairOf(rfc6455)
    const lines = [
      'GET /chat HTTP/1.1',
      'Host: server.example.com',
      'Upgrade: h2c',
      'Upgrade: websocket',
      'Connection: keep-alive',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ]
    give(server, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
    expect(server.faults).toEqual([])
    expect(server.state.name).toBe('OPEN')
  })

  it('refuses a request with an HTTP error, which the client reports as such', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, Buffer.from(Buffer.from(pair.client.sent).toString().replace('Version: 13', 'Version: 7')))
    pair.client.taken = pair.client.sent.length
    pass(pair.server, pair.client)
    expect(Buffer.from(pair.server.sent).toString()).toMatch(
      /^HTTP\/1\.1 426 Upgrade Required\r\n.*Sec-WebSocket-Version: 13\r\nConnection: Upgrade, close\r\n/s,
    )
    expect(pair.client.faults).toMatchObject([
      { code: 'head.status', found: '426 Upgrade Required, Sec-WebSocket-Version: 13' },
    ])
    expect(pair.client.transitions.at(-1)).toMatchObject({ trigger: 'receiveRefusal', to: 'FAILED' })
  })

  it('accepts an absolute URI and field names in any case', () => {
    const { server } = pairOf(rfc6455)
    const lines = [
      'GET http://server.example.com/chat HTTP/1.1',
      'hOsT: server.example.com',
      'UPGRADE: h2c, WebSocket',
      'connection: keep-alive, UPGRADE',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'SEC-WEBSOCKET-VERSION: 13',
    ]
    give(server, Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
    expect(server.events).toEqual([{ kind: 'open', resource: '/chat' }])
    expect(Buffer.from(server.sent).toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  })

  it('keeps frames that came in the same read as the handshake', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    doAct(pair.server, { kind: 'sendText', text: 'hi' })
    pass(pair.server, pair.client)
    expect(kinds(pair.client)).toEqual(['open', 'message'])
  })

  it('does not wait for a message that is longer than the limit', () => {
    const pair = openPair(rfc6455, { limits: { head: 16384, message: 10 } })
    give(pair.client, Uint8Array.of(0x01, 6, 1, 2, 3, 4, 5, 6, 0x80, 5))
    expect(pair.client.faults).toMatchObject([{ code: 'message.too-big', found: '11 bytes, limit 10' }])
    settle(pair)
    expect(pair.server.events.at(-1)).toMatchObject({ code: 1009 })
  })

  it('acts on the value it is given and leaves that as it is', () => {
    const { client } = pairOf(rfc6455)
    expect(act(client.state, { kind: 'open' }, client.env).ok).toBe(true)
    expect(client.state.name).toBe('IDLE')
  })
})
