// When a running gate has to hold. Types only here; parsing is in the grammar, matching in the lab.
import type { Lane, Role } from '../bytes/lanes.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import type { StateName } from '../endpoint/types.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { UnitKind } from '../framing/unit.ts'

/** All conditions that are set must hold. The gate stops before the unit's first byte. */
export interface BreakCondition {
  readonly lane?: Lane
  readonly kind?: UnitKind
  readonly opcode?: OpcodeName
  /** Payload bytes (unit bytes for heads). */
  readonly size?: { readonly least?: number; readonly most?: number }
  readonly text?: string
  readonly pattern?: { readonly source: string; readonly flags: string }
  readonly fault?: FaultCode | 'any'
  /** Delivering the unit would bring this end to this state. */
  readonly state?: { readonly end: Role; readonly name: StateName }
}

export interface Breakpoint {
  readonly id: number
  readonly enabled: boolean
  readonly condition: BreakCondition
  /** As typed: `lane=client opcode=text /hel+o/`. */
  readonly text: string
}
