// What a judge of a case finds, and the words it is told in.
import { type Lane, laneTo } from '../bytes/lanes.ts'
import { type FaultCode, faultInfo } from '../faults/catalogue.ts'
import type { Fault } from '../faults/fault.ts'
import type { Verdict } from './case.ts'
import type { Course } from './course.ts'

/** A byte of the session: the one at which things went wrong. */
export interface Place {
  readonly lane: Lane
  readonly offset: number
}

export interface Outcome {
  readonly verdict: Verdict
  /** What had to happen, in one sentence. */
  readonly expected: string
  /** What happened, in one sentence. */
  readonly came: string
  readonly at: Place | null
  /** The fault that stands for the broken rule, where there is one. */
  readonly fault: FaultCode | null
  /** The section with the rule. */
  readonly cite: string
}

/** What was seen of a connection that is over, besides what the peer sent. */
export interface Seen {
  /** Every rule broken on either lane. */
  readonly faults: readonly Fault[]
  /** How the peer's half of the stream ended; null when it did not. */
  readonly ended: 'fin' | 'reset' | null
  /** Milliseconds after which nothing more was waited for; null when that was not needed. */
  readonly gaveUpAfter: number | null
  /** The extension a case is about was not agreed on. */
  readonly unsupported: boolean
}

/** What is found wrong, or not as it should be; null when nothing is. */
export type Finding = Pick<Outcome, 'verdict' | 'came' | 'at' | 'fault' | 'cite'> | null

export function failed(course: Course, came: string, at: Place, fault: FaultCode | null = null): NonNullable<Finding> {
  return { verdict: 'fail', came, at, fault, cite: course.test.cite }
}

export function lax(course: Course, came: string, at: Place, fault: FaultCode | null = null): NonNullable<Finding> {
  return { verdict: 'non-strict', came, at, fault, cite: course.test.cite }
}

/** The last byte we sent: what came after it did not come. */
export function lastSent({ peer, sent }: Course): Place {
  return { lane: laneTo(peer), offset: Math.max(0, sent - 1) }
}

export function endedHow({ close }: Course, { ended, gaveUpAfter }: Seen): string {
  if (gaveUpAfter !== null) return `nothing more came within ${gaveUpAfter} ms`
  if (close) return `the connection was closed with ${codeWords(close.code)}`
  return ended === 'reset' ? 'the connection was reset' : 'the stream ended'
}

export function codeWords(code: number | null): string {
  return code === null ? 'no code' : `code ${code}`
}

/** The rule that we broke first, which the peer had to see; without one the last byte we sent. */
export function ourFault(course: Course, { faults }: Seen): { readonly at: Place; readonly fault: FaultCode | null } {
  const ours = violationOn(faults, laneTo(course.peer))
  return ours
    ? { at: { lane: ours.lane, offset: ours.span.start }, fault: ours.code }
    : { at: lastSent(course), fault: null }
}

/** The first rule broken on a lane that ends a connection. */
export function violationOn(faults: readonly Fault[], lane: Lane): Fault | undefined {
  return faults.find((fault) => fault.lane === lane && faultInfo(fault.code).severity === 'violation')
}
