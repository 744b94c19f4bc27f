// Section 7: the closing handshake and the codes. RFC 6455 §5.5.1, §7.4.
import { type ConformCase, type Ending, echoed, failsProtocol, type Move, send, simple, weClose } from './case.ts'
import { close, continuation, frame, ping, type RawFrame, text } from './frames.ts'

const hello = 'Hello, wire.'
const normal = 1000
/** Answered with the code it had. */
const echoesNormal: Ending = { kind: 'answersClose', codes: [normal] }
/** RFC 6455 §7.1.5: without a code the answer needs none either. */
const needsNoCode: Ending = { kind: 'answersClose', codes: [null, normal] }
const failsReason: Ending = { kind: 'fails', codes: [1007, 1002] }
const emptyClose = frame(0x8)

const surrogateReason = Uint8Array.of(0xce, 0xba, 0xed, 0xa0, 0x80, 0x21)

/** A close frame and something behind it, which the peer has to leave alone. */
const closeThen = (behind: RawFrame): readonly Move[] => [send([close(normal), behind])]

const longMoves: readonly Move[] = [
  echoed(text('0123456789abcdef'.repeat(16384))),
  echoed(text(hello)),
  send([close(normal), ping('')]),
]

const shapes: readonly ConformCase[] = [
  simple('7.1.1', 'text comes back, and the close is answered', '7.1.2', [echoed(text(hello))], weClose),
  simple('7.1.2', 'a second close frame is left alone', '5.5.1', closeThen(emptyClose), echoesNormal),
  simple('7.1.3', 'a ping after the close is not answered', '5.5.1', closeThen(ping('')), echoesNormal),
  simple('7.1.4', 'text after the close does not come back', '5.5.1', closeThen(text(hello)), echoesNormal),
  simple(
    '7.1.5',
    'a close inside a message ends the connection',
    '5.5.1',
    [send([text(hello, { final: false }), close(normal), continuation(hello)])],
    echoesNormal,
  ),
  simple(
    '7.1.6',
    'text of 256 KiB, text, a close and a ping in a row: what comes back is up to the peer',
    '5.5.1',
    longMoves,
    echoesNormal,
    { informational: true },
  ),
  simple('7.3.1', 'an empty close frame is answered', '5.5.1', [send(emptyClose)], needsNoCode),
  simple('7.3.2', 'a close frame of one byte fails the connection', '5.5.1', [send(frame(0x8, 'a'))], failsProtocol),
  simple('7.3.3', 'a close frame with a code is answered', '5.5.1', [send(close(normal))], echoesNormal),
  simple('7.3.4', 'a close frame with a reason is answered', '5.5.1', [send(close(normal, hello))], echoesNormal),
  simple(
    '7.3.5',
    'a close frame with a reason of 123 bytes, the longest, is answered',
    '5.5',
    [send(close(normal, '*'.repeat(123)))],
    echoesNormal,
  ),
  simple(
    '7.3.6',
    'a close frame with a reason of 124 bytes fails the connection',
    '5.5',
    [send(close(normal, '*'.repeat(124)))],
    failsProtocol,
  ),
  simple(
    '7.5.1',
    'a close frame with a reason that is not UTF-8 fails the connection',
    '8.1',
    [send(close(normal, surrogateReason))],
    failsReason,
  ),
]

/** RFC 6455 §7.4.1 and the ranges of §7.4.2, at both ends. */
const goodCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
/** Never on the wire, without a meaning, or of nobody's range. */
const badCodes = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
const beyondRanges = [5000, 65535]

export const closeCases: readonly ConformCase[] = [
  ...shapes,
  ...goodCodes.map((code, index) =>
    simple(`7.7.${index + 1}`, `a close with code ${code} is answered`, '7.4', [send(close(code))], {
      kind: 'answersClose',
      codes: code === normal ? [normal] : [code, normal],
    }),
  ),
  ...badCodes.map((code, index) =>
    simple(
      `7.9.${index + 1}`,
      `a close with code ${code} fails the connection`,
      '7.4',
      [send(close(code))],
      failsProtocol,
    ),
  ),
  ...beyondRanges.map((code, index) =>
    simple(
      `7.13.${index + 1}`,
      `a close with code ${code}, past all ranges: what follows is up to the peer`,
      '7.4.2',
      [send(close(code))],
      failsProtocol,
      { informational: true },
    ),
  ),
]
