// Waiting until the wire is quiet. Decided by counters alone: what was written has arrived, to the byte. Time only
// ends a wait that can no longer succeed.
import { failure, type Result, success } from '../../shared/ipc/result.ts'

export interface Settler {
  /** To be called at every change of a counter. */
  changed(): void
  /** Settles when nothing is missing any more; fails with a sentence that names what is missing. */
  settle(): Promise<Result<void>>
}

/** `missing` names what has not arrived yet, or answers null when all has. */
export function createSettler(missing: () => string | null, patience = 10_000): Settler {
  let check = () => {}
  return {
    changed: () => check(),
    settle: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => finish(failure(`The connection does not get quiet: ${missing()}.`)), patience)
        function finish(result: Result<void>): void {
          clearTimeout(timer)
          check = () => {}
          resolve(result)
        }
        check = () => {
          if (missing() === null) finish(success(undefined))
        }
        check()
      }),
  }
}
