// Long work in steps: between any two of them whoever drives it may do other things, say how far it is, or stop.

/** How far work is. Whoever does it says so; `of` 0: not begun. */
export interface Progress {
  done: number
  of: number
}

export const newProgress = (): Progress => ({ done: 0, of: 0 })

/** Work that gives an answer in the end. */
export type Steps<T> = Generator<void, T>

/** All of it at once. */
export function allSteps<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}
