import { describe, expect, it } from 'vitest'
import { checkEnvelope, checkRequest, mostBytes, mostQuestions, mostRows } from '../../../shared/ipc/schemas.ts'
import { decodeWire, encodeWire, type WireReply } from '../../../shared/ipc/wire.ts'

describe('the contract over a WebSocket', () => {
  it('carries bytes and infinity, however deep, and everything else as it is', () => {
    const reply: WireReply = {
      id: 3,
      result: {
        ok: true,
        value: {
          rows: [{ bytes: Uint8Array.of(0, 255, 128), speed: Number.POSITIVE_INFINITY }],
          none: null,
          text: 'é\u0000',
        },
      },
    }
    expect(decodeWire(encodeWire(reply))).toEqual({ ok: true, value: reply })
  })
  it('carries no bytes as no bytes', () => {
    expect(decodeWire(encodeWire({ id: 0, method: 'app', payload: new Uint8Array() }))).toEqual({
      ok: true,
      value: { id: 0, method: 'app', payload: new Uint8Array() },
    })
  })
  it.each(['', '{', '{"id":1,"payload":{"$bytes":"*"}}'])('says in a sentence that %j is not readable', (text) => {
    expect(decodeWire(text)).toEqual({ ok: false, error: expect.stringMatching(/^The message is not readable: .+\.$/) })
  })
})

describe('a request', () => {
  it('is taken when its payload has the shape of its method', () => {
    const payload = { run: 1, lane: 'clientToServer', from: 0, count: 16 }
    expect(checkRequest('bytes', payload)).toEqual({ ok: true, value: { method: 'bytes', payload } })
    expect(checkRequest('settings', { theme: 'dark' }).ok).toBe(true)
    expect(checkRequest('settings', { layout: { main: [30, 40, 30] } }).ok).toBe(true)
  })
  it.each([
    ['erase', {}, 'There is no request "erase".'],
    ['__proto__', {}, 'There is no request "__proto__".'],
    [undefined, {}, 'There is no request without a name.'],
    ['command', {}, /^The request command is not as agreed at line: /],
    ['command', { line: 'run', more: 1 }, /^The request command is not as agreed: /],
    ['rows', { run: 1, from: -1, count: 1 }, /at from: /],
    ['rows', { run: 1, from: 0, count: mostRows + 1 }, /at count: /],
    ['bytes', { run: 1, lane: 'clientToServer', from: 0, count: mostBytes + 1 }, /at count: /],
    ['bytes', { run: 1, lane: 'up', from: 0, count: 1 }, /at lane: /],
    ['unit', { run: 1, lane: 'clientToServer', offset: 1.5 }, /at offset: /],
    ['together', { questions: [{ method: 7, payload: {} }] }, /at questions\.0\.method: /],
    ['together', { questions: Array(mostQuestions + 1).fill({ method: 'app', payload: {} }) }, /at questions: /],
    ['settings', { theme: 'pink' }, /at theme: /],
    ['settings', { layout: { main: ['wide'] } }, /at layout\.main\.0: /],
    ['app', null, /^The request app is not as agreed: /],
  ])('%s with %j is refused', (method, payload, error) => {
    expect(checkRequest(method, payload)).toEqual({ ok: false, error: expect.stringMatching(error) })
  })
  it('has to be in an envelope with a number', () => {
    expect(checkEnvelope({ id: 1, method: 'app', payload: {} }).ok).toBe(true)
    expect(checkEnvelope({ method: 'app', payload: {} })).toEqual({
      ok: false,
      error: 'A message of the window is not a request.',
    })
  })
})
