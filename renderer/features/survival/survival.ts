// What the table of survivals shows in a cell, and how its keys move.
import type { DialectId } from '../../../shared/dialects/dialect.ts'
import type { IntermediaryKind } from '../../../shared/intermediaries/intermediary.ts'
import {
  nothingSaid,
  type Outcome,
  outcomeWords,
  type Survival,
  type SurvivalView,
} from '../../../shared/intermediaries/survival.ts'

export interface SurvivalCell {
  /** `waiting`: its turn has not come, or it never did. */
  readonly state: 'waiting' | 'running' | Outcome
  /** `handshake fails` */
  readonly word: string
  /** `at step 4, 101 Web Socket Protocol Handshake`; empty where it survives. */
  readonly where: string
  /** Why, in the words of the node; empty where it survives. */
  readonly why: string
}

const words = { waiting: '', running: 'runs…' } as const

/** A cell, however far the runs have come. */
export function cellOf({ done, running }: SurvivalView, dialect: DialectId, via: IntermediaryKind): SurvivalCell {
  const found = done.find((one) => one.dialect === dialect && one.via === via)
  if (found) return { state: found.outcome, word: outcomeWords[found.outcome], ...breakOf(found) }
  const state = running?.dialect === dialect && running.via === via ? 'running' : 'waiting'
  return { state, word: words[state], where: '', why: '' }
}

function breakOf({ outcome, step, says }: Survival): Pick<SurvivalCell, 'where' | 'why'> {
  if (outcome === 'survives') return { where: '', why: '' }
  return { where: step ? `at step ${step.number}, ${step.label}` : '', why: says ?? nothingSaid }
}

/** `17 of 60 runs, 5 break` */
export function progressText({ dialects, via, done, running }: SurvivalView): string {
  const all = dialects.length * via.length
  const broken = done.filter(({ outcome }) => outcome !== 'survives').length
  const count = done.length === all ? `${all} runs` : `${done.length} of ${all} runs${running ? '' : ', stopped'}`
  return `${count}, ${broken} ${broken === 1 ? 'does' : 'do'} not survive`
}

export interface Place {
  readonly row: number
  readonly column: number
}

const steps: Readonly<Record<string, Place>> = {
  ArrowDown: { row: 1, column: 0 },
  ArrowUp: { row: -1, column: 0 },
  ArrowRight: { row: 0, column: 1 },
  ArrowLeft: { row: 0, column: -1 },
}

/** The cell a key goes to in a table of that many; null when the key moves nowhere. */
export function placeAfter(at: Place, key: string, rows: number, columns: number): Place | null {
  const step = steps[key]
  if (step === undefined) return null
  const [row, column] = [at.row + step.row, at.column + step.column]
  return row < 0 || column < 0 || row >= rows || column >= columns ? null : { row, column }
}
