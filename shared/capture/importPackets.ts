// WebSocket connections out of packets that others captured, as the records of a log. Each TCP connection waits until
// the beginning of its client's bytes says what it is; the ones that are something else are counted.
import { lowerAscii } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import { type Lane, laneFrom, type Role } from '../bytes/lanes.ts'
import { fieldNamed, findHeadEnd, parseHead } from '../handshake/head.ts'
import { readSegment, type TcpSegment, type Unreadable } from './linkLayers.ts'
import type { Packet } from './packetFile.ts'
import { tcpFlags } from './packets.ts'
import type { Address, LogRecord, StreamEnd, Time } from './record.ts'
import { createTcpLane, type TcpLane } from './tcpLane.ts'

export interface PacketImport {
  take(packet: Packet): void
  /** What is missing, as sentences; asked for when all packets were taken. */
  problems(): readonly string[]
  /** What was put right or passed over, as sentences. */
  notes(): readonly string[]
  /** WebSocket connections found. */
  readonly found: number
}

/** Bytes of a client that are waited for to say what it is, and bytes of a connection kept until then. */
const longestHead = 65_536
const mostUndecided = 4 * 1024 * 1024
/** TCP connections whose kind is not known yet, at most. */
const mostConnections = 100_000

type Side = 'a' | 'b'
const sides: readonly Side[] = ['a', 'b']

interface Connection {
  readonly ends: Readonly<Record<Side, Address>>
  readonly lanes: Readonly<Record<Side, TcpLane>>
  readonly ended: Record<Side, StreamEnd | null>
  /** Which side is the client; null until it is known. */
  client: Side | null
  /** `webSocket` has a number in the log. */
  kind: 'undecided' | 'webSocket' | 'other' | 'midStream'
  number: number
  /** What came before the kind was known. */
  readonly early: { readonly side: Side; readonly time: Time; readonly bytes: Uint8Array | StreamEnd }[]
  earlyLength: number
  readonly gaps: Set<Side>
}

interface Import {
  readonly emit: (record: LogRecord) => void
  readonly connections: Map<string, Connection>
  readonly all: Connection[]
  readonly unread: Record<Unreadable, number>
  readonly linkTypes: Set<number>
  found: number
  overflow: number
}

/** `emit` gets the records in the order of the packets. */
export function createPacketImport(emit: (record: LogRecord) => void): PacketImport {
  const state: Import = {
    emit,
    connections: new Map(),
    all: [],
    unread: { linkType: 0, fragment: 0, other: 0 },
    linkTypes: new Set(),
    found: 0,
    overflow: 0,
  }
  return {
    take: (packet) => takePacket(state, packet),
    problems: () => webSocketsOf(state).flatMap((one) => sides.flatMap((side) => gapSentence(one, side))),
    notes: () => notesOf(state),
    get found() {
      return state.found
    },
  }
}

function takePacket(state: Import, packet: Packet): void {
  const segment = readSegment(packet.linkType, packet.bytes)
  if (typeof segment === 'string') {
    state.unread[segment] += 1
    if (segment === 'linkType') state.linkTypes.add(packet.linkType)
    return
  }
  const connection = connectionOf(state, segment)
  if (connection === null || connection.kind === 'other' || connection.kind === 'midStream') return
  const side: Side = isSame(connection.ends.a, segment.from) ? 'a' : 'b'
  takeSegment(state, connection, side, segment, packet)
}

function isSame(one: Address, other: Address): boolean {
  return one.port === other.port && one.host === other.host
}

function keyOf({ host, port }: Address): string {
  return `${host} ${port}`
}

/** The segment's connection; a new one for a SYN on addresses whose connection is over. Null when there are too many. */
function connectionOf(state: Import, segment: TcpSegment): Connection | null {
  const key = [keyOf(segment.from), keyOf(segment.to)].sort().join(' - ')
  const known = state.connections.get(key)
  const isFirst = (segment.flags & (tcpFlags.syn | tcpFlags.ack)) === tcpFlags.syn
  if (known && !(isFirst && isOver(known))) return known
  if (state.all.length >= mostConnections) {
    state.overflow += 1
    return null
  }
  const connection = newConnection(segment, isFirst)
  state.connections.set(key, connection)
  state.all.push(connection)
  return connection
}

function isOver({ kind, ended }: Connection): boolean {
  return kind === 'other' || kind === 'midStream' || ended.a !== null || ended.b !== null
}

function newConnection({ from, to, flags }: TcpSegment, isFirst: boolean): Connection {
  const isAnswer = (flags & tcpFlags.syn) !== 0 && !isFirst
  return {
    ends: { a: from, b: to },
    lanes: { a: createTcpLane(), b: createTcpLane() },
    ended: { a: null, b: null },
    client: isFirst ? 'a' : isAnswer ? 'b' : null,
    kind: 'undecided',
    number: 0,
    early: [],
    earlyLength: 0,
    gaps: new Set(),
  }
}

function takeSegment(state: Import, connection: Connection, side: Side, segment: TcpSegment, packet: Packet): void {
  const { time } = packet
  const lane = connection.lanes[side]
  const begins = (segment.flags & tcpFlags.syn) !== 0
  const sequence = begins ? (segment.sequence + 1) >>> 0 : segment.sequence
  if (begins) lane.begin(sequence)
  const bytes = packet.bytes.subarray(segment.start, segment.end)
  if (!connection.gaps.has(side)) {
    const goesOn = lane.add(sequence, bytes, segment.length, (part) => takeBytes(state, connection, side, time, part))
    if (!goesOn) connection.gaps.add(side)
  }
  const how = segment.flags & tcpFlags.reset ? 'reset' : segment.flags & tcpFlags.fin ? 'fin' : null
  const isDue = how === 'reset' || lane.endsAt((sequence + segment.length) >>> 0)
  if (how && isDue) takeEnd(state, connection, side, time, how)
}

function takeBytes(state: Import, connection: Connection, side: Side, time: Time, bytes: Uint8Array): void {
  if (connection.ended[side] !== null) return
  if (connection.kind === 'webSocket') emitBytes(state, connection, side, time, bytes)
  if (connection.kind !== 'undecided') return
  connection.early.push({ side, time, bytes: bytes.slice() })
  connection.earlyLength += bytes.length
  connection.client ??= side
  decide(state, connection)
}

function takeEnd(state: Import, connection: Connection, side: Side, time: Time, how: StreamEnd): void {
  if (connection.ended[side] !== null) return
  connection.ended[side] = how
  if (connection.kind === 'webSocket') emitEnd(state, connection, side, time, how)
  else if (connection.kind === 'undecided') connection.early.push({ side, time, bytes: how })
}

/** Looks at what the client has sent so far. */
function decide(state: Import, connection: Connection): void {
  const client = connection.client!
  const begun = concat(
    ...connection.early.flatMap(({ side, bytes }) => (side === client && typeof bytes !== 'string' ? [bytes] : [])),
  )
  const kind = kindOf(begun, connection.earlyLength)
  if (kind === 'undecided') return
  connection.kind = kind
  const { early } = connection
  if (kind === 'webSocket') open(state, connection, early[0]!.time)
  const kept = early.splice(0)
  if (kind !== 'webSocket') return
  for (const { side, time, bytes } of kept) {
    if (typeof bytes === 'string') emitEnd(state, connection, side, time, bytes)
    else emitBytes(state, connection, side, time, bytes)
  }
}

function kindOf(begun: Uint8Array, kept: number): Connection['kind'] {
  const start = String.fromCharCode(...begun.subarray(0, 4))
  if (!'GET '.startsWith(start)) return looksLikeFrames(begun) ? 'midStream' : 'other'
  const end = findHeadEnd(begun)
  if (end < 0) return begun.length < longestHead && kept < mostUndecided ? 'undecided' : 'other'
  const upgrade = fieldNamed(parseHead(begun.subarray(0, end), 'request'), 'Upgrade')
  return upgrade && lowerAscii(upgrade.value.text).includes('websocket') ? 'webSocket' : 'other'
}

/** A first byte that begins a frame of a known opcode, and a short or plausible length behind it. RFC 6455 §5.2. */
function looksLikeFrames(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  const opcode = first & 0x0f
  const isKnown = opcode <= 2 || (opcode >= 8 && opcode <= 10)
  if (!isKnown || (first & 0x30) !== 0 || (first & 0x80) === 0 || bytes.length < 2) return false
  const length = second & 0x7f
  const header = 2 + (second & 0x80 ? 4 : 0) + (length === 126 ? 2 : length === 127 ? 8 : 0)
  return length < 126 ? bytes.length >= header + length || second >= 0x80 : bytes.length > header
}

function laneOf({ client }: Connection, side: Side): Lane {
  const role: Role = side === client ? 'client' : 'server'
  return laneFrom(role)
}

function open(state: Import, connection: Connection, time: Time): void {
  state.found += 1
  connection.number = state.found
  const client = connection.ends[connection.client!]
  const server = connection.ends[connection.client === 'a' ? 'b' : 'a']
  // There was no gate: what the client sent is what the server was given.
  const topology = { client, gateForClient: server, gateForServer: client, server }
  state.emit({ kind: 'open', time, connection: connection.number, topology })
}

function emitBytes(state: Import, connection: Connection, side: Side, time: Time, bytes: Uint8Array): void {
  const record = { time, connection: connection.number, lane: laneOf(connection, side), bytes } as const
  state.emit({ kind: 'sent', ...record })
  state.emit({ kind: 'delivered', ...record })
}

function emitEnd(state: Import, connection: Connection, side: Side, time: Time, how: StreamEnd): void {
  const record = { time, connection: connection.number, lane: laneOf(connection, side), how } as const
  state.emit({ kind: 'sentEnd', ...record })
  state.emit({ kind: 'deliveredEnd', ...record })
}

function webSocketsOf({ all }: Import): Connection[] {
  return all.filter(({ kind }) => kind === 'webSocket')
}

function notesOf(state: Import): string[] {
  const { all, unread, linkTypes, overflow } = state
  const count = (wanted: (connection: Connection) => boolean) => all.filter(wanted).length
  const sum = (pick: (lane: TcpLane) => number) =>
    webSocketsOf(state).reduce((total, { lanes }) => total + pick(lanes.a) + pick(lanes.b), 0)
  return [
    sentence(
      sum(({ counts }) => counts.repeated),
      (n) => `${n} TCP segments were sent again and taken once.`,
    ),
    sentence(
      sum(({ counts }) => counts.overlapping),
      (n) => `${n} TCP segments overlapped earlier ones: the bytes that came first are shown.`,
    ),
    sentence(
      sum(({ counts }) => counts.early),
      (n) => `${n} TCP segments came out of order and were put in order.`,
    ),
    sentence(
      count(({ kind }) => kind === 'midStream'),
      (n) =>
        `${n} TCP connections look like WebSocket frames without a handshake: the capture began too late to open them.`,
    ),
    sentence(
      count(({ kind }) => kind === 'other' || kind === 'undecided'),
      (n) => `${n} TCP connections are not WebSockets and were skipped.`,
    ),
    sentence(unread.fragment, (n) => `${n} IP fragments were skipped: they are not put together.`),
    sentence(
      unread.linkType,
      (n) =>
        `${n} packets of link types ${[...linkTypes].join(', ')} were skipped: Ethernet, Linux cooked, loopback and raw IP are read.`,
    ),
    sentence(overflow, (n) => `${n} packets were skipped: the file has more than ${mostConnections} TCP connections.`),
  ].filter((note) => note !== null)
}

function sentence(count: number, says: (count: number) => string): string | null {
  return count === 0 ? null : says(count)
}

function gapSentence(connection: Connection, side: Side): string[] {
  const lane = connection.lanes[side]
  if (!connection.gaps.has(side) && lane.waiting === 0) return []
  const later = lane.waiting > 0 ? ` ${lane.waiting} bytes captured behind the gap are not shown.` : ''
  return [
    `Connection ${connection.number}: the capture lacks bytes that the ${laneOf(connection, side) === 'clientToServer' ? 'client' : 'server'} sent after its byte ${lane.length}; its lane ends there.${later}`,
  ]
}
