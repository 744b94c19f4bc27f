// A replay beside its recording: plain data, small enough to cross a process boundary.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Cursor } from '../capture/record.ts'
import type { Fault } from '../faults/fault.ts'

/** What happens while a recording is played. */
export type ReplayEvent =
  | { readonly kind: 'open' }
  /** The connection came to nothing before it was open. */
  | { readonly kind: 'refused' }
  /** `missing`: what was waited for in vain, in words. */
  | { readonly kind: 'late'; readonly missing: string; readonly milliseconds: number }
  /** The other end was gone before everything was sent. */
  | { readonly kind: 'cut' }
  /** What the other end did wrong in the opening handshake. */
  | { readonly kind: 'fault'; readonly fault: Fault }

/** One thing that was said. */
export interface ReplayCell {
  /** Lane offset of its first byte, and the world in which it is complete: where it opens in the stepper. */
  readonly offset: number
  readonly cursor: Cursor
  /** Bytes of a message as the application gets it, of a head as it is; 0 for the end of a stream. */
  readonly size: number
  /** `"hello"`, `1000 "bye"`, `101, subprotocol chat`. */
  readonly preview: string
}

/** What was recorded and what came this time; null where there is nothing. */
export interface ReplayRow {
  readonly lane: Lane
  /** `response`, `text`, `close`, `end of the stream`. */
  readonly name: string
  readonly recorded: ReplayCell | null
  readonly replayed: ReplayCell | null
  /** What differs, in words that can stand alone; null where nothing that matters does. */
  readonly difference: string | null
}

/** A connection of a run in the workspace. */
export interface ReplaySide {
  readonly run: number
  readonly connection: number
}

/** A replay that is over, beside its recording. */
export interface ReplayReport {
  readonly recorded: ReplaySide
  readonly replayed: ReplaySide
  /** Who was played. */
  readonly role: Role
  /** What happened, a line each. */
  readonly events: readonly string[]
  /** Rows that can be asked for. */
  readonly rows: number
  /** Rows behind these that are left out because there are too many. */
  readonly left: number
  readonly differences: number
  /** How many things the living end said. */
  readonly compared: number
}
