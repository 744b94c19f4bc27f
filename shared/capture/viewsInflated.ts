// The inflated payload of a frame, for a look at it. What a frame means depends on the window of the messages before it,
// so a receiver is led along the lane from the nearest place known. Places are kept for the next look, a few a lane.
import { type Lane, receiverOf } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { type Agreed, compressedBit } from '../endpoint/agreed.ts'
import type { InflatedPayload } from '../endpoint/description.ts'
import { defaultLimits } from '../endpoint/limits.ts'
import { agree, copyReceiver, createReceiver, feed, type Receiver } from '../endpoint/receiver.ts'
import type { Compression } from '../extensions/compression.ts'
import type { Block } from '../extensions/inflate.ts'
import type { ConnectionCapture } from './types.ts'
import { contextFor } from './viewsContext.ts'
import type { LinkedUnit } from './viewsFragments.ts'
import { deliveredLength, frameHeaderAt, type LaneUnit, readGate, unitHolding, type World } from './viewsUnits.ts'

/** Bytes of a lane that are gone through for one look, at most: about a second. */
export const longestWalk = 64 * 1024 * 1024
const block = 65536
const spacing = 1024 * 1024
const mostPlaces = 64

/** The first `limit` bytes of it; undefined for a unit that is not deflated. */
export function inflatedPayload(
  world: World,
  { unit, message }: LinkedUnit,
  limit: number,
): InflatedPayload | undefined {
  const compression = compressionOf(world, { unit, message })
  if (!message || !compression) return undefined
  const agreed = agreedOf(world, unit.lane)
  const from = compression.lanes[unit.lane].contextTakeover ? null : message.start
  const receiver = receiverBefore(world, unit, agreed, from)
  if (typeof receiver === 'string') return nothing(receiver)
  return inflateUnit(world, receiver, unit, limit)
}

/** What a unit is deflated by; null for one that is not deflated. */
export function compressionOf(world: World, { unit, message }: LinkedUnit): Compression | null {
  const compression = message && agreedOf(world, unit.lane).compression
  if (!message || !compression) return null
  const marked = frameHeaderAt(world, unit.lane, compression.unit === 'message' ? message.start : unit.start)
  return marked && (marked.reserved & compressedBit) !== 0 ? compression : null
}

function nothing(why: string): InflatedPayload {
  return { bytes: new Uint8Array(0), more: false, reach: [], blocks: [], why }
}

const agreements = new WeakMap<World, Partial<Record<Lane, Agreed>>>()

/** Found once for all units of a view. */
export function agreedOf(world: World, lane: Lane): Agreed {
  const known = agreements.get(world) ?? {}
  agreements.set(world, known)
  known[lane] ??= contextFor(world, lane).agreed
  return known[lane]
}

/** Receivers that stand at some place of a lane, in order; each goes on only as a copy. */
const places = new WeakMap<ConnectionCapture, Record<Lane, Receiver[]>>()
/** Where the last look of a view has come to: the next one is usually behind it. */
const walks = new WeakMap<World, Partial<Record<Lane, Receiver>>>()

const placeOf = ({ position, rest }: Receiver) => position + rest.length

/** A receiver at the first byte of the unit, or why there is none. */
function receiverBefore(world: World, unit: LaneUnit, agreed: Agreed, from: number | null): Receiver | string {
  const { lane, start } = unit
  const receiver = from === null ? nearest(world, unit, agreed) : beginAt(world, lane, agreed, from)
  const way = start - placeOf(receiver)
  if (way > longestWalk) return `it may refer to any of the ${way} bytes before it, too many to go through for a look`
  walkTo(world, lane, receiver, start)
  if (receiver.inflater) return receiver
  return 'a message before it could not be inflated, and it may refer to that'
}

function nearest(world: World, { lane, start }: LaneUnit, agreed: Agreed): Receiver {
  const delivered = deliveredLength(world, lane)
  const walked = walks.get(world)?.[lane]
  const kept = places
    .get(world.connection)
    ?.[lane].filter((one) => placeOf(one) <= Math.min(start, delivered))
    .at(-1)
  if (walked && placeOf(walked) <= start && placeOf(walked) >= (kept ? placeOf(kept) : 0)) return walked
  return kept ? copyReceiver(kept) : beginAt(world, lane, agreed, firstFrameAt(world, lane))
}

/** Behind the head or, where there is none, behind what is left of a frame that began before. */
function firstFrameAt(world: World, lane: Lane): number {
  const { unseen } = world.connection.opened
  return unseen ? (unseen.cut?.[lane] ?? 0) : unitHolding(world, lane, 0)!.end
}

/** A receiver of a lane's frames, of which the next begins at `position`. */
export function beginAt({ dialect }: World, lane: Lane, agreed: Agreed, position: number): Receiver {
  const options = { dialect, role: receiverOf(lane), limits: defaultLimits, secure: null }
  const receiver = createReceiver({ ...options, keepsPayloads: false, goesOn: true })
  agree(receiver, agreed)
  receiver.stage = 'header'
  receiver.position = position
  return receiver
}

function walkTo(world: World, lane: Lane, receiver: Receiver, end: number): void {
  for (let at = placeOf(receiver); at < end; at = placeOf(receiver)) {
    feed(receiver, readGate(world, lane, at, Math.min(end, at + block)), () => {})
    keepPlace(world, lane, receiver)
  }
  walks.set(world, { ...walks.get(world), [lane]: receiver })
}

/** Only what was delivered stays as it is. When there are too many places, every other one goes. */
function keepPlace(world: World, lane: Lane, receiver: Receiver): void {
  const known = places.get(world.connection) ?? { clientToServer: [], serverToClient: [] }
  places.set(world.connection, known)
  const last = known[lane].at(-1)
  const at = placeOf(receiver)
  if (at > deliveredLength(world, lane) || at < (last ? placeOf(last) : 0) + spacing) return
  known[lane].push(copyReceiver(receiver))
  if (known[lane].length > mostPlaces) known[lane] = known[lane].filter((_, index) => index % 2 === 1)
}

function inflateUnit(world: World, receiver: Receiver, unit: LaneUnit, limit: number): InflatedPayload {
  const found = collector(unit, limit, receiver.inflater!.taken)
  receiver.watch = found.watch
  const { lane, end } = unit
  let why: string | null = null
  for (let at = placeOf(receiver); at < end && found.size() <= limit; at = placeOf(receiver)) {
    const bytes = readGate(world, lane, at, Math.min(end, at + block))
    if (bytes.length === 0) break
    feed(receiver, bytes, (item) => {
      if (item.kind === 'faults' && item.ends) why ??= 'from there on it cannot be inflated'
    })
  }
  receiver.watch = null
  walks.set(world, { ...walks.get(world), [lane]: receiver })
  return { ...found.payload(), why }
}

/** Takes down what a receiver inflates of one frame. */
function collector({ start }: Span, limit: number, takenBefore: number) {
  const pieces = new Uint8Array(limit)
  const reach: number[] = []
  const blocks: Block[] = []
  let made = 0
  let madeBefore = 0
  const own = (headerAt: number) => headerAt === start
  return {
    watch: {
      bytes(headerAt: number, piece: Uint8Array): void {
        if (!own(headerAt)) return
        if (made < limit) pieces.set(piece.subarray(0, limit - made), made)
        made += piece.length
      },
      taken(headerAt: number, reached: Uint32Array): void {
        if (!own(headerAt)) return
        for (let i = 0; i < reached.length && reach.length < limit; i++) reach.push(madeBefore + reached[i]!)
        madeBefore = made
      },
      block(headerAt: number, { fromBit, toBit, ...rest }: Block): void {
        const before = takenBefore * 8
        if (own(headerAt)) blocks.push({ ...rest, fromBit: fromBit - before, toBit: toBit - before })
      },
    },
    size: () => made,
    payload: () => ({ bytes: pieces.slice(0, made), more: made > limit, reach, blocks }),
  }
}
