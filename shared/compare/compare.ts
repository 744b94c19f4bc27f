// A comparison made from finished runs of one scenario: what each line of it led to, aligned, counted and told apart.
import type { Cursor } from '../capture/record.ts'
import type { CaptureReader } from '../capture/types.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { aligned, bytesOf, cellsBetween, type NamedCell } from './align.ts'
import { differencesOf } from './differences.ts'
import { factsOf } from './facts.ts'
import type { ComparedColumn, ComparedPhase, Comparison, StepResult } from './types.ts'

/** What one line of the scenario did in one run: the log from one cursor to the other. */
export interface StepTaken {
  readonly result: StepResult
  readonly from: Cursor
  readonly to: Cursor
}

/** One dialect's run of the scenario. The capture's first connection is the one compared. */
export interface ScenarioRun extends Pick<ComparedColumn, 'run' | 'path'> {
  readonly dialect: Dialect
  readonly capture: CaptureReader
  /** The opening, then one step a line of the scenario. */
  readonly steps: readonly StepTaken[]
}

/** A run's units, phase by phase. */
export interface Column extends ScenarioRun {
  readonly phases: readonly (readonly NamedCell[])[]
}

/** What the first phase is called. */
export const openingLine = 'open'

/** Compares runs of the same lines; one column each, in the order given. */
export function compareRuns(runs: readonly ScenarioRun[], lines: readonly string[], seed: number): Comparison {
  const columns = runs.map(columnOf)
  const phases = [openingLine, ...lines].map((line, index) => phaseOf(line, index, columns))
  return {
    seed,
    columns: runs.map(({ dialect, run, path }) => ({ dialect: dialect.id, name: dialect.name, run, path })),
    phases,
    facts: factsOf(columns),
    differences: differencesOf(columns, phases),
  }
}

function columnOf(run: ScenarioRun): Column {
  const connection = run.capture.connections[0]!
  return { ...run, phases: run.steps.map(({ from, to }) => cellsBetween(run.capture, connection, from, to)) }
}

function phaseOf(line: string, index: number, columns: readonly Column[]): ComparedPhase {
  const cells = columns.map(({ phases }) => phases[index] ?? [])
  return {
    line,
    results: columns.map(({ steps }) => steps[index]!.result),
    rows: aligned(cells),
    bytes: cells.map(bytesOf),
  }
}
