// Capture files made in memory: TCP segments of one connection, in any order, in any wrapping.
import { concat } from '../../../shared/bytes/concat.ts'

export interface Segment {
  readonly from: 'client' | 'server'
  /** Offset in the sender's stream; the SYN stands before it. */
  readonly at: number
  readonly bytes?: Uint8Array
  readonly flags?: 'syn' | 'fin' | 'reset'
  /** Captured bytes of the payload, when not all. */
  readonly captured?: number
}

export interface Wrapping {
  readonly link?: 'ethernet' | 'vlan' | 'cooked' | 'cooked2' | 'null' | 'raw'
  readonly ipv6?: boolean
  readonly littleEndian?: boolean
  readonly nanoseconds?: boolean
  /** The sequence number of each stream's first byte. */
  readonly firstSequence?: number
  readonly clientPort?: number
}

const linkTypes = { ethernet: 1, vlan: 1, cooked: 113, cooked2: 276, null: 0, raw: 101 } as const

/** A pcap file. Packets are a second and 500 microseconds apart, from second 1000 on. */
export function pcapOf(segments: readonly Segment[], wrapping: Wrapping = {}): Uint8Array {
  const { link = 'ethernet', littleEndian = true, nanoseconds = false } = wrapping
  const header = new DataView(new ArrayBuffer(24))
  header.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, littleEndian)
  header.setUint16(4, 2, littleEndian)
  header.setUint16(6, 4, littleEndian)
  header.setUint32(16, 262_144, littleEndian)
  header.setUint32(20, linkTypes[link], littleEndian)
  const records = segments.flatMap((segment, index) => {
    const packet = packetOf(segment, wrapping)
    const captured = packet.length - (segment.bytes?.length ?? 0) + (segment.captured ?? segment.bytes?.length ?? 0)
    const record = new DataView(new ArrayBuffer(16))
    record.setUint32(0, 1000 + index, littleEndian)
    record.setUint32(4, nanoseconds ? 500_000 : 500, littleEndian)
    record.setUint32(8, captured, littleEndian)
    record.setUint32(12, packet.length, littleEndian)
    return [new Uint8Array(record.buffer), packet.subarray(0, captured)]
  })
  return concat(new Uint8Array(header.buffer), ...records)
}

function packetOf(segment: Segment, wrapping: Wrapping): Uint8Array {
  const ip = ipPacket(segment, wrapping)
  const etherType = wrapping.ipv6 ? [0x86, 0xdd] : [8, 0]
  switch (wrapping.link ?? 'ethernet') {
    case 'ethernet':
      return concat(new Uint8Array(12), Uint8Array.from(etherType), ip)
    case 'vlan':
      return concat(new Uint8Array(12), Uint8Array.of(0x88, 0xa8, 0, 7, 0x81, 0, 0, 9, ...etherType), ip)
    case 'cooked':
      return concat(new Uint8Array(14), Uint8Array.from(etherType), ip)
    case 'cooked2':
      return concat(Uint8Array.from(etherType), new Uint8Array(18), ip)
    case 'null':
      return concat(Uint8Array.of(2, 0, 0, 0), ip)
    case 'raw':
      return ip
  }
}

function ipPacket(segment: Segment, wrapping: Wrapping): Uint8Array {
  const tcp = tcpSegment(segment, wrapping)
  const hosts = segment.from === 'client' ? [1, 2] : [2, 1]
  if (wrapping.ipv6) {
    const address = (last: number) => Uint8Array.of(0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), last)
    const head = Uint8Array.of(0x60, 0, 0, 0, (tcp.length + 8) >> 8, (tcp.length + 8) & 0xff, 0, 64)
    const hopByHop = Uint8Array.of(6, 0, 1, 4, 0, 0, 0, 0)
    return concat(head, address(hosts[0]!), address(hosts[1]!), hopByHop, tcp)
  }
  const total = tcp.length + 20
  const head = [0x45, 0, total >> 8, total & 0xff, 0, 0, 0x40, 0, 64, 6, 0, 0]
  return concat(Uint8Array.of(...head, 192, 0, 2, hosts[0]!, 192, 0, 2, hosts[1]!), tcp)
}

const flagBits = { syn: 2, fin: 0x11, reset: 4, none: 0x18 }

function tcpSegment({ from, at, bytes = new Uint8Array(0), flags }: Segment, wrapping: Wrapping): Uint8Array {
  const { firstSequence = 1000, clientPort = 50_000 } = wrapping
  const view = new DataView(new ArrayBuffer(20))
  const ports = from === 'client' ? [clientPort, 80] : [80, clientPort]
  view.setUint16(0, ports[0]!)
  view.setUint16(2, ports[1]!)
  view.setUint32(4, (firstSequence + at - (flags === 'syn' ? 1 : 0)) >>> 0)
  view.setUint8(12, 0x50)
  view.setUint8(13, flags === 'syn' && from === 'server' ? 0x12 : flagBits[flags ?? 'none'])
  return concat(new Uint8Array(view.buffer), bytes)
}
