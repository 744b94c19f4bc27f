// Where the units of a tap's lane are at the end of the log, for who lets them through one by one.
import type { Lane } from '../../shared/bytes/lanes.ts'
import { bytesToStep } from '../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { deliveredLength, nextUnit, type World, worldAt } from '../../shared/capture/viewsUnits.ts'
import type { Allowance } from '../net/laneDriver.ts'

export interface UnitAllowance {
  /** Nothing of the next unit has gone yet. */
  readonly atBoundary: boolean
  readonly allow: Exclude<Allowance, 'hold'>
}

/** The rest of the unit that is next. `wholly`: at a boundary all of it has to be there, unless no more can come. */
export function allowanceFor(capture: CaptureReader, connection: number, lane: Lane, wholly: boolean): UnitAllowance {
  const { end } = capture
  const world = worldAt(capture, connection, end)
  const atBoundary = deliveredLength(world, lane) === world.connection.boundaryAt(lane, end)
  const size = bytesToStep(capture, connection, end, lane, 'unit')
  if (size === null) return { atBoundary, allow: 'wait' }
  if (size.kind === 'end') return { atBoundary, allow: 0 }
  const waits = wholly && atBoundary && size.partial && world.connection.sentEndAt(lane, end) === null
  return { atBoundary, allow: waits && mayBeWhole(world, lane) ? 'wait' : size.count }
}

/** What is no unit at all may never be: junk, and what comes behind a request that asks for no WebSocket. */
function mayBeWhole(world: World, lane: Lane): boolean {
  const { detection } = world.connection
  const kind = nextUnit(world, lane)?.kind
  return kind !== 'junk' && (kind === 'request' || (detection?.refusal ?? null) === null)
}
