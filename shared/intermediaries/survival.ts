// What became of a dialect behind an intermediary, and how that is told.
import { type Lane, laneName } from '../bytes/lanes.ts'
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

/** Why it broke where no node said anything. */
export const nothingSaid = 'Nothing more comes.'

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  survives: 'survives',
  poisoned: 'cache poisoned',
  fails: 'handshake fails',
  breaks: 'opens, then breaks',
}

/** Which runs there are to be, and how far they have come. */
export interface SurvivalView {
  readonly dialects: readonly DialectId[]
  readonly via: readonly IntermediaryKind[]
  readonly seed: number
  /** In the order they ended: dialect after dialect, each behind one intermediary after the other. */
  readonly done: readonly Survival[]
  /** What runs now; null when all have ended, or were stopped. */
  readonly running: { readonly dialect: DialectId; readonly via: IntermediaryKind } | null
}

/** `step 4 (server → client, 101 …)`; null where there is none. */
export function stepText({ step }: Pick<Survival, 'step'>): string | null {
  if (step === null) return null
  return `step ${step.number} (${laneName(step.lane)}, ${step.label})`
}

/** `hixie-76 behind reverse-proxy: handshake fails at step 6 (server → client, 101 …): the proxy …`; null if it survives. */
export function breakSentence(survival: Survival): string | null {
  const { dialect, via, outcome, says } = survival
  if (outcome === 'survives') return null
  const step = stepText(survival)
  return `${dialect} behind ${via}: ${outcomeWords[outcome]}${step ? ` at ${step}` : ''}. ${says ?? nothingSaid}`
}
