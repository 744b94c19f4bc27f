import { setTimeout as sleep } from 'node:timers/promises'
import type { Time } from '../../shared/capture/record.ts'

/** Time for whatever records or plays. Tests bring their own. */
export interface Clock {
  now(): Time
  /** Settles after `milliseconds`, or when aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** The machine's: milliseconds since the Unix epoch with a fraction, never going back. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  // An abort is a reason to stop waiting, not a failure.
  wait: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
}
