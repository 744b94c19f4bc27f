import { describe, expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import { hixie76 } from '../../../../shared/dialects/hixie76.ts'
import { doAct, envOf, give, kinds, openPair, overOf, pairOf, pass, peerOf, settle, textMessage } from '../peers.ts'

describe('hixie-76', () => {
  const requestOf = (seed: number) => {
    const peer = peerOf(envOf(hixie76, 'client', { subprotocols: ['sample'] }, seed))
    doAct(peer, { kind: 'open' })
    return Buffer.from(peer.sent).toString('latin1')
  }

  it('sends its fields in an order of chance, and two keys and 8 bytes of chance', () => {
    const requests = Array.from({ length: 20 }, (_, seed) => requestOf(seed))
    const orders = requests.map((text) => [...text.matchAll(/^([A-Za-z0-9-]+):/gm)].map(([, name]) => name))
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(15)
    for (const order of orders) {
      expect([...order].sort()).toEqual([
        'Connection',
        'Host',
        'Origin',
        'Sec-WebSocket-Key1',
        'Sec-WebSocket-Key2',
        'Sec-WebSocket-Protocol',
        'Upgrade',
      ])
    }
    for (const text of requests) expect(text).toMatch(/^GET \/demo HTTP\/1\.1\r\n.*\r\n\r\n.{8}$/s)
    expect(requestOf(3)).toBe(requestOf(3))
  })

  it('answers before the 8 bytes are in, and proves itself behind them', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    const head = pair.client.sent.length - 8
    pass(pair.client, pair.server, head)
    expect(pair.server.state.name).toBe('AWAITING_KEY3')
    const { length } = pair.server.sent
    expect(Buffer.from(pair.server.sent).toString()).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\n$/s)
    pass(pair.client, pair.server, 7)
    expect(pair.server.sent).toHaveLength(length)
    pass(pair.client, pair.server)
    expect(pair.server.sent).toHaveLength(length + 16)
    expect(kinds(pair.server)).toEqual(['open'])
    expect(kinds(pair.client)).toEqual([])
    settle(pair)
    expect(kinds(pair.client)).toEqual(['open'])
  })

  it('takes what is behind the 8 bytes in the same read for frames', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    give(pair.server, Uint8Array.of(...pair.client.sent, 0, 0x68, 0x69, 0xff))
    expect(kinds(pair.server)).toEqual(['fault', 'open', 'message'])
    const end = pair.client.sent.length
    expect(pair.server.faults).toMatchObject([{ code: 'head.data-before-answer', span: { start: end, end: end + 4 } }])
  })

  it('drops a server whose proof is wrong', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const proof = pair.server.sent.slice()
    proof[proof.length - 1]! ^= 1
    give(pair.client, proof)
    expect(pair.client.faults.map(({ code }) => code)).toEqual(['challenge.proof'])
    expect(overOf(pair.client)).toEqual({ over: true, clean: false })
  })

  it('reports a type without a meaning to the client’s application, and reads on', () => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.of(0xff, 2, 0x61, 0x62, 0, 0x6f, 0x6b, 0xff))
    expect(pair.client.events.slice(1)).toMatchObject([
      { kind: 'fault', fault: { code: 'frame.type-discarded', found: 'type FF with 2 bytes, so no close' } },
      textMessage('ok'),
    ])
    expect(pair.client.state.name).toBe('OPEN')
  })

  it('ignores what follows FF 00, in the same read and later', () => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.of(0xff, 0, 0, 0x61, 0xff, 1, 0xff, 0xff, 0))
    expect(kinds(pair.client)).toEqual(['open', 'fault'])
    expect(pair.client.faults.map(({ code }) => code)).toEqual(['close.data-after'])
    expect(pair.client.state.name).toBe('CLOSE_DONE')
    expect(toHex(pair.client.sent.slice(-2))).toBe('ff00')
  })

  it('stops a text that passes the limit before it ends', () => {
    const pair = openPair(hixie76, { limits: { head: 16384, message: 10 } })
    give(pair.client, Uint8Array.of(0, ...new Uint8Array(10).fill(0x61)))
    expect(pair.client.faults).toEqual([])
    give(pair.client, Uint8Array.of(0x61))
    expect(pair.client.faults).toMatchObject([{ code: 'message.too-big', found: 'more than 10 bytes' }])
    expect(overOf(pair.client)).toEqual({ over: true, clean: false })
  })

  it('is not opened when the subprotocol asked for is none that the server speaks', () => {
    const pair = pairOf(hixie76, { subprotocols: ['a b'] }, { subprotocols: ['c'] })
    doAct(pair.client, { kind: 'open' })
    settle(pair)
    expect(pair.server.sent).toHaveLength(0)
    expect(pair.server.faults).toMatchObject([{ code: 'head.subprotocol-unsupported', found: 'a b' }])
  })
})

describe('what other ends of hixie-76 got wrong', () => {
  const got = (...bytes: number[]) => {
    const pair = openPair(hixie76)
    give(pair.client, Uint8Array.from(bytes))
    return pair.client
  }
  const open = { kind: 'open', resource: '/demo' }

  it('00 FF, which some sent to close, is an empty message', () => {
    const client = got(0x00, 0xff)
    expect(client.events).toEqual([open, textMessage('')])
    expect(client.state.name).toBe('OPEN')
  })

  it('a close is one behind a text in the same read too', () => {
    const client = got(0x00, 0x61, 0xff, 0xff, 0x00)
    expect(kinds(client)).toEqual(['open', 'message'])
    expect(client.state.name).toBe('CLOSE_DONE')
  })

  it('a close is answered without waiting for another byte', () => {
    expect(toHex(got(0xff, 0x00).sent.slice(-2))).toBe('ff00')
  })

  it('a length with a zero among its digits is read to its last digit', () => {
    const client = got(0x80, 0x81, 0x00, ...new Array<number>(128).fill(0x2e), 0x00, 0x6f, 0x6b, 0xff)
    expect(client.events.at(-1)).toEqual(textMessage('ok'))
  })

  it('U+FFFD in a text, as it is or for bytes that are no UTF-8, does not end it', () => {
    expect(got(0x00, 0xef, 0xbf, 0xbd, 0x61, 0xff).events.at(-1)).toEqual(textMessage('\ufffda'))
    expect(got(0x00, 0xc3, 0x28, 0x61, 0xff).events.at(-1)).toEqual(textMessage('\ufffd(a'))
  })

  it('the data of a type without a meaning is not delivered', () => {
    expect(kinds(got(0x01, 0x61, 0xff, 0x80, 0x01, 0x61))).toEqual(['open', 'fault', 'fault'])
  })

  it('a location is wss:// where the client asked over TLS', () => {
    const pair = openPair(hixie76, { url: 'wss://example.com/demo' })
    expect(Buffer.from(pair.server.sent).toString('latin1')).toContain('Sec-WebSocket-Location: wss://example.com/demo')
    expect(pair.client.state.name).toBe('OPEN')
  })
})
