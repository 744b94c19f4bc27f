// What the console shows, kept apart from the terminal that draws it.
import type { ConsoleLine } from '../../shared/ipc/contract.ts'

export type Entry =
  | { readonly kind: 'echo'; readonly line: string }
  | { readonly kind: 'output'; readonly lines: readonly ConsoleLine[] }

export interface Transcript {
  readonly entries: readonly Entry[]
  add(entry: Entry): void
  /** Called for each new entry. Returns its undo. */
  watch(listener: (entry: Entry) => void): () => void
}

const kept = 2000

export function createTranscript(): Transcript {
  const entries: Entry[] = []
  const listeners = new Set<(entry: Entry) => void>()
  return {
    entries,
    add(entry) {
      entries.push(entry)
      if (entries.length > kept) entries.shift()
      for (const listener of listeners) listener(entry)
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
