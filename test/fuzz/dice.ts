// How long the fuzz tests run, and what their chance comes from.
//
// Every case is made from a number alone. `npm test` runs a fixed count of them, a few seconds; by hand, longer:
//   WIRESTEP_FUZZ_COUNT=20000 npx vitest run test/fuzz     cases for every dialect and lane
//   WIRESTEP_FUZZ_SEED=4711 WIRESTEP_FUZZ_COUNT=1 npx vitest run test/fuzz     the case that a failure named, alone
import { seededRandom } from '../../shared/bytes/random.ts'

/** Numbers by chance, the same for the same seed. */
export interface Dice {
  /** 0 to `count` - 1. */
  below(count: number): number
  pick<T>(from: readonly T[]): T
  bytes(count: number): Uint8Array
}

export function diceOf(seed: number): Dice {
  const bytes = seededRandom(seed)
  const below = (count: number) => new DataView(bytes(4).buffer).getUint32(0) % count
  return { below, bytes, pick: (from) => from[below(from.length)]! }
}

function numberFrom(name: string, otherwise: number): number {
  const text = process.env[name]
  if (text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw new Error(`${name} is "${text}": give a whole number.`)
  return Number(text)
}

const firstSeed = numberFrom('WIRESTEP_FUZZ_SEED', 1)
const count = numberFrom('WIRESTEP_FUZZ_COUNT', 60)

/** Milliseconds a test may take: a generous share for each case. */
export const timeLimit = 30_000 + 200 * count

/** Runs the check for every case; a failure names the seed that repeats it. */
export function eachSeed(check: (dice: Dice) => void): void {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    try {
      check(diceOf(seed))
    } catch (error) {
      const repeat = `WIRESTEP_FUZZ_SEED=${seed} WIRESTEP_FUZZ_COUNT=1`
      throw new Error(`Fails with ${repeat}: ${error instanceof Error ? error.message : error}`, { cause: error })
    }
  }
}

/** The bytes in pieces of 1 to `longest`. */
export function cutUp(bytes: Uint8Array, dice: Dice, longest: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + dice.below(longest))
    pieces.push(bytes.slice(at, end))
    at = end
  }
  return pieces
}
