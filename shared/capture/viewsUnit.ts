// All there is to say about one unit.
import type { Field } from '../bytes/field.ts'
import type { Lane } from '../bytes/lanes.ts'
import { detectionDerivation } from '../endpoint/describeDerivations.ts'
import type { Derivation } from '../endpoint/description.ts'
import { longestHeader } from '../framing/header.ts'
import { beginsAsJson } from './messageContent.ts'
import type { Cursor, Time } from './record.ts'
import type { CaptureReader } from './types.ts'
import type { Layer, UnitView } from './view.ts'
import { contextFor } from './viewsContext.ts'
import { describeFields, unitInput } from './viewsDescribe.ts'
import { editMarker } from './viewsEdits.ts'
import { faultsOn, faultView } from './viewsFaults.ts'
import { linkedUnit } from './viewsFragments.ts'
import { arrivalOf } from './viewsOpen.ts'
import { deliveredLength, type LaneUnit, recordBefore, type World, worldAt } from './viewsUnits.ts'

/** Bytes of each layer of a unit, at most. `UnitView.layerLimit` says when there are more. */
export const longestLayer = 65536

/**
 * The unit of a lane that holds the byte at `offset` of the gate stream as of the cursor, delivered or held, or null
 * when there is no such byte. Formulas use what the receiver knows: what it sent itself, and what it is given.
 */
export function unitView(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
  offset: number,
): UnitView | null {
  const world = worldAt(capture, connectionId, cursor)
  const linked = linkedUnit(world, lane, offset)
  if (linked === null) return null
  const { unit } = linked
  const { start, end, kind, known } = unit
  const input = unitInput(world, linked, longestLayer + longestHeader, contextFor(world, lane))
  const { title, says, cite, fields, derivations, layers, next } = describeFields(world, unit, input)
  const edited = editMarker(world)(lane, unit)
  return {
    ...{ connection: connectionId, lane, dialect: world.dialect.id, kind, span: { start, end }, complete: known },
    delivered: Math.max(0, Math.min(end, deliveredLength(world, lane)) - start),
    time: timeOf(world, unit),
    ...{ title, says, cite, fields, next },
    derivations: [...whatTold(world, unit), ...derivations],
    layers: layers.map(capped),
    ...(layers.some((layer) => end - layer.at > longestLayer) && { layerLimit: longestLayer }),
    ...(beginsAsJson(world, linked, layers) && { json: true as const }),
    faults: faultsOn(world, lane, unit).map((fault) => faultView(world, fault)),
    ...(edited && { edited }),
  }
}

/** The fields of a unit as `unitView` has them, for whoever goes through all units and shows nothing else of them. */
export function unitFields(world: World, lane: Lane, offset: number): readonly Field[] | null {
  const linked = linkedUnit(world, lane, offset)
  if (linked === null) return null
  const input = unitInput(world, linked, longestLayer + longestHeader, contextFor(world, lane))
  return describeFields(world, linked.unit, input).fields
}

/** On the request of a connection whose dialect nobody stated. */
function whatTold({ connection: { detection } }: World, { lane, start }: LaneUnit): readonly Derivation[] {
  return detection && lane === 'clientToServer' && start === 0 ? [detectionDerivation(detection, lane)] : []
}

/** When it was complete, else when the first of it came. */
function timeOf(world: World, unit: LaneUnit): Time {
  const { connection, cursor, capture } = world
  const isDone = unit.end <= connection.boundaryAt(unit.lane, cursor)
  const record = isDone
    ? recordBefore(connection.row(connection.rowHolding(unit.lane, unit.start)).completed)
    : arrivalOf(world, { kind: 'unit', lane: unit.lane, unit })
  return capture.head(record).time
}

/** A copy, so that nothing but these bytes crosses a process boundary. */
function capped(layer: Layer): Layer {
  return { ...layer, bytes: layer.bytes.slice(0, longestLayer) }
}
