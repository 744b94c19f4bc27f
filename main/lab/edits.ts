// What can be changed at the gate: held bytes only.
import { type Lane, senderOf } from '../../shared/bytes/lanes.ts'
import type { EditLabel } from '../../shared/capture/record.ts'
import { unitHolding, worldAt } from '../../shared/capture/viewsUnits.ts'
import type { UnitKind } from '../../shared/framing/unit.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { RunCore } from './runCore.ts'

/** A unit that is held whole. */
export interface HeldUnit {
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

/** Whether the bytes are all held as of the cursor; else a sentence that says which are. */
export function checkEdit(core: RunCore, lane: Lane, at: number, remove: number, insert: Uint8Array): Result<void> {
  const { from, to } = heldRange(core, lane)
  if (remove === 0 && insert.length === 0) return failure('There is nothing to take away and nothing to insert.')
  if (core.capture.connection(core.connection).deliveredEndAt(lane, core.cursor) !== null) {
    return failure(`The end of the ${senderOf(lane)}'s stream was delivered already: nothing can come after it.`)
  }
  return at >= from && at + remove <= to ? success(undefined) : failure(notHeld(lane, from, to))
}

/** The unit that holds the byte at `offset`, if all of it is held; else a sentence. */
export function heldUnit(core: RunCore, lane: Lane, offset: number): Result<HeldUnit> {
  const { from, to } = heldRange(core, lane)
  if (offset < from || offset >= to) return failure(notHeld(lane, from, to))
  const unit = unitHolding(worldAt(core.capture, core.connection, core.cursor), lane, offset)
  if (unit === null || !unit.known || unit.end > to) {
    return failure('That unit has not arrived whole yet: step the other lane, or edit its bytes instead.')
  }
  if (unit.start < from) return failure('Part of that unit was delivered already: edit its held bytes instead.')
  const bytes = core.capture.connection(core.connection).readGate(lane, core.cursor, unit.start, unit.end)
  return success({ kind: unit.kind, start: unit.start, end: unit.end, bytes })
}

export function labelOf(remove: number, insert: Uint8Array): EditLabel {
  if (remove === 0) return 'inserted'
  return insert.length === 0 ? 'dropped' : 'edited'
}

function heldRange({ capture, connection, cursor }: RunCore, lane: Lane): { from: number; to: number } {
  const shown = capture.connection(connection)
  const from = shown.deliveredLengthAt(lane, cursor)
  return { from, to: from + shown.heldLengthAt(lane, cursor) }
}

function notHeld(lane: Lane, from: number, to: number): string {
  const who = senderOf(lane)
  if (from === to) return `Nothing is held on the ${who}'s lane: only held bytes can be changed.`
  return `Only held bytes can be changed: on the ${who}'s lane those from ${from} to ${to - 1}.`
}
