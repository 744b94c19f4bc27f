// The byte log: everything that crossed the gate, in order. All else in Wirestep is derived from it.
//
// Two streams exist per lane. `sent` is what the sender put on the wire, as it arrived at the gate; `delivered` is
// what the gate let through to the receiver. Without edits the second is a prefix of the first. What has arrived
// (edits applied) and is not delivered yet is `held`. The *gate stream* of a lane is delivered ++ held: the
// coordinates every view, unit, field and fault uses.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Slice } from '../bytes/span.ts'
import type { DialectId } from '../dialects/dialect.ts'
import type { Action } from '../endpoint/types.ts'
import type { UnseenHandshake } from '../endpoint/unseen.ts'
import type { DeflateOptions } from '../extensions/perMessageDeflate.ts'
import type { IntermediaryKind } from '../intermediaries/intermediary.ts'
import type { FlawId } from '../profile/flaws.ts'
import type { ProfileId } from '../profile/prototype2010.ts'

/** How one half of a TCP stream ended. */
export type StreamEnd = 'fin' | 'reset'

/** What an edit at the gate is called on screen. */
export type EditLabel = 'edited' | 'inserted' | 'duplicated' | 'dropped' | 'recompressed'

export interface Address {
  /** `127.0.0.1`, `::1`, or a host name where no socket address exists. */
  readonly host: string
  readonly port: number
}

/** The four socket addresses of one relayed connection: client - gate and gate - server are two TCP connections. */
export interface Topology {
  readonly client: Address
  readonly gateForClient: Address
  readonly gateForServer: Address
  readonly server: Address
}

/** Milliseconds since the Unix epoch, with a fraction. */
export type Time = number

export type LogRecord =
  | {
      readonly kind: 'open'
      readonly time: Time
      readonly connection: number
      readonly topology: Topology
      /** Left out when nobody knew it: it is told from the request, see `ConnectionCapture.dialect`. */
      readonly dialect?: DialectId
      /** The URL the client was told to ask for, when known. */
      readonly url?: string
      /** Subprotocols the client was told to offer and the server speaks, when known and any. */
      readonly subprotocols?: readonly string[]
      /** How the ends were told to compress, when they were. */
      readonly compress?: DeflateOptions
      /** What the ends were told to keep to, when they were. */
      readonly profile?: ProfileId
      /** What the client was told to do wrong, when it was. */
      readonly flaw?: FlawId
      /** What is known of the handshake of a connection that was open before the log begins; its dialect is stated then. */
      readonly unseen?: UnseenHandshake
      /** The only lane of which anything is known. */
      readonly lone?: Lane
      /** What stands between the two ends of a lab run, from the client on; each leg is a connection of its own. */
      readonly via?: readonly IntermediaryKind[]
      /** Which leg this is, with `via`: 0 begins at the client. */
      readonly leg?: number
      /** Set for lab runs: both ends draw their randomness from this seed. */
      readonly seed?: number
      /** Set when both ends are ours, so that a fork can rebuild them. */
      readonly inProcess?: boolean
    }
  | {
      readonly kind: 'sent' | 'delivered'
      readonly time: Time
      readonly connection: number
      readonly lane: Lane
      readonly bytes: Uint8Array
    }
  | {
      readonly kind: 'sentEnd' | 'deliveredEnd'
      readonly time: Time
      readonly connection: number
      readonly lane: Lane
      readonly how: StreamEnd
    }
  /** What the application at an end asked for. Needed to rebuild an endpoint, and shown as the cause of bytes. */
  | {
      readonly kind: 'action'
      readonly time: Time
      readonly connection: number
      readonly end: Role
      readonly action: Action
    }
  /** Held bytes changed: at gate-stream offset `at`, `remove` bytes went and `insert` came. */
  | {
      readonly kind: 'edit'
      readonly time: Time
      readonly connection: number
      readonly lane: Lane
      readonly at: number
      readonly remove: number
      readonly insert: Uint8Array
      readonly label: EditLabel
    }
  | {
      readonly kind: 'note'
      readonly time: Time
      readonly connection: number
      readonly text: string
      /** The byte it is about, when it is about one: opened, the session begins there. */
      readonly at?: { readonly lane: Lane; readonly offset: number }
    }

/** What is written to a log at once: a record, or bytes that the gate let through as they came, which are two. */
export type LogEntry = LogRecord | PassedBytes

/** A `sent` record and the `delivered` one behind it, with the same bytes at the same time. Nothing is held before them. */
export interface PassedBytes {
  readonly kind: 'passed'
  readonly time: Time
  readonly connection: number
  readonly lane: Lane
  readonly bytes: Uint8Array
}

/** The same as a part of what was read. */
export interface PassedSlice extends Slice {
  readonly time: Time
  readonly connection: number
  readonly lane: Lane
}

/** One that is filled in anew for every packet: there are millions. */
export type ReusedSlice = { -readonly [K in keyof PassedSlice]: PassedSlice[K] }

export function emptySlice(): ReusedSlice {
  return { time: 0, connection: 0, lane: 'clientToServer', bytes: new Uint8Array(0), start: 0, end: 0 }
}

export function sliceOf({ time, connection, lane, bytes }: PassedBytes): PassedSlice {
  return { time, connection, lane, bytes, start: 0, end: bytes.length }
}

export function passedBytesOf({ time, connection, lane, bytes, start, end }: PassedSlice): PassedBytes {
  return { kind: 'passed', time, connection, lane, bytes: bytes.subarray(start, end) }
}

/** The records that an entry is, in order. */
export function recordsOf(entry: LogEntry): readonly LogRecord[] {
  if (entry.kind !== 'passed') return [entry]
  const { time, connection, lane, bytes } = entry
  return [
    { kind: 'sent', time, connection, lane, bytes },
    { kind: 'delivered', time, connection, lane, bytes },
  ]
}

export type RecordKind = LogRecord['kind']

/** The records of some kinds. */
export type RecordOf<K extends RecordKind> = Extract<LogRecord, { kind: K }>

/**
 * A position in the log: records [0, record) whole and, when `bytes` > 0, the first `bytes` bytes of the delivered
 * record `record`. Ordered by record, then bytes. The world as of a cursor is what every view shows.
 */
export interface Cursor {
  readonly record: number
  readonly bytes: number
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.record - b.record || a.bytes - b.bytes
}

/** Where a capture's bytes live: a file on disk, or memory in tests. Offsets and lengths in bytes. */
export interface ByteStore {
  readonly size: number
  /** True while more may come behind `size` from who fills the store; whoever reads has to wait for it. */
  readonly isFilling?: boolean
  /** Appends; the bytes can be read back at once. Never keeps a reference to `bytes`. */
  append(bytes: Uint8Array): void
  /** Up to `length` bytes from `offset`; fewer only at the end of the store. */
  read(offset: number, length: number): Uint8Array
}

/** A store that a log is written to. */
export interface LogStore extends ByteStore {
  /** Appends `length` bytes of any value, for the caller to fill in before anything else is asked of the store. */
  extend(length: number): Extent
}

/** Where the bytes are that a store was extended by. One object may stand for them all. */
export interface Extent {
  readonly bytes: Uint8Array
  /** The same bytes, for numbers among them. */
  readonly view: DataView
  /** Index of the first in both. */
  readonly at: number
}
