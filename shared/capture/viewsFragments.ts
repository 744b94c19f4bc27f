// Which message a data frame is a part of. A continuation frame does not say; the frames before it on its lane do.
import type { Lane } from '../bytes/lanes.ts'
import { type LaneUnit, opcodeNameOf, unitOfRow, unitsBetween, type World } from './viewsUnits.ts'

/** A message by the lane offset of its first frame. */
export interface MessageStart {
  readonly type: 'text' | 'binary'
  readonly start: number
}

/** Tells of the units of a lane, given one after the other, which message each is a part of; null for none. */
export type Linker = (unit: LaneUnit) => MessageStart | null

/** A linker for the units from `offset` on, which is where a delivered unit ends, or 0. */
export function createLinker(world: World, lane: Lane, offset: number): Linker {
  let open: MessageStart | null | undefined
  return (unit) => {
    if (!isData(world, unit)) return null
    const message = startOf(world, unit) ?? (open === undefined ? messageOpenAt(world, lane, offset) : open)
    open = unit.final ? null : message
    return message
  }
}

/** A unit and the message it is a part of. */
export interface LinkedUnit {
  readonly unit: LaneUnit
  readonly message: MessageStart | null
}

/** The units that overlap bytes [from, to) of a lane's gate stream, in order, with their messages. */
export function linkedUnits(world: World, lane: Lane, from: number, to: number): LinkedUnit[] {
  const boundary = world.connection.boundaryAt(lane, world.cursor)
  const units = unitsBetween(world, lane, Math.min(from, boundary), to)
  const link = createLinker(world, lane, units[0]?.start ?? 0)
  return units.map((unit) => ({ unit, message: link(unit) })).filter(({ unit }) => unit.end > from)
}

/** The unit that holds the byte at `offset`; null when the gate stream has none there. */
export function linkedUnit(world: World, lane: Lane, offset: number): LinkedUnit | null {
  return linkedUnits(world, lane, offset, offset + 1)[0] ?? null
}

function isData(world: World, unit: LaneUnit): boolean {
  return startOf(world, unit) !== null || opcodeNameOf(world, unit) === 'continuation'
}

function startOf(world: World, unit: LaneUnit): MessageStart | null {
  const name = opcodeNameOf(world, unit)
  return name === 'text' || name === 'binary' ? { type: name, start: unit.start } : null
}

/** The message begun before `offset` whose final fragment comes later. */
function messageOpenAt(world: World, lane: Lane, offset: number): MessageStart | null {
  const { connection } = world
  const row = offset > 0 ? connection.messageOpenBefore(lane, connection.rowHolding(lane, offset - 1) + 1) : -1
  return row < 0 ? null : startOf(world, unitOfRow(connection.row(row))!)
}
