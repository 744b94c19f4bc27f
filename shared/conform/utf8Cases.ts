// Section 6: text that is UTF-8 and text that is not. RFC 6455 §8.1, RFC 3629. The sequences of 6.5 to 6.23 are those
// of Markus Kuhn's UTF-8 decoder test, made from its tables here.
import { parseHex, toHex } from '../bytes/hex.ts'
import { type ConformCase, echoed, failsText, type Move, send, simple, weClose } from './case.ts'
import { bytesOf, fragmented, inFragments, type RawFrame, text } from './frames.ts'

function hex(digits: string): Uint8Array {
  const bytes = parseHex(digits)
  if (!bytes.ok) throw new Error(bytes.error)
  return bytes.value
}

/** ASCII, and letters of two bytes. */
const mixed = 'Zwölf Boxkämpfer jagen µ@ß'
/** The Greek word kosme: letters of two and of three bytes. */
const kosme = hex('ce ba e1 bd b9 cf 83 ce bc ce b5')
const surrogate = hex('ed a0 80')
const beyond = hex('f4 90 80 80')

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...bytesOf(part)]))
}

const bad = joined(kosme, surrogate, 'edited')
const good = (id: string, title: string, frames: readonly RawFrame[]) =>
  simple(id, title, '8.1', [echoed(frames)], weClose)
const fails = (id: string, title: string, moves: readonly Move[]) => simple(id, title, '8.1', moves, failsText)

// Where text stops being UTF-8: at the second byte of `beyond`, and one byte after that.
const late = joined(kosme, beyond, 'edited')
const cuts = [
  [kosme.length, kosme.length + beyond.length],
  [kosme.length + 1, kosme.length + 2],
] as const

/** Three frames, with time for the peer to see at the second that the text has gone wrong. */
function inThreeFrames([first, second]: (typeof cuts)[number]): readonly Move[] {
  const [one, two, three] = fragmented(
    text(late.subarray(0, first)),
    late.subarray(first, second),
    late.subarray(second),
  )
  return [send(one!), { kind: 'pause', length: 'brief' }, send(two!), { kind: 'pause', length: 'long' }, send(three!)]
}

/** One frame in three pieces, with the same pauses. */
function inThreePieces([first, second]: (typeof cuts)[number]): readonly Move[] {
  const stops = [
    { after: first, length: 'brief' },
    { after: second, length: 'long' },
  ] as const
  return [send(text(late), [], { stops })]
}

const early = 'fails the connection at once, in'

const handmade: readonly ConformCase[] = [
  good('6.1.1', 'empty text comes back', [text('')]),
  good('6.1.2', 'text in three empty fragments comes back empty', fragmented(text(''), '', '')),
  good('6.1.3', 'text with empty fragments around it comes back', fragmented(text(''), mixed, '')),
  good('6.2.1', 'text with letters of two bytes comes back', [text(mixed)]),
  good('6.2.2', 'text cut between two characters comes back', fragmented(text(mixed.slice(0, 12)), mixed.slice(12))),
  good('6.2.3', 'text in fragments of one byte comes back', inFragments(text(mixed), 1)),
  good('6.2.4', 'text with letters of three bytes, in fragments of one byte, comes back', inFragments(text(kosme), 1)),
  fails('6.3.1', 'text with a surrogate fails the connection', [send(text(bad))]),
  fails('6.3.2', 'text with a surrogate, in fragments of one byte, fails the connection', [
    send(inFragments(text(bad), 1)),
  ]),
  fails('6.4.1', `text beyond U+10FFFF ${early} the frame that has it`, inThreeFrames(cuts[0])),
  fails('6.4.2', `text beyond U+10FFFF ${early} a frame that ends at its second byte`, inThreeFrames(cuts[1])),
  fails('6.4.3', `text beyond U+10FFFF ${early} the middle of a frame`, inThreePieces(cuts[0])),
  fails('6.4.4', `text beyond U+10FFFF ${early} the middle of a frame, at its second byte`, inThreePieces(cuts[1])),
]

interface Group {
  readonly says: string
  readonly sequences: readonly Sequence[]
}

interface Sequence {
  readonly bytes: Uint8Array
  readonly valid: boolean
}

const utf8 = (bytes: Uint8Array): Sequence => ({ bytes, valid: true })
const noUtf8 = (bytes: Uint8Array): Sequence => ({ bytes, valid: false })
const right = (says: string, ...sequences: readonly string[]): Group => ({
  says,
  sequences: sequences.map(hex).map(utf8),
})
const wrong = (says: string, ...sequences: readonly string[]): Group => ({
  says,
  sequences: sequences.map(hex).map(noUtf8),
})

function bytesFrom(first: number, last: number): Uint8Array {
  return Uint8Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function spaced(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes].flatMap((byte) => [byte, 0x20]))
}

/** Where kosme can be cut without cutting a character. */
const wholeLengths = [2, 5, 7, 9, 11]

const prefixes = Array.from(kosme, (_, index) => ({
  bytes: kosme.subarray(0, index + 1),
  valid: wholeLengths.includes(index + 1),
}))

/** First bytes of sequences of two to six bytes; those of five and six are no longer UTF-8. */
const firstBytes = [
  bytesFrom(0xc0, 0xdf),
  bytesFrom(0xe0, 0xef),
  bytesFrom(0xf0, 0xf7),
  bytesFrom(0xf8, 0xfb),
  bytesFrom(0xfc, 0xfd),
]

const withoutLast = ['c0', 'e080', 'f08080', 'f8808080', 'fc80808080', 'df', 'efbf', 'f7bfbf', 'fbbfbfbf', 'fdbfbfbfbf']
const loneContinuations = ['80', 'bf', '80bf', '80bf80', '80bf80bf', '80bf80bf80', '80bf80bf80bf']
const sentences = ['hello$world', 'hello¢world', 'hello€world', 'hello\u{24b62}world']

/** The last two code points of each plane. */
const nonCharacters = Array.from({ length: 17 }, (_, plane) =>
  [0xfffe, 0xffff].map((last) => plane * 0x10000 + last),
).flat()

/** 6.5 and on: a case for each sequence, in a message of its own. */
const groups: readonly Group[] = [
  { says: 'characters of one to four bytes', sequences: [...sentences.map(bytesOf), kosme].map(utf8) },
  { says: 'a word cut after each of its bytes', sequences: prefixes },
  right('the first sequence of each length', '00', 'c280', 'e0a080', 'f0908080'),
  wrong('the first sequence of five and of six bytes', 'f888808080', 'fc8480808080'),
  right('the last sequence of each length', '7f', 'dfbf', 'efbfbf', 'f48fbfbf'),
  wrong('the last sequence of four, five and six bytes', 'f7bfbfbf', 'fbbfbfbfbf', 'fdbfbfbfbfbf'),
  {
    says: 'code points at the edges',
    sequences: [...['ed9fbf', 'ee8080', 'efbfbd', 'f48fbfbf'].map(hex).map(utf8), noUtf8(beyond)],
  },
  {
    says: 'continuation bytes on their own',
    sequences: [...loneContinuations.map(hex), bytesFrom(0x80, 0xbf)].map(noUtf8),
  },
  { says: 'first bytes on their own', sequences: firstBytes.map(spaced).map(noUtf8) },
  wrong('a sequence without its last byte', ...withoutLast),
  wrong('unfinished sequences in a row', withoutLast.join('')),
  wrong('bytes that are in no sequence', 'fe', 'ff', 'fefeffff'),
  wrong('a slash in more bytes than it takes', 'c0af', 'e080af', 'f08080af', 'f8808080af', 'fc80808080af'),
  wrong('the highest code point in a byte too many', 'c1bf', 'e09fbf', 'f08fbfbf', 'f887bfbfbf', 'fc83bfbfbfbf'),
  wrong('a NUL in more bytes than it takes', 'c080', 'e08080', 'f0808080', 'f880808080', 'fc8080808080'),
  wrong('a surrogate', 'eda080', 'edadbf', 'edae80', 'edafbf', 'edb080', 'edbe80', 'edbfbf'),
  {
    says: 'a pair of surrogates',
    sequences: ['eda080', 'edadbf', 'edae80', 'edafbf']
      .flatMap((high) => ['edb080', 'edbfbf'].map((low) => high + low))
      .map(hex)
      .map(noUtf8),
  },
  {
    says: 'a code point that stands for no character',
    sequences: nonCharacters.map((point) => utf8(bytesOf(String.fromCodePoint(point)))),
  },
  right('a special code point', 'efbfb9', 'efbfba', 'efbfbb', 'efbfbc', 'efbfbd', 'efbfbe', 'efbfbf'),
]

const firstGroup = 5
const longestShown = 12

function caseFor(id: string, says: string, { bytes, valid }: Sequence): ConformCase {
  const shown = `${toHex(bytes.subarray(0, longestShown), ' ')}${bytes.length > longestShown ? ' …' : ''}`
  const title = `${says} (${shown}) ${valid ? 'comes back' : 'fails the connection'}`
  return valid ? good(id, title, [text(bytes)]) : fails(id, title, [send(text(bytes))])
}

export const utf8Cases: readonly ConformCase[] = [
  ...handmade,
  ...groups.flatMap(({ says, sequences }, group) =>
    sequences.map((sequence, index) => caseFor(`6.${firstGroup + group}.${index + 1}`, says, sequence)),
  ),
]
