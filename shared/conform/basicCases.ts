// Sections 1 to 4: framing, pings and pongs, reserved bits, opcodes.
import { anyPeer, type ConformCase, echoed, failsProtocol, type Move, pongOf, send, simple, weClose } from './case.ts'
import { binary, close, frame, inFragments, ping, pong, type RawFrame, text } from './frames.ts'

const hello = 'Hello, wire.'
/** Not UTF-8, and with every byte value at the edges. */
const someBytes = Uint8Array.of(0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff)

const filled = (byte: number, length: number) => new Uint8Array(length).fill(byte)

// RFC 6455 §5.2: 125, 126 and 65536 are where the form of the length changes.
const sizes = [0, 125, 126, 127, 128, 65535, 65536] as const

function framing(number: number, type: 'text' | 'binary'): readonly ConformCase[] {
  const message = (length: number) => (type === 'text' ? text(filled(0x2a, length)) : binary(filled(0xfe, length)))
  const whole = sizes.map((size, index) =>
    simple(`1.${number}.${index + 1}`, `${type} of ${size} bytes comes back`, '5.2', [echoed(message(size))], weClose),
  )
  const title = `${type} of 65536 bytes, written 997 at a time, comes back`
  return [...whole, simple(`1.${number}.8`, title, '5.2', [echoed(message(65536), { chop: 997 })], weClose)]
}

const answeredPing = (payload: string | Uint8Array, chop?: number): Move =>
  send(ping(payload), [pongOf(payload)], chop === undefined ? {} : { chop })

const tenPings = (chop?: number): readonly Move[] =>
  Array.from({ length: 10 }, (_, index) => answeredPing(`ping number ${index}`, chop))

const unasked = 'nobody asked for this pong'

const pings: readonly ConformCase[] = [
  simple('2.1', 'an empty ping is answered with an empty pong', '5.5.2', [answeredPing('')], weClose),
  simple('2.2', 'a ping with text is answered with the same', '5.5.2', [answeredPing(hello)], weClose),
  simple(
    '2.3',
    'a ping with bytes that are no text is answered with the same',
    '5.5.2',
    [answeredPing(someBytes)],
    weClose,
  ),
  simple('2.4', 'a ping of 125 bytes, the longest, is answered', '5.5.2', [answeredPing(filled(0xfe, 125))], weClose),
  simple('2.5', 'a ping of 126 bytes fails the connection', '5.5', [send(ping(filled(0xfe, 126)))], failsProtocol),
  simple(
    '2.6',
    'a ping of 125 bytes, written byte by byte, is answered',
    '5.5.2',
    [answeredPing(filled(0xfe, 125), 1)],
    weClose,
  ),
  simple('2.7', 'an empty pong nobody asked for is not answered', '5.5.3', [send(pong(''))], weClose),
  simple('2.8', 'a pong nobody asked for is not answered', '5.5.3', [send(pong(unasked))], weClose),
  simple(
    '2.9',
    'after a pong nobody asked for a ping is answered',
    '5.5.3',
    [send(pong(unasked)), answeredPing(hello)],
    weClose,
  ),
  simple('2.10', 'ten pings are answered in order', '5.5.3', tenPings(), weClose),
  simple('2.11', 'ten pings, written byte by byte, are answered in order', '5.5.3', tenPings(1), weClose),
]

/** A good message, a bad frame and a ping: the first is answered, the last must not be. */
function afterGood(bad: RawFrame, chop?: number | 'frames'): readonly Move[] {
  const more = chop === undefined ? {} : { chop }
  return [echoed(text(hello), more), send(bad, [], more), send(ping(''), [], more)]
}

const bits = (reserved: number) => ({ reserved })

const reservedBits: readonly ConformCase[] = [
  simple('3.1', 'text with RSV3 set fails the connection', '5.2', [send(text(hello, bits(1)))], failsProtocol),
  simple(
    '3.2',
    'after good text, text with RSV2 set fails the connection',
    '5.2',
    afterGood(text(hello, bits(2))),
    failsProtocol,
  ),
  simple(
    '3.3',
    'after good text, text with RSV2 and RSV3 set fails the connection, a frame a write',
    '5.2',
    afterGood(text(hello, bits(3)), 'frames'),
    failsProtocol,
  ),
  simple(
    '3.4',
    'after good text, text with RSV1 set fails the connection, a byte a write',
    '5.2',
    afterGood(text(hello, bits(4)), 1),
    failsProtocol,
  ),
  simple(
    '3.5',
    'binary with RSV1 and RSV3 set fails the connection',
    '5.2',
    [send(binary(someBytes, bits(5)))],
    failsProtocol,
  ),
  simple(
    '3.6',
    'a ping with RSV1 and RSV2 set fails the connection',
    '5.2',
    [send(ping(hello, bits(6)))],
    failsProtocol,
  ),
  simple(
    '3.7',
    'a close with all reserved bits set fails the connection',
    '5.2',
    [send({ ...close(1000), reserved: 7 })],
    failsProtocol,
  ),
]

/** Five opcodes nobody has given a meaning, from `first` on. RFC 6455 §5.2. */
function reservedOpcodes(number: number, first: number): readonly ConformCase[] {
  const at = (index: number, payload: string) => frame(first + index, payload)
  const name = (index: number) => `opcode ${(first + index).toString(16).toUpperCase()}`
  const make = (index: number, title: string, moves: readonly Move[]) =>
    simple(`4.${number}.${index + 1}`, `${title} fails the connection`, '5.2', moves, failsProtocol)
  return [
    make(0, `an empty frame with ${name(0)}`, [send(at(0, ''))]),
    make(1, `a frame with ${name(1)}`, [send(at(1, hello))]),
    make(2, `after good text, an empty frame with ${name(2)}`, afterGood(at(2, ''))),
    make(3, `after good text, a frame with ${name(3)}`, afterGood(at(3, hello))),
    make(4, `after good text, a frame with ${name(4)}, a byte a write,`, afterGood(at(4, hello), 1)),
  ]
}

export const basicCases: readonly ConformCase[] = [
  ...framing(1, 'text'),
  ...framing(2, 'binary'),
  ...pings,
  ...reservedBits,
  ...reservedOpcodes(1, 0x3),
  ...reservedOpcodes(2, 0xb),
]

/** Section 10: a message cut by the sender on its own account. RFC 6455 §5.4. */
export const autoFragmentCases: readonly ConformCase[] = [
  {
    id: '10.1.1',
    title: 'text of 65536 bytes in frames of 1300 comes back as one message',
    cite: 'RFC 6455 §5.4',
    peers: anyPeer,
    moves: () => [echoed(inFragments(text(filled(0x2a, 65536)), 1300))],
    ending: weClose,
  },
]
