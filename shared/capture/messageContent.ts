// What a message says: the payloads of its frames, unmasked, inflated and joined, as much of it as is asked for.
import { concat } from '../bytes/concat.ts'
import { looksLikeJson } from '../bytes/json.ts'
import type { Lane } from '../bytes/lanes.ts'
import { spanLength } from '../bytes/span.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { Layer } from './view.ts'
import type { LinkedUnit, MessageStart } from './viewsFragments.ts'
import { inflatedPayload } from './viewsInflated.ts'
import { payloadSpan, readPayload } from './viewsMessages.ts'
import { gateLength, type LaneUnit, opcodeNameOf, unitHolding, type World } from './viewsUnits.ts'

export interface Content {
  readonly bytes: Uint8Array
  /** There is more than was asked for. */
  readonly more: boolean
  /** Whether it was deflated on the wire. */
  readonly deflated: boolean
  /** Why it, or the rest of it, cannot be inflated; null when nothing is in the way. */
  readonly why: string | null
}

/** What a frame brings to it; `reach` as in `Layer`, for what was deflated. */
export interface FrameContent extends Content {
  readonly reach?: readonly number[]
}

/** The first `limit` bytes of what a frame carries. */
export function frameContent(world: World, linked: LinkedUnit, limit: number): FrameContent {
  const inflated = inflatedPayload(world, linked, limit)
  if (inflated) {
    const { bytes, more, why, reach } = inflated
    return { bytes: bytes.subarray(0, limit), more, why, reach, deflated: true }
  }
  const { unit } = linked
  const bytes = readPayload(world, unit.lane, unit, limit)
  return { bytes, more: spanLength(payloadSpan(world, unit.lane, unit)) > bytes.length, why: null, deflated: false }
}

/** The frames of the message that begins at `start`, in order: those that the gate stream has whole, or has begun. */
export function* fragmentsOf(
  world: World,
  lane: Lane,
  start: number,
  which: 'whole' | 'begun' = 'whole',
): Iterable<LaneUnit> {
  const length = gateLength(world, lane)
  for (let at = start; at < length; ) {
    const unit = unitHolding(world, lane, at)
    if (unit?.kind !== 'frame' || (which === 'whole' && !isWhole(unit, length))) return
    const name = opcodeNameOf(world, unit)
    const isPart = at === start || name === 'continuation'
    if (isPart) yield unit
    // Control frames come in between; a message that begins before this one has ended breaks it off.
    if ((isPart && unit.final) || (!isPart && (name === 'text' || name === 'binary'))) return
    at = unit.end
  }
}

/** Whether a unit is in the first `length` bytes of its lane with its last byte. */
export function isWhole({ known, end }: LaneUnit, length: number): boolean {
  return known && end <= length
}

/** The first `limit` bytes of a message. */
export function messageContent(world: World, lane: Lane, message: MessageStart, limit: number): Content {
  const parts: Content[] = []
  let missing = limit
  for (const unit of fragmentsOf(world, lane, message.start)) {
    const part = frameContent(world, { unit, message }, missing)
    parts.push(part)
    missing -= part.bytes.length
    if (part.more || part.why !== null) break
  }
  return {
    bytes: concat(...parts.map(({ bytes }) => bytes)),
    more: parts.some(({ more }) => more),
    deflated: parts.some(({ deflated }) => deflated),
    why: parts.find(({ why }) => why !== null)?.why ?? null,
  }
}

const firstTry = 65_536

/** All of a message, when it is no longer than `most`: little is set aside for the many that are short. */
export function wholeMessage(world: World, lane: Lane, message: MessageStart, most: number): Content {
  for (let limit = Math.min(firstTry, most); ; limit = Math.min(most, limit * 16)) {
    const content = messageContent(world, lane, message, limit)
    if (!content.more || limit === most) return content
  }
}

/** Bytes that tell whether a text begins as JSON does, behind spaces too. */
const beginning = 256

/** Whether the text that a unit is, or is a part of, begins as JSON does. `layers` are those of the unit. */
export function beginsAsJson(world: World, { unit, message }: LinkedUnit, layers: readonly Layer[]): boolean {
  const own = layers.find(({ name }) => name === 'text')?.bytes
  const isAsked = message?.type === 'text' && !(message.start === unit.start && (own || unit.final))
  const bytes = isAsked ? beginningOf(world, unit.lane, message) : own
  return bytes !== undefined && looksLikeJson(decodeUtf8(bytes.subarray(0, beginning)))
}

/** Mostly the first character tells, and the hundreds of frames that more of it may be in are not read. */
function beginningOf(world: World, lane: Lane, message: MessageStart): Uint8Array {
  const { bytes } = messageContent(world, lane, message, 1)
  const tells = bytes[0] !== undefined && bytes[0] > 0x20 && bytes[0] < 0x80
  return tells ? bytes : messageContent(world, lane, message, beginning).bytes
}
