import { describe, expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import { hello00 } from '../../../../shared/dialects/hello00.ts'
import { doAct, envOf, give, kinds, openPair, overOf, pairOf, pass, peerOf, settle, textMessage } from '../peers.ts'

describe('Upgrade+Hello', () => {
  it('sends the request of the draft, field by field', () => {
    const { client } = pairOf(hello00, { subprotocols: ['sample'] })
    doAct(client, { kind: 'open' })
    expect(Buffer.from(client.sent).toString()).toMatch(
      new RegExp(
        [
          '^GET /demo HTTP/1.1',
          'Host: example.com',
          'Connection: Upgrade',
          'Sec-WebSocket-Nonce: [0-9A-F]{16}',
          'Sec-WebSocket-Protocol: sample',
          'Upgrade: WebSocket',
          'Origin: http://example.com',
          'Sec-WebSocket-Draft: 3\r\n\r\n$',
        ].join('\r\n'),
      ),
    )
  })

  it('makes up an origin when none is given, because the response has to repeat one', () => {
    const config = { url: 'ws://example.com:4502/demo' }
    const client = peerOf({
      ...envOf(hello00, 'client'),
      config: { ...config, limits: envOf(hello00, 'client').config.limits },
    })
    doAct(client, { kind: 'open' })
    expect(Buffer.from(client.sent).toString()).toContain('\r\nOrigin: http://example.com:4502\r\n')
  })

  it('lets the server send before the client has proved itself, but tells its application nothing', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    expect(pair.server.state.name).toBe('AWAITING_CLIENT_HELLO')
    doAct(pair.server, { kind: 'sendText', text: 'early' })
    pass(pair.server, pair.client)
    expect(kinds(pair.client)).toEqual(['open', 'message'])
    expect(kinds(pair.server)).toEqual([])
    pass(pair.client, pair.server)
    expect(kinds(pair.server)).toEqual(['open'])
  })

  it('lets the server close before that, and then nothing is reported open', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    doAct(pair.server, { kind: 'close' })
    settle(pair)
    expect(kinds(pair.server)).toEqual(['close'])
    expect(overOf(pair.server)).toEqual({ over: true, clean: true })
    expect(overOf(pair.client)).toEqual({ over: true, clean: true })
  })

  it('answers each of two crossing closes with its own body', () => {
    const pair = openPair(hello00)
    doAct(pair.client, { kind: 'close', body: Uint8Array.of(1) })
    doAct(pair.server, { kind: 'close', body: Uint8Array.of(2) })
    pass(pair.client, pair.server)
    expect(toHex(pair.server.sent.slice(pair.server.taken))).toBe('810102810101')
    expect(pair.server.transitions.slice(-2).map(({ to }) => to)).toEqual(['CLOSE_CROSSED', 'CLOSE_SENT'])
    settle(pair)
    expect(overOf(pair.server)).toEqual({ over: true, clean: true })
  })

  it('closes TCP without an answer when it refuses a request', () => {
    const { server } = pairOf(hello00)
    give(server, Buffer.from('GET /demo HTTP/1.1\r\n\r\n'))
    expect(server.sent).toHaveLength(0)
    expect(overOf(server)).toEqual({ over: true, clean: false })
  })

  it('sends an empty close frame when a rule is broken while it is open', () => {
    const pair = openPair(hello00)
    give(pair.server, Uint8Array.of(0x86, 0))
    expect(toHex(pair.server.sent.slice(-2))).toBe('8100')
    expect(overOf(pair.server)).toEqual({ over: true, clean: false })
  })

  it('is not opened by a server that speaks none of the subprotocols asked for', () => {
    const pair = pairOf(hello00, { subprotocols: ['a', 'b'] }, { subprotocols: ['c'] })
    doAct(pair.client, { kind: 'open' })
    settle(pair)
    expect(pair.server.sent).toHaveLength(0)
    expect(pair.server.faults).toMatchObject([{ code: 'head.subprotocol-unsupported', found: 'a b' }])
    expect(overOf(pair.server)).toEqual({ over: true, clean: false })
    expect(overOf(pair.client)).toEqual({ over: true, clean: false })
  })

  it('drops a client whose digest is wrong, without a close frame', () => {
    const pair = pairOf(hello00)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const { length } = pair.server.sent
    give(pair.server, Uint8Array.of(0x8f, 0x10, ...new Uint8Array(16)))
    expect(pair.server.sent).toHaveLength(length)
    expect(pair.server.faults.map(({ code }) => code)).toEqual(['hello.digest'])
    expect(overOf(pair.server)).toEqual({ over: true, clean: false })
  })

  it('delivers text that is not UTF-8 with U+FFFD, and warns once', () => {
    const pair = openPair(hello00)
    give(pair.server, Uint8Array.of(0x84, 4, 0x61, 0xff, 0xfe, 0x62))
    expect(pair.server.events.slice(1)).toMatchObject([
      { kind: 'fault', fault: { code: 'utf8.replaced' } },
      textMessage('a\ufffd\ufffdb'),
    ])
    expect(pair.server.state.name).toBe('OPEN')
  })
})
