// From a captured packet to the TCP segment in it: link layer, VLAN tags, IPv4 or IPv6, TCP. Reads what is there and
// believes no length that the bytes contradict.
import type { Address } from './record.ts'

/** Where TCP is in the bytes that hold a packet. One object is filled in for every packet: there are millions of them. */
export interface TcpSegment {
  /** Where the source's IP address is; the destination's comes right behind it. */
  addresses: number
  /** Bytes of an address: 4 or 16. */
  addressLength: number
  /** Where the TCP header is: it begins with the source's port and the destination's, two bytes each. */
  tcp: number
  sequence: number
  flags: number
  /** Where the captured payload is. */
  start: number
  end: number
  /** Payload bytes that were on the wire: more than captured when the packet was cut. */
  length: number
}

export function emptySegment(): TcpSegment {
  return { addresses: 0, addressLength: 4, tcp: 0, sequence: 0, flags: 0, start: 0, end: 0, length: 0 }
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

/** Where a packet is in `bytes`. */
interface Place {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Finds the TCP in a packet; answers why there is none, or null. Never throws. */
export function readSegment(linkType: number, packet: Place, into: TcpSegment): Unreadable | null {
  const { bytes, end } = packet
  const ip = ipStart(linkType, packet)
  if (ip === unknownLink) return 'linkType'
  if (ip === noIp || ip >= end) return 'other'
  const version = bytes[ip]! >>> 4
  if (version === 4) return readIpv4(bytes, ip, end, into)
  return version === 6 ? readIpv6(bytes, ip, end, into) : 'other'
}

const noIp = -1
const unknownLink = -2

/** Where the IP header is. */
function ipStart(linkType: number, packet: Place): number {
  const { start } = packet
  switch (linkType) {
    case linkTypes.ethernet:
      return afterEtherType(packet, start + 12)
    case linkTypes.cooked:
      return afterEtherType(packet, start + 14)
    case linkTypes.cooked2:
      return afterCooked2(packet)
    case linkTypes.null:
    case linkTypes.loop:
      return start + 4 // the address family differs by system and byte order; the IP version says the same
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return start
    default:
      return unknownLink
  }
}

/** Steps over VLAN tags, IEEE 802.1Q: four bytes each, with the next type in the last two. */
function afterEtherType({ bytes, end }: Place, typeAt: number): number {
  for (let at = typeAt; at + 2 <= end; at += 4) {
    const type = uint16(bytes, at)
    if (type === etherTypes.ipv4 || type === etherTypes.ipv6) return at + 2
    if (type !== etherTypes.vlan && type !== etherTypes.serviceVlan && type !== etherTypes.oldVlan) return noIp
  }
  return noIp
}

function afterCooked2({ bytes, start, end }: Place): number {
  const type = start + 20 <= end ? uint16(bytes, start) : 0
  return type === etherTypes.ipv4 || type === etherTypes.ipv6 ? start + 20 : noIp
}

function readIpv4(bytes: Uint8Array, ip: number, end: number, into: TcpSegment): Unreadable | null {
  if (ip + 20 > end || bytes[ip + 9] !== tcpProtocol) return 'other'
  // RFC 791 §3.1: more fragments, or an offset.
  if ((uint16(bytes, ip + 6) & 0x3fff) !== 0) return 'fragment'
  const headerLength = (bytes[ip]! & 0x0f) * 4
  const total = uint16(bytes, ip + 2)
  if (headerLength < 20) return 'other'
  into.addresses = ip + 12
  into.addressLength = 4
  // A length of 0 is left by hardware that fills it in later.
  return readTcp(bytes, ip + headerLength, total === 0 ? end : ip + total, end, into)
}

const ipv6Extensions: ReadonlySet<number> = new Set([0, 43, 60, 135])
const ipv6Fragment = 44

function readIpv6(bytes: Uint8Array, ip: number, end: number, into: TcpSegment): Unreadable | null {
  if (ip + 40 > end) return 'other'
  const payload = uint16(bytes, ip + 4)
  let next = bytes[ip + 6]!
  let at = ip + 40
  // RFC 8200 §4: every extension tells what comes next, and its length in units of 8 bytes after the first.
  while (ipv6Extensions.has(next) && at + 2 <= end) {
    next = bytes[at]!
    at += (bytes[at + 1]! + 1) * 8
  }
  if (next === ipv6Fragment) return 'fragment'
  if (next !== tcpProtocol) return 'other'
  into.addresses = ip + 8
  into.addressLength = 16
  return readTcp(bytes, at, payload === 0 ? end : ip + 40 + payload, end, into)
}

/** `ipEnd`: where the packet ended on the wire; `end`: where what was captured of it ends. */
function readTcp(bytes: Uint8Array, tcp: number, ipEnd: number, end: number, into: TcpSegment): Unreadable | null {
  if (tcp + 20 > end) return 'other'
  const start = tcp + (bytes[tcp + 12]! >>> 4) * 4
  if (start < tcp + 20 || start > ipEnd) return 'other'
  into.tcp = tcp
  into.sequence = ((uint16(bytes, tcp + 4) << 16) | uint16(bytes, tcp + 6)) >>> 0
  into.flags = bytes[tcp + 13]!
  into.start = Math.min(start, end)
  into.end = Math.max(into.start, Math.min(ipEnd, end))
  into.length = ipEnd - start
  return null
}

/** The ends of a segment's connection, its source first. */
export function endsOf(bytes: Uint8Array, { addresses, addressLength, tcp }: TcpSegment): readonly [Address, Address] {
  const hostOf = addressLength === 4 ? ipv4Text : ipv6Text
  return [
    { host: hostOf(bytes, addresses), port: uint16(bytes, tcp) },
    { host: hostOf(bytes, addresses + addressLength), port: uint16(bytes, tcp + 2) },
  ]
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join('.')
}

/** RFC 5952 §4.2: the first longest run of zero groups, of two or more, becomes `::`. */
function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => uint16(bytes, at + group * 2).toString(16))
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (groups[start + length] === '0') length += 1
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}
