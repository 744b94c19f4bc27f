// The system's random bytes for endpoints on real sockets, who ask for four with every frame a client masks.
import { randomFillSync } from 'node:crypto'

/** Asking the system costs more than a frame does, so it is asked for many at once. */
const pool = new Uint8Array(8192)
let used = pool.length

/** The next `count` bytes, in an array of their own. None is given twice: RFC 6455 §5.3. */
export function systemRandom(count: number): Uint8Array {
  if (count > pool.length) return randomFillSync(new Uint8Array(count))
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += count
  return pool.slice(used - count, used)
}
