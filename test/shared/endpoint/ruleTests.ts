// Which test breaks which rule: the pages in docs/rules name it by the title that faults.test.ts gives it.
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import { type FaultCode, faultCodes, faultInfo } from '../../../shared/faults/catalogue.ts'

/** The file with the tests. */
export const ruleTestFile = 'test/shared/endpoint/faults.test.ts'

/** The title of the test that breaks the rule in the dialect. */
export function ruleTest(code: FaultCode, dialect: DialectId): string {
  return `${code} of ${dialect} is reported, alone and at its place`
}

/** The rules that a dialect has, in the order of the catalogue. */
export function rulesOf(dialect: DialectId): readonly FaultCode[] {
  return faultCodes.filter((code) => faultInfo(code).cite[dialect] !== undefined)
}
