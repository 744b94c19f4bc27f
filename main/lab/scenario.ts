// A scenario, run as a lab run: each line done by its end, and everything let through that it leads to.
import type { Role } from '../../shared/bytes/lanes.ts'
import type { ScenarioRun, StepTaken } from '../../shared/compare/compare.ts'
import { lackOf } from '../../shared/compare/lacks.ts'
import type { StepResult } from '../../shared/compare/types.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { Action } from '../../shared/endpoint/types.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import type { Run, Workspace } from './types.ts'

/** What one line of the scenario asks of an end. */
export interface ScenarioWish {
  readonly role: Role
  readonly action: Action
}

/**
 * Opens a lab run of the dialect and does the scenario in it. The run stays open, at the end of its log. The same seed
 * gives the same bytes. What a dialect lacks, or an end refuses, is part of the answer and no failure.
 */
export async function runScenario(
  workspace: Workspace,
  id: DialectId,
  seed: number,
  wishes: readonly ScenarioWish[],
): Promise<Result<ScenarioRun>> {
  const opened = await workspace.openLab({ dialect: id, seed, aside: true })
  if (!opened.ok) return opened
  const run = opened.value
  const begun = await letThrough(run)
  if (!begun.ok) return begun
  const steps: StepTaken[] = [{ result: { kind: 'done' }, from: { record: 0, bytes: 0 }, to: run.capture.end }]
  for (const wish of wishes) {
    const taken = await take(run, dialectById(id), wish)
    if (!taken.ok) return taken
    steps.push(taken.value)
  }
  return success({ dialect: dialectById(id), capture: run.capture, steps, run: run.id, path: run.view().path })
}

async function take(run: Run, dialect: ScenarioRun['dialect'], wish: ScenarioWish): Promise<Result<StepTaken>> {
  const from = run.capture.end
  const result = await attempt(run, dialect, wish)
  const through = await letThrough(run)
  return through.ok ? success({ result, from, to: run.capture.end }) : through
}

async function attempt(run: Run, dialect: ScenarioRun['dialect'], { role, action }: ScenarioWish): Promise<StepResult> {
  const lack = lackOf(dialect, action)
  if (lack !== null) return { kind: 'lacking', says: lack }
  const done = await run.act(role, action)
  return done.ok ? { kind: 'done' } : { kind: 'refused', says: done.error }
}

/** Everything that is held, and everything that comes of it. */
export async function letThrough(run: Run): Promise<Result<void>> {
  while (run.view().next !== null) {
    const moved = await run.run()
    if (!moved.ok) return moved
  }
  return success(undefined)
}
