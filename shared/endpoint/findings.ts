// What a judge finds: a fault that does not know its lane yet. Judges look at what a decoder described and list every
// rule that is broken; they decide nothing else.
import type { Span } from '../bytes/span.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { faults } from '../faults/catalogue.ts'

export interface Finding {
  readonly code: FaultCode
  readonly span: Span
  readonly found?: string
}

export function finding(code: FaultCode, span: Span, found?: string): Finding {
  const { start, end } = span
  return found === undefined ? { code, span: { start, end } } : { code, span: { start, end }, found }
}

/** Whether one of them ends the connection. */
export function anyViolation(findings: readonly { readonly code: FaultCode }[]): boolean {
  return findings.some(({ code }) => faults[code].severity === 'violation')
}
