// How a run's commands take turns: one after the other, here when that is possible and else in a fork, each telling
// what it changed.
import type { Cursor } from '../../shared/capture/record.ts'
import { nextLane } from '../../shared/capture/stepping.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { LiveConnection } from './live.ts'
import {
  atEnd,
  lacksConnection,
  liveConnection,
  nothingToStep,
  playFrames,
  type RunCore,
  runUnits,
  stopMotion,
  turnToNext,
} from './runCore.ts'
import type { Moved, Run } from './types.ts'

export type Job = () => Result<void> | Promise<Result<void>>
export type There = (run: Run) => Promise<Result<Moved>>

/** Does a job in its turn. Running and playing go on. */
export function aside(core: RunCore, job: Job): Promise<Result<Moved>> {
  return inTurn(core, () => report(core, job))
}

/** Stops running and playing, then does a job in its turn. */
export function command(core: RunCore, job: Job): Promise<Result<Moved>> {
  halt(core)
  return aside(core, job)
}

/** Changes the wire, if `check` finds nothing wrong: here behind the end of a live log, else in a fork. */
export function onWire(
  core: RunCore,
  check: () => Result<unknown>,
  here: (live: LiveConnection) => Promise<Result<void>>,
  there: There,
): Promise<Result<Moved>> {
  const job = async () => {
    const live = liveConnection(core)
    if (!live.ok) return live
    const done = await here(live.value)
    core.cursor = core.capture.end
    return done
  }
  const decide = () => {
    const lacking = lacksConnection(core) ?? tooLate(core)
    if (lacking !== null) return failure(lacking)
    const checked = check()
    if (!checked.ok) return checked
    return core.live !== null && atEnd(core) ? report(core, job) : fork(core, core.cursor)
  }
  return goOnWhere(core, inTurn(core, decide), there)
}

/** Moves on: here, or in a fork at the end of a session that is not live but holds something. */
export function onward(core: RunCore, job: Job, there: There): Promise<Result<Moved>> {
  halt(core)
  return onwardInTurn(core, job, there)
}

function onwardInTurn(core: RunCore, job: Job, there: There): Promise<Result<Moved>> {
  const decide = () => {
    const lacking = lacksConnection(core)
    if (lacking !== null) return failure(lacking)
    return mustForkToGoOn(core) ? fork(core, core.cursor) : report(core, job)
  }
  return goOnWhere(core, inTurn(core, decide), there)
}

/** Runs until nothing is held, a breakpoint holds, or it is paused. Other commands have their turns in between. */
export async function runOn(core: RunCore): Promise<Result<Moved>> {
  const motion = setOff(core)
  const isReady = () => readyToRun(core)
  const ready = await onwardInTurn(core, isReady, (other) => other.run())
  return goOrStay(core, motion, ready, runUnits)
}

/** Moves the cursor through the record as time went, from the start when it is at the end. */
export async function playOn(core: RunCore, speed: number): Promise<Result<Moved>> {
  const motion = setOff(core)
  const ready = await aside(core, () => {
    const set = setSpeed(core, speed)
    if (set.ok && atEnd(core)) core.cursor = { record: 0, bytes: 0 }
    return set
  })
  return goOrStay(core, motion, ready, playFrames)
}

export function setSpeed(core: RunCore, speed: number): Result<void> {
  if (!(speed > 0))
    return failure(`Speed is times real time, so more than 0, and not ${speed}: choose 0.1 to 1000 or max.`)
  core.speed = speed
  return success(undefined)
}

/** From here on the run is running: a command given right after this one stops it, before its first step if need be. */
function setOff(core: RunCore): AbortController {
  halt(core)
  core.motion = new AbortController()
  return core.motion
}

async function goOrStay(
  core: RunCore,
  motion: AbortController,
  ready: Result<Moved>,
  go: (core: RunCore, signal: AbortSignal) => Promise<Result<void>>,
): Promise<Result<Moved>> {
  const isHere = ready.ok && ready.value.run === core.self()
  try {
    return isHere ? await report(core, () => go(core, motion.signal)) : ready
  } finally {
    if (core.motion === motion) core.motion = null
    core.notifier.changed('now')
  }
}

/** A new run that shares the log up to `cursor`. */
export async function fork(core: RunCore, cursor: Cursor): Promise<Result<Moved>> {
  halt(core)
  const forked = await core.forkAt(core.self(), cursor)
  return forked.ok ? success({ run: forked.value, from: cursor, to: forked.value.view().cursor }) : forked
}

/** What a job did to the cursor. */
export async function report(core: RunCore, job: Job): Promise<Result<Moved>> {
  const from = core.cursor
  const result = await job()
  return result.ok ? success({ run: core.self(), from, to: core.cursor }) : result
}

export function inTurn<T>(core: RunCore, job: () => Result<T> | Promise<Result<T>>): Promise<Result<T>> {
  return core.queue(async () => {
    if (core.closed) return failure('This run is closed; open its recording to go on with it.')
    const result = await job()
    core.notifier.changed(core.motion ? 'soon' : 'now')
    return result
  })
}

async function goOnWhere(core: RunCore, turn: Promise<Result<Moved>>, there: There): Promise<Result<Moved>> {
  const done = await turn
  if (!done.ok || done.value.run === core.self()) return done
  const result = await there(done.value.run)
  // A command that fails leaves nothing behind, and so no fork either.
  if (!result.ok) await core.abandon(done.value.run, core.self())
  return result
}

/** A command of the person's: what stopped the run before is no longer of interest. */
function halt(core: RunCore): void {
  stopMotion(core)
  core.stoppedBy = null
}

/** The same with something that has to be found first, and again once it is the command's turn. */
export function onFound<T>(
  core: RunCore,
  find: () => Result<T>,
  here: (live: LiveConnection, found: T) => Promise<Result<void>>,
  there: There,
): Promise<Result<Moved>> {
  const job = async (live: LiveConnection) => {
    const found = find()
    return found.ok ? here(live, found.value) : found
  }
  return onWire(core, find, job, there)
}

/** What live programs did cannot be done again differently. */
function tooLate(core: RunCore): string | null {
  if (!core.live?.tap || atEnd(core)) return null
  return 'This is an earlier moment of live traffic, and what happened cannot be changed: end goes back to now.'
}

function mustForkToGoOn(core: RunCore): boolean {
  turnToNext(core)
  const { capture, connection, live, recording } = core
  return (
    live === null && recording.loading === null && atEnd(core) && nextLane(capture, connection, capture.end) !== null
  )
}

function readyToRun(core: RunCore): Result<void> {
  turnToNext(core)
  const nothing = atEnd(core) ? nothingToStep(core) : null
  return nothing === null ? success(undefined) : failure(nothing)
}
