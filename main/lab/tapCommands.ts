// What a person can do to a run of live traffic beyond what every run can.
import { type Lane, lanes } from '../../shared/bytes/lanes.ts'
import type { LaneMode, Shaping } from '../../shared/ipc/live.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { append, atEnd, lacksConnection, noConnection, type RunCore } from './runCore.ts'
import type { Tap, TapHost } from './tapLive.ts'
import { aside, command, runOn } from './turns.ts'
import type { Moved, Run } from './types.ts'

/** What the tap of a run is told, and asks. */
export function tapHost(core: RunCore): TapHost {
  const { capture, notifier } = core
  return {
    capture,
    log: (record) => {
      append(core, record)
      if (!core.closed) notifier.changed('soon')
    },
    get watching() {
      return core.breakpoints.all.some(({ enabled }) => enabled)
    },
    holds: (connection, lane) => core.breakpoints.hit(capture, connection, capture.end, lane),
    stopped: (connection, _lane, { id, text }) => {
      // Who looks at now is shown what stopped first; who looks at something else is only told.
      if (atEnd(core) && core.stoppedBy === null) core.connection = connection
      core.stoppedBy = `breakpoint ${id} on connection ${connection}: ${text}`
      notifier.changed('now')
    },
    changed: () => {
      if (!core.closed) notifier.changed('soon')
    },
  }
}

type TapCommands = Pick<Run, 'setMode' | 'shape' | 'stopListening'>

export function tapCommands(core: RunCore): TapCommands {
  return {
    setMode: (on, mode, all) =>
      aside(core, () => onTap(core, (tap) => setMode(core, tap, on ? [on] : lanes, mode, all))),
    shape: (on, change) => aside(core, () => onTap(core, (tap) => shape(core, tap, on ? [on] : lanes, change))),
    stopListening: () => aside(core, () => onTap(core, (tap) => tap.stopListening())),
  }
}

/** `run`: back to now; then on with what a breakpoint stopped; then, as in every run, with what is held. */
export async function runTap(core: RunCore): Promise<Result<Moved>> {
  let done = false
  const moved = await command(core, () => {
    done = !atEnd(core) || (core.live?.tap?.resume(core.connection) ?? false)
    core.cursor = core.capture.end
    return success(undefined)
  })
  return done || !moved.ok ? moved : runOn(core)
}

function onTap(core: RunCore, work: (tap: Tap) => Result<void>): Result<void> {
  const tap = core.live?.tap
  return tap ? work(tap) : failure('Only the lanes of live traffic can be switched: a lab holds them always.')
}

function setMode(core: RunCore, tap: Tap, on: readonly Lane[], mode: LaneMode, all: boolean): Result<void> {
  if (mode === 'running') core.stoppedBy = null
  // Without a connection it can only be meant for those to come.
  return tap.setMode(all || core.connection === noConnection ? 'all' : core.connection, on, mode)
}

function shape(core: RunCore, tap: Tap, on: readonly Lane[], change: Partial<Shaping>): Result<void> {
  const lacking = lacksConnection(core)
  if (lacking !== null) return failure(lacking)
  for (const lane of on) {
    const shaped = tap.shape(core.connection, lane, change)
    if (!shaped.ok) return shaped
  }
  return success(undefined)
}
