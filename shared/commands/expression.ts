// What is asked of a unit, by filters, searches and breakpoints alike. Types only: the grammar reads it from text, and
// what it matches is decided where the capture is.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { IndexRow } from '../capture/types.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import type { StateName } from '../endpoint/types.ts'
import type { FaultCode } from '../faults/catalogue.ts'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** One thing asked of a unit. */
export type Condition =
  | { readonly kind: 'lane'; readonly lane: Lane }
  | { readonly kind: 'kind'; readonly unit: IndexRow['kind'] }
  | { readonly kind: 'opcode'; readonly opcode: OpcodeName | number }
  /** Payload bytes (unit bytes for heads). */
  | { readonly kind: 'size'; readonly comparison: Comparison; readonly bytes: number }
  /** Since the session's first record. */
  | { readonly kind: 'time'; readonly comparison: Comparison; readonly milliseconds: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'fault'; readonly fault: FaultCode | 'any' }
  /** Delivering the unit brings this end to this state. */
  | { readonly kind: 'state'; readonly end: Role; readonly state: StateName }
  | { readonly kind: 'connection'; readonly connection: number }

export type Expression =
  | Condition
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }

/** An expression that holds a running gate before the first byte of each unit that meets it. */
export interface Breakpoint {
  readonly id: number
  readonly enabled: boolean
  readonly expression: Expression
  /** As typed: `lane client and opcode text`. */
  readonly text: string
}
