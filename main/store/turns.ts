// Long work beside other work: after a few milliseconds of it others have their turns, it is told how far it is, and it may
// be given up.
import type { Progress, Steps } from '../../shared/bytes/steps.ts'

/** Milliseconds that others wait at most. */
const slice = 8
/** Milliseconds between two tellings of how far it is. */
const tellEvery = 100

/** What work throws that was given up. */
export class GivenUp extends Error {
  constructor() {
    super('It was given up.')
  }
}

export interface Turns {
  /** To be asked between two steps: whether `pass` is due. */
  readonly isDue: boolean
  /** Others have their turns. Throws `GivenUp` when the work is not wanted any more. */
  pass(): Promise<void>
}

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export function createTurns(progress: Progress, { signal, onProgress }: TurnOptions = {}): Turns {
  let until = performance.now() + slice
  let told = 0
  return {
    get isDue() {
      return signal?.aborted === true || performance.now() >= until
    },
    async pass() {
      if (performance.now() - told >= tellEvery) {
        told = performance.now()
        onProgress?.(progress)
      }
      await new Promise(setImmediate)
      if (signal?.aborted) throw new GivenUp()
      until = performance.now() + slice
    },
  }
}

/** Does the steps one after the other. */
export async function inTurns<T>(steps: Steps<T>, turns: Turns): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    if (turns.isDue) await turns.pass()
  }
}
