// The comparison the window shows: what is to be compared, and what came of it.
import { defaultScenario } from '../../shared/commands/scenario.ts'
import type { ComparedCell, ComparedColumn, Comparison } from '../../shared/compare/types.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import type { Session } from './session.ts'

export interface ComparisonState {
  readonly dialects: readonly DialectId[]
  /** The scenario as typed. */
  readonly script: string
  readonly result: Comparison | null
  readonly busy: boolean
  readonly error: string | null
}

export const firstComparison: ComparisonState = {
  dialects: ['hello-00', 'rfc6455'],
  script: defaultScenario.join('\n'),
  result: null,
  busy: false,
  error: null,
}

/** The same seed every time: the same comparison gives the same bytes. */
const seed = 7

export function changeComparison({ world }: Session, change: Partial<ComparisonState>): void {
  world.setState((now) => ({ comparison: { ...now.comparison, ...change } }))
}

/** Runs the scenario in the dialects picked. The old result stays until the new one is here. */
export async function startComparison(session: Session): Promise<void> {
  const { dialects, script, busy } = session.world.getState().comparison
  if (busy) return
  changeComparison(session, { busy: true, error: null })
  const answer = await session.bridge.request('compare', { dialects, seed, lines: script.split('\n') })
  changeComparison(session, answer.ok ? { busy: false, result: answer.value } : { busy: false, error: answer.error })
}

/** Shows the run of a column in the stepper, at the world in which the cell is complete. */
export async function openCell(session: Session, { run }: ComparedColumn, cell: ComparedCell): Promise<void> {
  const { record, bytes } = cell.cursor
  const used = await session.send(`use ${run}`)
  const went = used.ok ? await session.send(`goto ${record}:${bytes}`) : used
  if (!went.ok) return
  session.select({ lane: cell.lane, offset: cell.offset, span: null })
  session.show({ tab: 'lab' })
}
