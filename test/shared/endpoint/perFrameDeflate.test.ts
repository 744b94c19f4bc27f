// deflate-frame and x-webkit-deflate-frame as an onlooker judges them: each frame with RSV1 is deflated by itself.
import { describe, expect, it } from 'vitest'
import { dialects } from '../../../shared/dialects/registry.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import { createDeflater, deflate } from '../../../shared/extensions/deflate.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { doAct, pairOf, pass } from './peers.ts'

const deflating = dialects.filter(({ compression }) => compression === 'deflate')
const cases = deflating.flatMap((dialect) =>
  ['deflate-frame', 'x-webkit-deflate-frame'].map((extension) => ({ name: dialect.name, dialect, extension })),
)

describe.each(cases)('$extension in $name', ({ dialect, extension }) => {
  /** An observer of the client behind a handshake that agreed on the extension. */
  function observed(offer: string, answer: string) {
    const pair = pairOf(dialect)
    doAct(pair.client, { kind: 'open' })
    pass(pair.client, pair.server)
    const withField = (head: Uint8Array, value: string) =>
      new Uint8Array(
        Buffer.from(
          Buffer.from(head)
            .toString('latin1')
            .replace(/\r\n\r\n$/, `\r\nSec-WebSocket-Extensions: ${value}\r\n\r\n`),
        ),
      )
    const observer = createObserver(dialect, 'client')
    observeSent(observer, withField(pair.client.sent, offer))
    const { faults } = observeReceived(observer, withField(pair.server.sent, answer))
    expect(faults).toEqual([])
    expect(observer.state).toBe('OPEN')
    return observer
  }

  const bytes = (text: string) => new Uint8Array(Buffer.from(text))
  const frame = (opcode: 'text' | 'continuation', final: boolean, payload: Uint8Array, reserved = 4) =>
    encodeFrame({ dialect, opcode, final, payload, reserved })

  it('lets every data frame be deflated, with the window of the frames before, or plain', () => {
    const observer = observed(extension, extension)
    const first = deflate(createDeflater(15, true), bytes('again '))
    const second = deflate(first.deflater, bytes('again and again'))
    for (const one of [
      frame('text', false, first.bytes),
      frame('continuation', false, bytes('plain'), 0),
      frame('continuation', true, second.bytes),
    ]) {
      expect(observeReceived(observer, one).faults).toEqual([])
    }
  })

  it('judges text behind the inflating, and RSV1 on a control frame as ever', () => {
    const observer = observed(extension, extension)
    const bad = deflate(createDeflater(15, true), Uint8Array.of(0xff)).bytes
    expect(observeReceived(observer, frame('text', true, bad)).faults.map(({ code }) => code)).toEqual(['utf8.invalid'])
    expect(observeReceived(observer, Uint8Array.of(0xc9, 0)).faults.map(({ code }) => code)).toEqual([
      'frame.reserved-bits',
    ])
  })

  it('holds the server to what the request said of its window', () => {
    const observer = observed(`${extension}; no_context_takeover; max_window_bits=9`, extension)
    const first = deflate(createDeflater(15, true), bytes('again '))
    const second = deflate(first.deflater, bytes('again'))
    expect(observeReceived(observer, frame('text', true, first.bytes)).faults).toEqual([])
    const { faults } = observeReceived(observer, frame('text', true, second.bytes))
    expect(faults.map(({ code }) => code)).toEqual(['deflate.data'])
  })
})
