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

/** Reads the blocks of a store that begins with a section's. What is asked for every block is in variables, not fields. */
export function createBlockReader(store: ByteStore, sink: BlockSink): BlockReader {
  const scan = createScan(store, windowLength)
  const packet = emptyPacketBlock()
  let at = 0
  let littleEndian = true
  let interfaces: InterfaceBlock[] = []
  let stopped: string | null = null

  function next(): boolean {
    const left = store.size - at
    if (stopped !== null) return false
    if (left < leastBlock) return runsOut(left)
    const start = scan.reach(at, leastBlock)
    const head = scan.view
    // §4.1: the type of a section's block reads the same both ways.
    const isSection = head.getUint32(start, true) === blockTypes.section
    if (isSection && !beginSection(start)) return stop('a section begins there without its byte-order mark')
    const length = head.getUint32(start + 4, littleEndian)
    if (length < (isSection ? leastSection : leastBlock) || length % 4 !== 0) {
      return stop(`a block there claims to be ${length} bytes long`)
    }
    if (length > left) return runsOut(left)
    const type = head.getUint32(start, littleEndian)
    const wrong = takeBlock(type, length)
    if (wrong !== null) return stop(wrong)
    at += length
    return true
  }

  /** §4.1: each section tells its own byte order, and numbers its interfaces anew. */
  function beginSection(start: number): boolean {
    const order = byteOrderOf(scan.bytes.subarray(start, start + leastBlock))
    littleEndian = order?.littleEndian ?? true
    interfaces = []
    return order !== null
  }

  function takeBlock(type: number, length: number): string | null {
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
    if (!readPacketBlock(scan.view, start, length, littleEndian, packet)) {
      return 'the lengths of a packet there contradict each other'
    }
    const { bytes } = scan
    const hasOptions = length > packetFrameLength + padded(packet.end - packet.start)
    const source = interfaces[packet.interface]
    return sink.packet(bytes, packet, source, hasOptions ? bytes.subarray(start, start + length) : null)
  }

  function takeInterface(block: Uint8Array | null): string | null {
    const read = block && readInterface(block, littleEndian)
    if (!read) return 'the description of an interface there cannot be read'
    interfaces.push(read)
    sink.interface(read)
    return null
  }

  function stop(what: string): false {
    stopped = damaged(at, what)
    return false
  }

  function runsOut(left: number): false {
    if (left > 0 && !store.isFilling) stopped = cutShort(store, at, 'block')
    return false
  }

  return {
    get at() {
      return at
    },
    get stopped() {
      return stopped
    },
    get littleEndian() {
      return littleEndian
    },
    get interfaces() {
      return interfaces
    },
    next,
  }
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
