// What became of dialects behind intermediaries, as text.
import type { DialectId } from '../dialects/dialect.ts'
import type { IntermediaryKind } from '../intermediaries/intermediary.ts'
import { breakSentence, outcomeWords, type SurvivalView } from '../intermediaries/survival.ts'
import { paddedLines } from './padding.ts'

/** The table, and a sentence for each that does not get through. */
export function survivalLines({ dialects, via, done }: Omit<SurvivalView, 'running' | 'seed'>): readonly string[] {
  const cell = (dialect: DialectId, kind: IntermediaryKind) => {
    const found = done.find((one) => one.dialect === dialect && one.via === kind)
    return found ? outcomeWords[found.outcome] : ''
  }
  const table = [['', ...via], ...dialects.map((dialect) => [dialect, ...via.map((kind) => cell(dialect, kind))])]
  return [...paddedLines(table), '', ...done.flatMap((one) => breakSentence(one) ?? [])]
}
