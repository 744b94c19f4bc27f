// Descriptions of the units of a lane. Reads no more of a big unit than what is asked for takes.
import type { Field } from '../bytes/field.ts'
import type { Lane } from '../bytes/lanes.ts'
import { describeUnit, leavesOf } from '../endpoint/describe.ts'
import { emptyContext, type HandshakeContext } from '../endpoint/describeContext.ts'
import { terminatorField } from '../endpoint/describeSentinel.ts'
import type { Description, UnitInput } from '../endpoint/description.ts'
import { headLimit } from '../endpoint/laneScanner.ts'
import { isTerminated } from '../framing/sentinel.ts'
import type { Leaf } from './view.ts'
import { type LinkedUnit, linkedUnit } from './viewsFragments.ts'
import { inflatedPayload } from './viewsInflated.ts'
import { gateLength, type LaneUnit, readUnit, type World } from './viewsUnits.ts'

/** Enough for a label and a preview. */
export const summaryBytes = 512

/** Enough for every field of a frame but the rest of its payload. */
const frameFieldBytes = 512

/** What `describeUnit` and `summariseUnit` take, with at most `limit` bytes of the unit. */
export function unitInput(
  world: World,
  linked: LinkedUnit,
  limit: number,
  context: HandshakeContext = emptyContext,
): UnitInput {
  const { unit, message } = linked
  const inflated = inflatedPayload(world, linked, limit)
  return {
    dialect: world.dialect,
    lane: unit.lane,
    kind: unit.kind,
    bytes: readUnit(world, unit, limit),
    start: unit.start,
    end: unit.known ? unit.end : null,
    context,
    connectionKey: world.connectionKey,
    ...(message && { continues: message.type }),
    ...(inflated && { inflated }),
  }
}

/** Bytes to read for the fields of a unit: heads are read whole, of frames the last field may go on after them. */
export function fieldBytes(unit: LaneUnit): number {
  return unit.kind === 'frame' ? frameFieldBytes : headLimit
}

/** Describes what was read of a unit; the last field goes on to where the unit ends in the gate stream. */
export function describeFields(world: World, unit: LaneUnit, input: UnitInput): Description {
  const description = describeUnit(input)
  const end = Math.min(unit.end, gateLength(world, unit.lane))
  const ending = unreadTerminator(unit, input, end)
  return { ...description, fields: [...stretched(description.fields, end - ending.length), ...ending] }
}

/** The FF byte at the end of a text that was not read so far; none elsewhere. */
function unreadTerminator(
  { kind, known }: LaneUnit,
  { dialect, bytes, start }: UnitInput,
  end: number,
): readonly Field[] {
  const isThere = kind === 'frame' && dialect.framing === 'sentinel' && known && start + bytes.length < end
  return isThere && isTerminated(bytes[0]!) ? [terminatorField(dialect, end - 1)] : []
}

/** The unit's leaf fields, in order; they tile what the gate stream has of it. */
export function unitLeaves(world: World, linked: LinkedUnit): Leaf[] {
  const input = unitInput(world, linked, fieldBytes(linked.unit))
  const leaves = leavesOf(describeFields(world, linked.unit, input).fields)
  return leaves.map(({ start, end, role, name }) => ({ start, end, role, name }))
}

/** The leaf field that holds a byte of a lane. */
export function leafHolding(world: World, lane: Lane, offset: number): Leaf {
  const leaf = unitLeaves(world, linkedUnit(world, lane, offset)!).find(
    ({ start, end }) => offset >= start && offset < end,
  )
  if (leaf === undefined) throw new Error(`no field holds byte ${offset} of ${lane}: leaves must tile their unit`)
  return leaf
}

/** The same fields, the last of them up to `end`: what was not read of a unit is more of its last field. */
function stretched(fields: readonly Field[], end: number): readonly Field[] {
  const last = fields.at(-1)
  if (last === undefined || last.end >= end) return fields
  const children = last.children && { children: stretched(last.children, end) }
  return [...fields.slice(0, -1), { ...last, end, ...children }]
}
