// What hybi-04 to hybi-08 do alone: how a client's frames are masked, and what a close frame carries.
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../../shared/bytes/hex.ts'
import type { Dialect } from '../../../../shared/dialects/dialect.ts'
import { hybi04 } from '../../../../shared/dialects/hybi04.ts'
import { hybi05 } from '../../../../shared/dialects/hybi05.ts'
import { hybi06 } from '../../../../shared/dialects/hybi06.ts'
import { hybi07 } from '../../../../shared/dialects/hybi07.ts'
import { hybi08 } from '../../../../shared/dialects/hybi08.ts'
import type { Action } from '../../../../shared/endpoint/types.ts'
import {
  begun,
  doAct,
  give,
  latin1,
  openPair,
  overOf,
  type Pair,
  pairOf,
  pass,
  settle,
  takeSent,
  textMessage,
} from '../peers.ts'

/** The bytes that an end of an open connection sends for an action. */
function sentFor(pair: Pair, role: 'client' | 'server', action: Action): Uint8Array {
  doAct(pair[role], action)
  return takeSent(pair[role])
}

const hello: Action = { kind: 'sendText', text: 'Hello' }

/** A server that was given the client's request, changed. */
function askedWith(dialect: Dialect, change: (request: string) => string) {
  const { server } = pairOf(dialect)
  give(server, Buffer.from(change(latin1(begun(dialect, 'client').sent)), 'latin1'))
  return server
}

describe.each([hybi04, hybi05, hybi06, hybi07, hybi08])('$name', (dialect) => {
  it('masks the frames of the client, each in its own way, and none of the server', () => {
    const pair = openPair(dialect)
    const frames = [hello, hello].map((action) => toHex(sentFor(pair, 'client', action)))
    expect(frames[0]).toHaveLength(22)
    expect(frames[0]).not.toBe(frames[1])
    const text = dialect === hybi07 || dialect === hybi08 ? '81' : '84'
    expect(toHex(sentFor(pair, 'server', hello))).toBe(`${text}0548656c6c6f`)
  })

  it('names its version in the request, and a server refuses another one', () => {
    const { value } = dialect.handshake.version!
    expect(latin1(begun(dialect, 'client').sent)).toContain(`\r\nSec-WebSocket-Version: ${value}\r\n`)
    const server = askedWith(dialect, (request) => request.replace(`Version: ${value}`, 'Version: 99'))
    expect(server.faults[0]!.code).toBe('head.version')
    expect(overOf(server)).toEqual({ over: true, clean: false })
  })
})

describe('hybi-04', () => {
  it('has a nonce in the answer, without which its frames could not be masked', () => {
    const pair = pairOf(hybi04)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const answer = latin1(pair.server.sent)
    expect(answer).toMatch(/\r\nSec-WebSocket-Nonce: [A-Za-z0-9+/]{22}==\r\n/)
    give(pair.client, Buffer.from(answer.replace(/Sec-WebSocket-Nonce: .*\r\n/, ''), 'latin1'))
    expect(pair.client.faults.map(({ code }) => code)).toEqual(['head.server-nonce-missing'])
    expect(overOf(pair.client)).toEqual({ over: true, clean: false })
  })

  it('answers a close with the same body, whatever it is', () => {
    const pair = openPair(hybi04)
    doAct(pair.client, { kind: 'close', body: Uint8Array.of(7, 8, 9) })
    pass(pair.client, pair.server)
    expect(toHex(takeSent(pair.server))).toBe('8103070809')
  })
})

describe.each([hybi05, hybi06])('$name', (dialect) => {
  it('masks the whole frame, its header too, with the 4 bytes in front', () => {
    const frame = sentFor(openPair(dialect), 'client', hello)
    const plain = frame.subarray(4).map((byte, index) => byte ^ frame[index % 4]!)
    expect(toHex(plain)).toBe('840548656c6c6f')
  })
})

describe('hybi-05', () => {
  it.each([
    ['client', '43'],
    ['server', '53'],
  ] as const)('says in the first byte of a close that the %s began, and both frames say so', (role, letter) => {
    const pair = openPair(hybi05)
    doAct(pair[role], { kind: 'close' })
    const other = role === 'client' ? 'server' : 'client'
    pass(pair[role], pair[other])
    const fromServer = role === 'server' ? pair.server.sent : takeSent(pair.server)
    expect(toHex(fromServer.slice(-3))).toBe(`8101${letter}`)
  })

  it('wants the value of Connection to be Upgrade and nothing else, which hybi-06 does not', () => {
    const keptAlive = (request: string) => request.replace('Connection: Upgrade', 'Connection: keep-alive, Upgrade')
    expect(askedWith(hybi05, keptAlive).faults.map(({ code }) => code)).toEqual(['head.connection-value'])
    expect(askedWith(hybi06, keptAlive).state.name).toBe('OPEN')
  })
})

describe('hybi-06', () => {
  it('has a code and a reason in a close, and answers with the code', () => {
    const pair = openPair(hybi06)
    expect(toHex(sentFor(pair, 'server', { kind: 'close', code: 1001, reason: 'bye' }))).toBe('810503e9627965')
    const again = openPair(hybi06)
    doAct(again.client, { kind: 'close', code: 1001, reason: 'bye' })
    settle(again)
    expect(again.client.events.at(-1)).toMatchObject({ kind: 'close', clean: true, code: 1001 })
  })
})

describe.each([hybi07, hybi08])('$name', (dialect) => {
  it('has the header in clear, a bit that says masked, and only the payload under the mask', () => {
    const frame = sentFor(openPair(dialect), 'client', hello)
    expect(toHex(frame.subarray(0, 2))).toBe('8185')
    const plain = frame.subarray(6).map((byte, index) => byte ^ frame[2 + (index % 4)]!)
    expect(latin1(plain)).toBe('Hello')
  })
})

describe('hybi-08', () => {
  it.each(['Origin', 'Sec-WebSocket-Origin'])('takes the origin from a field called %s', (name) => {
    const named = (request: string) => request.replace(/\r\n(Sec-WebSocket-)?Origin: /, `\r\n${name}: `)
    expect(askedWith(hybi08, named).state.name).toBe('OPEN')
  })

  it('fails on text that is no UTF-8, which hybi-07 replaces', () => {
    const bad = Uint8Array.of(0x81, 0x01, 0xff)
    const strict = openPair(hybi08).client
    give(strict, bad)
    expect(strict.faults.map(({ code }) => code)).toEqual(['utf8.invalid'])
    const lenient = openPair(hybi07).client
    give(lenient, bad)
    expect(lenient.events).toContainEqual(textMessage('\ufffd'))
  })
})
