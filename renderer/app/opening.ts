// What the window says of a file that is being opened.
import type { AppView, Loading, RunView } from '../../shared/ipc/contract.ts'
import { formatSize } from '../ui/format.ts'

export interface OpeningView extends Loading {
  /** The file's name without its folder. */
  readonly name: string
  readonly says: string
}

/** Of the file that nothing can be shown of yet, else of the one that is shown in part; null when all is read. */
export function openingOf(app: AppView | null, run: RunView | null): OpeningView | null {
  const found = app?.opening ?? (run?.loading && { ...run.loading, path: run.path })
  if (!found) return null
  const { path, bytes, of } = found
  const name = path.split(/[\\/]/).at(-1)!
  const far = `${formatSize(bytes)} of ${formatSize(of)}`
  const shown = app?.opening ? 'looking for the first connection' : 'what is read can be looked at already'
  return { name, bytes, of, says: `Reading ${name}: ${far}; ${shown}.` }
}
