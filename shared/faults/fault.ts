// A rule broken at a place on a lane. What each code means is in the catalogue.
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { FaultCode } from './catalogue.ts'

export interface Fault {
  readonly code: FaultCode
  readonly lane: Lane
  /** The bytes that break the rule, as offsets in the lane as the receiver got it. */
  readonly span: Span
  /** What was there, in a few words, when the code alone does not say: `opcode 0x3`, `got 9f…, want ee…`. */
  readonly found?: string
}
