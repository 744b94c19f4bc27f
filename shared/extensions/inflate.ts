// Inflating DEFLATE data, RFC 1951, as it comes: any number of bytes at a time, with the window that messages share.
//
// An own inflater because this is where such bytes are judged and explained: it stops at the byte that is wrong, never
// gives more than it has room for, knows the window that was agreed, and tells of blocks. Bytes are taken one by one
// and only when needed, so what it says does not depend on how they were cut.
import { unreachable } from '../bytes/unreachable.ts'
import { buildTable, codeLengthOrder, fixedDistances, fixedLiterals, type Huffman } from './huffman.ts'
import { distanceOf, lengthOf } from './lengthCodes.ts'

type Phase =
  | 'header' // of a block
  | 'storedLength'
  | 'storedCheck'
  | 'stored'
  | 'counts'
  | 'codeLengths'
  | 'lengths'
  | 'symbol'
  | 'lengthBits'
  | 'distance'
  | 'distanceBits'
  | 'broken'

export type BlockType = 'stored' | 'fixed' | 'dynamic'

/** A block of a message. Bits are counted from the first of the message, which is the lowest of its first byte. */
export interface Block {
  readonly type: BlockType
  readonly final: boolean
  readonly fromBit: number
  readonly toBit: number
  /** Bytes it makes. */
  readonly size: number
}

/** Changes as it is fed. `copyInflater` makes one that goes on by itself. */
export interface Inflater {
  readonly windowBits: number
  window: Uint8Array
  /** Someone else holds the window too: it is copied before the next byte is written. */
  shared: boolean
  /** Where in the window the next byte goes. */
  place: number
  /** Bytes of the window that were ever written. */
  filled: number
  /** Bytes taken and bytes made, since the message began. */
  taken: number
  made: number
  bits: number
  bitCount: number
  phase: Phase
  final: boolean
  type: BlockType
  blockBit: number
  blockMade: number
  /** Bytes of a stored block, or of a repetition, that are still to come. */
  left: number
  length: number
  symbol: number
  /** HLIT, HDIST and HCLEN as numbers of codes, and the lengths read so far. RFC 1951 §3.2.7. */
  counts: readonly [literals: number, distances: number, codeLengths: number]
  lengths: number[]
  literals: Huffman
  distances: Huffman
}

export function createInflater(windowBits: number): Inflater {
  return {
    windowBits,
    window: new Uint8Array(2 ** windowBits),
    shared: false,
    ...{ place: 0, filled: 0, taken: 0, made: 0, bits: 0, bitCount: 0 },
    phase: 'header',
    final: false,
    type: 'stored',
    ...{ blockBit: 0, blockMade: 0, left: 0, length: 0, symbol: 0 },
    counts: [0, 0, 0],
    lengths: [],
    literals: fixedLiterals,
    distances: fixedDistances,
  }
}

/** Takes the same time however much was inflated: the window is copied when one of the two writes to it. */
export function copyInflater(inflater: Inflater): Inflater {
  inflater.shared = true
  return { ...inflater, lengths: [...inflater.lengths] }
}

/** Between two messages: counts begin again, and the window is forgotten unless the next message may refer to it. */
export function beginMessage(inflater: Inflater, keepsWindow: boolean): void {
  inflater.taken = 0
  inflater.made = 0
  if (!keepsWindow) inflater.filled = 0
}

export interface InflateSink {
  /**
   * Bytes made, valid during the call. `at`: how many this call of `inflate` had made before them; `reach`: for each
   * input byte taken, how many it had made when that was taken.
   */
  bytes(piece: Uint8Array, at: number, reach: Uint32Array): void
  block?(block: Block): void
}

/** Why inflating stopped. `at`: index of the input byte that decided it. */
export interface Trouble {
  readonly at: number
  /** `window`: a repetition from farther back than agreed. */
  readonly reason: 'data' | 'window' | 'room'
  readonly says: string
}

export interface Inflated {
  readonly trouble: Trouble | null
  /** As the sink was given it. */
  readonly reach: Uint32Array
}

/** Inflates all of `input`, making at most `room` bytes. After trouble the inflater takes nothing more. */
export function inflate(inflater: Inflater, input: Uint8Array, room: number, sink: InflateSink): Inflated {
  const work: Work = {
    ...{ inflater, input, sink, room, at: 0, made: 0, flushed: inflater.place },
    reach: new Uint32Array(input.length),
    trouble: inflater.phase === 'broken' ? { at: 0, reason: 'data', says: 'earlier bytes cannot be inflated' } : null,
  }
  while (!work.trouble && advance(work));
  flush(work)
  if (work.trouble) inflater.phase = 'broken'
  return { trouble: work.trouble, reach: work.reach }
}

/** Whether a message may end here: no block is under way. */
export function isBetweenBlocks({ phase }: Inflater): boolean {
  return phase === 'header'
}

/** Whether what comes next may be other blocks than were to come: no bit of them is taken yet. */
export function isBetweenBytes(inflater: Inflater): boolean {
  return isBetweenBlocks(inflater) && inflater.bitCount === 0
}

/** Index of the input byte that made byte `made` of this call. */
export function madeBy(reach: Uint32Array, made: number): number {
  let low = 0
  let high = reach.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reach[middle]! <= made) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

interface Work {
  readonly inflater: Inflater
  readonly input: Uint8Array
  readonly sink: InflateSink
  readonly reach: Uint32Array
  readonly room: number
  at: number
  made: number
  /** Where in the window the bytes begin that the sink has not had. */
  flushed: number
  trouble: Trouble | null
}

/** Reads one thing. False when more bytes are needed for it. */
function advance(work: Work): boolean {
  const { phase } = work.inflater
  switch (phase) {
    case 'header':
      return readBlockHeader(work)
    case 'storedLength':
    case 'storedCheck':
      return readStoredLength(work)
    case 'stored':
      return copyStored(work)
    case 'counts':
      return readCounts(work)
    case 'codeLengths':
      return readCodeLengths(work)
    case 'lengths':
      return readLengths(work)
    case 'symbol':
      return readSymbols(work)
    case 'lengthBits':
      return readLengthBits(work)
    case 'distance':
      return readDistance(work)
    case 'distanceBits':
      return readDistanceBits(work)
    case 'broken':
      return false
    default:
      return unreachable(phase)
  }
}

// Bits. RFC 1951 §3.1.1: the lowest bit of a byte comes first.

function pull(work: Work): void {
  const { inflater } = work
  work.reach[work.at] = work.made
  inflater.bits |= work.input[work.at++]! << inflater.bitCount
  inflater.bitCount += 8
  inflater.taken++
}

/** Whether so many bits are there now, at most 24. */
function has(work: Work, count: number): boolean {
  const { inflater, input } = work
  while (inflater.bitCount < count) {
    if (work.at === input.length) return false
    pull(work)
  }
  return true
}

function take(inflater: Inflater, count: number): number {
  const value = inflater.bits & ((1 << count) - 1)
  inflater.bits >>>= count
  inflater.bitCount -= count
  return value
}

const missing = -1

/** The next symbol; `missing` when its bits are not all there, or are no code, which is trouble. */
function decode(work: Work, table: Huffman): number {
  const { inflater, input } = work
  for (;;) {
    const entry = table.entries[inflater.bits & (table.entries.length - 1)]!
    const length = entry & 15
    if (length > 0 && length <= inflater.bitCount) {
      take(inflater, length)
      return entry >> 4
    }
    if (length === 0 && inflater.bitCount >= table.longest) return fail(work, 'data', 'bits that are no code')
    if (work.at === input.length) return missing
    pull(work)
  }
}

function fail(work: Work, reason: Trouble['reason'], says: string): typeof missing {
  work.trouble = { at: Math.max(0, work.at - 1), reason, says }
  return missing
}

// Blocks

function readBlockHeader(work: Work): boolean {
  const { inflater } = work
  if (!has(work, 3)) return false
  inflater.blockBit = inflater.taken * 8 - inflater.bitCount
  inflater.blockMade = inflater.made
  inflater.final = take(inflater, 1) === 1
  switch (take(inflater, 2)) {
    case 0:
      take(inflater, inflater.bitCount & 7) // RFC 1951 §3.2.4: the rest of the byte is skipped
      inflater.type = 'stored'
      inflater.phase = 'storedLength'
      return true
    case 1:
      inflater.type = 'fixed'
      inflater.literals = fixedLiterals
      inflater.distances = fixedDistances
      inflater.phase = 'symbol'
      return true
    case 2:
      inflater.type = 'dynamic'
      inflater.phase = 'counts'
      return true
    default:
      fail(work, 'data', 'block type 3, which is reserved')
      return false
  }
}

function endBlock(work: Work): void {
  const { inflater, sink } = work
  const { type, final, blockBit, blockMade } = inflater
  sink.block?.({
    ...{ type, final, fromBit: blockBit, toBit: inflater.taken * 8 - inflater.bitCount },
    size: inflater.made - blockMade,
  })
  // RFC 7692 §7.2.3.4: a stream may end inside a message; the next begins with the next byte.
  if (final) take(inflater, inflater.bitCount & 7)
  inflater.phase = 'header'
}

function readStoredLength(work: Work): boolean {
  const { inflater } = work
  if (!has(work, 16)) return false
  const value = take(inflater, 16)
  if (inflater.phase === 'storedLength') {
    inflater.left = value
    inflater.phase = 'storedCheck'
    return true
  }
  if (value !== (inflater.left ^ 0xffff)) {
    fail(work, 'data', 'a stored block whose two lengths do not agree')
    return false
  }
  inflater.phase = 'stored'
  return true
}

/** After the two lengths no bits are left over: bytes are taken whole. */
function copyStored(work: Work): boolean {
  const { inflater, input } = work
  while (inflater.left > 0) {
    if (work.at === input.length) return false
    work.reach[work.at] = work.made
    inflater.taken++
    if (!put(work, input[work.at++]!)) return false
    inflater.left--
  }
  endBlock(work)
  return true
}

// Dynamic codes. RFC 1951 §3.2.7.

function readCounts(work: Work): boolean {
  const { inflater } = work
  if (!has(work, 14)) return false
  const literals = take(inflater, 5) + 257
  const distances = take(inflater, 5) + 1
  inflater.counts = [literals, distances, take(inflater, 4) + 4]
  inflater.lengths = []
  inflater.phase = 'codeLengths'
  if (literals <= 286 && distances <= 30) return true
  fail(work, 'data', `${literals} literal and ${distances} distance codes; 286 and 30 are the most`)
  return false
}

function readCodeLengths(work: Work): boolean {
  const { inflater } = work
  while (inflater.lengths.length < inflater.counts[2]) {
    if (!has(work, 3)) return false
    inflater.lengths.push(take(inflater, 3))
  }
  const ordered = new Array<number>(codeLengthOrder.length).fill(0)
  inflater.lengths.forEach((length, index) => {
    ordered[codeLengthOrder[index]!] = length
  })
  const table = buildTable(ordered, 'complete')
  if (!table) return fail(work, 'data', 'code lengths that make no code') !== missing
  inflater.literals = table // for as long as the lengths are read
  inflater.lengths = []
  inflater.symbol = missing
  inflater.phase = 'lengths'
  return true
}

const repeats: Readonly<Record<number, { readonly bits: number; readonly least: number }>> = {
  16: { bits: 2, least: 3 },
  17: { bits: 3, least: 3 },
  18: { bits: 7, least: 11 },
}

function readLengths(work: Work): boolean {
  const { inflater } = work
  const due = inflater.counts[0] + inflater.counts[1]
  while (inflater.lengths.length < due) {
    if (inflater.symbol === missing) inflater.symbol = decode(work, inflater.literals)
    if (inflater.symbol === missing) return false
    if (!addLengths(work, due)) return false
    inflater.symbol = missing
  }
  return beginSymbols(work)
}

function addLengths(work: Work, due: number): boolean {
  const { inflater } = work
  const { symbol, lengths } = inflater
  const repeat = repeats[symbol]
  if (!repeat) {
    lengths.push(symbol)
    return true
  }
  if (!has(work, repeat.bits)) return false
  const count = repeat.least + take(inflater, repeat.bits)
  const value = symbol === 16 ? lengths.at(-1) : 0
  if (value === undefined || lengths.length + count > due) {
    return fail(work, 'data', 'a code length repeated where it cannot be') !== missing
  }
  for (let left = count; left > 0; left--) lengths.push(value)
  return true
}

function beginSymbols(work: Work): boolean {
  const { inflater } = work
  const { lengths, counts } = inflater
  const literals = lengths[256] === 0 ? null : buildTable(lengths.slice(0, counts[0]), 'singleAllowed')
  const distances = buildTable(lengths.slice(counts[0]), 'singleAllowed')
  if (!literals || !distances) return fail(work, 'data', 'code lengths that make no code') !== missing
  inflater.literals = literals
  inflater.distances = distances
  inflater.lengths = []
  inflater.phase = 'symbol'
  return true
}

// Symbols. RFC 1951 §3.2.5.

const endOfBlock = 256

function readSymbols(work: Work): boolean {
  const { inflater } = work
  for (;;) {
    const symbol = decode(work, inflater.literals)
    if (symbol === missing) return false
    if (symbol < endOfBlock) {
      if (!put(work, symbol)) return false
    } else if (symbol === endOfBlock) {
      endBlock(work)
      return true
    } else {
      inflater.symbol = symbol - endOfBlock - 1
      inflater.phase = 'lengthBits'
      return true
    }
  }
}

function readLengthBits(work: Work): boolean {
  const { inflater } = work
  const code = lengthOf[inflater.symbol]
  if (!code) return fail(work, 'data', 'a length code that is reserved') !== missing
  if (!has(work, code.bits)) return false
  inflater.length = code.least + take(inflater, code.bits)
  inflater.phase = 'distance'
  return true
}

function readDistance(work: Work): boolean {
  const { inflater } = work
  const symbol = decode(work, inflater.distances)
  if (symbol === missing) return false
  inflater.symbol = symbol
  inflater.phase = 'distanceBits'
  return true
}

function readDistanceBits(work: Work): boolean {
  const { inflater } = work
  const code = distanceOf[inflater.symbol]
  if (!code) return fail(work, 'data', 'a distance code that is reserved') !== missing
  if (!has(work, code.bits)) return false
  return repeatFrom(work, code.least + take(inflater, code.bits))
}

function repeatFrom(work: Work, distance: number): boolean {
  const { inflater } = work
  const { length, filled, window } = inflater
  if (distance > window.length) return failBack(work, 'window', distance, `window ${window.length}`)
  if (distance > filled) return failBack(work, 'data', distance, `where ${filled} are known`)
  for (let left = Math.min(length, work.room - work.made); left > 0; ) left -= repeatRun(work, distance, left)
  if (inflater.length > 0) return noRoom(work)
  inflater.phase = 'symbol'
  return true
}

function failBack(work: Work, reason: Trouble['reason'], distance: number, limit: string): false {
  fail(work, reason, `${distance} bytes back, ${limit}`)
  return false
}

/** Repeats at most `most` bytes, and stops where the window turns, for what is read or for what is written. */
function repeatRun(work: Work, distance: number, most: number): number {
  const { inflater } = work
  const { place } = inflater
  const window = ownWindow(inflater)
  const from = (place - distance + window.length) & (window.length - 1)
  const count = Math.min(most, window.length - Math.max(place, from))
  // One by one: what was just written may be what is repeated. RFC 1951 §3.2.3.
  for (let i = 0; i < count; i++) window[place + i] = window[from + i]!
  inflater.length -= count
  wrote(work, count)
  return count
}

// Output

/** False when there is no room for it. */
function put(work: Work, byte: number): boolean {
  const { inflater } = work
  if (work.made >= work.room) return noRoom(work)
  ownWindow(inflater)[inflater.place] = byte
  wrote(work, 1)
  return true
}

function noRoom(work: Work): false {
  fail(work, 'room', `more than ${work.room} bytes`)
  return false
}

function ownWindow(inflater: Inflater): Uint8Array {
  if (inflater.shared) {
    inflater.window = inflater.window.slice()
    inflater.shared = false
  }
  return inflater.window
}

/** So many bytes were written at the place; it stays inside the window. */
function wrote(work: Work, count: number): void {
  const { inflater } = work
  const size = inflater.window.length
  inflater.place += count
  inflater.made += count
  work.made += count
  inflater.filled = Math.min(size, inflater.filled + count)
  if (inflater.place < size) return
  flush(work)
  inflater.place = 0
  work.flushed = 0
}

function flush(work: Work): void {
  const { inflater, flushed, made } = work
  const piece = inflater.window.subarray(flushed, inflater.place)
  work.flushed = inflater.place
  if (piece.length > 0) work.sink.bytes(piece, made - piece.length, work.reach.subarray(0, work.at))
}
