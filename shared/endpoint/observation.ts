// What an observer says of the bytes it was shown, and how it is noted down.
import type { Fault } from '../faults/fault.ts'
import type { Transition } from './types.ts'

/**
 * `at`: how many bytes of the stream just fed had passed when it happened. What was held back, behind a request until
 * the answer or behind a fault until the end went on, is placed where the observer was fed when it took effect.
 */
export interface Observation {
  readonly transitions: readonly (Transition & { readonly at: number })[]
  readonly faults: readonly (Fault & { readonly at: number })[]
}

export const nothing: Observation = { transitions: [], faults: [] }

export interface Notes {
  transition(transition: Transition & { readonly at: number }): void
  fault(fault: Fault & { readonly at: number }): void
  taken(): Observation
}

/** Notes that are taken and begun anew, again and again. Allocates only when there is something to note. */
export function createNotes(): Notes {
  let transitions: (Transition & { readonly at: number })[] | null = null
  let faults: (Fault & { readonly at: number })[] | null = null
  return {
    transition: (transition) => {
      transitions ??= []
      transitions.push(transition)
    },
    fault: (fault) => {
      faults ??= []
      faults.push(fault)
    },
    taken() {
      if (!transitions && !faults) return nothing
      const taken = { transitions: transitions ?? [], faults: faults ?? [] }
      transitions = null
      faults = null
      return taken
    },
  }
}
