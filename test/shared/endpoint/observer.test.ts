import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { nothingGathered } from '../../../shared/bytes/gathered.ts'
import type { Role } from '../../../shared/bytes/lanes.ts'
import { hello00 } from '../../../shared/dialects/hello00.ts'
import { hixie76 } from '../../../shared/dialects/hixie76.ts'
import { rfc6455 } from '../../../shared/dialects/rfc6455.ts'
import { act } from '../../../shared/endpoint/endpoint.ts'
import {
  copyObserver,
  createObserver,
  type Observation,
  type Observer,
  observeReceived,
  observeReceivedEnd,
  observeSent,
  observeSentEnd,
  statesOfGivingUp,
} from '../../../shared/endpoint/observer.ts'
import type { Transition } from '../../../shared/endpoint/types.ts'
import { baseConfig, doAct, eachDialect, give, giveEnd, openPair, type Pair, type Peer, pairOf, pass } from './peers.ts'
import { type Move, moves, sometimesFlipped, unchanged } from './randomRuns.ts'

/** A pair with an observer at each end; whatever an end does is shown to its observer at once, and compared. */
interface Watched {
  readonly pair: Pair
  readonly observers: Readonly<Record<Role, Observer>>
  readonly seen: Record<Role, Omit<Transition, 'at'>[]>
}

function watched(pair: Pair): Watched {
  const { dialect } = pair.client.env
  const observer = (role: Role) => createObserver(dialect, role, { url: baseConfig.url })
  return {
    pair,
    observers: { client: observer('client'), server: observer('server') },
    seen: { client: [], server: [] },
  }
}

function note({ seen, observers }: Watched, role: Role, { transitions }: Observation): void {
  seen[role].push(...transitions.map(({ at: _, ...transition }) => transition))
  expect(observers[role].role).toBe(role)
}

const watcherOf = (all: Watched, role: Role) => (what: { sent?: Uint8Array; sentEnd?: boolean }) => {
  if (what.sent) note(all, role, observeSent(all.observers[role], what.sent))
  if (what.sentEnd) note(all, role, observeSentEnd(all.observers[role]))
}

/** Nobody sees a deadline pass: what is seen is that the stream ended. */
function asSeen({ from, to, trigger, cause }: Transition) {
  return { from, to, trigger: trigger === 'timeout' ? 'sendEnd' : trigger, cause }
}

function agree(all: Watched, role: Role): void {
  const { pair, observers, seen } = all
  expect(observers[role].state).toBe(pair[role].state.name)
  // When close frames cross, an onlooker sees two arrive in one chunk before the answer between them goes out.
  if (seen[role].some(({ to }) => to === 'CLOSE_CROSSED')) return
  expect(seen[role].map(asSeen)).toEqual(pair[role].transitions.map(asSeen))
}

function play(all: Watched, move: Move): void {
  const { pair } = all
  if (move.kind === 'act') {
    if (act(pair[move.role].state, move.action, pair[move.role].env).ok) {
      doAct(pair[move.role], move.action, watcherOf(all, move.role))
    }
    agree(all, move.role)
    return
  }
  const to = pair[move.to]
  const from: Peer = move.to === 'client' ? pair.server : pair.client
  const bytes = from.sent.slice(from.taken, from.taken + move.count)
  if (bytes.length > 0) {
    from.taken += bytes.length
    if (move.flip !== null) bytes[move.flip % bytes.length]! ^= 1 << (move.flip & 7)
    note(all, move.to, observeReceived(all.observers[move.to], bytes))
    give(to, bytes, watcherOf(all, move.to))
  } else if (from.ended && !from.endTaken) {
    from.endTaken = true
    note(all, move.to, observeReceivedEnd(all.observers[move.to]))
    giveEnd(to, watcherOf(all, move.to))
  }
  agree(all, move.to)
}

describe.each(eachDialect)('an observer of $name', ({ dialect }) => {
  it('is in the state of the end it watches, whatever the ends do and however the bytes are cut', () => {
    fc.assert(
      fc.property(moves(unchanged), (all) => {
        const run = watched(pairOf(dialect))
        play(run, { kind: 'act', role: 'client', action: { kind: 'open' } })
        for (const move of all) play(run, move)
      }),
      { numRuns: 300 },
    )
  })

  it('is in the state of the end it watches when bytes are changed on the way', () => {
    fc.assert(
      fc.property(moves(sometimesFlipped), (all) => {
        const run = watched(pairOf(dialect))
        play(run, { kind: 'act', role: 'client', action: { kind: 'open' } })
        for (const move of all) play(run, move)
      }),
      { numRuns: 300 },
    )
  })

  it('tells after which byte the state changed, however the bytes are cut', () => {
    const { client, server } = recorded(dialect)
    const whole = history(dialect, client, server, Number.POSITIVE_INFINITY)
    expect(whole.length).toBeGreaterThan(dialect.closeBody === 'none' ? 2 : 4)
    expect(history(dialect, client, server, 1)).toEqual(whole)
    expect(history(dialect, client, server, 7)).toEqual(whole)
  })

  it('goes on by itself after being copied', () => {
    const { client, server } = recorded(dialect)
    const observer = createObserver(dialect, 'client')
    observeSent(observer, client)
    const copy = copyObserver(observer)
    observeReceived(copy, server)
    expect(observer.state).toBe('AWAITING_RESPONSE')
    expect(copy.state).not.toBe('AWAITING_RESPONSE')
  })
})

/** What both ends put on the wire until the client began to close. */
function recorded(dialect: Pair['client']['env']['dialect']): { client: Uint8Array; server: Uint8Array } {
  const pair = pairOf(dialect)
  doAct(pair.client, { kind: 'open' })
  while (pass(pair.client, pair.server) || pass(pair.server, pair.client));
  doAct(pair.server, { kind: 'sendText', text: 'grüß', ...(dialect.framing === 'lengthPrefixed' && { fragments: 2 }) })
  doAct(pair.client, { kind: 'close' })
  while (pass(pair.client, pair.server) || pass(pair.server, pair.client));
  return { client: pair.client.sent, server: pair.server.sent }
}

/** The moves of a client's observer: the request, all of the server's bytes, the rest of the client's. */
function history(
  dialect: Pair['client']['env']['dialect'],
  client: Uint8Array,
  server: Uint8Array,
  size: number,
): unknown[] {
  const observer = createObserver(dialect, 'client')
  const behind = dialect.handshake.challenge === 'keyNumbers' ? 8 : 0
  const requestEnd = Buffer.from(client).indexOf('\r\n\r\n') + 4 + behind
  const beforeClose = dialect.closeBody === 'none' ? server.length : server.length - 2 // its empty answer
  const feedAll = (bytes: Uint8Array, show: (observer: Observer, part: Uint8Array) => Observation) => {
    const all: unknown[] = []
    for (let at = 0; at < bytes.length; at += size) all.push(...show(observer, bytes.slice(at, at + size)).transitions)
    return all
  }
  return [
    ...feedAll(client.subarray(0, requestEnd), observeSent),
    ...feedAll(server.subarray(0, beforeClose), observeReceived),
    ...feedAll(client.subarray(requestEnd), observeSent),
    ...feedAll(server.subarray(beforeClose), observeReceived),
    ...observeReceivedEnd(observer).transitions,
    ...observeSentEnd(observer).transitions,
  ]
}

describe('an observer of someone else', () => {
  it('understands a server that waits for the 8 bytes before it answers, as browsers of 2010 met them', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    while (pass(pair.client, pair.server) || pass(pair.server, pair.client));
    const observer = createObserver(hixie76, 'server')
    const head = pair.client.sent.length - 8
    observeReceived(observer, pair.client.sent.slice(0, head))
    expect(observeReceived(observer, pair.client.sent.slice(head)).transitions).toEqual([])
    const { transitions, faults } = observeSent(observer, pair.server.sent)
    expect(transitions.map(({ to }) => to)).toEqual(['AWAITING_KEY3', 'OPEN'])
    expect(faults).toEqual([])
  })

  it('reads what a hasty client sends behind its 8 bytes once the server has proved itself', () => {
    const pair = pairOf(hixie76)
    doAct(pair.client, { kind: 'open' })
    while (pass(pair.client, pair.server) || pass(pair.server, pair.client));
    const observer = createObserver(hixie76, 'server')
    observeReceived(observer, concat(pair.client.sent, Uint8Array.of(0xff, 0)))
    const proofAt = pair.server.sent.length - 16
    expect(statesOf(observeSent(observer, pair.server.sent.slice(0, proofAt)))).toEqual(['AWAITING_KEY3', 'OPEN'])
    expect(statesOf(observeSent(observer, pair.server.sent.slice(proofAt)))).toEqual(['CLOSE_RECEIVED'])
  })

  it('reads what came behind a request only when it has seen the answer', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    const request = pair.client.sent
    while (pass(pair.client, pair.server) || pass(pair.server, pair.client));
    doAct(pair.client, { kind: 'close', code: 1000 })
    const observer = createObserver(rfc6455, 'server')
    expect(observeReceived(observer, pair.client.sent).transitions.map(({ to }) => to)).toEqual(['REQUEST_RECEIVED'])
    expect(observeReceivedEnd(observer).transitions).toEqual([])
    const answered = observeSent(observer, pair.server.sent)
    expect(answered.transitions.map(({ to }) => to)).toEqual(['OPEN', 'CLOSE_RECEIVED', 'CLOSED'])
    expect(answered.transitions.every(({ at }) => at === pair.server.sent.length)).toBe(true)
    expect(answered.transitions[1]?.cause?.span.start).toBe(request.length)
  })

  it('sees a server turn a good request away', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    const observer = createObserver(rfc6455, 'server')
    observeReceived(observer, pair.client.sent)
    observeSent(observer, Buffer.from('HTTP/1.1 403 Forbidden\r\n\r\n'))
    expect(observer.state).toBe('FAILED')
  })

  it('takes either scheme in an echoed location when nobody told it the URL', () => {
    const pair = pairOf(hello00, { url: 'wss://example.com/demo' })
    doAct(pair.client, { kind: 'open' })
    while (pass(pair.client, pair.server));
    const observe = (url?: string) => {
      const observer = createObserver(hello00, 'client', url === undefined ? {} : { url })
      observeSent(observer, pair.client.sent)
      return codesOf(observeReceived(observer, pair.server.sent))
    }
    expect(observe()).toEqual([])
    expect(observe('wss://example.com/demo')).toEqual([])
    expect(observe('ws://example.com/demo')).toEqual(['head.location'])
  })

  it('does not wait for an answer without end: it reads on when too much is behind the request', () => {
    const pair = pairOf(rfc6455)
    doAct(pair.client, { kind: 'open' })
    const observer = createObserver(rfc6455, 'server')
    observeReceived(observer, pair.client.sent)
    const unmasked = Uint8Array.of(0x82, 0x7e, 0xff, 0xff, ...new Uint8Array(65535))
    const { faults } = observeReceived(observer, unmasked)
    expect(faults.map(({ code }) => code)).toEqual(['mask.missing'])
    expect(observer.receiver.rest).toHaveLength(0)
  })

  it('holds nothing of a long message that passes by', () => {
    const observer = createObserver(hello00, 'server')
    observer.receiver.stage = 'header'
    observer.state = 'OPEN'
    const header = Uint8Array.of(0x84, 0x7f, 0, 0, 0, 0, 0, 0x10, 0, 0)
    observeReceived(observer, concat(header, new Uint8Array(65536).fill(0x61)))
    expect(observer.receiver.rest).toHaveLength(0)
    expect(observer.receiver.message?.payload).toBe(nothingGathered)
  })
})

const codesOf = ({ faults }: Observation) => faults.map(({ code }) => code)
const statesOf = ({ transitions }: Observation) => transitions.map(({ to }) => to)

/** An observer of an end whose connection is open: it was shown the whole opening handshake. */
function openObserver(dialect: Pair['client']['env']['dialect'], role: Role): Observer {
  const pair = openPair(dialect)
  const observer = createObserver(dialect, role)
  const requestEnd = Buffer.from(pair.client.sent).indexOf('\r\n\r\n') + 4
  if (role === 'client') observeSent(observer, pair.client.sent.slice(0, requestEnd))
  if (role === 'client') observeReceived(observer, pair.server.sent)
  else observeReceived(observer, pair.client.sent.slice(0, requestEnd))
  if (role === 'client') observeSent(observer, pair.client.sent.slice(requestEnd))
  else observeSent(observer, pair.server.sent)
  if (role === 'server') observeReceived(observer, pair.client.sent.slice(requestEnd))
  expect(observer.state).toBe('OPEN')
  return observer
}

describe('an observer of an end that lets a broken rule pass', () => {
  const unmaskedText = Uint8Array.of(0x81, 1, 0x61)
  const unmaskedClose = Uint8Array.of(0x88, 0)

  it('reports every fault, also those that come after the first', () => {
    const observer = openObserver(rfc6455, 'server')
    expect(codesOf(observeReceived(observer, concat(unmaskedText, unmaskedText)))).toEqual([
      'mask.missing',
      'mask.missing',
    ])
    expect(codesOf(observeReceived(observer, Uint8Array.of(0x83, 0x80, 0, 0, 0, 0)))).toEqual(['frame.opcode'])
  })

  it('says that it failed only when it ends its stream', () => {
    const observer = openObserver(rfc6455, 'server')
    observeReceived(observer, unmaskedText)
    expect(observer.state).toBe('OPEN')
    const { transitions } = observeSentEnd(observer)
    expect(transitions).toMatchObject([{ from: 'OPEN', to: 'FAILED', trigger: 'fault' }])
    expect(transitions[0]!.cause!.lane).toBe('clientToServer')
  })

  it('does not say so when it sent messages in between', () => {
    const observer = openObserver(rfc6455, 'server')
    observeReceived(observer, unmaskedText)
    observeSent(observer, unmaskedText)
    expect(statesOf(observeSentEnd(observer))).toEqual(['CLOSED'])
  })

  it('follows it to a clean close', () => {
    const observer = openObserver(rfc6455, 'server')
    observeReceived(observer, unmaskedText)
    expect(statesOf(observeReceived(observer, Uint8Array.of(0x88, 0x80, 0, 0, 0, 0)))).toEqual(['CLOSE_RECEIVED'])
    expect(statesOf(observeSent(observer, unmaskedClose))).toEqual(['CLOSE_DONE'])
    expect(statesOf(observeSentEnd(observer))).toEqual(['CLOSED'])
  })

  it('lets a close frame in the same read count once more comes', () => {
    const observer = openObserver(rfc6455, 'server')
    expect(statesOf(observeReceived(observer, concat(unmaskedText, unmaskedClose)))).toEqual([])
    expect(statesOf(observeReceivedEnd(observer))).toEqual(['CLOSE_RECEIVED', 'CLOSED'])
  })

  it.each([
    ['a reserved opcode', Uint8Array.of(0x86, 2, 9, 9)],
    ['a continuation of nothing', Uint8Array.of(0x80, 2, 9, 9)],
    ['a ping of 200 bytes', Uint8Array.of(0x82, 0x7e, 0, 200, ...new Uint8Array(200))],
    ['a late Hello', Uint8Array.of(0x8f, 2, 9, 9)],
    ['a reserved bit', Uint8Array.of(0xc4, 2, 0x61, 0x61)],
  ])('stays in step behind %s', (_, frame) => {
    const observer = openObserver(hello00, 'client')
    expect(codesOf(observeReceived(observer, concat(frame, Uint8Array.of(0x84, 0x80))))).toHaveLength(2)
  })

  it('sees a server answer a request that breaks rules', () => {
    const pair = openPair(rfc6455)
    const observer = createObserver(rfc6455, 'server')
    const request = Buffer.from(pair.client.sent).toString().replace('Version: 13', 'Version: 8')
    expect(codesOf(observeReceived(observer, Buffer.from(request)))).toEqual(['head.version'])
    expect(observer.state).toBe('AWAITING_REQUEST')
    expect(statesOf(observeSent(observer, pair.server.sent))).toEqual(['REQUEST_RECEIVED', 'OPEN'])
    expect(codesOf(observeReceived(observer, unmaskedText))).toEqual(['mask.missing'])
  })

  it('sees a client go on behind a wrong digest', () => {
    const pair = openPair(hello00)
    const observer = createObserver(hello00, 'client')
    const requestEnd = Buffer.from(pair.client.sent).indexOf('\r\n\r\n') + 4
    observeSent(observer, pair.client.sent.slice(0, requestEnd))
    const wrong = pair.server.sent.slice()
    wrong[wrong.length - 1]! ^= 1
    expect(codesOf(observeReceived(observer, wrong))).toEqual(['hello.digest'])
    expect(observer.state).toBe('AWAITING_SERVER_HELLO')
    expect(statesOf(observeSent(observer, pair.client.sent.slice(requestEnd)))).toEqual(['OPEN'])
  })

  it.each([
    [Uint8Array.of(0x84, 1, 0x61), 'hello.first-octet'],
    [Uint8Array.of(0x8f, 0x7e, 0, 0x18, ...new Uint8Array(24)), 'hello.second-octet'],
  ])('reads a frame where a Hello was due, and those behind it', (frame, code) => {
    const pair = openPair(hello00)
    const observer = createObserver(hello00, 'client')
    observeSent(observer, pair.client.sent.slice(0, Buffer.from(pair.client.sent).indexOf('\r\n\r\n') + 4))
    const headEnd = Buffer.from(pair.server.sent).indexOf('\r\n\r\n') + 4
    const bytes = concat(pair.server.sent.slice(0, headEnd), frame, Uint8Array.of(0x86, 0))
    expect(codesOf(observeReceived(observer, bytes))).toEqual([code, 'frame.opcode'])
  })

  it('judges an answer that came before the request, once that has been seen', () => {
    const pair = openPair(rfc6455)
    const observer = createObserver(rfc6455, 'client')
    expect(codesOf(observeReceived(observer, pair.server.sent))).toEqual(['head.unasked'])
    expect(statesOf(observeSent(observer, pair.client.sent))).toEqual(['AWAITING_RESPONSE', 'OPEN'])
  })

  it('says what an end would come to that gives up', () => {
    const observer = openObserver(rfc6455, 'server')
    expect(statesOfGivingUp(observer)).toEqual([])
    observeReceived(observer, unmaskedText)
    expect(statesOfGivingUp(observer)).toEqual(['CLOSE_SENT', 'FAILED'])
  })

  it('reports no fault of a frame behind what cannot be cut into frames', () => {
    const observer = openObserver(rfc6455, 'client')
    const endless = Uint8Array.of(0x82, 0x7f, 0xff, 0, 0, 0, 0, 0, 0, 0)
    expect(codesOf(observeReceived(observer, concat(endless, Uint8Array.of(0x83, 0))))).toContain('frame.length-range')
    expect(codesOf(observeReceived(observer, Uint8Array.of(0x83, 0)))).toEqual([])
  })
})
