// A comparison as text: a table with a column a dialect, then the facts and the differences.

import { laneName } from '../../shared/bytes/lanes.ts'
import { type Line, paddedLines, splitToFit } from '../../shared/commands/padding.ts'
import { shortLine } from '../../shared/compare/differences.ts'
import type { ComparedCell, ComparedPhase, ComparedRow, Comparison, StepResult } from '../../shared/compare/types.ts'

/** `width`: how many characters fit in a line; what takes more is cut into tables below each other. */
export function comparisonLines(
  { columns, phases, facts, differences, seed }: Comparison,
  width: number,
): readonly string[] {
  const table: Line[] = [
    [`seed ${seed}`, ...columns.map(({ dialect }) => dialect)],
    ...phases.flatMap(phaseLines),
    [],
    ...facts.map(({ name, values, differs }) => [`${differs ? '* ' : '  '}${name}`, ...values]),
  ]
  const said = differences.length === 0 ? ['The dialects do not differ in this scenario.'] : differences
  const tables = splitToFit(table, width).flatMap((part) => [...paddedLines(part), ''])
  return [...tables, '* differs from column to column', '', ...said]
}

function phaseLines({ line, results, rows, bytes }: ComparedPhase): readonly Line[] {
  const totals = bytes.map(({ clientToServer, serverToClient }, index) => {
    const result = results[index]!
    return result.kind === 'done' ? `${clientToServer + serverToClient} B` : outcomeText(result)
  })
  return [[], [shortLine(line), ...totals], ...rows.map(rowLine)]
}

function outcomeText({ kind }: StepResult): string {
  return kind === 'lacking' ? 'not in this dialect' : 'refused'
}

function rowLine({ lane, name, cells }: ComparedRow): Line {
  return [`  ${laneName(lane)}  ${name}`, ...cells.map((cell) => (cell ? cellText(cell) : '-'))]
}

/** `11 B masked`, `203 B HTTP`; the end of a stream has no bytes. */
function cellText({ size, masked, http, fault }: ComparedCell): string {
  const notes = [masked && 'masked', http && 'HTTP', fault].filter(Boolean)
  return [size > 0 ? `${size} B` : 'yes', ...notes].join(' ')
}
