// What a run is made of, and how it moves: through the record, and behind its end by letting held bytes through.
import { type Lane, senderOf } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { NotedPlace } from '../../shared/capture/notedPlace.ts'
import type { Cursor, LogEntry } from '../../shared/capture/record.ts'
import { compareCursors } from '../../shared/capture/record.ts'
import {
  bytesToStep,
  cursorAfter,
  cursorBefore,
  type Granularity,
  lastConnection,
  nextConnection,
  nextLane,
} from '../../shared/capture/stepping.ts'
import type { Exporting, RunView } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { Clock } from '../net/clock.ts'
import type { BreakpointList } from './breakpoints.ts'
import type { RunFilter } from './filter.ts'
import type { Live, LiveConnection } from './live.ts'
import { frame, type Notifier } from './notifier.ts'
import type { createQueue } from './queue.ts'
import type { Recording } from './recording.ts'
import type { Run } from './types.ts'
import { isAtEnd, playFor, upcomingLane } from './walk.ts'

/** What is shown while a tap has no connection yet. */
export const noConnection = -1

export interface RunCore {
  readonly id: number
  readonly title: string
  readonly source: RunView['source']
  readonly recording: Recording
  readonly capture: Capture
  /** Null for a session that is only looked at. */
  readonly live: Live | null
  readonly forkOf: RunView['forkOf']
  readonly clock: Clock
  /** What a file was recorded to show; null until all of it was read. */
  noted: NotedPlace | null
  readonly breakpoints: BreakpointList
  readonly filter: RunFilter
  /** What the find bar looks for. */
  readonly finder: RunFilter
  readonly notifier: Notifier
  readonly queue: ReturnType<typeof createQueue>
  /** The run this is the inside of. */
  self(): Run
  /** Makes the new run that a fork is. */
  forkAt(run: Run, cursor: Cursor): Promise<Result<Run>>
  /** Takes back a fork that nothing came of; `from` is the current run again. */
  abandon(fork: Run, from: Run): Promise<void>
  cursor: Cursor
  /** The one that is shown; `noConnection` before the first has come. */
  connection: number
  speed: number
  stoppedBy: string | null
  /** Where a breakpoint held last: going on from there does not hold again. */
  heldAt: Cursor | null
  /** Set while running or playing; aborting it stops that. */
  motion: AbortController | null
  /** The export that goes on. */
  exporting: (Exporting & { readonly stop: AbortController }) | null
  closed: boolean
}

/** Whether the next thing has to come from the wire. */
export function atEnd(core: RunCore): boolean {
  return isAtEnd(core.capture, core.cursor)
}

/** Writes something down. A cursor at the end of the log stays there: it goes along with what happens. */
export function append(core: RunCore, record: LogEntry): void {
  const goesAlong = atEnd(core)
  core.capture.append(record)
  if (goesAlong) core.cursor = core.capture.end
  if (record.kind === 'open' && core.connection === noConnection) core.connection = record.connection
}

/** Why there is nothing to step, or to change; null when a connection is shown. */
export function lacksConnection({ connection }: RunCore): string | null {
  return connection === noConnection ? 'No connection has come yet: point a client at the tap.' : null
}

/** The sockets behind the connection that is shown, or a sentence why there are none. */
export function liveConnection({ live, connection }: RunCore): Result<LiveConnection> {
  const found = live?.connection(connection)
  return found ? success(found) : failure(`Connection ${connection} is over: nothing can be done on it any more.`)
}

/** Stops running or playing once the step that is being made is done. */
export function stopMotion(core: RunCore): void {
  core.motion?.abort()
  core.motion = null
}

/** The legs of one chain are stepped as one: whichever comes next is shown. */
export function isChain({ capture }: RunCore): boolean {
  return capture.connections[0]?.opened.via !== undefined
}

/** Shows the leg that comes next as of the cursor. */
export function turnToNext(core: RunCore): void {
  if (isChain(core)) core.connection = nextConnection(core.capture, core.cursor) ?? core.connection
}

/** Moves the cursor back `count` stops, or to the start of the log; of a chain it shows the leg each was on. */
export function stepBack(core: RunCore, count: number, granularity: Exclude<Granularity, 'all'>): void {
  for (let done = 0; done < count; done += 1) {
    if (isChain(core)) core.connection = lastConnection(core.capture, core.cursor) ?? core.connection
    const before = cursorBefore(core.capture, core.connection, core.cursor, granularity)
    if (before === null) return
    core.cursor = before
  }
}

/** Moves on `count` times, or fewer times when nothing more is held; fails when that is so at once. */
export async function stepOn(
  core: RunCore,
  granularity: Granularity,
  count: number,
  lane?: Lane,
): Promise<Result<void>> {
  for (let done = 0; done < count; done += 1) {
    if (lane === undefined) turnToNext(core)
    if (!atEnd(core)) {
      core.cursor = cursorAfter(core.capture, core.connection, core.cursor, granularity) ?? core.capture.end
      continue
    }
    const nothing = nothingToStep(core, lane)
    if (nothing !== null) return done > 0 ? success(undefined) : failure(nothing)
    const stepped = await stepLive(core, granularity, lane)
    if (!stepped.ok) return stepped
  }
  return success(undefined)
}

/** Why no step can be made at the end of the log; null when one can. */
export function nothingToStep({ live, recording, capture, connection }: RunCore, lane?: Lane): string | null {
  if (recording.loading) return 'The file is still being read: what comes next is not there yet.'
  if (live === null) return 'The session ends here; go back, or fork it to go on differently.'
  if (lane === undefined) {
    return nextLane(capture, connection, capture.end) === null
      ? 'Nothing is held: make an end send something, or close.'
      : null
  }
  return bytesToStep(capture, connection, capture.end, lane, 'byte') === null
    ? `Nothing is held on the ${senderOf(lane)}'s lane: step the other one, or make the ${senderOf(lane)} send something.`
    : null
}

async function stepLive(core: RunCore, granularity: Granularity, chosen: Lane | undefined): Promise<Result<void>> {
  const { capture, connection } = core
  const live = liveConnection(core)
  if (!live.ok) return live
  const lane = chosen ?? nextLane(capture, connection, capture.end)
  const size = lane && bytesToStep(capture, connection, capture.end, lane, granularity)
  if (lane === null || size === null) throw new Error('a step was begun with nothing to step')
  const released = await (size.kind === 'end' ? live.value.releaseEnd(lane) : live.value.release(lane, size.count))
  core.cursor = capture.end
  return released
}

/** Unit after unit, until nothing is held, a breakpoint holds, or the signal. Other commands may come in between. */
export async function runUnits(core: RunCore, signal: AbortSignal): Promise<Result<void>> {
  for (;;) {
    const went = await core.queue(() => (signal.aborted ? success(false) : runUnit(core)))
    if (!went.ok) return went
    if (!went.value) return success(undefined)
    core.notifier.changed('soon')
    await new Promise(setImmediate) // through what is recorded nothing else would let a pause in
  }
}

/** Answers whether there may be more. */
async function runUnit(core: RunCore): Promise<Result<boolean>> {
  turnToNext(core)
  const lane = upcomingLane(core.capture, core.connection, core.cursor)
  if (lane === null || (core.live === null && atEnd(core))) {
    core.cursor = core.capture.end
    return success(false)
  }
  if (holds(core, lane)) return success(false)
  const stepped = await stepOn(core, 'unit', 1)
  return stepped.ok ? success(true) : stepped
}

function holds(core: RunCore, lane: Lane): boolean {
  if (core.heldAt !== null && compareCursors(core.heldAt, core.cursor) === 0) return false
  const hit = core.breakpoints.hit(core.capture, core.connection, core.cursor, lane)
  if (hit === null) return false
  core.stoppedBy = `breakpoint ${hit.id}: ${hit.text}`
  core.heldAt = core.cursor
  return true
}

/** Frame after frame, as much of the record as the time since the last one is worth. */
export async function playFrames(core: RunCore, signal: AbortSignal): Promise<Result<void>> {
  let last = core.clock.now()
  let budget = 0
  while (!signal.aborted && (!atEnd(core) || core.recording.loading)) {
    await core.clock.wait(frame, signal)
    const now = core.clock.now()
    budget += (now - last) * core.speed
    last = now
    await core.queue(() => {
      if (!signal.aborted) budget = playFrame(core, budget)
    })
  }
  return success(undefined)
}

/** Answers what is left of the budget, in milliseconds of recorded time. */
function playFrame(core: RunCore, budget: number): number {
  core.notifier.changed('soon')
  if (core.speed === Number.POSITIVE_INFINITY) {
    core.cursor = cursorAfter(core.capture, core.connection, core.cursor, 'unit') ?? core.capture.end
    return 0
  }
  const { record, left } = playFor(core.capture, core.cursor.record, budget)
  if (record > core.cursor.record) core.cursor = { record, bytes: 0 }
  return left
}
