// The parts of a description of one unit. Plain data, so that it can cross a process boundary.
import type { Field, FieldRole } from '../bytes/field.ts'
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect, LengthPrefixedDialect } from '../dialects/dialect.ts'
import type { Block } from '../extensions/inflate.ts'
import type { UnitKind } from '../framing/unit.ts'
import type { HandshakeContext } from './describeContext.ts'

/** One hue per tone in the ladder, the timeline and the console. */
export type Tone = 'http' | 'hello' | 'data' | 'control' | 'close' | 'end' | 'junk'

/** A piece of a formula. Inputs link to the bytes they came from. */
export type FormulaPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'newline' }
  | {
      readonly kind: 'term'
      readonly label: string
      readonly value: string
      readonly role: FieldRole
      readonly from?: { readonly lane: Lane; readonly span: Span }
    }

export interface Derivation {
  readonly title: string
  readonly parts: readonly FormulaPart[]
  /** Null while bytes it needs are still held or missing. */
  readonly matches: boolean | null
  readonly note?: string
}

/** One way to look at a unit's bytes. Byte i of the layer is byte `at + i` of the gate stream, unless there is a `reach`. */
export interface Layer {
  readonly name: 'wire' | 'unmasked' | 'inflated' | 'text'
  readonly bytes: Uint8Array
  readonly at: number
  /** For what was inflated: byte `at + i` of the gate stream came when `reach[i]` bytes of the layer had been made. */
  readonly reach?: readonly number[]
  /** Why a layer that the unit has cannot be shown. */
  readonly why?: string
}

/** The payload of a deflated frame as it was before it was deflated. RFC 7692 §7.2.2. */
export interface InflatedPayload {
  /** The first of it; all, unless `more`. */
  readonly bytes: Uint8Array
  readonly more: boolean
  /** As in `Layer`. */
  readonly reach: readonly number[]
  /** The DEFLATE blocks that end in this frame; bits are counted from the first of its payload. */
  readonly blocks: readonly Block[]
  /** Why it, or the rest of it, cannot be inflated. */
  readonly why: string | null
}

/** What is to be described. */
export interface UnitInput {
  readonly dialect: Dialect
  readonly lane: Lane
  readonly kind: UnitKind
  /** The unit's bytes, or as many of its first as are there or wanted. */
  readonly bytes: Uint8Array
  /** Lane offset of the unit's first byte. */
  readonly start: number
  /** Lane offset after its last byte; null while that is not known. */
  readonly end: number | null
  /** What its receiver knows of the handshake. */
  readonly context: HandshakeContext
  /** Where masks are hashes: the key of the connection, when known. */
  readonly connectionKey?: Uint8Array | null
  /** For a continuation: the type of the message it goes on with, when known. */
  readonly continues?: 'text' | 'binary'
  /** For a frame whose payload is deflated. */
  readonly inflated?: InflatedPayload
}

/** A frame with a header of bits and a length. */
export interface FrameInput extends UnitInput {
  readonly dialect: LengthPrefixedDialect
}

/** What a row of the ladder shows of a unit. */
export interface Summary {
  /** `GET /demo`, `101 Switching Protocols`, `Hello`, `text`. */
  readonly label: string
  /** The start of the payload, or what the unit carries: `"hello"`, `00 ff 12…`, `server nonce + proof`. */
  readonly preview: string
  readonly tone: Tone
}

export interface Description extends Summary {
  readonly title: string
  readonly says: string
  readonly cite: string
  /** Their leaves tile the bytes given, to the bit. */
  readonly fields: readonly Field[]
  readonly derivations: readonly Derivation[]
  readonly layers: readonly Layer[]
  /** What the receiver does when it has all of it. */
  readonly next: string
}
