// What the console shows, kept apart from the terminal that draws it.
import type { ConsoleLine } from '../../shared/ipc/contract.ts'

export type Entry =
  | { readonly kind: 'echo'; readonly line: string }
  | { readonly kind: 'output'; readonly lines: readonly ConsoleLine[] }

export interface Transcript {
  readonly entries: readonly Entry[]
  /** An echo waits for the output behind it, so that both are drawn in one frame, and not longer than is noticed. */
  add(entry: Entry): void
  /** Called for each new entry. Returns its undo. */
  watch(listener: (entry: Entry) => void): () => void
}

const kept = 2000

/** Milliseconds. */
const echoWaits = 50

export function createTranscript(): Transcript {
  const entries: Entry[] = []
  const waiting: Entry[] = []
  const listeners = new Set<(entry: Entry) => void>()

  function tell() {
    for (const entry of waiting.splice(0)) {
      entries.push(entry)
      if (entries.length > kept) entries.shift()
      for (const listener of listeners) listener(entry)
    }
  }

  return {
    entries,
    add(entry) {
      waiting.push(entry)
      if (entry.kind === 'output') tell()
      else setTimeout(tell, echoWaits)
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
