// Blocks back into records, front to back, as far as they can be read.
import { failure, type Result, success } from '../ipc/result.ts'
import { type BlockReader, createBlockReader, damaged, type FileReader, longestBlock } from './blockReader.ts'
import { emptyReadPacket, type ReadPacket, readPacketHeaders, tcpFlags } from './packets.ts'
import {
  blockTypes,
  byteOrderOf,
  emptyPacketBlock,
  type InterfaceBlock,
  linkTypeEthernet,
  type PacketBlock,
  packetHeadLength,
  readBlockHead,
  readPacketBlock,
  readPacketOptions,
} from './pcapng.ts'
import { type ByteStore, emptySlice, type LogRecord, type PassedSlice, type ReusedSlice, type Time } from './record.ts'
import { type CommentPart, decodeSpoken, readComment } from './recordText.ts'
import { createWindow } from './window.ts'

/**
 * Told of one entry after the other, and where `LogWriter.write` would say it is; `sequence` is its packet's TCP sequence
 * number when it has a place in a stream. Answers what is wrong with it, to stop there, or null.
 */
export interface LogSink {
  record(record: LogRecord, offset: number, sequence: number | null): string | null
  /** The slice is filled in anew for the next one. */
  passed(slice: PassedSlice, offset: number, sequence: number): string | null
}

export interface LogReader extends FileReader {
  /** Packets that Wirestep recorded, and packets that it did not, so far. */
  readonly ours: number
  readonly foreign: number
  /** What was wrong so far, as sentences for the person. */
  problems(): readonly string[]
}

/** For reading one record again: most fit, and a longer one is read in one more go. */
const recordWindowLength = 4096

/** Reads the records of a recording; a failure when the bytes are the beginning of none. */
export function createLogReader(store: ByteStore, sink: LogSink): Result<LogReader> {
  const wrong = whyNotPcapng(store)
  if (wrong) return failure(wrong)
  const reading = createReading(sink)
  const blocks = createBlockReader(store, {
    interface: ({ unknownOptions }) => add(reading.unknownOptions, blocks.at, unknownOptions),
    packet: (bytes, packet, source, options) => takePacket(reading, blocks, bytes, packet, source, options),
    other: (type) => passOver(reading, type, blocks.at),
  })
  return success({
    get at() {
      return blocks.at
    },
    get stopped() {
      return blocks.stopped
    },
    get ours() {
      return reading.ours
    },
    get foreign() {
      return reading.foreign.count + reading.unknownInterfaces.count
    },
    next: blocks.next,
    problems: () => problemsOf(reading, blocks.stopped),
  })
}

/** How often something was passed over, and where first. */
interface Tally {
  count: number
  first: number
}

interface Reading {
  readonly sink: LogSink
  /** Filled in for every packet. */
  readonly packet: ReadPacket
  readonly slice: ReusedSlice
  /** Parts of a record whose JSON is longer than a comment. */
  parts: Parts | null
  /** Packets of ours so far. */
  ours: number
  readonly foreign: Tally
  readonly unknownBlocks: Tally
  readonly unknownOptions: Tally
  readonly unknownInterfaces: Tally
}

interface Parts {
  readonly json: string[]
  readonly count: number
  readonly at: number
  readonly time: Time
}

function createReading(sink: LogSink): Reading {
  const tally = (): Tally => ({ count: 0, first: 0 })
  return {
    ...{ sink, packet: emptyReadPacket(), parts: null, ours: 0 },
    slice: emptySlice(),
    ...{ foreign: tally(), unknownBlocks: tally(), unknownOptions: tally(), unknownInterfaces: tally() },
  }
}

const magics: readonly (readonly [string, string])[] = [
  ['a1b2c3d4', 'an old pcap file'],
  ['d4c3b2a1', 'an old pcap file'],
  ['a1b23c4d', 'an old pcap file'],
  ['4d3cb2a1', 'an old pcap file'],
  ['1f8b', 'a compressed file'],
]

function whyNotPcapng(store: ByteStore): string | null {
  if (store.size === 0) return 'The file is empty: nothing was recorded in it.'
  const start = store.read(0, 12)
  const hex = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const whole = start.length === 12 ? byteOrderOf(start) !== null : '0a0d0d0a'.startsWith(hex.slice(0, 8))
  if (whole) return null
  const known = magics.find(([magic]) => hex.startsWith(magic))?.[1]
  return `The file is not a pcapng recording${known ? ` but ${known}` : ''}: it does not begin with a section header.`
}

/** Blocks without packets are no part of the log. */
const otherBlocks: ReadonlySet<number> = new Set([
  blockTypes.nameResolution,
  blockTypes.interfaceStatistics,
  blockTypes.decryptionSecrets,
  blockTypes.custom,
  blockTypes.customNotCopied,
])

function passOver({ unknownBlocks }: Reading, type: number, at: number): null {
  if (!otherBlocks.has(type)) add(unknownBlocks, at)
  return null
}

function takePacket(
  reading: Reading,
  { at, littleEndian }: BlockReader,
  bytes: Uint8Array,
  block: PacketBlock,
  source: InterfaceBlock | undefined,
  withOptions: Uint8Array | null,
): string | null {
  const captured = block.end - block.start
  const options = withOptions && readPacketOptions(withOptions, captured, littleEndian)
  if (options && options.unknown > 0) add(reading.unknownOptions, at, options.unknown)
  if (source === undefined || source.linkType !== linkTypeEthernet) {
    add(reading.unknownInterfaces, at)
    return null
  }
  if (!readPacketHeaders(bytes, block.start, block.end, reading.packet)) {
    add(reading.foreign, at)
    return null
  }
  if (block.originalLength > captured) return 'a packet there was saved in part only'
  reading.ours += 1
  const time = source.timeOf(block.high, block.low)
  const part = options && readComment(options.comments)
  if (part) return takePart(reading, part, time, at)
  if (reading.parts) return 'a record there lacks its last parts'
  return takeBytes(reading, bytes, at, block.start, time)
}

/** The bytes of a packet, and the end of a stream that its flags tell. `begin`: where the packet of the block at `at` is. */
function takeBytes(reading: Reading, bytes: Uint8Array, at: number, begin: number, time: Time): string | null {
  const { packet, sink } = reading
  const { connection, sequence, start, end, flags } = packet
  const { side, lane } = packet.flow
  if (end > start) {
    const offset = at + packetHeadLength + start - begin
    const wrong = packet.passed
      ? sink.passed(passedSlice(reading, bytes, time), offset, sequence)
      : sink.record({ kind: side, time, connection, lane, bytes: bytes.subarray(start, end) }, offset, sequence)
    if (wrong !== null) return wrong
  }
  if ((flags & (tcpFlags.reset | tcpFlags.fin)) === 0) return null
  const how = flags & tcpFlags.reset ? 'reset' : 'fin'
  const kind = side === 'sent' ? 'sentEnd' : 'deliveredEnd'
  return sink.record({ kind, time, connection, lane, how }, at, sequence)
}

function passedSlice({ packet, slice }: Reading, bytes: Uint8Array, time: Time): PassedSlice {
  slice.time = time
  slice.connection = packet.connection
  slice.lane = packet.flow.lane
  slice.bytes = bytes
  slice.start = packet.start
  slice.end = packet.end
  return slice
}

function takePart(reading: Reading, { part, count, json }: CommentPart, time: Time, at: number): string | null {
  if (part === 1 && !reading.parts) reading.parts = { json: [], count, at, time }
  const parts = reading.parts
  if (!parts || parts.count !== count || parts.json.length !== part - 1) {
    return 'the parts of a record are out of order there'
  }
  parts.json.push(json)
  if (part < count) return null
  reading.parts = null
  const record = decodeSpoken(parts.json.join(''), parts.time)
  return record ? reading.sink.record(record, parts.at, null) : 'a packet comment there is not a record'
}

/** Reads again the record whose first comment is in the block at `offset`. Not finding it is our own bug. */
export function readSpokenAt(store: ByteStore, offset: number): LogRecord {
  const window = createWindow(store, recordWindowLength)
  // A packet block's type is 6 in the byte order of its section.
  const littleEndian = window(offset, 1)[0] === blockTypes.packet
  const found: LogRecord[] = []
  const record = (one: LogRecord): null => {
    found.push(one)
    return null
  }
  const reading = createReading({ record, passed: () => null })
  for (let at = offset; found.length === 0; ) {
    const { length } = readBlockHead(window(at, 8), littleEndian)
    const part = length > longestBlock ? null : commentPartIn(window(at, length), littleEndian)
    const wrong = part ? takePart(reading, part, 0, at) : 'no record is there'
    if (wrong !== null) throw new Error(damaged(at, wrong))
    at += length
  }
  return found[0]!
}

function commentPartIn(block: Uint8Array, littleEndian: boolean): CommentPart | null {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const packet = emptyPacketBlock()
  if (!readPacketBlock(view, 0, block.length, littleEndian, packet)) return null
  return readComment(readPacketOptions(block, packet.end - packet.start, littleEndian).comments)
}

function add(tally: Tally, at: number, count = 1): void {
  if (tally.count === 0) tally.first = at
  tally.count += count
}

function problemsOf(reading: Reading, stopped: string | null): string[] {
  const { parts } = reading
  const unfinished =
    parts &&
    `The file is cut short: the record that begins at byte ${parts.at} is not whole. Everything before it was read.`
  return [
    stopped ?? unfinished,
    skipped(reading.unknownBlocks, 'blocks of a kind Wirestep does not know'),
    skipped(reading.unknownOptions, 'options Wirestep does not know'),
    skipped(reading.unknownInterfaces, 'packets of interfaces that are not described as Ethernet'),
    skipped(reading.foreign, 'packets that Wirestep did not record'),
  ].filter((problem) => problem !== null)
}

function skipped({ count, first }: Tally, what: string): string | null {
  return count === 0 ? null : `Skipped ${what}: ${count}, the first at byte ${first}.`
}
