// Everything that can be wrong on the wire, by code. Codes are permanent; the in-app text and the fault page of the
// docs are made from these rows. What a judge looks at is in endpoint/; nothing here reads a byte.
import { extensionFaults } from './extensionFaults.ts'
import { frameFaults } from './frameFaults.ts'
import { headFaults } from './headFaults.ts'
import { helloFaults } from './helloFaults.ts'
import { keyNumberFaults } from './keyNumberFaults.ts'
import { sentinelFaults } from './sentinelFaults.ts'

/** `violation`: the receiver ends the connection. `warning`: reported and tolerated. */
export type Severity = 'violation' | 'warning'

export interface FaultInfo {
  readonly severity: Severity
  /** What is wrong, as one sentence. */
  readonly says: string
  /** What the receiving endpoint does because of it. */
  readonly consequence: string
  /** How it would have to look. */
  readonly remedy: string
  /** The section with the rule, by dialect id, for the dialects that have the rule. */
  readonly cite: Readonly<Record<string, string>>
  /** What the sources of a dialect leave open about the rule, and the reading taken here, by dialect id. */
  readonly doubts?: Readonly<Record<string, string>>
  /** What a receiver closes with, as RFC 6455 §7.4.1 numbers it: see `closeCodeFor`. */
  readonly closeCode?: number
  /** What a server answers, in dialects that refuse with an HTTP error. */
  readonly httpStatus?: number
}

export const faults = {
  ...headFaults,
  ...keyNumberFaults,
  ...extensionFaults,
  ...helloFaults,
  ...sentinelFaults,
  ...frameFaults,
} as const satisfies Record<string, FaultInfo>

export type FaultCode = keyof typeof faults

/** A row with its optional columns. */
export function faultInfo(code: FaultCode): FaultInfo {
  return faults[code]
}

export const faultCodes = Object.keys(faults) as readonly FaultCode[]

/** Whether the text of a dialect has the rule. */
export function hasRule(code: FaultCode, dialectId: string): boolean {
  return Object.hasOwn(faultInfo(code).cite, dialectId)
}

/** The section a dialect has the rule in. A dialect without the rule gets the first that is known. */
export function faultCite(code: FaultCode, dialectId: string): string {
  const { cite } = faultInfo(code)
  return cite[dialectId] ?? Object.values(cite)[0]!
}

/** How it would have to look in a dialect, and what is not certain about that. */
export function faultRemedy(code: FaultCode, dialectId: string): string {
  const { remedy, doubts } = faultInfo(code)
  const doubt = doubts?.[dialectId]
  return doubt === undefined ? remedy : `${remedy} ${doubt}`
}

/** A fault as one line for the console and lists: what is wrong, then what was there. */
export function faultSentence(code: FaultCode, found?: string): string {
  const { says } = faults[code]
  return found === undefined ? says : `${says} Found: ${found}.`
}
