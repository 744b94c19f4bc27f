// Asks for one thing at a time and keeps the old picture until the new one is here, so nothing flashes and no answer
// ever replaces a newer one.
import type { Result } from '../../shared/ipc/result.ts'
import { keepEqual } from './keepEqual.ts'

export interface Loaded<Want, Answer> {
  /** The newest answer, and what was asked to get it. */
  readonly shown: { readonly want: Want; readonly answer: Answer } | null
  /** Why the newest question could not be answered. */
  readonly error: string | null
}

export interface Loader<Want, Answer> {
  get(): Loaded<Want, Answer>
  subscribe(listener: () => void): () => void
  /** Asks now, or, while a question is out, right after it: only the newest waiting question is asked. */
  ask(want: Want): void
}

export function createLoader<Want, Answer>(load: (want: Want) => Promise<Result<Answer>>): Loader<Want, Answer> {
  const listeners = new Set<() => void>()
  let loaded: Loaded<Want, Answer> = { shown: null, error: null }
  let busy = false
  let waiting: { want: Want } | null = null

  /** The answer to another question is another answer: comparing the two would only take time. */
  function publish(next: Loaded<Want, Answer>) {
    const want = loaded.shown?.want
    const isAskedAgain = want !== undefined && keepEqual(want, next.shown?.want) === want
    const kept = isAskedAgain ? keepEqual(loaded, next) : next
    if (kept === loaded) return
    loaded = kept
    for (const listener of listeners) listener()
  }

  async function ask(want: Want) {
    if (busy) {
      waiting = { want }
      return
    }
    busy = true
    const result = await load(want)
    busy = false
    publish(result.ok ? { shown: { want, answer: result.value }, error: null } : { ...loaded, error: result.error })
    const next = waiting
    waiting = null
    if (next) void ask(next.want)
  }

  return {
    get: () => loaded,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ask: (want) => void ask(want),
  }
}
