// How a running lane lets bytes through when it is not to pass them on as they come: later, slower, in other segments.
// Their order stays, and so does what they are.

import type { Segmentation, Shaping } from '../../shared/ipc/live.ts'

export const unshaped: Shaping = { delay: 0, rate: null, segments: 'asArrived' }

export function isShaped({ delay, rate, segments }: Shaping): boolean {
  return delay > 0 || rate !== null || segments !== 'asArrived'
}

/** Milliseconds in which `merge` gathers. */
const gathering = 50
/** Milliseconds between two goes of a lane with a rate: what is due in between goes together. */
const tick = 20
/** Longest piece of `random`: what fits one Ethernet segment. */
const longestPiece = 1460

/** `count` bytes are due now; when there are none, some may be in `wait` milliseconds. */
export interface Due {
  readonly count: number
  readonly wait: number
}

export interface Shaper {
  /** Bytes came to the gate. */
  arrived(count: number, now: number): void
  /** How many of `held` bytes are due. */
  due(held: number, now: number): Due
  /** Bytes went. */
  went(count: number, now: number): void
}

/** @param random from 0 to 1, 1 not included */
export function createShaper({ delay, rate, segments }: Shaping, random: () => number = Math.random): Shaper {
  const ages = createAges()
  const wait = delay + (segments === 'merge' ? gathering : 0)
  let budget = 0
  let counted: number | null = null

  function refill(now: number): void {
    if (rate === null) return
    // No more than a tick's worth is saved up, so that a pause is not followed by a burst.
    budget = Math.min(Math.max(1, (rate * tick) / 1000), budget + (rate * (now - (counted ?? now - tick))) / 1000)
    counted = now
  }

  function ripe(held: number, now: number): Due {
    const unripe = ages.since(now - wait)
    const count = Math.max(0, held - unripe.count)
    // What gathers goes together with the first of it.
    if (segments === 'merge' && count > 0) return { count: held, wait: 0 }
    return { count, wait: unripe.oldest === null ? 0 : unripe.oldest + wait - now }
  }

  return {
    arrived: (count, now) => {
      if (wait > 0) ages.add(count, now)
    },
    due(held, now) {
      const { count, wait: untilRipe } = ripe(held, now)
      if (count === 0) return { count, wait: untilRipe }
      const piece = Math.min(count, pieceOf(segments, random))
      if (rate === null) return { count: piece, wait: 0 }
      refill(now)
      return { count: Math.min(piece, Math.floor(budget)), wait: Math.max(tick, ((1 - budget) * 1000) / rate) }
    },
    went(count, now) {
      if (rate !== null) budget -= count
      if (segments === 'merge') ages.forget(now)
    },
  }
}

function pieceOf(segments: Segmentation, random: () => number): number {
  if (segments === 'byte') return 1
  return segments === 'random' ? 1 + Math.floor(random() * longestPiece) : Number.POSITIVE_INFINITY
}

/** How many bytes came when; those of one millisecond are counted as one. */
function createAges() {
  let stamps: { time: number; count: number }[] = []
  return {
    add(count: number, time: number): void {
      const last = stamps.at(-1)
      if (last && time - last.time < 1) last.count += count
      else stamps.push({ time, count })
    },
    /** Those that came after `time`; what is older is forgotten. */
    since(time: number): { readonly count: number; readonly oldest: number | null } {
      if (stamps[0] && stamps[0].time <= time) stamps = stamps.filter((stamp) => stamp.time > time)
      return { count: stamps.reduce((sum, stamp) => sum + stamp.count, 0), oldest: stamps[0]?.time ?? null }
    },
    forget(until: number): void {
      stamps = stamps.filter((stamp) => stamp.time > until)
    },
  }
}
