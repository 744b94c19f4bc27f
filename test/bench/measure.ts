// Measuring in pairs: ours and the peer take turns in the same run, so that a busy or slow machine slows both.
import { inject } from 'vitest'

export type Subject = typeof import('./subject.ts')

/** What is measured of ours, as it ships. */
export async function loadSubject(): Promise<Subject> {
  return import(/* @vite-ignore */ inject('subject'))
}

export interface Pair<T> {
  readonly ours: T
  readonly peer: T
}

export interface Contest<T> {
  /** Pairs that are measured and thrown away. */
  readonly warmUps: number
  readonly rounds: number
  ours(): T | Promise<T>
  peer(): T | Promise<T>
}

/** Ours, peer, ours, peer: one pair a round. */
export async function measurePairs<T>({ warmUps, rounds, ours, peer }: Contest<T>): Promise<readonly Pair<T>[]> {
  const pairs: Pair<T>[] = []
  for (let round = 0; round < warmUps + rounds; round++) {
    const pair = { ours: await ours(), peer: await peer() }
    if (round >= warmUps) pairs.push(pair)
  }
  return pairs
}

/** The value below which `share` of them are, by nearest rank: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('there is no quantile of nothing')
  return value
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Seconds that `work` takes. */
export function secondsOf(work: () => void): number {
  const from = performance.now()
  work()
  return (performance.now() - from) / 1000
}
