// The text that a unit is, or is a part of: of a message in several frames, what each of them brings.
import type { Lane } from '../bytes/lanes.ts'
import { fragmentsOf, frameContent, isWhole } from './messageContent.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader } from './types.ts'
import type { Layer, TextView } from './view.ts'
import { linkedUnit, type MessageStart } from './viewsFragments.ts'
import { payloadSpan } from './viewsMessages.ts'
import { unitView } from './viewsUnit.ts'
import { gateLength, type World, worldAt } from './viewsUnits.ts'

/** Bytes that are given of a text, at most, and frames that they are taken from. */
export const longestText = 262_144
export const mostParts = 4_096

/** The text of the unit that holds the byte at `offset` of a lane as of the cursor; null where there is none. */
export function textView(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  lane: Lane,
  offset: number,
): TextView | null {
  const world = worldAt(capture, connectionId, cursor)
  const message = linkedUnit(world, lane, offset)?.message
  if (message?.type === 'text') return messageText(world, lane, message)
  const unit = unitView(capture, connectionId, cursor, lane, offset)
  const own = unit?.layers.find(({ name }) => name === 'text')
  return unit && own
    ? { lane, parts: [own], start: unit.span.start, ended: unit.complete, more: false, why: null }
    : null
}

function messageText(world: World, lane: Lane, message: MessageStart): TextView {
  const parts: Layer[] = []
  const text = { lane, parts, start: message.start, ended: false, more: false, why: null }
  let missing = longestText
  for (const unit of fragmentsOf(world, lane, message.start, 'begun')) {
    if (parts.length === mostParts || missing === 0) return { ...text, more: true }
    const { bytes, reach, more, why } = frameContent(world, { unit, message }, missing)
    parts.push({ name: 'text', bytes, at: payloadSpan(world, lane, unit).start, ...(reach && { reach }) })
    missing -= bytes.length
    if (more || why !== null) return { ...text, more, why }
    text.ended = unit.final && isWhole(unit, gateLength(world, lane))
  }
  return text
}
