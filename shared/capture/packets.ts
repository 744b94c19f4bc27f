// Ethernet, IPv4/IPv6 and TCP around the bytes of a lane. What was delivered is the TCP connection of client and server.
// What was sent has the same headers, but its IP packets are of a protocol that nobody takes apart: else every frame
// would be there twice. What the gate let through as it came is there once, as delivered. Hardware addresses are ours to invent, so they carry what addresses and ports cannot say for
// certain: which end a packet came from and which connection of the log it belongs to.
import type { Lane } from '../bytes/lanes.ts'
import { encodeAddress, isIpv6 } from './addresses.ts'
import type { Address, Extent, Topology } from './record.ts'

/** One of the four half-streams of a relayed connection: what a sender put on the wire, or what the gate let through. */
export interface Flow {
  readonly lane: Lane
  readonly side: 'sent' | 'delivered'
}

/** Which interface of a recording a flow is on: 0 has what was delivered, 1 what was sent. */
export function interfaceOf({ side }: Flow): 0 | 1 {
  return side === 'delivered' ? 0 : 1
}

/** The flow that runs the other way on the same side of the gate. */
export function reverseOf({ lane, side }: Flow): Flow {
  return { lane: lane === 'clientToServer' ? 'serverToClient' : 'clientToServer', side }
}

export const tcpFlags = { fin: 0x01, syn: 0x02, reset: 0x04, push: 0x08, ack: 0x10 } as const

/** What differs from one packet of a flow to the next. */
export interface Segment {
  readonly flags: number
  readonly sequence: number
  readonly acknowledgement: number
  readonly window: number
}

/** The headers of every packet of one flow, with what never changes filled in. */
export interface PacketTemplate {
  readonly headers: Uint8Array
  readonly ipLength: number
  /** Ones' complement sum of the IPv4 header without its length; of an IPv6 header there is no sum. */
  readonly ipSum: number
  /** Ones' complement sum of the TCP pseudo header without its length. */
  readonly pseudoSum: number
}

const ethernetLength = 14
const tcpLength = 20
const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const
const tcpProtocol = 6
/** RFC 3692 §2.1: for experiments. Recordings made before say TCP for what was sent too. */
const sentProtocol = 253
// A locally administered unicast address: 02, the place, the connection as 32 bits.
const macPrefix = 0x02
const places = { client: 1, gate: 2, server: 3 } as const

/** Builds the unchanging headers of one flow of one connection. `passed`: of what was delivered as it was sent. */
export function createTemplate(connection: number, topology: Topology, flow: Flow, passed = false): PacketTemplate {
  const [gated, to] = endsOf(topology, flow)
  const from = passed ? { ...gated, place: senderPlace(flow.lane) } : gated
  const v6 = isIpv6(from.address.host) || isIpv6(to.address.host)
  const ipLength = v6 ? 40 : 20
  const headers = new Uint8Array(ethernetLength + ipLength + tcpLength)
  writeMac(headers, 0, to.place, connection)
  writeMac(headers, 6, from.place, connection)
  writeUint16(headers, 12, v6 ? etherTypes.ipv6 : etherTypes.ipv4)
  const protocol = flow.side === 'sent' ? sentProtocol : tcpProtocol
  const addresses = [encodeAddress(from.address.host, v6), encodeAddress(to.address.host, v6)] as const
  headers.set(ipHeader(v6, protocol, ...addresses), ethernetLength)
  const tcp = ethernetLength + ipLength
  writeUint16(headers, tcp, from.address.port)
  writeUint16(headers, tcp + 2, to.address.port)
  const view = new DataView(headers.buffer)
  const pseudoSum = sumWords(view, tcp - (v6 ? 32 : 8), tcp) + protocol
  return { headers, ipLength, ipSum: sumWords(view, ethernetLength, tcp), pseudoSum }
}

/** Sent is from an end to the gate, between their sockets; delivered comes from the gate, in the name of the sender. */
function endsOf(topology: Topology, { lane, side }: Flow): [PlacedAddress, PlacedAddress] {
  const { client, server, gateForClient, gateForServer } = topology
  const isClients = lane === 'clientToServer'
  const [sender, receiver] = isClients ? [client, server] : [server, client]
  if (side === 'delivered') {
    const to = { place: isClients ? places.server : places.client, address: receiver }
    return [{ place: places.gate, address: sender }, to]
  }
  const from = { place: senderPlace(lane), address: sender }
  return [from, { place: places.gate, address: isClients ? gateForClient : gateForServer }]
}

function senderPlace(lane: Lane): number {
  return lane === 'clientToServer' ? places.client : places.server
}

interface PlacedAddress {
  readonly place: number
  readonly address: Address
}

function writeMac(out: Uint8Array, at: number, place: number, connection: number): void {
  out[at] = macPrefix
  out[at + 1] = place
  writeUint16(out, at + 2, connection >>> 16)
  writeUint16(out, at + 4, connection & 0xffff)
}

function ipHeader(v6: boolean, protocol: number, from: Uint8Array, to: Uint8Array): Uint8Array {
  // RFC 8200 §3: version 6, next header, hop limit 64. RFC 791 §3.1: version 4, five words, don't fragment.
  const head = v6 ? [0x60, 0, 0, 0, 0, 0, protocol, 64] : [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0]
  return Uint8Array.of(...head, ...from, ...to)
}

/** Bytes of the headers a packet of this flow has before its payload. */
export function headersLength(template: PacketTemplate, options: Uint8Array): number {
  return template.headers.length + options.length
}

/**
 * Writes a packet at `at`. `options` are TCP options, whole words. `bytes` and `view` are of the same bytes.
 * Returns the packet's length.
 */
export function writePacket(
  { bytes, view }: Omit<Extent, 'at'>,
  at: number,
  template: PacketTemplate,
  segment: Segment,
  options: Uint8Array,
  payload: Uint8Array,
): number {
  const ip = at + ethernetLength
  const tcp = ip + template.ipLength
  const segmentLength = tcpLength + options.length + payload.length
  bytes.set(template.headers, at)
  bytes.set(options, tcp + tcpLength)
  bytes.set(payload, tcp + tcpLength + options.length)
  completeIp(view, ip, template, segmentLength)
  view.setUint32(tcp + 4, segment.sequence)
  view.setUint32(tcp + 8, segment.acknowledgement)
  view.setUint8(tcp + 12, ((tcpLength + options.length) / 4) << 4)
  view.setUint8(tcp + 13, segment.flags)
  view.setUint16(tcp + 14, segment.window)
  // As a system leaves it that has hardware complete it, and captures of the loopback have it: the sum of the pseudo header
  // alone. To sum the payload would take more than all else here.
  view.setUint16(tcp + 16, fold(template.pseudoSum + segmentLength))
  return ethernetLength + template.ipLength + segmentLength
}

function completeIp(view: DataView, ip: number, { ipLength, ipSum }: PacketTemplate, segmentLength: number): void {
  if (ipLength === 40) {
    view.setUint16(ip + 4, segmentLength) // RFC 8200 §3: the payload's length; there is no checksum
  } else {
    view.setUint16(ip + 2, ipLength + segmentLength)
    view.setUint16(ip + 10, ~fold(ipSum + ipLength + segmentLength))
  }
}

/** RFC 1071: the sum of 16-bit words, most significant byte first. */
function sumWords(view: DataView, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at += 2) sum += view.getUint16(at)
  return sum
}

/** The ones' complement sum in 16 bits. One that is a multiple of 65535 and not 0 is "negative zero". */
function fold(sum: number): number {
  const folded = sum % 0xffff
  return folded === 0 && sum > 0 ? 0xffff : folded
}

function writeUint16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8
  out[at + 1] = value
}

/** What a packet of ours says when it is read back. One object is filled in for every packet: there are millions. */
export interface ReadPacket {
  flow: Flow
  /** It was delivered as it was sent: the packet stands for both. */
  passed: boolean
  connection: number
  flags: number
  sequence: number
  /** Offsets of the payload in what was read. */
  start: number
  end: number
}

export function emptyReadPacket(): ReadPacket {
  return { flow: flows.clientSent, passed: false, connection: 0, flags: 0, sequence: 0, start: 0, end: 0 }
}

/** Reads the packet in `bytes` from `start` to `end`; false when Wirestep did not make it. Never throws. */
export function readPacketHeaders(bytes: Uint8Array, start: number, end: number, into: ReadPacket): boolean {
  if (end - start < ethernetLength + 40) return false
  const flow = flowOf(bytes, start)
  const connection = readUint32(bytes, start + 8)
  const tcp = tcpStart(bytes, start + ethernetLength)
  if (flow === null || connection !== readUint32(bytes, start + 2) || tcp < 0 || tcp + tcpLength > end) return false
  const payload = tcp + (bytes[tcp + 12]! >>> 4) * 4
  if (payload < tcp + tcpLength || payload > end) return false
  into.flow = flow
  into.passed = bytes[start + 1] !== places.gate && bytes[start + 7] !== places.gate
  into.connection = connection
  into.flags = bytes[tcp + 13]!
  into.sequence = readUint32(bytes, tcp + 4)
  into.start = payload
  into.end = end
  return true
}

const flows = {
  clientSent: { lane: 'clientToServer', side: 'sent' },
  serverGot: { lane: 'clientToServer', side: 'delivered' },
  serverSent: { lane: 'serverToClient', side: 'sent' },
  clientGot: { lane: 'serverToClient', side: 'delivered' },
} as const satisfies Record<string, Flow>

/** The two half-streams of each lane. */
export const flowsOf: Readonly<Record<Lane, Readonly<Record<Flow['side'], Flow>>>> = {
  clientToServer: { sent: flows.clientSent, delivered: flows.serverGot },
  serverToClient: { sent: flows.serverSent, delivered: flows.clientGot },
}

function flowOf(bytes: Uint8Array, at: number): Flow | null {
  if (bytes[at] !== macPrefix || bytes[at + 6] !== macPrefix) return null
  const to = bytes[at + 1]
  const from = bytes[at + 7]
  if (from === places.client && to === places.gate) return flows.clientSent
  if (from === places.server && to === places.gate) return flows.serverSent
  if (to === places.server && (from === places.gate || from === places.client)) return flows.serverGot
  if (to === places.client && (from === places.gate || from === places.server)) return flows.clientGot
  return null
}

/** Offset of the TCP header, or -1. */
function tcpStart(bytes: Uint8Array, ip: number): number {
  const etherType = (bytes[ip - 2]! << 8) | bytes[ip - 1]!
  if (etherType === etherTypes.ipv6) return isOurProtocol(bytes[ip + 6]!) ? ip + 40 : -1
  return etherType === etherTypes.ipv4 && isOurProtocol(bytes[ip + 9]!) ? ip + (bytes[ip]! & 0x0f) * 4 : -1
}

function isOurProtocol(protocol: number): boolean {
  return protocol === tcpProtocol || protocol === sentProtocol
}

function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
