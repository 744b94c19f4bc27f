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

/** A folder in two: what may be cut short, and its last part, which stays. */
export function elidable(folder: string): { readonly head: string; readonly tail: string } {
  const cut = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'))
  return cut <= 0 ? { head: '', tail: folder } : { head: folder.slice(0, cut), tail: folder.slice(cut) }
}

/** `run 3, fork of run 1`. A fork says so also when what it left was closed. */
export function runNote({ id, forkOf }: OpenRun): string {
  return forkOf === null ? `run ${id}` : `run ${id}, fork of run ${forkOf}`
}

/** What a run is now, in one word, and what that means. */
export function runStatus({ live, source }: OpenRun): { readonly word: string; readonly says: string } {
  if (live) return { word: 'live', says: 'Its sockets are open: it can be stepped on' }
  return source === 'file'
    ? { word: 'file', says: 'A recording: it can be stepped through, and forked' }
    : source === 'live'
      ? { word: 'ended', says: 'Its connections are over: they can be stepped through' }
      : { word: 'ended', says: 'Its connection is over: it can be stepped through, and forked' }
}

/** The row a key goes to from row `at`; null when the key goes nowhere. */
export function targetOf(key: string, at: number, last: number): number | null {
  const targets: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }
  const target = targets[key]
  return target === undefined || at < 0 ? null : Math.max(0, Math.min(last, target))
}
