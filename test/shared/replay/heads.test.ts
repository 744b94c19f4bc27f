import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { dialectById, dialects } from '../../../shared/dialects/registry.ts'
import { requestHead, responseHead } from '../../../shared/endpoint/heads.ts'
import { readRequest } from '../../../shared/endpoint/requestFacts.ts'
import { parseHead } from '../../../shared/handshake/head.ts'
import { headDifference, headFacts } from '../../../shared/replay/headFacts.ts'
import { repeatHead } from '../../../shared/replay/heads.ts'
import { envOf } from '../endpoint/peers.ts'

const lines = (...all: readonly string[]) => encodeLatin1([...all, '', ''].join('\r\n'))
const text = (bytes: Uint8Array) => decodeLatin1(bytes).split('\r\n')
const rfc6455 = dialectById('rfc6455')

describe('a recorded head, repeated', () => {
  it('keeps lines and their order, and has the fresh Host and key in their places', () => {
    const recorded = lines(
      'GET /chat HTTP/1.1',
      'COOKIE:  a=1 ',
      'Sec-WebSocket-Key: old',
      'host: old.example',
      'no field at all',
      'Cookie: b=2',
    )
    const made = lines('GET / HTTP/1.1', 'Host: new.example', 'Sec-WebSocket-Key: new', 'Origin: http://new.example')
    expect(text(repeatHead(recorded, made, 'request', rfc6455))).toEqual([
      'GET /chat HTTP/1.1',
      'COOKIE:  a=1 ',
      'Sec-WebSocket-Key: new',
      'Host: new.example',
      'no field at all',
      'Cookie: b=2',
      '',
      '',
    ])
  })

  it('asks for another target when told to, and for nothing else', () => {
    const head = lines('GET /old HTTP/1.1', 'Host: a')
    expect(text(repeatHead(head, head, 'request', rfc6455, '/new?x=1'))).toEqual([
      'GET /new?x=1 HTTP/1.1',
      'Host: a',
      '',
      '',
    ])
  })

  it('answers with the extensions and the subprotocol of today, and leaves out those nobody asked for', () => {
    const recorded = lines(
      'HTTP/1.1 101 Fine',
      'Sec-WebSocket-Accept: old',
      'Sec-WebSocket-Protocol: chat',
      'Sec-WebSocket-Extensions: permessage-deflate',
      'Server: recorded',
    )
    const made = lines('HTTP/1.1 101 Switching Protocols', 'Sec-WebSocket-Accept: new', 'Sec-WebSocket-Protocol: chat')
    expect(text(repeatHead(recorded, made, 'response', rfc6455))).toEqual([
      'HTTP/1.1 101 Fine',
      'Sec-WebSocket-Accept: new',
      'Sec-WebSocket-Protocol: chat',
      'Server: recorded',
      '',
      '',
    ])
  })

  it.each(dialects)('of $id has all its challenge made anew, and is the made one but for that', (dialect) => {
    const request = (seed: number) => {
      const made = requestHead(envOf(dialect, 'client', {}, seed))
      if (!made.ok) throw new Error(made.error)
      return made.value
    }
    const response = (head: Uint8Array, seed: number) =>
      responseHead(envOf(dialect, 'server', {}, seed), readRequest(parseHead(head, 'request'), dialect))
    const [old, fresh] = [request(1), request(2)]
    const repeated = repeatHead(old, fresh, 'request', dialect)
    expect(text(repeated).sort()).toEqual(text(fresh).sort())
    const answers = [response(old, 3), response(fresh, 4)] as const
    expect(text(repeatHead(...answers, 'response', dialect))).toEqual(text(answers[1]))
  })
})

describe('what matters in a head', () => {
  const facts = (...all: readonly string[]) =>
    headFacts(lines(...all), all[0]!.startsWith('GET') ? 'request' : 'response', rfc6455)

  it('is no key, no date and no address', () => {
    const one = facts('GET / HTTP/1.1', 'Host: a:1', 'Origin: http://a:1', 'Sec-WebSocket-Key: x', 'Date: today')
    const other = facts('GET / HTTP/1.1', 'Host: b:2', 'Origin: http://b:2', 'Sec-WebSocket-Key: y')
    expect(headDifference(one, other)).toBeNull()
  })

  it.each([
    [['HTTP/1.1 101 X'], ['HTTP/1.1 404 X'], 'status 404, was 101'],
    [['HTTP/1.1 101 X', 'Sec-WebSocket-Protocol: a'], ['HTTP/1.1 101 Y'], 'subprotocol is not given, was a'],
    [['GET /a HTTP/1.1'], ['GET /b HTTP/1.1', 'Sec-WebSocket-Version: 8'], 'path /b, was /a; version 8, was not given'],
    [
      ['GET /a HTTP/1.1', 'Host: a', 'Origin: http://x'],
      ['GET /a HTTP/1.1', 'Host: a'],
      'origin is not given, was http://x',
    ],
    [
      ['HTTP/1.1 101 X', 'Sec-WebSocket-Extensions: a', 'Sec-WebSocket-Extensions: b'],
      ['HTTP/1.1 101 X', 'Sec-WebSocket-Extensions: a'],
      'extensions a, was a, b',
    ],
  ])('%j, then %j: %s', (recorded, replayed, says) => {
    expect(headDifference(facts(...recorded), facts(...replayed))).toBe(says)
  })
})
