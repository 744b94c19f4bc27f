// Which of the toolbar's buttons can be pressed, and why not.
import type { CommandName } from '../../shared/commands/registry.ts'
import type { RunView } from '../../shared/ipc/contract.ts'

export type ToolName = Extract<
  CommandName,
  'back' | 'step unit' | 'step field' | 'step byte' | 'step all' | 'run' | 'pause' | 'fork'
>

export interface ToolState {
  readonly enabled: boolean
  /** Why it cannot be pressed; empty when it can. */
  readonly why: string
}

const yes: ToolState = { enabled: true, why: '' }

function no(why: string): ToolState {
  return { enabled: false, why }
}

/** Live traffic goes on by itself, so running means going back to now, or on from a breakpoint. */
function canRun(run: RunView): ToolState {
  const isStopped = run.gates && (run.gates.clientToServer.stopped || run.gates.serverToClient.stopped)
  return isStopped ? yes : canStep(run)
}

function canStep(run: RunView): ToolState {
  if (run.activity === 'running') return no('It is running. Pause it first.')
  if (!run.atEnd || run.next) return yes
  if (run.tap && run.live) return no('Nothing is held: what comes passes at once. Hold a lane to step it.')
  return no(run.live ? 'Nothing is held. Send something from an end.' : 'This is the end of the record.')
}

/** @param run null while no run is open */
export function toolState(name: ToolName, run: RunView | null): ToolState {
  if (run === null) return no('No run is open.')
  switch (name) {
    case 'back':
      if (run.activity === 'running') return no('It is running. Pause it first.')
      return run.cursor.record > 0 || run.cursor.bytes > 0 ? yes : no('This is the start of the record.')
    case 'step unit':
    case 'step field':
    case 'step byte':
    case 'step all':
      return canStep(run)
    case 'run':
      return canRun(run)
    case 'pause':
      return run.activity === 'running' ? yes : no('It is paused.')
    case 'fork':
      if (run.source === 'live') return no('Its ends are other programs, which cannot be rebuilt for a fork.')
      return run.activity === 'running' ? no('It is running. Pause it first.') : yes
  }
}
