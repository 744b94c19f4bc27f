// Section 5: fragmentation. RFC 6455 §5.4.
import { type ConformCase, echoed, failsProtocol, type Move, pongOf, send, simple, weClose } from './case.ts'
import { continuation, fragmented, ping, pong, type RawFrame, text } from './frames.ts'

type Chop = number | 'frames' | undefined

const chopped = (chop: Chop) => (chop === undefined ? {} : { chop })
const words = ['one ', 'two ', 'three ', 'four ', 'five'] as const
const pair = fragmented(text(words[0]), words[1])
const between = 'between fragments'

/** The three ways a case is written to the socket; each has a case of its own. */
const ways: readonly (readonly [chop: Chop, says: string])[] = [
  [undefined, 'in one write'],
  ['frames', 'a frame a write'],
  [1, 'a byte a write'],
]

function threeWays(
  first: number,
  title: string,
  moves: (chop: Chop) => readonly Move[],
  ending: ConformCase['ending'],
) {
  return ways.map(([chop, says], index) =>
    simple(`5.${first + index}`, `${title}, ${says}`, '5.4', moves(chop), ending),
  )
}

function pingBetween(chop: Chop): readonly Move[] {
  const [begin, end] = pair as [RawFrame, RawFrame]
  const frames = [begin, ping(between), end]
  return [send(frames, [pongOf(between), { kind: 'text', payload: payloadOf(pair) }], chopped(chop))]
}

function payloadOf(frames: readonly RawFrame[]): Uint8Array {
  return Uint8Array.from(frames.flatMap(({ payload }) => [...payload]))
}

/** A continuation with nothing to continue, then a whole message. */
const loneContinuation = (final: boolean) => (chop: Chop) => [
  send([continuation(words[0], { final }), text(words[1])], [], chopped(chop)),
]

/** The same twice: a continuation with nothing to continue, then a message in two fragments. */
const twice = (final: boolean): readonly Move[] => {
  const frames = [continuation(words[0], { final }), ...fragmented(text(words[1]), words[2])]
  return [send([...frames, ...frames])]
}

function pingsInside(chop: Chop): readonly Move[] {
  const frames = fragmented(text(words[0]), ...words.slice(1))
  const more = chopped(chop)
  return [
    send([...frames.slice(0, 2), ping('first')], [pongOf('first')], more),
    { kind: 'await' },
    send(
      [...frames.slice(2, 4), ping('second'), frames[4]!],
      [pongOf('second'), { kind: 'text', payload: payloadOf(frames) }],
      more,
    ),
  ]
}

const goodThenLone: readonly Move[] = [echoed(pair), send([continuation(words[2], { final: false }), text(words[3])])]

const parted = (first: RawFrame): readonly Move[] => [send([{ ...first, final: false }, continuation(words[1])])]

export const fragmentCases: readonly ConformCase[] = [
  simple('5.1', 'a ping in two fragments fails the connection', '5.5', parted(ping(words[0])), failsProtocol),
  simple('5.2', 'a pong in two fragments fails the connection', '5.5', parted(pong(words[0])), failsProtocol),
  ...threeWays(3, 'text in two fragments comes back', (chop) => [echoed(pair, chopped(chop))], weClose),
  ...threeWays(6, 'a ping between two fragments is answered before the message', pingBetween, weClose),
  ...threeWays(
    9,
    'a last fragment with nothing to continue fails the connection',
    loneContinuation(true),
    failsProtocol,
  ),
  ...threeWays(
    12,
    'a middle fragment with nothing to continue fails the connection',
    loneContinuation(false),
    failsProtocol,
  ),
  simple(
    '5.15',
    'after a whole message in fragments, a middle fragment fails the connection',
    '5.4',
    goodThenLone,
    failsProtocol,
  ),
  simple(
    '5.16',
    'a middle fragment before a message in fragments fails the connection',
    '5.4',
    twice(false),
    failsProtocol,
  ),
  simple(
    '5.17',
    'a last fragment before a message in fragments fails the connection',
    '5.4',
    twice(true),
    failsProtocol,
  ),
  simple(
    '5.18',
    'a new message inside one that is not finished fails the connection',
    '5.4',
    [send([text(words[0], { final: false }), text(words[1])])],
    failsProtocol,
  ),
  simple(
    '5.19',
    'pings inside a message of five fragments are answered at once',
    '5.4',
    pingsInside(undefined),
    weClose,
  ),
  simple(
    '5.20',
    'pings inside a message of five fragments are answered at once, a frame a write',
    '5.4',
    pingsInside('frames'),
    weClose,
  ),
]
