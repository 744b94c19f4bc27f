// The reference vectors of permessage-deflate, in every dialect that can agree on it.
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { seededRandom } from '../../../shared/bytes/random.ts'
import type { Dialect } from '../../../shared/dialects/dialect.ts'
import { dialects } from '../../../shared/dialects/registry.ts'
import { type EndpointState, receive } from '../../../shared/endpoint/endpoint.ts'
import type { EndpointEnv, EndpointEvent, Step } from '../../../shared/endpoint/types.ts'
import { parseExtensions } from '../../../shared/extensions/grammar.ts'
import {
  acceptOffer,
  agreedBy,
  type DeflateOptions,
  judgeAnswer,
} from '../../../shared/extensions/perMessageDeflate.ts'
import type { FaultCode } from '../../../shared/faults/catalogue.ts'
import type { Fault } from '../../../shared/faults/fault.ts'
import { encodeFrame } from '../../../shared/framing/encode.ts'
import { type DeflateVector, deflateVectors, fromHex } from '../vectors.ts'
import { doAct, envOf, openPair, pairOf, pass, textMessage } from './peers.ts'

const deflating = dialects.filter(({ compression }) => compression === 'deflate')

/** What the vectors call a rule, and the code it has here. */
const codes: Readonly<Record<string, FaultCode>> = {
  'window-bits-out-of-range': 'extension.offer-value',
  'window-bits-bad-syntax': 'extension.offer-value',
  'parameter-value-missing': 'extension.offer-value',
  'parameter-value-unexpected': 'extension.offer-value',
  'duplicate-parameter': 'extension.offer-repeated',
  'window-larger-than-offered': 'extension.answer-window',
  'unknown-parameter': 'extension.answer-unknown',
  'rsv1-on-non-first-fragment': 'frame.reserved-bits',
  'rsv1-on-control': 'frame.reserved-bits',
  'rsv-bit-set': 'frame.reserved-bits',
  'deflate-error': 'deflate.data',
  'invalid-utf8': 'utf8.invalid',
  'message-too-big': 'message.too-big',
}

interface Outcome {
  readonly faults: readonly Fault[]
  readonly events: readonly EndpointEvent[]
  readonly sent: readonly Uint8Array[]
  readonly state: EndpointState['name']
}

function fed(state: EndpointState, end: EndpointEnv, chunks: readonly Uint8Array[]): Outcome {
  const env = { ...end, random: seededRandom(1) } // each time the same masks
  const steps: Step<EndpointState>[] = []
  for (const chunk of chunks) steps.push(receive(steps.at(-1)?.state ?? state, chunk, env))
  return {
    faults: steps.flatMap(({ faults }) => [...faults]),
    events: steps.flatMap(({ events }) => [...events]),
    sent: steps.flatMap(({ send }) => [...send]),
    state: steps.at(-1)!.state.name,
  }
}

/** Whole, byte by byte, and split in two everywhere: all have to come to the same. */
function outcomeOf(state: EndpointState, env: EndpointEnv, bytes: Uint8Array): Outcome {
  const whole = fed(state, env, [bytes])
  expect(
    fed(
      state,
      env,
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    ),
  ).toEqual(whole)
  const splits = bytes.length < 200 ? bytes.length : 0
  for (let at = 1; at < splits; at++) {
    expect(fed(state, env, [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole)
  }
  return whole
}

/** An open end that agreed on what the vector says. */
function openEnd(dialect: Dialect, role: 'client' | 'server', { context }: DeflateVector) {
  const compress: DeflateOptions = {
    ...(context?.extension?.includes('server_no_context_takeover') && { serverNoContextTakeover: true }),
  }
  const config = context?.extension === 'none negotiated' ? {} : { compress }
  const pair = openPair(dialect, { ...config, limits: { head: 16384, message: 1_000_000 } })
  return pair[role]
}

/** A server as it answers a request with this offer. */
function answerTo(dialect: Dialect, offer: string) {
  const pair = pairOf(dialect, {}, { compress: {} })
  doAct(pair.client, { kind: 'open' })
  const request = Buffer.from(pair.client.sent).toString('latin1')
  const withOffer = request.replace('\r\n\r\n', `\r\nSec-WebSocket-Extensions: ${offer}\r\n\r\n`)
  return outcomeOf(pair.server.state, pair.server.env, new Uint8Array(Buffer.from(withOffer)))
}

/** A client that offered this, as it takes the answer. */
function taken(dialect: Dialect, offer: string, response: string) {
  const options = must(parseExtensions(offer))[0]!.parameters
  const bits = options.find(({ name }) => name === 'server_max_window_bits')?.value
  const compress: DeflateOptions = bits ? { serverMaxWindowBits: Number(bits) } : {}
  const pair = pairOf(dialect, { compress }, {})
  doAct(pair.client, { kind: 'open' })
  pass(pair.client, pair.server)
  const head = Buffer.from(pair.server.sent).toString('latin1')
  const answer = head.replace('\r\n\r\n', `\r\nSec-WebSocket-Extensions: ${response}\r\n\r\n`)
  return outcomeOf(pair.client.state, pair.client.env, new Uint8Array(Buffer.from(answer)))
}

function must<T>(value: T | null): T {
  if (value === null) throw new Error('not to be read')
  return value
}

const named = (prefix: string) => deflateVectors.filter(({ id }) => id.includes(`/${prefix}`))
const extensionsOf = (text: string) => must(parseExtensions(text))

describe.each(deflating.map((dialect) => ({ name: dialect.name, dialect })))(
  'permessage-deflate in $name',
  ({ dialect }) => {
    it.each(named('fr-'))('$id is its message, however it is cut', (vector) => {
      const end = openEnd(dialect, vector.direction === 'c2s' ? 'server' : 'client', vector)
      const { events, faults } = outcomeOf(end.state, end.env, fromHex(vector.hex))
      expect(faults).toEqual([])
      expect(events).toEqual([textMessage(vector.decoded!.message!)])
    })

    it.each(named('inv-').filter(({ hex }) => hex !== ''))('$id breaks its rule', (vector) => {
      const end = openEnd(dialect, vector.receiver!, vector)
      const { faults, sent, state } = outcomeOf(end.state, end.env, fromHex(vector.hex))
      expect(faults.map(({ code }) => code)).toEqual([codes[vector.expected!.rule]])
      expect(state).toBe('FAILED')
      const close = sent.at(-1)!
      const key = close.subarray(2, 6)
      expect(((close[6]! ^ key[0]!) << 8) | (close[7]! ^ key[1]!)).toBe(vector.expected!.closeCode)
    })

    it('permessage-deflate/inv-decompression-bomb fails early', () => {
      const vector = named('inv-decompression-bomb')[0]!
      const bomb = deflateRawSync(Buffer.alloc(vector.recipe!.inflatedLength), { finishFlush: constants.Z_SYNC_FLUSH })
      const payload = new Uint8Array(bomb.subarray(0, bomb.length - 4))
      const frame = encodeFrame({ dialect, opcode: 'text', final: true, reserved: 4, payload })
      const end = openEnd(dialect, 'client', vector)
      const { faults } = fed(end.state, end.env, [frame])
      expect(faults.map(({ code }) => code)).toEqual(['message.too-big'])
      const [{ span }] = faults as [Fault]
      expect(span.end - end.state.receiver.position).toBeLessThan(frame.length / 5)
      expect(fed(end.state, end.env, [frame.subarray(0, span.end - end.state.receiver.position)]).faults).toEqual(
        faults,
      )
    })

    it.each(named('inv-ext').filter(({ receiver }) => receiver === 'server'))(
      '$id is declined, and why is told',
      (vector) => {
        const { faults, sent, state } = answerTo(dialect, vector.offer!)
        expect(faults.map(({ code }) => code)).toEqual([codes[vector.expected!.rule]])
        expect(Buffer.from(concat(...sent)).toString()).not.toContain('Extensions')
        expect(state).toBe('OPEN')
      },
    )

    it.each(named('inv-ext').filter(({ receiver }) => receiver === 'client'))('$id fails the client', (vector) => {
      const { faults, state } = taken(dialect, vector.offer!, vector.response!)
      expect(faults.map(({ code }) => code)).toEqual([codes[vector.expected!.rule]])
      expect(state).toBe('FAILED')
    })
  },
)

describe('negotiation', () => {
  it.each(named('hs-').filter(({ response }) => response))(
    '$id: a client takes the answer as it is meant',
    (vector) => {
      const [answer] = extensionsOf(vector.response!)
      const { decoded } = vector
      expect(judgeAnswer(answer!, extensionsOf(vector.offer!))).toEqual([])
      const { clientToServer, serverToClient } = agreedBy(answer!).lanes
      if (decoded?.serverMaxWindowBits) expect(serverToClient.windowBits).toBe(decoded.serverMaxWindowBits)
      if (decoded?.clientMaxWindowBits) expect(clientToServer.windowBits).toBe(decoded.clientMaxWindowBits)
      if (decoded?.contextTakeover) {
        expect({ server: serverToClient.contextTakeover, client: clientToServer.contextTakeover }).toEqual(
          decoded.contextTakeover,
        )
      }
    },
  )

  it.each([
    ['hs-plain', {}],
    ['hs-client-window-hint', { clientMaxWindowBits: 10 }],
    ['hs-server-window', {}],
    ['hs-server-volunteers-no-takeover', { serverNoContextTakeover: true, clientNoContextTakeover: true }],
  ] satisfies readonly [string, DeflateOptions][])('%s: a server answers so', (id, options) => {
    const [vector] = named(id)
    expect(acceptOffer(extensionsOf(vector!.offer!), options)?.answer).toBe(vector!.response)
  })

  it('hs-fallback-offers: a bad offer is passed over, and the next one taken', () => {
    const offers = extensionsOf('permessage-deflate; server_max_window_bits=7, x-a, permessage-deflate')
    expect(acceptOffer(offers, {})).toEqual({ offer: 2, answer: 'permessage-deflate' })
  })

  it('hs-declined: a window of 8 bits is more than a server promises', () => {
    expect(acceptOffer(extensionsOf(named('hs-declined')[0]!.offer!), {})).toBeNull()
  })

  it('is not begun without being asked for, nor in a dialect without it', () => {
    for (const dialect of dialects) {
      const plain = pairOf(dialect)
      doAct(plain.client, { kind: 'open' })
      expect(Buffer.from(plain.client.sent).toString('latin1')).not.toContain('deflate')
    }
    expect(envOf(deflating[0]!, 'client').config.compress).toBeUndefined()
  })
})
