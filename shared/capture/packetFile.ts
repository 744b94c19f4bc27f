// The packets of capture files that others made, pcap and pcapng, one after the other. What is in the packets is not
// known here. Reading goes on to the first thing that cannot be read: what came before it is good.
import { toHex } from '../bytes/hex.ts'
import {
  type BlockHead,
  blockTypes,
  byteOrderOf,
  type InterfaceBlock,
  readBlockHead,
  readInterface,
  readPacket,
} from './pcapng.ts'
import type { ByteStore, Time } from './record.ts'
import { nanosecondsOf, type Timestamp, timeOf } from './timestamp.ts'
import { createWindow, type Window } from './window.ts'

export interface Packet {
  readonly linkType: number
  readonly time: Time
  /** What was captured of it. Valid until the next packet is read. */
  readonly bytes: Uint8Array
  /** Its length on the wire: more than `bytes` when it was cut. */
  readonly originalLength: number
}

export interface PacketSink {
  packet(packet: Packet): void
  /** A Decryption Secrets block, whole, in little-endian order. */
  secrets(block: Uint8Array): void
}

/** Longest packet or block that is read: as other readers of the formats have it. */
const longest = 16 * 1024 * 1024
const windowLength = 1024 * 1024

/** Hands all packets of a file to the sink. Answers why it could not be read to its end, or null when it could. */
export type ReadPackets = (store: ByteStore, sink: PacketSink) => string | null

/** How the file is read; null when it is neither pcap nor pcapng. */
export function packetReader(store: ByteStore): ReadPackets | null {
  const start = store.read(0, 12)
  if (byteOrderOf(start)) return readPcapng
  return pcapMagics[toHex(start.subarray(0, 4))] ? readPcap : null
}

interface PcapForm {
  readonly littleEndian: boolean
  readonly nanosPerTick: number
}

// draft-ietf-opsawg-pcap §4: the magic number tells the byte order and the unit of times.
const pcapMagics: Readonly<Record<string, PcapForm>> = {
  a1b2c3d4: { littleEndian: false, nanosPerTick: 1000 },
  d4c3b2a1: { littleEndian: true, nanosPerTick: 1000 },
  a1b23c4d: { littleEndian: false, nanosPerTick: 1 },
  '4d3cb2a1': { littleEndian: true, nanosPerTick: 1 },
}
const pcapHeaderLength = 24
const pcapRecordLength = 16

function readPcap(store: ByteStore, sink: PacketSink): string | null {
  const { littleEndian, nanosPerTick } = pcapMagics[toHex(store.read(0, 4))]!
  if (store.size < pcapHeaderLength) return `The file is cut short inside its header: it has ${store.size} bytes.`
  const window = createWindow(store, windowLength)
  const number = (at: number) => viewOf(window(at, 4)).getUint32(0, littleEndian)
  const linkType = number(20) & 0xffff // the upper bits tell the length of a frame check sequence
  for (let at = pcapHeaderLength; at < store.size; ) {
    if (at + pcapRecordLength > store.size) return cutShort(store, at)
    const length = number(at + 8)
    if (length > longest) return damaged(at, `a packet there claims to be ${length} bytes long`)
    const end = at + pcapRecordLength + length
    if (end > store.size) return cutShort(store, at)
    const time = number(at) * 1000 + (number(at + 4) * nanosPerTick) / 1_000_000
    const originalLength = number(at + 12)
    sink.packet({ linkType, time, bytes: window(at + pcapRecordLength, length), originalLength })
    at = end
  }
  return null
}

interface Section {
  readonly window: Window
  readonly store: ByteStore
  readonly sink: PacketSink
  littleEndian: boolean
  interfaces: InterfaceBlock[]
}

function readPcapng(store: ByteStore, sink: PacketSink): string | null {
  const section: Section = {
    window: createWindow(store, windowLength),
    store,
    sink,
    littleEndian: true,
    interfaces: [],
  }
  for (let at = 0; at < store.size; ) {
    if (at + 12 > store.size) return cutShort(store, at)
    const head = headAt(section, at)
    if (typeof head === 'string') return head
    if (at + head.length > store.size) return cutShort(store, at)
    const wrong = takeBlock(section, head, at)
    if (wrong !== null) return wrong
    at += head.length
  }
  return null
}

function headAt(section: Section, at: number): BlockHead | string {
  const start = section.window(at, 12)
  if (readBlockHead(start, true).type === blockTypes.section) {
    // §4.1: each section tells its own byte order, and numbers its interfaces anew.
    const order = byteOrderOf(start)
    if (!order) return damaged(at, 'a section begins there without its byte-order mark')
    section.littleEndian = order.littleEndian
    section.interfaces = []
  }
  const head = readBlockHead(start, section.littleEndian)
  const isGood = head.length >= 12 && head.length % 4 === 0 && head.length <= longest
  return isGood ? head : damaged(at, `a block there claims to be ${head.length} bytes long`)
}

function takeBlock(section: Section, { type, length }: BlockHead, at: number): string | null {
  switch (type) {
    case blockTypes.interface:
      return takeInterface(section, section.window(at, length), at)
    case blockTypes.packet:
      return takePacket(section, section.window(at, length), at)
    case blockTypes.simplePacket:
      return takeSimplePacket(section, section.window(at, length), at)
    case blockTypes.decryptionSecrets:
      section.sink.secrets(inLittleEndian(section.window(at, length), section.littleEndian))
      return null
    default:
      return null // nothing in the others is a packet
  }
}

function takeInterface({ interfaces, littleEndian }: Section, block: Uint8Array, at: number): string | null {
  const read = readInterface(block, littleEndian)
  if (!read) return damaged(at, 'the description of an interface there cannot be read')
  interfaces.push(read)
  return null
}

function takePacket({ interfaces, sink, littleEndian }: Section, block: Uint8Array, at: number): string | null {
  const packet = readPacket(block, littleEndian)
  if (!packet) return damaged(at, 'the lengths of a packet there contradict each other')
  const source = interfaces[packet.interface]
  if (!source) return damaged(at, `a packet there is of interface ${packet.interface}, which is not described`)
  const time = timeOf(nanosecondsOf(packet.ticks, source.ticksPerSecond))
  const bytes = block.subarray(packet.start, packet.end)
  sink.packet({ linkType: source.linkType, time, bytes, originalLength: packet.originalLength })
  return null
}

const zeroTime: Timestamp = { high: 0, low: 0 }

/** §4.4: a packet of the first interface, without a time. */
function takeSimplePacket({ interfaces, sink, littleEndian }: Section, block: Uint8Array, at: number): string | null {
  const source = interfaces[0]
  if (block.length < 16 || !source) return damaged(at, 'a packet there is of an interface that is not described')
  const originalLength = viewOf(block).getUint32(8, littleEndian)
  const bytes = block.subarray(12, Math.min(block.length - 4, 12 + originalLength))
  sink.packet({ linkType: source.linkType, time: timeOf(zeroTime), bytes, originalLength })
  return null
}

/** §4.6: type, length, kind of secrets and their length are numbers; the secrets are bytes. Options are left out. */
function inLittleEndian(block: Uint8Array, littleEndian: boolean): Uint8Array {
  if (block.length < 20) return new Uint8Array(0)
  const from = viewOf(block)
  const kept = Math.min(from.getUint32(12, littleEndian), block.length - 20)
  const length = 20 + ((kept + 3) & ~3)
  const copy = new Uint8Array(length)
  const to = viewOf(copy)
  const numbers = [blockTypes.decryptionSecrets, length, from.getUint32(8, littleEndian), kept]
  numbers.forEach((number, place) => {
    to.setUint32(place * 4, number, true)
  })
  copy.set(block.subarray(16, 16 + kept), 16)
  to.setUint32(length - 4, length, true)
  return copy
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function cutShort(store: ByteStore, at: number): string {
  return `The file is cut short: it ends at byte ${store.size}, inside what begins at byte ${at}. Everything before that was read.`
}

function damaged(at: number, what: string): string {
  return `The file is damaged at byte ${at}: ${what}. Everything before it was read.`
}
