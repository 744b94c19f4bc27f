// A replay beside its recording: plain data, small enough to cross a process boundary.
import type { Lane } from '../bytes/lanes.ts'

/** One thing that was said. */
export interface ReplayCell {
  /** Lane offset of its first byte: where it opens in the stepper. */
  readonly offset: number
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
