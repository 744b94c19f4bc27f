// What goes on at one lane of a gate without being asked for byte by byte: nothing while it is held; while it runs, all
// that arrives goes on, at once, or as its shaping says, or unit by unit when somebody has to look at each first. What
// waits is held by the gate, so back-pressure and bounds are the gate's, and an end of stream comes after the bytes.
import type { LaneMode, Shaping } from '../../shared/ipc/live.ts'
import type { Clock } from './clock.ts'
import type { LaneGate } from './gate.ts'
import { createShaper, isShaped, type Shaper, unshaped } from './shaping.ts'

/**
 * What may go on without looking again: so many of the held bytes, or, when none are held, the end of the stream.
 * `wait`: more has to arrive first. `hold`: nothing, from here on the lane is held.
 */
export type Allowance = number | 'wait' | 'hold'

export interface LaneDriver {
  readonly mode: LaneMode
  readonly shaping: Shaping
  setMode(mode: LaneMode): void
  shape(shaping: Shaping): void
  /** Asks before anything goes on, from now on; null asks no more. */
  look(before: (() => Allowance) | null): void
  /** To be called when bytes came to the gate, and with none when the end did. */
  arrived(count: number): void
  /** To be called when what is held was changed, and when what was asked about may be answered differently. */
  goOn(): void
  /** Does nothing any more. */
  stop(): void
}

interface Driven {
  readonly gate: LaneGate
  readonly clock: Clock
  mode: LaneMode
  shaping: Shaping
  shaper: Shaper
  before: (() => Allowance) | null
  /** Ends the wait for what is due next. */
  waiting: AbortController | null
  /** Set while the destination takes no more. */
  congested: boolean
  stopped: boolean
}

/** Drives a lane whose gate holds; it is held at first. */
export function createLaneDriver(gate: LaneGate, clock: Clock): LaneDriver {
  const driven: Driven = {
    ...{ gate, clock, mode: 'held', shaping: unshaped, shaper: createShaper(unshaped) },
    ...{ before: null, waiting: null, congested: false, stopped: false },
  }
  const change = (change: Partial<Driven>) => {
    Object.assign(driven, change)
    apply(driven)
  }
  return {
    get mode() {
      return driven.mode
    },
    get shaping() {
      return driven.shaping
    },
    setMode: (mode) => change({ mode }),
    shape: (shaping) => change({ shaping, shaper: createShaper(shaping) }),
    look: (before) => change({ before }),
    arrived: (count) => {
      driven.shaper.arrived(count, clock.now())
      if (count === 0 || isPumped(driven)) pump(driven)
    },
    goOn: () => pump(driven),
    stop: () => {
      driven.stopped = true
      driven.waiting?.abort()
    },
  }
}

/** Bytes do not simply pass: somebody has to decide which go when. */
function isPumped({ mode, shaping, before }: Driven): boolean {
  return mode === 'running' && (before !== null || isShaped(shaping))
}

function apply(driven: Driven): void {
  driven.waiting?.abort()
  const { gate, mode } = driven
  gate.setMode(mode === 'running' && !isPumped(driven) ? 'running' : 'held')
  pump(driven)
}

/** Lets go what may go now, and sees to it that the rest is looked at in time. */
function pump(driven: Driven): void {
  driven.waiting?.abort()
  while (driven.mode === 'running' && !driven.stopped && !driven.gate.dead) {
    const goesOn = driven.gate.congested ? waitForRoom(driven) : pumpOnce(driven)
    if (!goesOn) return
  }
}

/** Answers whether there may be more to do now. */
function pumpOnce(driven: Driven): boolean {
  const { gate, before } = driven
  if (gate.releasedEnd !== null) return false
  const allowed = before?.() ?? gate.held
  if (allowed === 'wait') return false
  if (allowed === 'hold') {
    driven.mode = 'held'
    return false
  }
  // Whoever was asked may have put something in.
  if (gate.held > 0) return releaseDue(driven, Math.min(allowed, gate.held))
  if (gate.arrivedEnd !== null) releaseEndDue(driven)
  return false
}

/** The end of a stream waits as long as bytes would. */
function releaseEndDue(driven: Driven): void {
  const { wait } = driven.shaper.due(0, driven.clock.now())
  if (wait > 0) waitFor(driven, wait)
  else driven.gate.releaseEnd()
}

function releaseDue(driven: Driven, allowed: number): boolean {
  const { gate, clock, shaper, shaping } = driven
  const now = clock.now()
  const due = shaper.due(gate.held, now)
  const count = Math.min(due.count, allowed)
  if (count === 0) {
    waitFor(driven, due.wait)
    return false
  }
  gate.release(count)
  shaper.went(count, now)
  if (shaping.segments === 'asArrived') return true
  // The next piece is a write of a later turn, so that the system does not put the two together.
  waitFor(driven, 0)
  return false
}

function waitFor(driven: Driven, milliseconds: number): void {
  const waiting = new AbortController()
  driven.waiting = waiting
  const goOn = () => {
    if (!waiting.signal.aborted) pump(driven)
  }
  if (milliseconds > 0) void driven.clock.wait(milliseconds, waiting.signal).then(goOn)
  else setImmediate(goOn)
}

/** Goes on when the destination has taken what it was given: nothing to do until then. */
function waitForRoom(driven: Driven): boolean {
  if (driven.congested) return false
  driven.congested = true
  driven.gate.whenRoom(() => {
    driven.congested = false
    pump(driven)
  })
  return false
}
