// Blocks back into records. Reads a store once, front to back, through a window of bounded size, and stops at the
// first thing that cannot be read: what came before it is good.
import { failure, type Result, success } from '../ipc/result.ts'
import { type ReadPacket, readPacketHeaders, tcpFlags } from './packets.ts'
import {
  type BlockHead,
  blockTypes,
  byteOrderOf,
  type InterfaceBlock,
  linkTypeEthernet,
  type PacketBlock,
  readBlockHead,
  readInterface,
  readPacket,
} from './pcapng.ts'
import type { ByteStore, LogRecord } from './record.ts'
import { type CommentPart, decodeSpoken, readComment } from './recordText.ts'
import { nanosecondsOf, type Timestamp, timeOf } from './timestamp.ts'
import { createWindow, type Window } from './window.ts'

/**
 * Takes one record and where `LogWriter.write` would say it is; `sequence` is its packet's TCP sequence number when
 * it has a place in a stream. Answers what is wrong with it, to stop there, or null.
 */
export type TakeRecord = (record: LogRecord, offset: number, sequence: number | null) => string | null

/** Longest packet block that is read: as other readers of the format have it. */
const longestPacketBlock = 16 * 1024 * 1024
const scanWindowLength = 1024 * 1024
/** For reading one record again: most fit, and a longer one is read in one more go. */
const recordWindowLength = 4096
const blockHeadLength = 8

/**
 * Reads all records of a recording. The answer lists what was wrong, as sentences for the person; it is a failure
 * when the bytes are no recording at all. `onProgress` is told the share read so far, 0 to 1, about once a window.
 */
export function readLog(
  store: ByteStore,
  take: TakeRecord,
  onProgress: (share: number) => void = () => {},
): Result<readonly string[]> {
  const wrong = whyNotPcapng(store)
  if (wrong) return failure(wrong)
  const reading = createReading(store, take, scanWindowLength)
  let reported = 0
  while (reading.at < store.size && reading.stopped === null) {
    reading.stopped = readBlock(reading)
    if (reading.at - reported < scanWindowLength) continue
    reported = reading.at
    onProgress(reported / store.size)
  }
  if (reading.foreign.count > 0 && reading.ours === 0) {
    return failure(
      `The file holds ${reading.foreign.count} packets, none of them recorded by Wirestep: it opens its own recordings only.`,
    )
  }
  return success(problemsOf(reading))
}

/** How often something was passed over, and where first. */
interface Tally {
  count: number
  first: number
}

interface Reading {
  readonly window: Window
  readonly size: number
  readonly take: TakeRecord
  at: number
  littleEndian: boolean
  interfaces: InterfaceBlock[]
  /** Parts of a record whose JSON is longer than a comment. */
  parts: { readonly json: string[]; readonly count: number; readonly at: number; readonly ticks: Timestamp } | null
  /** Packets of ours so far. */
  ours: number
  readonly foreign: Tally
  readonly unknownBlocks: Tally
  readonly unknownOptions: Tally
  readonly unknownInterfaces: Tally
  /** Why reading stopped before the end. */
  stopped: string | null
}

function createReading(store: ByteStore, take: TakeRecord, windowLength: number): Reading {
  const tally = (): Tally => ({ count: 0, first: 0 })
  return {
    window: createWindow(store, windowLength),
    size: store.size,
    take,
    at: 0,
    littleEndian: true,
    interfaces: [],
    parts: null,
    ours: 0,
    foreign: tally(),
    unknownBlocks: tally(),
    unknownOptions: tally(),
    unknownInterfaces: tally(),
    stopped: null,
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

/** Reads the block at `reading.at` and moves past it. Answers why reading cannot go on, or null. */
function readBlock(reading: Reading): string | null {
  const { at } = reading
  if (reading.size - at < blockHeadLength) return cutShort(reading)
  const head = blockHeadAt(reading)
  if (typeof head === 'string') return head
  if (head.length > reading.size - at) return cutShort(reading)
  const tail = reading.window(at + head.length - 4, 4)
  const repeated = new DataView(tail.buffer, tail.byteOffset).getUint32(0, reading.littleEndian)
  if (repeated !== head.length) return damaged(reading, 'the block there has two different lengths')
  const wrong = readKnownBlock(reading, head)
  if (wrong === null) reading.at += head.length
  return wrong
}

function blockHeadAt(reading: Reading): BlockHead | string {
  const { at, size } = reading
  const start = reading.window(at, Math.min(12, size - at))
  const isSection = readBlockHead(start, true).type === blockTypes.section
  if (isSection) {
    if (start.length < 12) return cutShort(reading)
    // §4.1: each section tells its own byte order, and numbers its interfaces anew.
    const order = byteOrderOf(start)
    if (!order) return damaged(reading, 'a section begins there without its byte-order mark')
    reading.littleEndian = order.littleEndian
    reading.interfaces = []
  }
  const head = readBlockHead(start, reading.littleEndian)
  const least = isSection ? 28 : 12
  return head.length < least || head.length % 4 !== 0
    ? damaged(reading, `a block there claims to be ${head.length} bytes long`)
    : head
}

function readKnownBlock(reading: Reading, { type, length }: BlockHead): string | null {
  switch (type) {
    case blockTypes.section:
    case blockTypes.nameResolution:
    case blockTypes.interfaceStatistics:
    case blockTypes.decryptionSecrets:
    case blockTypes.custom:
    case blockTypes.customNotCopied:
      return null // nothing in them is part of the log
    case blockTypes.interface:
      return takeInterface(reading, length)
    case blockTypes.packet:
      return takePacket(reading, length)
    default:
      add(reading.unknownBlocks, reading.at)
      return null
  }
}

function takeInterface(reading: Reading, length: number): string | null {
  const read = length <= longestPacketBlock ? readInterface(blockOf(reading, length), reading.littleEndian) : null
  if (!read) return damaged(reading, 'the description of an interface there cannot be read')
  add(reading.unknownOptions, reading.at, read.unknownOptions)
  reading.interfaces.push(read)
  return null
}

function blockOf(reading: Reading, length: number): Uint8Array {
  return reading.window(reading.at, length)
}

function takePacket(reading: Reading, length: number): string | null {
  if (length > longestPacketBlock) return damaged(reading, `a packet there claims to be ${length} bytes long`)
  const bytes = blockOf(reading, length)
  const block = readPacket(bytes, reading.littleEndian)
  if (!block) return damaged(reading, 'the lengths of a packet there contradict each other')
  add(reading.unknownOptions, reading.at, block.unknownOptions)
  const source = reading.interfaces[block.interface]
  if (source?.linkType !== linkTypeEthernet) {
    add(reading.unknownInterfaces, reading.at)
    return null
  }
  const packet = readPacketHeaders(bytes, block.start, block.end)
  if (!packet) {
    add(reading.foreign, reading.at)
    return null
  }
  if (block.originalLength > block.end - block.start) return damaged(reading, 'a packet there was saved in part only')
  reading.ours += 1
  return takeRecords(reading, bytes, block, packet, nanosecondsOf(block.ticks, source.ticksPerSecond))
}

function takeRecords(
  reading: Reading,
  bytes: Uint8Array,
  block: PacketBlock,
  packet: ReadPacket,
  ticks: Timestamp,
): string | null {
  const part = readComment(block.comments)
  if (part) return takePart(reading, part, ticks)
  if (reading.parts) return damaged(reading, 'a record there lacks its last parts')
  const { connection, flow, sequence } = packet
  const time = timeOf(ticks)
  if (packet.end > packet.start) {
    const payload = bytes.subarray(packet.start, packet.end)
    const record: LogRecord = { kind: flow.side, time, connection, lane: flow.lane, bytes: payload }
    const wrong = offer(reading, record, reading.at + packet.start, sequence)
    if (wrong) return wrong
  }
  const how = packet.flags & tcpFlags.reset ? 'reset' : packet.flags & tcpFlags.fin ? 'fin' : null
  if (!how) return null
  const record: LogRecord = { kind: `${flow.side}End`, time, connection, lane: flow.lane, how }
  return offer(reading, record, reading.at, sequence)
}

function offer(reading: Reading, record: LogRecord, offset: number, sequence: number | null): string | null {
  const wrong = reading.take(record, offset, sequence)
  return wrong === null ? null : damaged(reading, wrong)
}

function takePart(reading: Reading, { part, count, json }: CommentPart, ticks: Timestamp): string | null {
  if (part === 1 && !reading.parts) reading.parts = { json: [], count, at: reading.at, ticks }
  const parts = reading.parts
  if (!parts || parts.count !== count || parts.json.length !== part - 1) {
    return damaged(reading, 'the parts of a record are out of order there')
  }
  parts.json.push(json)
  if (part < count) return null
  reading.parts = null
  const record = decodeSpoken(parts.json.join(''), timeOf(parts.ticks))
  return record ? offer(reading, record, parts.at, null) : damaged(reading, 'a packet comment there is not a record')
}

/** Reads again the record whose first comment is in the block at `offset`. Not finding it is our own bug. */
export function readSpokenAt(store: ByteStore, offset: number): LogRecord {
  let found: LogRecord | null = null
  const reading = createReading(
    store,
    (record) => {
      found = record
      return null
    },
    recordWindowLength,
  )
  reading.at = offset
  // A packet block's type is 6 in the byte order of its section.
  reading.littleEndian = store.read(offset, 1)[0] === blockTypes.packet
  while (!found) {
    const head = blockHeadAt(reading)
    if (typeof head === 'string') throw new Error(head)
    const block = readPacket(blockOf(reading, head.length), reading.littleEndian)
    const part = block && readComment(block.comments)
    const wrong = part ? takePart(reading, part, zeroTime) : `no record in the block at byte ${reading.at}`
    if (wrong) throw new Error(wrong)
    reading.at += head.length
  }
  return found
}

const zeroTime: Timestamp = { high: 0, low: 0 }

function add(tally: Tally, at: number, count = 1): void {
  if (tally.count === 0) tally.first = at
  tally.count += count
}

function cutShort(reading: Reading): string {
  return `The file is cut short: it ends at byte ${reading.size}, inside the block that begins at byte ${reading.at}. Everything before that block was read.`
}

function damaged(reading: Reading, what: string): string {
  return `The file is damaged at byte ${reading.at}: ${what}. Everything before it was read.`
}

function problemsOf(reading: Reading): string[] {
  const { parts, stopped } = reading
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
