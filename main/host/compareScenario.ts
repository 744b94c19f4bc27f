// One comparison: the scenario read, run in each dialect one after the other, and put side by side.
import { readScenario } from '../../shared/commands/scenario.ts'
import { compareRuns, type ScenarioRun } from '../../shared/compare/compare.ts'
import type { Comparison } from '../../shared/compare/types.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { runScenario } from '../lab/scenario.ts'
import type { Workspace } from '../lab/types.ts'
import { type Wish, wishOf } from './actions.ts'

export interface CompareOptions {
  readonly dialects: readonly DialectId[]
  readonly seed: number
  /** As `readScenario` takes them. */
  readonly lines: readonly string[]
}

/** The runs stay open in the workspace. Fails with a sentence; `signal` stops it between two dialects. */
export async function compareScenario(
  workspace: Workspace,
  { dialects, seed, lines }: CompareOptions,
  signal?: AbortSignal,
): Promise<Result<Comparison>> {
  const scenario = wishesIn(lines)
  if (!scenario.ok) return scenario
  const runs: ScenarioRun[] = []
  for (const id of dialects) {
    if (signal?.aborted) {
      await closeAll(workspace, runs)
      return failure('The comparison was stopped.')
    }
    const run = await runScenario(
      workspace,
      id,
      seed,
      scenario.value.map(({ wish }) => wish),
    )
    if (!run.ok) {
      await closeAll(workspace, runs)
      return run
    }
    runs.push(run.value)
  }
  return success(
    compareRuns(
      runs,
      scenario.value.map(({ line }) => line),
      seed,
    ),
  )
}

/** A comparison that came to nothing leaves nothing open. */
async function closeAll(workspace: Workspace, runs: readonly ScenarioRun[]): Promise<void> {
  await Promise.all(runs.map(({ run }) => workspace.closeRun(run)))
}

function wishesIn(lines: readonly string[]): Result<readonly { readonly line: string; readonly wish: Wish }[]> {
  const scenario = readScenario(lines)
  if (!scenario.ok) return scenario
  const wishes: { line: string; wish: Wish }[] = []
  for (const { line, call } of scenario.value) {
    const wish = wishOf(call)
    if (!wish.ok) return failure(`“${line}”: ${wish.error}`)
    wishes.push({ line, wish: wish.value })
  }
  return success(wishes)
}
