// What is known while packets that others captured are put together: of each TCP connection, and of all.
import { type Lane, laneFrom, type Role } from '../bytes/lanes.ts'
import type { DialectId } from '../dialects/dialect.ts'
import type { ConnectionTable, Side } from './connectionTable.ts'
import type { JoinedReading } from './joinedConnection.ts'
import type { TcpSegment, Unreadable } from './linkLayers.ts'
import type { Packet } from './packetFile.ts'
import type { Address, LogRecord, PassedSlice, ReusedSlice, StreamEnd, Time } from './record.ts'
import type { Room, TcpLane } from './tcpLane.ts'
import type { TlsReader } from './tlsReader.ts'
import type { Naming } from './types.ts'
import type { Unsealing } from './unsealing.ts'

/** TCP connections whose kind is not known yet, at most. */
export const mostConnections = 100_000

export const sides: readonly Side[] = ['a', 'b']

export interface Connection {
  readonly ends: Readonly<Record<Side, Address>>
  readonly lanes: Readonly<Record<Side, TcpLane>>
  readonly ended: Record<Side, StreamEnd | null>
  /** Its beginning was not captured. */
  readonly joins: boolean
  /** It begins with no head: its frames are looked for, the next time when so many bytes are there. */
  frames: { size: number; next: number } | null
  /** What was made of these; null for a connection with a handshake, and where nothing could be. */
  joined: JoinedReading | null
  /** What a person says these are. */
  named: DialectId | null
  /** Which side is the client; null until it is known. */
  client: Side | null
  /** `webSocket` has a number in the log. `sealed`: TLS that cannot be read. */
  kind: 'undecided' | 'webSocket' | 'other' | 'sealed'
  /** It is TLS, and this is how it is read; all else is about what it says in plain. */
  tls: TlsReader | null
  /** Memory set aside for that. */
  tlsRoom: number
  number: number
  /** What came before the kind was known. */
  early: Early[]
  readonly head: ClientHead
  /** Null when it begins with what it is. */
  earlier: EarlierHttp | null
  readonly gaps: Set<Side>
}

/** Where it is in the file, or how a stream ended. */
export interface Early {
  readonly side: Side
  readonly time: Time
  readonly end: StreamEnd | null
  readonly offset: number
  readonly length: number
}

/** HTTP that asks for no WebSocket, a CONNECT too. A connection that is kept alive may ask for one behind it, RFC 9112 §9.3. */
export interface EarlierHttp {
  /** Bytes of each side that are passed over. */
  readonly bytes: Record<Side, number>
  /** What comes now belongs to it, until the client speaks behind the answer. */
  goesOn: boolean
  answered: boolean
}

/** What the client has sent before it is known what it is. */
export interface ClientHead {
  bytes: Uint8Array
  length: number
  /** Bytes in which no head ends. */
  searched: number
}

/** Gets what was found. */
export interface ImportSink {
  /** A record without bytes, which is nowhere in the file. */
  record(record: LogRecord): void
  /** Bytes that are at `offset` of the file. The slice is filled in anew for the next ones. */
  passed(slice: PassedSlice, offset: number): void
}

/** Reads bytes of the file again. */
export type ReadBytes = (offset: number, length: number) => Uint8Array

export interface Import {
  readonly sink: ImportSink
  readonly read: ReadBytes
  readonly unsealing: Unsealing
  readonly naming: Naming
  readonly room: Room
  readonly connections: ConnectionTable<Connection>
  /** Filled in for every packet. */
  readonly segment: TcpSegment
  readonly slice: ReusedSlice
  /** The packet in hand; null before the first. */
  packet: Packet | null
  readonly all: Connection[]
  readonly unread: Record<Unreadable, number>
  readonly linkTypes: Set<number>
  found: number
  overflow: number
}

export function laneOf({ client }: Connection, side: Side): Lane {
  const role: Role = side === client ? 'client' : 'server'
  return laneFrom(role)
}
