// What the views are given: plain data, as of a cursor, small enough to cross a process boundary.
import type { Field, FieldRole } from '../bytes/field.ts'
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { DialectId, OpcodeName } from '../dialects/dialect.ts'
import type { Derivation, Layer, Tone } from '../endpoint/description.ts'
import type { StateName, Transition } from '../endpoint/types.ts'
import type { Severity } from '../faults/catalogue.ts'
import type { Fault } from '../faults/fault.ts'
import type { UnitKind } from '../framing/unit.ts'
import type { Address, Cursor, EditLabel, StreamEnd, Time } from './record.ts'

export type { Derivation, FormulaPart, Layer, Tone } from '../endpoint/description.ts'

export interface FaultView extends Fault {
  readonly severity: Severity
  /** The catalogue's sentence, then what was found. */
  readonly says: string
  readonly cite: string
  /** How far the section could be checked; null where it was. */
  readonly citeSays: string | null
  /** What the receiving endpoint does because of it. */
  readonly consequence: string
  /** How it would have to look. */
  readonly remedy: string
  readonly connection: number
  readonly time: Time
  /** Where in the log the rule broke. */
  readonly cursor: Cursor
}

/** One arrow of the ladder: a unit, the end of a stream, or something dropped at the gate. */
export interface LadderRow {
  readonly index: number
  readonly connection: number
  readonly lane: Lane
  readonly kind: UnitKind | StreamEnd | 'dropped'
  readonly tone: Tone
  /** `GET /demo`, `101 Switching Protocols`, `Hello`, `text`, `FIN`. */
  readonly label: string
  /** The start of the payload as text or hex, or what the unit carries: `"hello"`, `server nonce + proof`. */
  readonly preview: string
  readonly opcode?: OpcodeName
  readonly final?: boolean
  /** Gate-stream offsets. */
  readonly span: Span
  /** Bytes let through as of the cursor. `span` is as long as the whole unit once its length is known. */
  readonly delivered: number
  /** False while the unit's length is not known yet: more bytes have to arrive first. */
  readonly complete: boolean
  /** When its last byte was let through; until then, when its first byte came. */
  readonly time: Time
  readonly fault?: { readonly code: string; readonly severity: Severity }
  readonly edited?: EditLabel
  /** Fragments of one message share the index of its first row. */
  readonly messageRow?: number
}

/** A coloured run of bytes in the hex view: a leaf field, without its text. */
export interface Leaf extends Span {
  readonly role: FieldRole
  readonly name: string
}

export interface BytesView {
  readonly lane: Lane
  /** Length of the gate stream as of the cursor. */
  readonly length: number
  /** Bytes [0, delivered) were let through; the rest is held. */
  readonly delivered: number
  readonly from: number
  readonly bytes: Uint8Array
  /** Leaves that overlap the bytes, in order. Whole leaves, so they may begin before `from`. */
  readonly leaves: readonly Leaf[]
  readonly edits: readonly (Span & { readonly label: EditLabel })[]
}

/** All there is to say about one unit. */
export interface UnitView {
  readonly connection: number
  readonly lane: Lane
  readonly dialect: DialectId
  readonly kind: UnitKind
  readonly span: Span
  /** As in `LadderRow`. */
  readonly complete: boolean
  readonly delivered: number
  readonly time: Time
  /** `Hello frame`. */
  readonly title: string
  /** One or two sentences on what it is for. */
  readonly says: string
  readonly cite: string
  readonly fields: readonly Field[]
  readonly derivations: readonly Derivation[]
  readonly layers: readonly Layer[]
  /** Bytes of each layer, when the unit has more than are given. */
  readonly layerLimit?: number
  /** The text that it is, or is a part of, begins as JSON does. */
  readonly json?: true
  readonly faults: readonly FaultView[]
  /** What the receiver does when it has all of it. */
  readonly next: string
  readonly edited?: EditLabel
}

/** The text that a unit is, or is a part of. */
export interface TextView {
  readonly lane: Lane
  /** What each frame brings to it, in order; together the text, or the beginning of it. */
  readonly parts: readonly Layer[]
  /** Where the first of its frames begins on the lane. */
  readonly start: number
  /** Whether its last frame is there. */
  readonly ended: boolean
  /** There is more of it than is given. */
  readonly more: boolean
  /** Why it, or the rest of it, cannot be inflated; null when nothing is in the way. */
  readonly why: string | null
}

export interface MessageView {
  readonly index: number
  readonly connection: number
  readonly lane: Lane
  readonly type: 'text' | 'binary'
  /** The first 200 characters of the text, or the first 64 bytes as hex. */
  readonly preview: string
  readonly size: number
  readonly fragments: number
  readonly time: Time
  /** Ladder row of its first frame, and its span there. */
  readonly span: Span
}

/** One read or write on the wire, or one thing done at an end or at the gate. */
export interface SegmentView {
  readonly record: number
  readonly connection: number
  readonly time: Time
  readonly side: 'sent' | 'delivered' | 'action' | 'edit' | 'note' | 'open'
  readonly lane?: Lane
  readonly end?: Role
  readonly span?: Span
  readonly size: number
  readonly says: string
}

export interface TransitionView extends Transition {
  readonly connection: number
  readonly time: Time
  readonly cursor: Cursor
}

export interface LaneView {
  readonly sent: number
  readonly delivered: number
  readonly held: number
  readonly sentEnd: StreamEnd | null
  readonly deliveredEnd: StreamEnd | null
}

export interface ConnectionView {
  readonly id: number
  /** What it is read as. */
  readonly dialect: DialectId
  /** Where nobody stated the dialect: what its request tells of it, in a sentence. */
  readonly detection?: { readonly kind: 'waiting' | 'told' | 'unexplained'; readonly says: string }
  /** It is a socket policy exchange and no WebSocket, whatever dialect it would be read as. */
  readonly policy?: true
  readonly client: Address
  readonly server: Address
  readonly url?: string
  readonly seed?: number
  readonly inProcess: boolean
  readonly states: Readonly<Record<Role, StateName>>
  readonly lanes: Readonly<Record<Lane, LaneView>>
}

export interface TimelineMark {
  readonly cursor: Cursor
  readonly time: Time
  /** Place on the scale, 0 to 1, by record so that long pauses take no room. */
  readonly at: number
  readonly tone: Tone | 'fault' | 'warning' | 'note'
  readonly lane?: Lane
  readonly label: string
}
