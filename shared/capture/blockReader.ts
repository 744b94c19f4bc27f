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
import { createScan } from './window.ts'

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
  /**
   * `packet` says where it is in `bytes`. `source` is undefined when no interface has its number. `options`: the block,
   * when there is more in it behind the packet.
   */
  packet(
    bytes: Uint8Array,
    packet: PacketBlock,
    source: InterfaceBlock | undefined,
    options: Uint8Array | null,
  ): string | null
  /** Any other block than a section. `block` is null when it is longer than any that is read whole. */
  other(type: number, block: () => Uint8Array | null): string | null
}

export interface BlockReader extends FileReader {
  /** Of the section that is being read. */
  readonly littleEndian: boolean
  readonly interfaces: readonly InterfaceBlock[]
}

/** Longest block that is read whole: as other readers of the format have it. */
export const longestBlock = 16 * 1024 * 1024
const windowLength = 1024 * 1024
/** Type, length, and length again. */
const leastBlock = 12
/** A section's block has its byte order, version and length too. */
const leastSection = 28

/** Reads the blocks of a store that begins with a section's. What it says is in fields: all of it is asked for every block. */
export function createBlockReader(store: ByteStore, sink: BlockSink): BlockReader {
  const scan = createScan(store, windowLength)
  const packet = emptyPacketBlock()
  const reader = { at: 0, littleEndian: true, interfaces: [] as InterfaceBlock[], stopped: null as string | null, next }
  /** Bytes of the store when it was last asked: there may be more by now. */
  let size = 0

  function next(): boolean {
    if (reader.stopped !== null) return false
    if (!isThere(leastBlock)) return runsOut()
    const start = scan.reach(reader.at, leastBlock)
    const head = scan.view
    // §4.1: the type of a section's block reads the same both ways.
    const isSection = head.getUint32(start, true) === blockTypes.section
    if (isSection && !beginSection(start)) return stop('a section begins there without its byte-order mark')
    const length = head.getUint32(start + 4, reader.littleEndian)
    if (length < (isSection ? leastSection : leastBlock) || length % 4 !== 0) {
      return stop(`a block there claims to be ${length} bytes long`)
    }
    if (!isThere(length)) return runsOut()
    const type = head.getUint32(start, reader.littleEndian)
    const wrong = takeBlock(type, length)
    if (wrong !== null) return stop(wrong)
    reader.at += length
    return true
  }

  function isThere(length: number): boolean {
    if (reader.at + length > size) size = store.size
    return reader.at + length <= size
  }

  /** §4.1: each section tells its own byte order, and numbers its interfaces anew. */
  function beginSection(start: number): boolean {
    const order = byteOrderOf(scan.bytes.subarray(start, start + leastBlock))
    reader.littleEndian = order?.littleEndian ?? true
    reader.interfaces = []
    return order !== null
  }

  function takeBlock(type: number, length: number): string | null {
    const { at, littleEndian } = reader
    const isLong = length > longestBlock
    const start = isLong ? -1 : scan.reach(at, length)
    // The length is there again at the end, so that files can be read backwards.
    const tail = isLong ? scan.reach(at + length - 4, 4) : start + length - 4
    if (scan.view.getUint32(tail, littleEndian) !== length) return 'the block there has two different lengths'
    if (type === blockTypes.packet) return isLong ? tooLong(length) : takePacket(start, length)
    const block = () => (isLong ? null : scan.bytes.subarray(start, start + length))
    if (type === blockTypes.interface) return takeInterface(block())
    return type === blockTypes.section ? null : sink.other(type, block)
  }

  function takePacket(start: number, length: number): string | null {
    if (!readPacketBlock(scan.view, start, length, reader.littleEndian, packet)) {
      return 'the lengths of a packet there contradict each other'
    }
    const { bytes } = scan
    const hasOptions = length > packetFrameLength + padded(packet.end - packet.start)
    const source = reader.interfaces[packet.interface]
    return sink.packet(bytes, packet, source, hasOptions ? bytes.subarray(start, start + length) : null)
  }

  function takeInterface(block: Uint8Array | null): string | null {
    const read = block && readInterface(block, reader.littleEndian)
    if (!read) return 'the description of an interface there cannot be read'
    reader.interfaces.push(read)
    sink.interface(read)
    return null
  }

  function stop(what: string): false {
    reader.stopped = damaged(reader.at, what)
    return false
  }

  function runsOut(): false {
    if (store.size > reader.at && !store.isFilling) reader.stopped = cutShort(store, reader.at, 'block')
    return false
  }

  return reader
}

/** What is wrong with a packet that no reader of the format would take. */
export function tooLong(length: number): string {
  return `a packet there claims to be ${length} bytes long`
}

/** A file that ends inside the block or packet at `at`. */
export function cutShort({ size }: ByteStore, at: number, what: 'block' | 'packet'): string {
  return `The file is cut short: it ends at byte ${size}, inside the ${what} that begins at byte ${at}. Everything before that ${what} was read.`
}

/** A file with something in it that cannot be. */
export function damaged(at: number, what: string): string {
  return `The file is damaged at byte ${at}: ${what}. Everything before it was read.`
}
