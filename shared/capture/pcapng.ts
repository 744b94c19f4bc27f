// The pcapng block format (draft-ietf-opsawg-pcapng), as much of it as a recording needs: blocks in, blocks out.
// What the packets in the blocks mean is not known here.
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts'
import type { Extent } from './record.ts'
import { type ReadTime, type Timestamp, timeReader } from './timestamp.ts'

export const blockTypes = {
  section: 0x0a0d0d0a,
  interface: 1,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  packet: 6,
  decryptionSecrets: 10,
  custom: 0x0bad,
  customNotCopied: 0x40000bad,
} as const

export const linkTypeEthernet = 1

/** Longest option value, in bytes: its length is a 16-bit field. */
export const longestOption = 0xffff

const byteOrderMagic = 0x1a2b3c4d
const optionCodes = { end: 0, comment: 1, userApplication: 4, interfaceName: 2, timeResolution: 9 } as const
/** Bytes of a packet block before the packet: type, length, interface, two halves of the time, two lengths. */
export const packetHeadLength = 28
/** Bytes of a packet block that has no options around its padded packet. */
export const packetFrameLength = packetHeadLength + 4

export function padded(length: number): number {
  return (length + 3) & ~3
}

/** The block that opens a file. */
export function encodeSection(application: string, comment: string): Uint8Array {
  const options = encodeOptions([
    [optionCodes.comment, encodeUtf8(comment)],
    [optionCodes.userApplication, encodeUtf8(application)],
  ])
  const block = new Uint8Array(28 + options.length)
  const view = new DataView(block.buffer)
  view.setUint32(8, byteOrderMagic, true)
  view.setUint16(12, 1, true) // version 1.0
  view.setBigInt64(16, -1n, true) // §4.1: a section whose length is not known
  block.set(options, 24)
  return closeBlock(block, blockTypes.section)
}

/** An Ethernet interface whose times are in nanoseconds and whose packets are whole. */
export function encodeInterface(name: string): Uint8Array {
  const options = encodeOptions([
    [optionCodes.interfaceName, encodeUtf8(name)],
    [optionCodes.timeResolution, Uint8Array.of(9)], // §4.2: 10^-9 s
  ])
  const block = new Uint8Array(20 + options.length)
  new DataView(block.buffer).setUint16(8, linkTypeEthernet, true)
  block.set(options, 16)
  return closeBlock(block, blockTypes.interface)
}

function encodeOptions(options: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const length = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [code, value] of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    bytes.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  return bytes // the last four bytes are the end-of-options mark: code 0, length 0
}

function closeBlock(block: Uint8Array, type: number): Uint8Array {
  const view = new DataView(block.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, block.length, true)
  view.setUint32(block.length - 4, block.length, true)
  return block
}

/** Options of a packet block: one comment, or nothing. At most `longestOption` bytes of UTF-8. */
export function encodeComment(comment: string): Uint8Array {
  return encodeOptions([[optionCodes.comment, encodeUtf8(comment)]])
}

/** Fills in the block around a packet that stands `packetHeadLength` bytes behind `at`. `options`: `encodeComment`, or none. */
export function framePacket(
  { bytes, view, at }: Extent,
  packet: { readonly interface: number; readonly time: Timestamp; readonly length: number },
  options: Uint8Array,
): void {
  const optionsAt = at + packetHeadLength + padded(packet.length)
  const length = optionsAt - at + options.length + 4
  view.setUint32(at, blockTypes.packet, true)
  view.setUint32(at + 4, length, true)
  view.setUint32(at + 8, packet.interface, true)
  view.setUint32(at + 12, packet.time.high, true)
  view.setUint32(at + 16, packet.time.low, true)
  view.setUint32(at + 20, packet.length, true)
  view.setUint32(at + 24, packet.length, true)
  for (let pad = at + packetHeadLength + packet.length; pad < optionsAt; pad += 1) bytes[pad] = 0
  bytes.set(options, optionsAt)
  view.setUint32(at + length - 4, length, true)
}

/** The first bytes of every block, type and length, in the byte order of its section. */
export interface BlockHead {
  readonly type: number
  readonly length: number
}

/** The order in which a section writes its numbers, told by the magic number in its first block; null if neither. */
export function byteOrderOf(section: Uint8Array): { readonly littleEndian: boolean } | null {
  if (section.length < 12) return null
  const view = viewOf(section)
  if (view.getUint32(0) !== blockTypes.section) return null
  if (view.getUint32(8, true) === byteOrderMagic) return { littleEndian: true }
  return view.getUint32(8) === byteOrderMagic ? { littleEndian: false } : null
}

/** Reads the 8 bytes every block begins with. */
export function readBlockHead(bytes: Uint8Array, littleEndian: boolean): BlockHead {
  const view = viewOf(bytes)
  return { type: view.getUint32(0, littleEndian), length: view.getUint32(4, littleEndian) }
}

export interface InterfaceBlock {
  readonly linkType: number
  /** Reads the times of its packets. */
  readonly timeOf: ReadTime
  readonly unknownOptions: number
}

const knownInterfaceOptions = range(1, 18)
const knownPacketOptions = range(1, 7)

/** Reads a whole interface block; null when it is too short to be one. */
export function readInterface(block: Uint8Array, littleEndian: boolean): InterfaceBlock | null {
  if (block.length < 20) return null
  const options = readOptions(block, 16, littleEndian)
  const resolution = options.find((option) => option.code === optionCodes.timeResolution)?.value[0] ?? 6
  const ticksPerSecond = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution)
  return {
    linkType: viewOf(block).getUint16(8, littleEndian),
    timeOf: timeReader(ticksPerSecond),
    unknownOptions: countUnknown(options, knownInterfaceOptions),
  }
}

/** What a packet block says of its packet. One object is filled in for every block: there are millions of them. */
export interface PacketBlock {
  /** Number of the interface in its section. */
  interface: number
  /** The two halves of its time, in the unit of the interface. */
  high: number
  low: number
  /** Where the packet is in the bytes that were read. */
  start: number
  end: number
  /** Bytes the packet had before it was cut to what was captured. */
  originalLength: number
}

export function emptyPacketBlock(): PacketBlock {
  return { interface: 0, high: 0, low: 0, start: 0, end: 0, originalLength: 0 }
}

/** Reads the packet block of `length` bytes at `at`; false when its lengths contradict each other. */
export function readPacketBlock(
  view: DataView,
  at: number,
  length: number,
  littleEndian: boolean,
  into: PacketBlock,
): boolean {
  if (length < packetFrameLength) return false
  const captured = view.getUint32(at + 20, littleEndian)
  if (captured > length - packetFrameLength) return false
  into.interface = view.getUint32(at + 8, littleEndian)
  into.high = view.getUint32(at + 12, littleEndian)
  into.low = view.getUint32(at + 16, littleEndian)
  into.start = at + packetHeadLength
  into.end = into.start + captured
  into.originalLength = view.getUint32(at + 24, littleEndian)
  return true
}

export interface PacketOptions {
  readonly comments: readonly string[]
  readonly unknown: number
}

const noPacketOptions: PacketOptions = { comments: [], unknown: 0 }

/** The options behind the packet of a whole packet block. */
export function readPacketOptions(block: Uint8Array, captured: number, littleEndian: boolean): PacketOptions {
  const options = readOptions(block, packetHeadLength + padded(captured), littleEndian)
  if (options.length === 0) return noPacketOptions
  return {
    comments: options.filter(({ code }) => code === optionCodes.comment).map(({ value }) => decodeUtf8(value)),
    unknown: countUnknown(options, knownPacketOptions),
  }
}

interface Option {
  readonly code: number
  readonly value: Uint8Array
}

const noOptions: readonly Option[] = []

function readOptions(block: Uint8Array, from: number, littleEndian: boolean): readonly Option[] {
  const end = block.length - 4
  if (from >= end) return noOptions
  const view = viewOf(block)
  const options: Option[] = []
  let at = from
  while (at + 4 <= end) {
    const code = view.getUint16(at, littleEndian)
    const length = view.getUint16(at + 2, littleEndian)
    if (code === optionCodes.end || at + 4 + length > end) break
    options.push({ code, value: block.subarray(at + 4, at + 4 + length) })
    at += 4 + padded(length)
  }
  return options
}

function countUnknown(options: readonly Option[], known: ReadonlySet<number>): number {
  return options.filter(({ code }) => !known.has(code) && !customOptions.has(code)).length
}

// §3.5.1: options anyone may define, marked with the number of who did.
const customOptions: ReadonlySet<number> = new Set([2988, 2989, 19372, 19373])

function range(first: number, last: number): ReadonlySet<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
