// Extensions that two ends agreed on and nobody here knows, as an onlooker judges them: what may have a meaning in one is
// held against nobody. An end of ours never offers one, and fails by what it does not know.
import { describe, expect, it } from 'vitest'
import { encodeLatin1 } from '../../../shared/bytes/ascii.ts'
import { concat } from '../../../shared/bytes/concat.ts'
import type { Dialect, LengthPrefixedDialect } from '../../../shared/dialects/dialect.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { describeUnit } from '../../../shared/endpoint/describe.ts'
import { emptyContext } from '../../../shared/endpoint/describeContext.ts'
import { createObserver, observeReceived, observeSent } from '../../../shared/endpoint/observer.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { findHeadEnd } from '../../../shared/handshake/head.ts'
import { fromHex } from '../vectors.ts'
import { doAct, envOf, give, pairOf, pass, peerOf } from './peers.ts'

const extensible = dialects.filter(
  (dialect): dialect is LengthPrefixedDialect =>
    dialect.framing === 'lengthPrefixed' && dialect.handshake.extensionsField !== null,
)

function withExtension(head: Uint8Array, extension: string): Uint8Array {
  const end = findHeadEnd(head) - 2
  const line = encodeLatin1(`Sec-WebSocket-Extensions: ${extension}\r\n`)
  return concat(head.subarray(0, end), line, head.subarray(end))
}

interface Heads {
  readonly offer: string
  /** Null: the server agrees on nothing. */
  readonly answer: string | null
}

/** The heads of a handshake that offers and agrees on the extension. */
function headsOf(dialect: Dialect, { offer, answer }: Heads) {
  const { client, server } = pairOf(dialect)
  doAct(client, { kind: 'open' })
  pass(client, server)
  return {
    request: withExtension(client.sent, offer),
    response: answer === null ? server.sent : withExtension(server.sent, answer),
  }
}

describe.each(extensible)('an extension nobody knows, agreed on in $id', (dialect) => {
  /** What is said of frames of the server, which an onlooker at the client sees. */
  function faultsOf(frames: Uint8Array, { offer, answer }: Heads = { offer: 'x-tags; v=1', answer: 'x-tags' }) {
    const observer = createObserver(dialect, 'client')
    const { request, response } = headsOf(dialect, { offer, answer })
    observeSent(observer, request)
    const { faults } = observeReceived(observer, response)
    return [...faults, ...observeReceived(observer, frames).faults].map(({ code }) => code)
  }

  const text = (reserved: number, payload: Uint8Array) =>
    encodeFrame({ dialect, opcode: 'text', final: true, payload, reserved })
  const notUtf8 = Uint8Array.of(0xff)

  it('may give a meaning to each reserved bit, in control frames too, and to opcodes', () => {
    const marked = [1, 2, 4, 7].map((reserved) => text(reserved, notUtf8))
    const ping = encodeFrame({ dialect, opcode: 'ping', final: true, payload: notUtf8, reserved: 2 })
    const unknown = fromHex(dialect.secondByteTopBit === 'mask' ? '8b00' : '8700')
    expect(faultsOf(concat(...marked, ping, unknown))).toEqual([])
  })

  it('is no excuse for anything else', () => {
    const wrong = text(0, notUtf8)
    const { client: rule } = dialect.invalidUtf8
    expect(faultsOf(wrong)).toEqual([rule === 'fail' ? 'utf8.invalid' : 'utf8.replaced'])
    expect(faultsOf(encodeFrame({ dialect, opcode: 'ping', final: false, payload: notUtf8 }))).toEqual([
      'control.fragmented',
    ])
  })

  it('means nothing where it was only offered', () => {
    expect(faultsOf(text(2, Uint8Array.of()), { offer: 'x-tags', answer: null })).toEqual(['frame.reserved-bits'])
  })

  it('is named where a bit is explained', () => {
    const bytes = text(2, Uint8Array.of())
    const context = { ...emptyContext, agreed: { ...emptyContext.agreed, foreign: 'x-tags' } }
    const unit = {
      dialect,
      lane: 'serverToClient',
      kind: 'frame',
      bytes,
      start: 0,
      end: bytes.length,
      context,
    } as const
    const says = JSON.stringify(describeUnit(unit).fields)
    expect(says).toContain('what it means only x-tags can say')
    expect(says).not.toContain('must be 0')
  })

  it('is not judged at all where it deflates the stream: there are no frames to be seen', () => {
    expect(faultsOf(fromHex('ca0048cdc9c90700'), { offer: 'deflate-stream', answer: 'deflate-stream' })).toEqual([])
  })

  it('fails an end of ours, whatever was written into its request', () => {
    const rewriteHead = (head: Uint8Array) => withExtension(head, 'x-tags')
    const client = peerOf({ ...envOf(dialect, 'client'), rewriteHead })
    const server = peerOf({ ...envOf(dialect, 'server'), rewriteHead })
    doAct(client, { kind: 'open' })
    pass(client, server)
    pass(server, client)
    expect([client.state.name, client.faults]).toEqual(['OPEN', []])
    give(client, text(2, Uint8Array.of()))
    expect(client.faults.map(({ code }) => code)).toEqual(['frame.reserved-bits'])
    expect(client.state.name).toBe('FAILED')
  })
})
