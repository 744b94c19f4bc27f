// Times as the log keeps them: whole nanoseconds since the epoch, as two 32-bit halves.
import type { Time } from './record.ts'

export interface Timestamp {
  readonly high: number
  readonly low: number
}

const two16 = 0x1_0000
const two32 = 0x1_0000_0000
const nanosPerMilli = 1_000_000

/**
 * The nanosecond nearest to `time`. Sums stay below 2^53 by working in 16-bit parts, so no BigInt is made per packet.
 * Throws when `time` is not between 1970 and 2554, which the two halves can hold.
 */
export function timestampOf(time: Time): Timestamp {
  const millis = Math.floor(time)
  if (!(millis >= 0 && millis < 18_446_744_073_709))
    throw new RangeError(`record time ${time} is not a date from 1970 on`)
  const upper = Math.floor(millis / two16) * nanosPerMilli
  const lower = (upper % two16) * two16 + (millis % two16) * nanosPerMilli + Math.round((time - millis) * nanosPerMilli)
  return { high: Math.floor(upper / two16) + Math.floor(lower / two32), low: lower % two32 }
}

/** The double nearest to the timestamp, in milliseconds. `timeOf(timestampOf(t))` is `t` for whole nanoseconds. */
export function timeOf({ high, low }: Timestamp): Time {
  return timeOfNanos(high, low)
}

function timeOfNanos(high: number, low: number): Time {
  // 2^32 ns are 4294 ms and 967296 ns.
  const nanos = high * 967_296 + low
  const whole = high * 4294 + Math.floor(nanos / nanosPerMilli)
  const rest = nanos % nanosPerMilli
  // Below 2^53 ns one division rounds once; above, the sum's own rounding is the coarser one.
  return whole < 9_007_199_254 ? (whole * nanosPerMilli + rest) / nanosPerMilli : whole + rest / nanosPerMilli
}

/** `time` as it will read back from the log. */
export function toLogTime(time: Time): Time {
  return timeOf(timestampOf(time))
}

/** What two halves of a time say that counts in parts of a second. */
export type ReadTime = (high: number, low: number) => Time

const lastExact = Number.MAX_SAFE_INTEGER

/** How times are read that count `ticksPerSecond`; their nanoseconds are taken modulo 2^64. */
export function timeReader(ticksPerSecond: bigint): ReadTime {
  if (ticksPerSecond === 1_000_000_000n) return timeOfNanos
  const perMilli = Number(ticksPerSecond) / 1000
  return (high, low) => {
    const ticks = high * two32 + low
    return Number.isInteger(perMilli) && ticks <= lastExact
      ? ticks / perMilli
      : timeOf(nanosecondsOf({ high, low }, ticksPerSecond))
  }
}

function nanosecondsOf(ticks: Timestamp, ticksPerSecond: bigint): Timestamp {
  const all = (BigInt(ticks.high) << 32n) | BigInt(ticks.low)
  const nanos = BigInt.asUintN(64, (all * 1_000_000_000n) / ticksPerSecond)
  return { high: Number(nanos >> 32n), low: Number(nanos & 0xffffffffn) }
}
