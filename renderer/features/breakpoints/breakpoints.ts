// From what is typed and clicked to the lines that set, switch and remove breakpoints.
import { parseExpression } from '../../../shared/commands/expressionGrammar.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

/** Parts of a condition as they are typed, and what each asks of a unit. */
export const parts: readonly { readonly typed: string; readonly says: string }[] = [
  { typed: 'lane client', says: 'sent by the client' },
  { typed: 'kind frame', says: 'or request, response, junk' },
  { typed: 'opcode text', says: 'a frame of that opcode' },
  { typed: 'size >= 126', says: 'bytes of payload; or <, =, !=' },
  { typed: '"hello"', says: 'with that text in it' },
  { typed: '/hel+o/i', says: 'matching that pattern' },
  { typed: 'bytes 81 7e', says: 'with those bytes' },
  { typed: 'fault', says: 'breaking a rule' },
  { typed: 'state client:OPEN', says: 'brings an end there' },
]

/** The line that adds a breakpoint, or what is wrong with its condition. */
export function addLine(typed: string): Result<string> {
  const expression = parseExpression(typed)
  return expression.ok ? success(`break add ${typed.trim()}`) : failure(expression.error)
}

/** A part picked from the help goes behind what is typed already. */
export function withPart(typed: string, part: string): string {
  return typed.trim() === '' ? part : `${typed.trimEnd()} ${part}`
}

/** The breakpoint a run stands at: `breakpoint 2: opcode=text` is 2. Null when something else stopped it. */
export function hitOf(stoppedBy: string | null): number | null {
  const number = /^breakpoint (\d+):/.exec(stoppedBy ?? '')?.[1]
  return number === undefined ? null : Number(number)
}
