// A step is drawn in one go: what the panes will ask of the run as it now is, is asked before any of it is drawn.
import type { RunView } from '../../shared/ipc/contract.ts'

/** What shows an answer. */
export type Show = () => void

/** Asks what a pane will show of a run that is not shown yet; null when that is nothing. */
export type Pane = (next: RunView) => Promise<Show> | null

export interface Arrivals {
  /** Returns its undo. */
  join(pane: Pane): () => void
  /** Settles when the snapshot, or a newer one, is shown. */
  arrive(next: RunView | null): Promise<void>
}

/** Milliseconds that answers are waited for. What takes longer is asked once more, and shown behind the rest. */
const patience = 200

/**
 * Shows snapshots in the order they came. One that comes while another waits for its answers waits too, and only the
 * newest of them is shown.
 * @param isNews true for a newer snapshot of the run that the panes show; of another run they ask something else
 */
export function createArrivals(show: (next: RunView | null) => void, isNews: (next: RunView) => boolean): Arrivals {
  const panes = new Set<Pane>()
  let newest: { readonly next: RunView | null } | null = null
  let busy = false
  let shown = Promise.resolve()

  async function showAll() {
    busy = true
    while (newest !== null) {
      const { next } = newest
      newest = null
      const shows = panes.size > 0 && next !== null && isNews(next) ? await answersFor(next) : []
      show(next)
      for (const each of shows) each()
    }
    busy = false
  }

  async function answersFor(next: RunView): Promise<readonly Show[]> {
    const late = new Promise<readonly Show[]>((resolve) => setTimeout(resolve, patience, []))
    return Promise.race([Promise.all([...panes].flatMap((pane) => pane(next) ?? [])), late])
  }

  return {
    join(pane) {
      panes.add(pane)
      return () => panes.delete(pane)
    },
    arrive(next) {
      newest = { next }
      if (!busy) shown = showAll()
      return shown
    },
  }
}
