// The line under the ladder: the one hint, why a run stopped, or what the next step lets through.
import type { RunView } from '../../../shared/ipc/contract.ts'
import { formatCount } from '../../ui/format.ts'

function isUntouched(run: RunView): boolean {
  const moved = run.connections.some(
    ({ lanes }) => lanes.clientToServer.delivered > 0 || lanes.serverToClient.delivered > 0,
  )
  return run.live && run.next !== null && !moved
}

export interface Foot {
  readonly look: 'hint' | 'stopped' | 'next' | 'idle'
  readonly says: string
}

/** What the line says of a run. It is never empty, so that the ladder keeps its size. */
export function footOf(run: RunView): Foot {
  if (run.stoppedBy) return { look: 'stopped', says: `Stopped by ${run.stoppedBy}.` }
  if (run.tap && !run.atEnd)
    return { look: 'hint', says: 'An earlier moment: traffic goes on behind it. F5 goes back to now.' }
  if (isUntouched(run)) return { look: 'hint', says: 'Press F10 to let the first unit through.' }
  if (run.next) {
    const held = run.next.held > 0 ? `, ${formatCount(run.next.held, 'byte')} held at the gate` : ''
    return { look: 'next', says: `next: ${run.next.label}${held}` }
  }
  if (!run.atEnd) return { look: 'idle', says: 'Stepping goes on through the record.' }
  if (run.tap && run.live) return { look: 'idle', says: 'Nothing is held: what comes passes at once.' }
  if (run.activity === 'ended') return { look: 'idle', says: 'This is the end of the record.' }
  return { look: 'idle', says: 'Nothing is held. Send something from an end.' }
}
