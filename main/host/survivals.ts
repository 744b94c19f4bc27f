// Dialects behind intermediaries for the window: one set of runs at a time, told as they end, and stopped between two.
import type { SurvivalView } from '../../shared/intermediaries/survival.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type SurvivalWishes, surviveEach } from '../lab/survive.ts'
import type { Workspace } from '../lab/types.ts'

export interface Survivals {
  /** Of the last runs; null before there were any. */
  readonly view: SurvivalView | null
  /** Settles when all have ended, or it was stopped. */
  start(wishes: SurvivalWishes): Promise<Result<SurvivalView>>
  /** No further one begins. */
  stop(): Result<void>
}

export function createSurvivals(workspace: Workspace, tell: (view: SurvivalView) => void): Survivals {
  let view: SurvivalView | null = null
  let stopped = false

  function become(next: SurvivalView): SurvivalView {
    view = next
    tell(next)
    return next
  }

  async function runAll(wishes: SurvivalWishes): Promise<Result<SurvivalView>> {
    let now = become(begunOf(wishes))
    for await (const survival of surviveEach(workspace, wishes)) {
      if (!survival.ok) {
        become({ ...now, running: null })
        return survival
      }
      now = become(withOne(now, survival.value))
      if (stopped) return success(become({ ...now, running: null }))
    }
    return success(now)
  }

  return {
    get view() {
      return view
    },
    start: async ({ dialects, via, seed }) => {
      if (view?.running) return failure('Dialects are being run already: stop survival breaks that off.')
      stopped = false
      return runAll({ dialects, via, seed })
    },
    stop: () => {
      if (!view?.running) return failure('No dialect is being run behind an intermediary: survive begins.')
      stopped = true
      return success(undefined)
    },
  }
}

function begunOf(wishes: SurvivalWishes): SurvivalView {
  return withRunning({ ...wishes, done: [], running: null })
}

function withOne(view: SurvivalView, survival: SurvivalView['done'][number]): SurvivalView {
  return withRunning({ ...view, done: [...view.done, survival] })
}

/** What is next runs. */
function withRunning(view: SurvivalView): SurvivalView {
  const { dialects, via, done } = view
  const dialect = dialects[Math.floor(done.length / via.length)]
  const kind = via[done.length % via.length]
  return { ...view, running: dialect && kind ? { dialect, via: kind } : null }
}
