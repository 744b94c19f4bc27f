// Section 9: sizes and numbers. How long they take is measured and decides nothing.
import { anyPeer, type ConformCase, echoed, type Move, messagesOf, weClose } from './case.ts'
import { binary, inFragments, type RawFrame, text } from './frames.ts'

const kib = 1024
const mib = 1024 * kib
/** These may take ten times as long as a case of a few bytes. */
const patience = 10

function repeated(pattern: readonly number[], length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => pattern[index % pattern.length]!)
}

const asciiPattern = [...'wirestep/9'].map((letter) => letter.charCodeAt(0))
const bytePattern = [0x00, 0xfe, 0x23, 0xfa, 0xf0]

type Type = 'text' | 'binary'

function message(type: Type, length: number): RawFrame {
  return type === 'text' ? text(repeated(asciiPattern, length)) : binary(repeated(bytePattern, length))
}

/** The moves are made when they are needed: the largest take 16 MiB. */
function heavy(id: string, title: string, section: string, moves: ConformCase['moves']): ConformCase {
  return { id, title, cite: `RFC 6455 §${section}`, peers: anyPeer, moves, ending: weClose, patience }
}

function sized(bytes: number): string {
  if (bytes >= mib) return `${bytes / mib} MiB`
  return bytes >= kib ? `${bytes / kib} KiB` : `${bytes} bytes`
}

const wholeSizes = [64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, 16 * mib]
const fragmentSizes = [64, 256, kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib, mib, 4 * mib]
const chopSizes = [64, 128, 256, 512, kib, 2 * kib]
const roundTripSizes = [0, 16, 64, 256, kib, 4 * kib]

function numbered(number: number, sizes: readonly number[], make: (id: string, size: number) => ConformCase) {
  return sizes.map((size, index) => make(`9.${number}.${index + 1}`, size))
}

function ofType(type: Type, number: { whole: number; fragments: number; chops: number; roundTrips: number }) {
  return [
    ...numbered(number.whole, wholeSizes, (id, size) =>
      heavy(id, `${type} of ${sized(size)} comes back`, '5.2', () => [echoed(message(type, size))]),
    ),
    ...numbered(number.fragments, fragmentSizes, (id, size) =>
      heavy(id, `${type} of 4 MiB in fragments of ${sized(size)} comes back`, '5.4', () => [
        echoed(inFragments(message(type, 4 * mib), size)),
      ]),
    ),
    ...numbered(number.chops, chopSizes, (id, size) =>
      heavy(id, `${type} of 1 MiB, written ${sized(size)} at a time, comes back`, '5.2', () => [
        echoed(message(type, mib), { chop: size }),
      ]),
    ),
    ...numbered(number.roundTrips, roundTripSizes, (id, size) =>
      heavy(id, `${type} of ${sized(size)} goes there and back, many times`, '5.2', (effort) =>
        roundTrips(message(type, size), messagesOf(effort, size)),
      ),
    ),
  ]
}

function* roundTrips(frame: RawFrame, messages: number): Iterable<Move> {
  for (let count = 0; count < messages; count++) {
    yield echoed(frame)
    yield { kind: 'await' }
  }
}

export const limitCases: readonly ConformCase[] = [
  ...ofType('text', { whole: 1, fragments: 3, chops: 5, roundTrips: 7 }),
  ...ofType('binary', { whole: 2, fragments: 4, chops: 6, roundTrips: 8 }),
].sort(byNumber)

function byNumber(a: ConformCase, b: ConformCase): number {
  const [first, second] = [a, b].map(({ id }) => id.split('.').map(Number))
  return first![1]! - second![1]! || first![2]! - second![2]!
}
