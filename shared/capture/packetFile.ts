// The packets of capture files that others made, pcap and pcapng, one after the other. What is in the packets is not
// known here. Reading goes on to the first thing that cannot be read: what came before it is good.
import { toHex } from '../bytes/hex.ts'
import {
  type BlockReader,
  createBlockReader,
  cutShort,
  damaged,
  type FileReader,
  longestBlock,
  tooLong,
} from './blockReader.ts'
import { blockTypes, byteOrderOf, packetHeadLength } from './pcapng.ts'
import type { ByteStore, Time } from './record.ts'
import { createScan } from './window.ts'

/** A packet, and where it is. One object is filled in for every packet: there are millions of them. */
export interface Packet {
  linkType: number
  time: Time
  /** What was captured of it is in `bytes` from `start` to `end`. */
  bytes: Uint8Array
  start: number
  end: number
  /** Store offset of its first byte. */
  offset: number
}

export interface PacketSink {
  packet(packet: Packet): void
  /** A Decryption Secrets block, whole, in little-endian order. */
  secrets(block: Uint8Array): void
}

const windowLength = 1024 * 1024

export type ReadPackets = (store: ByteStore, sink: PacketSink) => FileReader

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

function emptyPacket(): Packet {
  return { linkType: 0, time: 0, bytes: new Uint8Array(0), start: 0, end: 0, offset: 0 }
}

function readPcap(store: ByteStore, sink: PacketSink): FileReader {
  const { littleEndian, nanosPerTick } = pcapMagics[toHex(store.read(0, 4))]!
  const scan = createScan(store, windowLength)
  const packet = emptyPacket()
  const reader = { at: 0, stopped: null as string | null, next }

  function next(): boolean {
    const { at } = reader
    const left = store.size - at
    if (reader.stopped !== null) return false
    if (at === 0) return left < pcapHeaderLength ? runsOut(left) : readHeader()
    if (left < pcapRecordLength) return runsOut(left)
    const index = scan.reach(at, pcapRecordLength)
    const number = (place: number) => scan.view.getUint32(index + place, littleEndian)
    const length = number(8)
    if (length > longestBlock) return stop(damaged(at, tooLong(length)))
    if (length > left - pcapRecordLength) return runsOut(left)
    packet.time = number(0) * 1000 + (number(4) * nanosPerTick) / 1_000_000
    tell(at + pcapRecordLength, length)
    return true
  }

  function tell(offset: number, length: number): void {
    packet.offset = offset
    packet.start = scan.reach(offset, length)
    packet.end = packet.start + length
    packet.bytes = scan.bytes
    sink.packet(packet)
    reader.at = offset + length
  }

  function readHeader(): boolean {
    const index = scan.reach(0, pcapHeaderLength)
    // The upper bits tell the length of a frame check sequence.
    packet.linkType = scan.view.getUint32(index + 20, littleEndian) & 0xffff
    reader.at = pcapHeaderLength
    return true
  }

  function runsOut(left: number): boolean {
    if (left === 0 || store.isFilling) return false
    return stop(
      reader.at === 0
        ? `The file is cut short inside its header: it has ${store.size} bytes.`
        : cutShort(store, reader.at, 'packet'),
    )
  }

  function stop(sentence: string): boolean {
    reader.stopped = sentence
    return false
  }

  return reader
}

function readPcapng(store: ByteStore, sink: PacketSink): FileReader {
  const packet = emptyPacket()
  const reader = createBlockReader(store, {
    interface() {},
    packet(bytes, block, source) {
      if (!source) return `a packet there is of interface ${block.interface}, which is not described`
      packet.linkType = source.linkType
      packet.time = source.timeOf(block.high, block.low)
      packet.bytes = bytes
      packet.start = block.start
      packet.end = block.end
      packet.offset = reader.at + packetHeadLength
      sink.packet(packet)
      return null
    },
    other(type, block) {
      if (type === blockTypes.simplePacket) return takeSimplePacket(reader, block(), packet, sink)
      if (type === blockTypes.decryptionSecrets) takeSecrets(reader, block(), sink)
      return null // nothing in the others is a packet
    },
  })
  return reader
}

/** §4.4: type, length and length of the packet come before it. */
const simpleHeadLength = 12

/** §4.4: a packet of the first interface, without a time. */
function takeSimplePacket(
  reader: BlockReader,
  block: Uint8Array | null,
  packet: Packet,
  sink: PacketSink,
): string | null {
  const source = reader.interfaces[0]
  if (!block || block.length < 16 || !source) return 'a packet there is of an interface that is not described'
  packet.linkType = source.linkType
  packet.time = 0
  packet.bytes = block
  packet.start = simpleHeadLength
  packet.end = Math.min(block.length - 4, simpleHeadLength + viewOf(block).getUint32(8, reader.littleEndian))
  packet.offset = reader.at + simpleHeadLength
  sink.packet(packet)
  return null
}

function takeSecrets(reader: BlockReader, block: Uint8Array | null, sink: PacketSink): void {
  if (block) sink.secrets(inLittleEndian(block, reader.littleEndian))
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

/** §4.7: secrets of this kind are a key log, `TLSK`. */
const tlsKeyLog = 0x544c534b

/** The key log in a Decryption Secrets block as a sink gets it; null when it holds other secrets. */
export function keyLogIn(block: Uint8Array): Uint8Array | null {
  if (block.length < 20 || viewOf(block).getUint32(8, true) !== tlsKeyLog) return null
  return block.subarray(16, 16 + viewOf(block).getUint32(12, true))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
