import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { encodeRaw, ping, text } from '../../../shared/conform/frames.ts'
import { requestFields, requestLine } from '../../../shared/conform/opening.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { act, createEndpoint, receiveMessage } from '../../../shared/endpoint/endpoint.ts'
import { defaultLimits } from '../../../shared/endpoint/limits.ts'
import type { EndpointEnv } from '../../../shared/endpoint/types.ts'
import { encodeHead } from '../../../shared/handshake/head.ts'

const env: EndpointEnv = {
  dialect: rfc6455,
  role: 'server',
  config: { url: 'ws://127.0.0.1:4502/', limits: defaultLimits },
  random: (count) => new Uint8Array(count),
}
const request = encodeHead(requestLine('/'), requestFields('127.0.0.1:4502', 'AAECAwQFBgcICQoLDA0ODw=='))
const frames = [ping('first'), text('one'), text('bad', { reserved: 1 })].map((frame, index) =>
  encodeRaw(frame, Uint8Array.of(1, 2, 3, index)),
)

describe('bytes with a message and more behind it', () => {
  it('are taken up to the end of the message, so that it is answered before what follows is judged', () => {
    const opened = receiveMessage(createEndpoint(env), concat(request, ...frames), env)
    expect(opened.step.events.map(({ kind }) => kind)).toEqual(['fault', 'open', 'ping', 'message'])
    expect(opened.rest).toEqual(frames[2])
    const answered = act(opened.step.state, { kind: 'sendText', text: 'one' }, env)
    if (!answered.ok) return expect.unreachable(answered.reason)
    const failed = receiveMessage(answered.step.state, opened.rest, env)
    expect(failed.step.events.map(({ kind }) => kind)).toEqual(['fault', 'close'])
    expect(failed.rest).toHaveLength(0)
  })
  it('come to the same wherever they are cut', () => {
    const all = concat(request, ...frames)
    for (let cut = 1; cut < all.length; cut++) {
      const kinds: string[] = []
      let state = createEndpoint(env)
      for (const piece of [all.subarray(0, cut), all.subarray(cut)]) {
        for (let left = piece; left.length > 0; ) {
          const { step, rest } = receiveMessage(state, left, env)
          state = step.state
          left = rest
          kinds.push(...step.events.map(({ kind }) => kind))
        }
      }
      // What comes in one read with the request came before the answer to it: the client did not wait.
      const early = cut === request.length ? [] : ['fault']
      expect(kinds).toEqual([...early, 'open', 'ping', 'message', 'fault', 'close'])
    }
  })
})
