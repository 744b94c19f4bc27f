// What became of a dialect behind an intermediary, and how that is told.
import type { Lane } from '../bytes/lanes.ts'
import type { DialectId } from '../dialects/dialect.ts'
import type { IntermediaryKind } from './intermediary.ts'

/**
 * `survives`: opened, messages both ways, closed. `poisoned`: the same, and a cache keeps an answer that the ends made up.
 * `fails`: the opening handshake does not finish. `breaks`: it does, and what comes then does not get through.
 */
export type Outcome = 'survives' | 'poisoned' | 'fails' | 'breaks'

export interface Survival {
  readonly dialect: DialectId
  readonly via: IntermediaryKind
  readonly seed: number
  readonly outcome: Outcome
  /** The last unit let through before it broke, and how many there were, on all legs; null when it survived. */
  readonly step: { readonly number: number; readonly lane: Lane; readonly label: string } | null
  /** Why, in the words of the node; null when it survived. */
  readonly says: string | null
}

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  survives: 'survives',
  poisoned: 'cache poisoned',
  fails: 'handshake fails',
  breaks: 'opens, then breaks',
}

/** `hixie-76 behind reverse-proxy: handshake fails at step 6 (server → client, 101 …): the proxy …`; null if it survives. */
export function breakSentence({ dialect, via, outcome, step, says }: Survival): string | null {
  if (outcome === 'survives') return null
  const where = step
    ? ` at step ${step.number} (${step.lane === 'clientToServer' ? 'client → server' : 'server → client'}, ${step.label})`
    : ''
  return `${dialect} behind ${via}: ${outcomeWords[outcome]}${where}. ${says ?? 'Nothing more comes.'}`
}
