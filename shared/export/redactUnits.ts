// The units of a connection as they may leave the house. Heads and messages are looked through as their receiver reads
// them: unmasked, inflated and joined. What comes out is as long as what went in, so that all framing stays as it was.
import { decodeLatin1 } from '../bytes/ascii.ts'
import { concat, equalBytes } from '../bytes/concat.ts'
import type { Lane } from '../bytes/lanes.ts'
import { newProgress, type Steps } from '../bytes/steps.ts'
import { rewriteFrame } from '../capture/forge.ts'
import { fragmentsOf, frameContent, wholeMessage } from '../capture/messageContent.ts'
import type { CaptureReader } from '../capture/types.ts'
import { contextFor } from '../capture/viewsContext.ts'
import type { MessageStart } from '../capture/viewsFragments.ts'
import { readPayload } from '../capture/viewsMessages.ts'
import {
  frameHeaderAt,
  type LaneUnit,
  opcodeNameOf,
  readUnit,
  unitOfRow,
  type World,
  worldAt,
} from '../capture/viewsUnits.ts'
import { compressedBit } from '../endpoint/agreed.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import {
  blanked,
  deflatedBlank,
  headerValues,
  mostSecrets,
  type Places,
  type Redaction,
  secretPlaces,
  secretsIn,
} from './redaction.ts'

/** Bytes of a message that are looked through, at most; a longer one is blanked whole. */
export const mostLookedThrough = 16 * 1024 * 1024

/** What was done, as counts. */
export interface Blanked {
  heads: number
  frames: number
  /** Deflated frames that were blanked whole. */
  deflated: number
  /** Frames that could not be looked through whole, and so were blanked. */
  unseen: number
}

/** A redaction that knows the values of the fields it is about. */
export interface Prepared extends Redaction {
  /** As Latin-1: they are blanked wherever they stand. */
  readonly secrets: readonly string[]
  readonly blanked: Blanked
}

/** Goes through all heads for the values of the fields that are to be blanked, unit by unit. */
export function* prepareRedaction(
  capture: CaptureReader,
  redaction: Redaction,
  progress = newProgress(),
): Steps<Result<Prepared>> {
  progress.of = capture.connections.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const secrets = new Set<string>()
  for (const connection of capture.connections) {
    const world = worldAt(capture, connection.id, capture.end)
    for (let index = 0; index < connection.rowCount && redaction.headers.length > 0; index++) {
      progress.done += 1
      yield
      const unit = unitOfRow(connection.row(index))
      if (unit && unit.kind !== 'frame') addSecrets(readWhole(world, unit), redaction, secrets)
    }
    if (secrets.size > mostSecrets) {
      return failure(`These header fields have more than ${mostSecrets} values: export fewer connections at a time.`)
    }
  }
  const none: Blanked = { heads: 0, frames: 0, deflated: 0, unseen: 0 }
  return success({ ...redaction, secrets: [...secrets], blanked: none })
}

function addSecrets(bytes: Uint8Array, { headers }: Redaction, secrets: Set<string>): void {
  for (const { start, end } of headerValues(bytes, headers)) {
    for (const secret of secretsIn(decodeLatin1(bytes, start, end))) secrets.add(secret)
  }
}

/** Hands out the bytes of units, which have to come in the order of their lane. */
export type UnitRedactor = (unit: LaneUnit) => Uint8Array

/** What a lane has come to. */
interface LaneState {
  /** A deflated message was blanked, and later ones may refer to it. */
  tainted: boolean
  /** Payloads of the frames of the message under way, by where they begin; null: as it is. */
  readonly payloads: Map<number, Uint8Array | null>
}

export function createUnitRedactor(world: World, prepared: Prepared): UnitRedactor {
  const states: Record<Lane, LaneState> = {
    clientToServer: { tainted: false, payloads: new Map() },
    serverToClient: { tainted: false, payloads: new Map() },
  }
  const looksInside = prepared.patterns.length + prepared.secrets.length > 0
  return (unit) => {
    const bytes = readWhole(world, unit)
    if (unit.kind !== 'frame') return redactHead(prepared, bytes)
    if (!looksInside) return bytes
    const state = states[unit.lane]
    if (isData(world, unit)) redactMessage(world, prepared, state, unit)
    const known = state.payloads.get(unit.start)
    state.payloads.delete(unit.start)
    const payload = known === undefined ? redactAlone(world, prepared, unit) : known
    return payload === null ? bytes : withPayload(world, prepared, unit, bytes, payload)
  }
}

function readWhole(world: World, unit: LaneUnit): Uint8Array {
  return readUnit(world, unit, Number.POSITIVE_INFINITY)
}

function wirePayload(world: World, unit: LaneUnit): Uint8Array {
  return readPayload(world, unit.lane, unit, Number.POSITIVE_INFINITY)
}

function isData(world: World, unit: LaneUnit): boolean {
  const name = opcodeNameOf(world, unit)
  return name === 'text' || name === 'binary'
}

/** Also what came in place of a head. */
function redactHead(prepared: Prepared, bytes: Uint8Array): Uint8Array {
  const secret = secretPlaces(bytes, prepared.patterns, prepared.secrets)
  const places: Places = secret === 'all' ? secret : [...headerValues(bytes, prepared.headers), ...secret]
  if (places.length > 0) prepared.blanked.heads += 1
  return blanked(bytes, places)
}

/** A frame that is no part of a message. A continuation of nothing may be deflated, and then it cannot be looked into. */
function redactAlone(world: World, prepared: Prepared, unit: LaneUnit): Uint8Array {
  const wire = wirePayload(world, unit)
  if (opcodeNameOf(world, unit) !== 'continuation') {
    return blanked(wire, secretPlaces(wire, prepared.patterns, prepared.secrets))
  }
  prepared.blanked.unseen += 1
  return blanked(wire, 'all')
}

/** Decides on all frames of the message that `first` begins. */
function redactMessage(world: World, prepared: Prepared, state: LaneState, first: LaneUnit): void {
  const { lane, start } = first
  const message: MessageStart = { type: opcodeNameOf(world, first) === 'text' ? 'text' : 'binary', start }
  const fragments = [...fragmentsOf(world, lane, start)]
  const places = placesIn(world, prepared, state.tainted, lane, message)
  if (places.length === 0) {
    for (const unit of fragments) state.payloads.set(unit.start, null)
    return
  }
  const parts = fragments.map((unit) => ({
    unit,
    wire: wirePayload(world, unit),
    deflated: isDeflated(world, unit, message),
  }))
  const anyDeflated = parts.some(({ deflated }) => deflated)
  const compression = contextFor(world, lane).agreed.compression
  state.tainted ||= anyDeflated && (compression?.lanes[lane].contextTakeover ?? true)
  if (anyDeflated) prepared.blanked.deflated += fragments.length
  const clean = anyDeflated && compression?.unit === 'frame' ? frameByFrame(parts) : asOne(parts, anyDeflated, places)
  parts.forEach(({ unit }, index) => {
    state.payloads.set(unit.start, clean[index]!)
  })
}

interface Part {
  readonly wire: Uint8Array
  readonly deflated: boolean
}

function isDeflated(world: World, unit: LaneUnit, message: MessageStart): boolean {
  return frameContent(world, { unit, message }, 0).deflated
}

/** Where each frame is deflated by itself. */
function frameByFrame(parts: readonly Part[]): Uint8Array[] {
  return parts.map(({ wire, deflated }) => (deflated ? deflatedBlank(wire.length) : blanked(wire, 'all')))
}

function asOne(parts: readonly Part[], deflated: boolean, places: Places): Uint8Array[] {
  const joined = concat(...parts.map(({ wire }) => wire))
  const clean = deflated ? deflatedBlank(joined.length) : blanked(joined, places)
  let at = 0
  return parts.map(({ wire }) => {
    at += wire.length
    return clean.slice(at - wire.length, at)
  })
}

/** None: nothing of the message has to be blanked. */
function placesIn(world: World, prepared: Prepared, isTainted: boolean, lane: Lane, message: MessageStart): Places {
  const content = wholeMessage(world, lane, message, mostLookedThrough)
  if (content.deflated && isTainted) return 'all'
  const isHidden =
    !content.deflated && ((frameHeaderAt(world, lane, message.start)?.reserved ?? 0) & compressedBit) !== 0
  if (!content.more && content.why === null && !isHidden) {
    return secretPlaces(content.bytes, prepared.patterns, prepared.secrets)
  }
  prepared.blanked.unseen += 1
  return 'all'
}

/** The frame with that payload, masked as it was. One whose header makes no sense is blanked whole. */
function withPayload(
  world: World,
  prepared: Prepared,
  unit: LaneUnit,
  bytes: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  const frame = rewriteFrame(world, unit.lane, bytes, payload, true)
  const clean = frame.ok ? frame.value : blanked(bytes, 'all')
  if (!equalBytes(clean, bytes)) prepared.blanked.frames += 1
  return clean
}
