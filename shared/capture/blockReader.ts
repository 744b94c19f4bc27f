// The blocks of a pcapng file, one after the other, through a window of bounded size. What is in the packets is not known
// here. Reading goes on to the first thing that cannot be read: what came before it is good.
import {
  blockTypes,
  byteOrderOf,
  emptyPacketBlock,
  type InterfaceBlock,
  type PacketBlock,
  packetFrameLength,
  padded,
  readInterface,
  readPacketBlock,
} from './pcapng.ts'
import type { ByteStore } from './record.ts'
import { createScan, type Scan } from './window.ts'

/** What a file is read with, step by step. */
export interface FileReader {
  /** Store offset of what is read next. */
  readonly at: number
  /** Why it cannot be read on before its end, as a sentence; null while it can. */
  readonly stopped: string | null
  /** Reads the next thing. False when there is none: at the end, when reading stopped, and while more has to come. */
  next(): boolean
}

/** Told of the blocks of a section. Each answers what is wrong, in words that follow "at byte 12: ", or null. */
export interface BlockSink {
  interface(block: InterfaceBlock): void
  /** `source` is undefined when no interface has its number. `hasOptions`: there is more behind the packet. */
  packet(reader: BlockReader, source: InterfaceBlock | undefined, hasOptions: boolean): string | null
  /** Any other block than a section. */
  other(reader: BlockReader, type: number): string | null
}

export interface BlockReader extends FileReader {
  /** The packet block being told of. Its offsets are places in `bytes`. */
  readonly packet: PacketBlock
  readonly bytes: Uint8Array
  readonly littleEndian: boolean
  readonly interfaces: readonly InterfaceBlock[]
  /** The block being told of; null when it is longer than any that is read whole. */
  block(): Uint8Array | null
}

/** Longest block that is read whole: as other readers of the format have it. */
export const longestBlock = 16 * 1024 * 1024
const windowLength = 1024 * 1024
/** Type, length, and length again. */
const leastBlock = 12
/** A section's block has its byte order, version and length too. */
const leastSection = 28

/** Reads the blocks of a store that begins with a section's. */
export function createBlockReader(store: ByteStore, sink: BlockSink): BlockReader {
  const reader: Reading = {
    ...{ store, sink, scan: createScan(store, windowLength), packet: emptyPacketBlock() },
    ...{ at: 0, length: 0, littleEndian: true, interfaces: [], stopped: null },
    get bytes() {
      return reader.scan.bytes
    },
    block: () => blockOf(reader),
    next: () => next(reader),
  }
  return reader
}

interface Reading extends BlockReader {
  readonly store: ByteStore
  readonly sink: BlockSink
  readonly scan: Scan
  at: number
  /** Of the block at `at`. */
  length: number
  littleEndian: boolean
  interfaces: InterfaceBlock[]
  stopped: string | null
}

function next(reader: Reading): boolean {
  const { store, scan, at } = reader
  const left = store.size - at
  if (reader.stopped !== null) return false
  if (left < leastBlock) return runsOut(reader, left)
  const index = scan.reach(at, leastBlock)
  // §4.1: the type of a section's block reads the same both ways.
  const isSection = scan.view.getUint32(index, true) === blockTypes.section
  const wrong = isSection ? beginSection(reader, index) : null
  const type = isSection ? blockTypes.section : scan.view.getUint32(index, reader.littleEndian)
  const length = scan.view.getUint32(index + 4, reader.littleEndian)
  if (wrong !== null) return stop(reader, wrong)
  if (length < (isSection ? leastSection : leastBlock) || length % 4 !== 0) {
    return stop(reader, `a block there claims to be ${length} bytes long`)
  }
  if (length > left) return runsOut(reader, left)
  reader.length = length
  return take(reader, type)
}

/** §4.1: each section tells its own byte order, and numbers its interfaces anew. */
function beginSection(reader: Reading, index: number): string | null {
  const order = byteOrderOf(reader.scan.bytes.subarray(index, index + leastBlock))
  if (!order) return 'a section begins there without its byte-order mark'
  reader.littleEndian = order.littleEndian
  reader.interfaces = []
  return null
}

function take(reader: Reading, type: number): boolean {
  const wrong = lengthsDiffer(reader) ? 'the block there has two different lengths' : takeBlock(reader, type)
  if (wrong !== null) return stop(reader, wrong)
  reader.at += reader.length
  return true
}

/** The length is there again at the end, so that files can be read backwards. */
function lengthsDiffer({ scan, at, length, littleEndian }: Reading): boolean {
  const index = length <= longestBlock ? scan.reach(at, length) + length - 4 : scan.reach(at + length - 4, 4)
  return scan.view.getUint32(index, littleEndian) !== length
}

function takeBlock(reader: Reading, type: number): string | null {
  switch (type) {
    case blockTypes.section:
      return null
    case blockTypes.interface:
      return takeInterface(reader)
    case blockTypes.packet:
      return takePacket(reader)
    default:
      return reader.sink.other(reader, type)
  }
}

function takeInterface(reader: Reading): string | null {
  const block = blockOf(reader)
  const read = block && readInterface(block, reader.littleEndian)
  if (!read) return 'the description of an interface there cannot be read'
  reader.interfaces.push(read)
  reader.sink.interface(read)
  return null
}

function takePacket(reader: Reading): string | null {
  const { scan, at, length, littleEndian, packet, interfaces, sink } = reader
  if (length > longestBlock) return tooLong(length)
  const index = scan.reach(at, length)
  if (!readPacketBlock(scan.view, index, length, littleEndian, packet)) {
    return 'the lengths of a packet there contradict each other'
  }
  const hasOptions = length > packetFrameLength + padded(packet.end - packet.start)
  return sink.packet(reader, interfaces[packet.interface], hasOptions)
}

/** What is wrong with a packet that no reader of the format would take. */
export function tooLong(length: number): string {
  return `a packet there claims to be ${length} bytes long`
}

function blockOf({ scan, at, length }: Reading): Uint8Array | null {
  if (length > longestBlock) return null
  const index = scan.reach(at, length)
  return scan.bytes.subarray(index, index + length)
}

function stop(reader: Reading, what: string): false {
  reader.stopped = damaged(reader.at, what)
  return false
}

function runsOut(reader: Reading, left: number): false {
  if (left > 0 && !reader.store.isFilling) reader.stopped = cutShort(reader.store, reader.at, 'block')
  return false
}

/** A file that ends inside the block or packet at `at`. */
export function cutShort({ size }: ByteStore, at: number, what: 'block' | 'packet'): string {
  return `The file is cut short: it ends at byte ${size}, inside the ${what} that begins at byte ${at}. Everything before that ${what} was read.`
}

/** A file with something in it that cannot be. */
export function damaged(at: number, what: string): string {
  return `The file is damaged at byte ${at}: ${what}. Everything before it was read.`
}
