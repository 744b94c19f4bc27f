// The open runs as a tree: a fork stands under the run it left.
import type { AppView } from '../../../shared/ipc/contract.ts'

export type OpenRun = AppView['runs'][number]

export interface RunRow {
  readonly run: OpenRun
  readonly depth: number
}

/** Runs in order, each followed by its forks. A fork of a closed run stands by itself. */
export function runTree(runs: readonly OpenRun[]): readonly RunRow[] {
  const open = new Set(runs.map(({ id }) => id))
  const parentOf = ({ forkOf }: OpenRun) => (forkOf !== null && open.has(forkOf) ? forkOf : null)
  const under = (parent: number | null, depth: number): readonly RunRow[] =>
    runs.filter((run) => parentOf(run) === parent).flatMap((run) => [{ run, depth }, ...under(run.id, depth + 1)])
  return under(null, 0)
}

/** The last part of a path of any system, and the folder it is in. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { folder: path.slice(0, Math.max(0, cut)), name: path.slice(cut + 1) }
}
