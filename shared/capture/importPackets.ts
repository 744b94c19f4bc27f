// WebSocket connections out of packets that others captured, as the records of a log. Each TCP connection waits until
// the beginning of its client's bytes says what it is; the ones that are something else are counted.
import { lowerAscii } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Dialect, DialectId } from '../dialects/dialect.ts'
import { dialectById } from '../dialects/registry.ts'
import { objectionToUnseen } from '../endpoint/unseen.ts'
import { fieldNamed, findHeadEnd, parseHead } from '../handshake/head.ts'
import { createConnectionTable, type Side } from './connectionTable.ts'
import { notesOf, problemsOf } from './importNotes.ts'
import {
  type ClientHead,
  type Connection,
  type Early,
  type Import,
  type ImportSink,
  laneOf,
  mostConnections,
  type ReadBytes,
} from './importState.ts'
import { joinedSentence, namedSentence, readJoined, readNamed, untoldSentence } from './joinedConnection.ts'
import { emptySegment, endsOf, readSegment, type TcpSegment } from './linkLayers.ts'
import type { Packet } from './packetFile.ts'
import { tcpFlags } from './packets.ts'
import { type Address, emptySlice, type StreamEnd, type Time } from './record.ts'
import { createTcpLane, type Room, takeRoom } from './tcpLane.ts'
import { beginsLikeTls, clientRandomEnd } from './tlsReader.ts'
import { type Naming, namedIn } from './types.ts'
import type { Unsealing } from './unsealing.ts'

export interface PacketImport {
  take(packet: Packet): void
  /** All packets were taken: decides what could wait for more. */
  finish(): void
  /** What is missing, as sentences; asked for when all packets were taken. */
  problems(): readonly string[]
  /** What was put right or passed over, as sentences. */
  notes(): readonly string[]
  /** WebSocket connections found. */
  readonly found: number
}

/** Bytes of a client that are waited for to say what it is. */
const longestHead = 65_536
/** Memory that all connections may take together while it is not known what they are, or what comes before: 256 MiB. */
const mostKept = 256 * 1024 * 1024
/** Bytes of both sides together with which frames are looked for first. */
const firstLook = 32
/** What it costs to remember a segment. */
const earlyCost = 128
/** Memory a connection takes whose TLS is read: the beginning of a record of each end, and their keys. */
const tlsCost = 65_536

/** `sink` gets what is found in the order of the packets; what TLS says in plain is kept by `unsealing`. */
export function createPacketImport(
  sink: ImportSink,
  read: ReadBytes,
  unsealing: Unsealing,
  naming: Naming,
): PacketImport {
  const state: Import = {
    ...{ sink, read, unsealing, naming, room: { left: mostKept } },
    connections: createConnectionTable(),
    segment: emptySegment(),
    slice: emptySlice(),
    packet: null,
    all: [],
    unread: { linkType: 0, fragment: 0, other: 0 },
    linkTypes: new Set(),
    found: 0,
    overflow: 0,
  }
  return {
    take: (packet) => takePacket(state, packet),
    finish() {
      for (const connection of state.all) if (connection.frames) lookForFrames(state, connection, true)
    },
    problems: () => problemsOf(state),
    notes: () => notesOf(state),
    get found() {
      return state.found
    },
  }
}

function takePacket(state: Import, packet: Packet): void {
  const { segment } = state
  state.packet = packet
  const wrong = readSegment(packet.linkType, packet, segment)
  if (wrong !== null) {
    state.unread[wrong] += 1
    if (wrong === 'linkType') state.linkTypes.add(packet.linkType)
    return
  }
  const connection = connectionOf(state, segment, packet)
  if (connection === null || isPassedOver(connection)) return
  takeSegment(state, connection, state.connections.side, segment, packet)
}

/** The segment's connection; a new one for a SYN on addresses whose connection is over. Null when there are too many. */
function connectionOf(state: Import, segment: TcpSegment, { bytes }: Packet): Connection | null {
  const { connections, all } = state
  const known = connections.find(bytes, segment)
  const isFirst = (segment.flags & (tcpFlags.syn | tcpFlags.ack)) === tcpFlags.syn
  if (known && !(isFirst && isOver(known))) return known
  if (all.length >= mostConnections) {
    state.overflow += 1
    return null
  }
  const connection = newConnection(state, endsOf(bytes, segment), isFirst)
  connections.set(bytes, segment, connection)
  all.push(connection)
  return connection
}

function isOver(connection: Connection): boolean {
  return isPassedOver(connection) || connection.ended.a !== null || connection.ended.b !== null
}

function isPassedOver({ kind }: Connection): boolean {
  return kind === 'other' || kind === 'sealed'
}

function newConnection(state: Import, [a, b]: readonly [Address, Address], isFirst: boolean): Connection {
  const { room, segment } = state
  const isAnswer = (segment.flags & tcpFlags.syn) !== 0 && !isFirst
  const laneOfSide = (side: Side) =>
    createTcpLane(room, (offset, length) => takeBytes(state, connection, side, offset, length))
  const connection: Connection = {
    ends: { a, b },
    lanes: { a: laneOfSide('a'), b: laneOfSide('b') },
    ended: { a: null, b: null },
    client: isFirst ? 'a' : isAnswer ? 'b' : null,
    joins: !isFirst && !isAnswer,
    frames: null,
    joined: null,
    named: null,
    kind: 'undecided',
    tls: null,
    tlsRoom: 0,
    number: 0,
    early: [],
    head: { bytes: new Uint8Array(0), length: 0, searched: 0 },
    earlier: null,
    gaps: new Set(),
  }
  return connection
}

function takeSegment(state: Import, connection: Connection, side: Side, segment: TcpSegment, packet: Packet): void {
  const lane = connection.lanes[side]
  const begins = (segment.flags & tcpFlags.syn) !== 0
  const sequence = begins ? (segment.sequence + 1) >>> 0 : segment.sequence
  if (begins) lane.begin(sequence)
  if (segment.length > 0 && !connection.gaps.has(side)) {
    const captured = segment.end - segment.start
    const offset = packet.offset + segment.start - packet.start
    if (!lane.add(sequence, offset, captured, segment.length)) connection.gaps.add(side)
  }
  const how = segment.flags & tcpFlags.reset ? 'reset' : segment.flags & tcpFlags.fin ? 'fin' : null
  if (how === null) return
  const isDue = how === 'reset' || lane.endsAt((sequence + segment.length) >>> 0)
  if (isDue) takeEnd(state, connection, side, packet.time, how)
}

/** Bytes in order, with the packet in hand: in that packet, or in one before it, which is read again. */
function takeBytes(state: Import, connection: Connection, side: Side, offset: number, length: number): void {
  if (connection.ended[side] !== null) return
  const packet = state.packet!
  const start = packet.start + offset - packet.offset
  const isInHand = start >= packet.start && start + length <= packet.end
  if (isInHand && connection.kind === 'webSocket' && !connection.tls) {
    emitSlice(state, connection, side, packet.time, packet.bytes, start, start + length, offset)
    return
  }
  const bytes = isInHand ? packet.bytes.subarray(start, start + length) : state.read(offset, length)
  if (connection.tls) takeSealed(state, connection, side, packet.time, bytes)
  else if (!isPassedBy(connection, side, bytes.length)) takePlain(state, connection, side, packet.time, bytes, offset)
}

function takePlain(
  state: Import,
  connection: Connection,
  side: Side,
  time: Time,
  bytes: Uint8Array,
  offset: number,
): void {
  if (connection.kind === 'webSocket') emitBytes(state, connection, side, time, bytes, offset)
  if (connection.kind !== 'undecided') return
  keepEarly(state, connection, { side, time, end: null, offset, length: bytes.length })
  if (connection.frames) takeFrames(state, connection, connection.frames, bytes.length)
  connection.client ??= side
  if (side === connection.client) decide(state, connection, bytes)
}

/** What TLS says in plain is in no packet: it is kept elsewhere, and read from there again. */
function takeSealed(state: Import, connection: Connection, side: Side, time: Time, bytes: Uint8Array): void {
  const { tls, client } = connection
  for (const plain of tls!.take(side === client ? 'client' : 'server', bytes)) {
    if (isPassedOver(connection) || isPassedBy(connection, side, plain.length)) continue
    takePlain(state, connection, side, time, plain, state.unsealing.keep(plain))
  }
  if (tls!.problem && connection.kind === 'undecided') {
    state.unsealing.giveUp(tls!.problem)
    settle(state, connection, 'sealed')
  }
}

function takeEnd(state: Import, connection: Connection, side: Side, time: Time, how: StreamEnd): void {
  if (connection.ended[side] !== null) return
  connection.ended[side] = how
  if (connection.ended.a !== null && connection.ended.b !== null) giveTlsRoomBack(state, connection)
  tellEnd(state, connection, { side, time, end: how, offset: 0, length: 0 })
}

function tellEnd(state: Import, connection: Connection, early: Early): void {
  if (connection.kind === 'webSocket') emitEnd(state, connection, early.side, early.time, early.end!)
  else if (connection.kind === 'undecided' && !connection.earlier?.goesOn) keepEarly(state, connection, early)
}

/** A connection for which there is no room to wait any more is none of interest. */
function keepEarly(state: Import, connection: Connection, early: Early): void {
  if (takeRoom(state.room, earlyCost)) connection.early.push(early)
  else settle(state, connection, 'other')
}

/** Looks at what the client has sent so far. */
function decide(state: Import, connection: Connection, bytes: Uint8Array): void {
  if (connection.kind !== 'undecided' || connection.frames) return
  const kind = addToHead(connection.head, bytes, state.room) ? kindOf(connection.head) : 'other'
  if (kind === 'tls') beginTls(state, connection)
  else if (kind === 'http' || (kind === 'other' && connection.earlier)) passBy(state, connection)
  else if (kind === 'other' && beginsNoRequest(connection)) beginFrames(state, connection)
  else if (kind !== 'undecided') settle(state, connection, kind)
}

/** What came so far, and what comes up to the next word of the client behind an answer, is shown nowhere. */
function passBy(state: Import, connection: Connection): void {
  const bytes = connection.earlier?.bytes ?? { a: 0, b: 0 }
  for (const { side, length } of takeEarly(state, connection)) bytes[side] += length
  connection.earlier = { bytes, goesOn: true, answered: false }
}

function isPassedBy({ earlier, client }: Connection, side: Side, length: number): boolean {
  if (!earlier?.goesOn) return false
  earlier.goesOn = side !== client || !earlier.answered
  earlier.answered ||= side !== client
  if (earlier.goesOn) earlier.bytes[side] += length
  return earlier.goesOn
}

/** Of one whose first bytes were captured, frames without a head are something else. */
function beginsNoRequest({ joins, head }: Connection): boolean {
  return joins && head.length > 0 && head.bytes[0] !== requestStart && !mayBeTls(head.bytes)
}

/** The G of GET. */
const requestStart = 0x47

/** RFC 8446 §5.1: a record of TLS, in the middle of a connection. */
function mayBeTls([type = 0, version]: Uint8Array): boolean {
  return type >= 0x14 && type <= 0x17 && version === 3
}

function beginFrames(state: Import, connection: Connection): void {
  connection.frames = { size: 0, next: firstLook }
  takeFrames(
    state,
    connection,
    connection.frames,
    connection.early.reduce((sum, { length }) => sum + length, 0),
  )
}

function takeFrames(
  state: Import,
  connection: Connection,
  frames: { size: number; next: number },
  length: number,
): void {
  frames.size += length
  if (frames.size < frames.next) return
  frames.next = frames.size * 8
  lookForFrames(state, connection, frames.size >= longestHead)
}

/** `isLast`: with what is there it has to be decided. */
function lookForFrames(state: Import, connection: Connection, isLast: boolean): void {
  if (connection.kind !== 'undecided') return
  const said = { a: saidBy(state, connection, 'a'), b: saidBy(state, connection, 'b') }
  if (!isLast && (said.a.length === 0 || said.b.length === 0)) return
  const told = readJoined(said, isLast)
  if (!told && !isLast) return
  // Whether it is shown must not depend on what single connections are called: their numbers would be others.
  const all = readable(state.naming.all)
  if (!told && !looksLikeFrames(said[connection.client!]) && !(all && readNamed(said, all))) {
    settle(state, connection, 'other')
    return
  }
  const named = readable(namedIn(state.naming, state.found + 1))
  connection.named = named?.id ?? null
  connection.joined = named ? readNamed(said, named) : told
  connection.client = connection.joined?.client ?? told?.client ?? likelyClient(connection)
  settle(state, connection, 'webSocket')
}

/** Frames of the dialect can be read by themselves. */
function readable(named: DialectId | undefined): Dialect | null {
  const dialect = named === undefined ? null : dialectById(named)
  return dialect && objectionToUnseen(dialect, 'clientToServer', {}) === null ? dialect : null
}

/** Servers listen at the lower ports. */
function likelyClient({ ends: { a, b } }: Connection): Side {
  return a.port >= b.port ? 'a' : 'b'
}

/** The first bytes of a side, up to `longestHead`. */
function saidBy({ read }: Import, { early }: Connection, side: Side): Uint8Array {
  const parts: Uint8Array[] = []
  let left = longestHead
  for (const one of early) {
    if (one.side !== side || left === 0) continue
    parts.push(read(one.offset, Math.min(left, one.length)))
    left -= parts.at(-1)!.length
  }
  return concat(...parts)
}

/** From now on what it says in plain is looked at, where the secrets are known; TLS in TLS is not looked into. */
function beginTls(state: Import, connection: Connection): void {
  const { head, tls } = connection
  if (tls) {
    settle(state, connection, 'other')
    return
  }
  connection.tlsRoom = takeRoom(state.room, tlsCost) ? tlsCost : 0
  if (connection.tlsRoom > 0) connection.tls = state.unsealing.begin(head.bytes.subarray(0, head.length))
  if (!connection.tls) {
    state.unsealing.giveUp(connection.tlsRoom > 0 ? 'unknown' : 'room')
    settle(state, connection, 'sealed')
    return
  }
  for (const early of takeEarly(state, connection)) {
    const { side, time, offset, length } = early
    if (early.end !== null) tellEnd(state, connection, early)
    else if (!isPassedOver(connection)) takeSealed(state, connection, side, time, state.read(offset, length))
  }
}

/** No more of its TLS will be read. */
function giveTlsRoomBack({ room }: Import, connection: Connection): void {
  room.left += connection.tlsRoom
  connection.tlsRoom = 0
}

/** Takes on up to `longestHead` bytes; false when there is no room for them. */
function addToHead(head: ClientHead, bytes: Uint8Array, room: Room): boolean {
  const length = Math.min(longestHead, head.length + bytes.length)
  if (length > head.bytes.length) {
    const larger = new Uint8Array(Math.min(longestHead, Math.max(length, head.bytes.length * 2)))
    if (!takeRoom(room, larger.length - head.bytes.length)) return false
    larger.set(head.bytes.subarray(0, head.length))
    head.bytes = larger
  }
  head.bytes.set(bytes.subarray(0, length - head.length), head.length)
  head.length = length
  return true
}

/** From now on it is known what the connection is. */
function settle(state: Import, connection: Connection, kind: Connection['kind']): void {
  connection.kind = kind
  const early = takeEarly(state, connection)
  if (kind !== 'webSocket') {
    giveTlsRoomBack(state, connection)
    return
  }
  open(state, connection, early[0]!.time)
  for (const { side, time, end, offset, length } of early) {
    if (end === null) emitBytes(state, connection, side, time, state.read(offset, length), offset)
    else emitEnd(state, connection, side, time, end)
  }
}

/** What came so far, which is not kept any longer. */
function takeEarly({ room }: Import, connection: Connection): readonly Early[] {
  const { early, head } = connection
  connection.early = []
  room.left += early.length * earlyCost + head.bytes.length
  Object.assign(head, { bytes: new Uint8Array(0), length: 0, searched: 0 })
  return early
}

/** Methods a client may begin with. RFC 9110 §9.3, RFC 5789. */
const methods = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'DELETE ', 'CONNECT ', 'OPTIONS ', 'TRACE ', 'PATCH ']

function kindOf(head: ClientHead): Connection['kind'] | 'tls' | 'http' {
  const begun = head.bytes.subarray(0, head.length)
  if (beginsLikeTls(begun)) return begun.length < clientRandomEnd ? 'undecided' : 'tls'
  const start = String.fromCharCode(...begun.subarray(0, 8))
  const method = methods.find((one) => one.startsWith(start.slice(0, one.length)))
  if (method === undefined) return 'other'
  if (start.length < method.length) return 'undecided'
  if (method !== 'GET ') return 'http'
  const end = findHeadEnd(begun, Math.max(0, head.searched - 2))
  head.searched = head.length
  if (end < 0) return begun.length < longestHead ? 'undecided' : 'other'
  const upgrade = fieldNamed(parseHead(begun.subarray(0, end), 'request'), 'Upgrade')
  return upgrade && lowerAscii(upgrade.value.text).includes('websocket') ? 'webSocket' : 'http'
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

function open(state: Import, connection: Connection, time: Time): void {
  state.found += 1
  connection.number = state.found
  const client = connection.ends[connection.client!]
  const server = connection.ends[connection.client === 'a' ? 'b' : 'a']
  // There was no gate: what the client sent is what the server was given.
  const topology = { client, gateForClient: server, gateForServer: client, server }
  const { number, joined, named, frames } = connection
  if (!frames) {
    state.sink.record({ kind: 'open', time, connection: number, topology })
    if (connection.earlier) {
      state.sink.record({ kind: 'note', time, connection: number, text: earlierSentence(connection) })
    }
    return
  }
  const dialect = named ?? (joined && 'rfc6455')
  const unseen = joined
    ? { cut: { clientToServer: joined.lanes.clientToServer.cut, serverToClient: joined.lanes.serverToClient.cut } }
    : {}
  state.sink.record({ kind: 'open', time, connection: number, topology, ...(dialect && { dialect }), unseen })
  state.sink.record({ kind: 'note', time, connection: number, text: frameSentence(connection) })
}

function earlierSentence({ earlier, client }: Connection): string {
  const { a, b } = earlier!.bytes
  const [fromClient, fromServer] = client === 'a' ? [a, b] : [b, a]
  return `What was said before this request is left out: HTTP that asks for no WebSocket, ${fromClient} bytes of the client and ${fromServer} of the server.`
}

function frameSentence({ named, joined }: Connection): string {
  if (named) return namedSentence(dialectById(named), joined)
  return joined ? joinedSentence(joined) : untoldSentence
}

function emitBytes(
  state: Import,
  connection: Connection,
  side: Side,
  time: Time,
  bytes: Uint8Array,
  offset: number,
): void {
  emitSlice(state, connection, side, time, bytes, 0, bytes.length, offset)
}

function emitSlice(
  { slice, sink }: Import,
  connection: Connection,
  side: Side,
  time: Time,
  bytes: Uint8Array,
  start: number,
  end: number,
  offset: number,
): void {
  slice.connection = connection.number
  slice.lane = laneOf(connection, side)
  slice.time = time
  slice.bytes = bytes
  slice.start = start
  slice.end = end
  sink.passed(slice, offset)
}

function emitEnd(state: Import, connection: Connection, side: Side, time: Time, how: StreamEnd): void {
  const { number } = connection
  const lane = laneOf(connection, side)
  state.sink.record({ kind: 'sentEnd', time, connection: number, lane, how })
  state.sink.record({ kind: 'deliveredEnd', time, connection: number, lane, how })
}
