// One scenario run in several dialects, side by side: plain data, small enough to cross a process boundary.
import type { Lane } from '../bytes/lanes.ts'
import type { Cursor } from '../capture/record.ts'
import type { Tone } from '../capture/view.ts'
import type { DialectId } from '../dialects/dialect.ts'
import type { Severity } from '../faults/catalogue.ts'

/** What became of a line of the scenario in one dialect. */
export type StepResult =
  | { readonly kind: 'done' }
  /** The dialect has no such thing. */
  | { readonly kind: 'lacking'; readonly says: string }
  /** It has, but the end could not do it then. */
  | { readonly kind: 'refused'; readonly says: string }

/** One unit, or one end of a stream, of one run. */
export interface ComparedCell {
  readonly lane: Lane
  readonly label: string
  readonly preview: string
  readonly tone: Tone
  /** Bytes on the wire; 0 for the end of a stream. */
  readonly size: number
  /** Of these, bytes of masking keys. */
  readonly keyBytes: number
  /** Whether all or a part of it is masked. */
  readonly masked: boolean
  /** Whether something between the ends that knows HTTP and no WebSocket can read it as a request or a response. */
  readonly http: boolean
  readonly fault?: { readonly code: string; readonly severity: Severity }
  /** Offset of its first byte in the lane, and the world in which it is complete: where it opens in the stepper. */
  readonly offset: number
  readonly cursor: Cursor
}

/** Units of the dialects that do the same; null where a dialect has none. In the order of the columns. */
export interface ComparedRow {
  readonly lane: Lane
  /** `request`, `proof`, `text`, `end of the stream`. */
  readonly name: string
  readonly cells: readonly (ComparedCell | null)[]
}

/** A line of the scenario, and everything it led to on the wire. */
export interface ComparedPhase {
  /** `open`, then the scenario's lines as typed. */
  readonly line: string
  readonly results: readonly StepResult[]
  readonly rows: readonly ComparedRow[]
  /** Bytes on the wire, by column. */
  readonly bytes: readonly Readonly<Record<Lane, number>>[]
}

/** One number or word about every column. */
export interface ComparedFact {
  readonly name: string
  readonly says: string
  readonly values: readonly string[]
  /** Whether the columns disagree. */
  readonly differs: boolean
}

export interface ComparedColumn {
  readonly dialect: DialectId
  readonly name: string
  /** The run in the workspace that holds it, and the file it is recorded to. */
  readonly run: number
  readonly path: string
}

export interface Comparison {
  readonly seed: number
  readonly columns: readonly ComparedColumn[]
  readonly phases: readonly ComparedPhase[]
  readonly facts: readonly ComparedFact[]
  /** One sentence a difference, made from the rows and facts above. */
  readonly differences: readonly string[]
}
