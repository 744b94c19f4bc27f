// From a captured packet to the TCP segment in it: link layer, VLAN tags, IPv4 or IPv6, TCP. Reads what is there and
// believes no length that the bytes contradict.
import type { Address } from './record.ts'

/** Where TCP bytes are in a packet, and the numbers around them. */
export interface TcpSegment {
  readonly from: Address
  readonly to: Address
  readonly sequence: number
  readonly flags: number
  /** Offsets of the captured payload in the packet. */
  readonly start: number
  readonly end: number
  /** Payload bytes that were on the wire: more than captured when the packet was cut. */
  readonly length: number
}

export type Unreadable = 'linkType' | 'fragment' | 'other'

/** LINKTYPE values of tcpdump.org's list. */
const linkTypes = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  cooked: 113,
  ipv4: 228,
  ipv6: 229,
  cooked2: 276,
}
const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8, oldVlan: 0x9100 }
const tcpProtocol = 6

/** What TCP there is in a packet, or why there is none. Never throws. */
export function readSegment(linkType: number, packet: Uint8Array): TcpSegment | Unreadable {
  const ip = ipStart(linkType, packet)
  if (ip === 'linkType') return 'linkType'
  if (ip === null || ip >= packet.length) return 'other'
  const version = packet[ip]! >>> 4
  if (version === 4) return readIpv4(packet, ip)
  return version === 6 ? readIpv6(packet, ip) : 'other'
}

/** Offset of the IP header; null when there is none. */
function ipStart(linkType: number, packet: Uint8Array): number | null | 'linkType' {
  switch (linkType) {
    case linkTypes.ethernet:
      return afterEtherType(packet, 12)
    case linkTypes.cooked:
      return afterEtherType(packet, 14)
    case linkTypes.cooked2:
      return etherTypeAt(packet, 0) === etherTypes.ipv4 || etherTypeAt(packet, 0) === etherTypes.ipv6 ? 20 : null
    case linkTypes.null:
    case linkTypes.loop:
      return 4 // the address family differs by system and byte order; the IP version says the same
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return 0
    default:
      return 'linkType'
  }
}

/** Steps over VLAN tags, IEEE 802.1Q: four bytes each, with the next type in the last two. */
function afterEtherType(packet: Uint8Array, typeAt: number): number | null {
  for (let at = typeAt; at + 2 <= packet.length; at += 4) {
    const type = etherTypeAt(packet, at)
    if (type === etherTypes.ipv4 || type === etherTypes.ipv6) return at + 2
    if (type !== etherTypes.vlan && type !== etherTypes.serviceVlan && type !== etherTypes.oldVlan) return null
  }
  return null
}

function etherTypeAt(packet: Uint8Array, at: number): number {
  return uint16(packet, at)
}

function readIpv4(packet: Uint8Array, ip: number): TcpSegment | Unreadable {
  if (ip + 20 > packet.length || packet[ip + 9] !== tcpProtocol) return 'other'
  // RFC 791 §3.1: more fragments, or an offset.
  if ((uint16(packet, ip + 6) & 0x3fff) !== 0) return 'fragment'
  const headerLength = (packet[ip]! & 0x0f) * 4
  const total = uint16(packet, ip + 2)
  const address = (at: number) => packet.subarray(at, at + 4).join('.')
  if (headerLength < 20) return 'other'
  // A length of 0 is left by hardware that fills it in later.
  const end = total === 0 ? packet.length : ip + total
  return readTcp(packet, ip + headerLength, end, address(ip + 12), address(ip + 16))
}

const ipv6Extensions: ReadonlySet<number> = new Set([0, 43, 60, 135])
const ipv6Fragment = 44

function readIpv6(packet: Uint8Array, ip: number): TcpSegment | Unreadable {
  if (ip + 40 > packet.length) return 'other'
  const payload = uint16(packet, ip + 4)
  let next = packet[ip + 6]!
  let at = ip + 40
  // RFC 8200 §4: every extension tells what comes next, and its length in units of 8 bytes after the first.
  while (ipv6Extensions.has(next) && at + 2 <= packet.length) {
    next = packet[at]!
    at += (packet[at + 1]! + 1) * 8
  }
  if (next === ipv6Fragment) return 'fragment'
  if (next !== tcpProtocol) return 'other'
  const end = payload === 0 ? packet.length : ip + 40 + payload
  return readTcp(packet, at, end, ipv6Text(packet, ip + 8), ipv6Text(packet, ip + 24))
}

/** RFC 5952 §4.2: the first longest run of zero groups, of two or more, becomes `::`. */
function ipv6Text(packet: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => uint16(packet, at + group * 2).toString(16))
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (groups[start + length] === '0') length += 1
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}

function readTcp(packet: Uint8Array, tcp: number, ipEnd: number, from: string, to: string): TcpSegment | Unreadable {
  if (tcp + 20 > packet.length) return 'other'
  const start = tcp + (packet[tcp + 12]! >>> 4) * 4
  if (start < tcp + 20 || start > ipEnd) return 'other'
  return {
    from: { host: from, port: uint16(packet, tcp) },
    to: { host: to, port: uint16(packet, tcp + 2) },
    sequence: ((uint16(packet, tcp + 4) << 16) | uint16(packet, tcp + 6)) >>> 0,
    flags: packet[tcp + 13]!,
    start: Math.min(start, packet.length),
    end: Math.max(Math.min(start, packet.length), Math.min(ipEnd, packet.length)),
    length: ipEnd - start,
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
