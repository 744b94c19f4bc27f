// Messages as the receiver puts them together, as of a cursor.

import { concat } from '../bytes/concat.ts'
import { toHex } from '../bytes/hex.ts'
import type { Lane } from '../bytes/lanes.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { applyMask } from '../framing/mask.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader } from './types.ts'
import type { MessageView } from './view.ts'
import { type ListPage, pageOf } from './viewsPage.ts'
import { frameHeaderAt, readGate, recordBefore, type World, worldAt } from './viewsUnits.ts'

/** Characters of a text, and bytes of anything else, that a preview shows. */
const previewCharacters = 200
const previewBytes = 64

/** Messages [from, from + count) that are complete as of the cursor, newest last. */
export function messageViews(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): ListPage<MessageView> {
  const world = worldAt(capture, connectionId, cursor)
  return pageOf(world.connection.messageCountAt(cursor), from, count, (index) => messageView(world, index))
}

function messageView(world: World, index: number): MessageView {
  const { connection, capture } = world
  const { lane, type, rows } = connection.message(index)
  const spans = rows.map((row) => connection.row(row).span)
  const size = spans.reduce((sum, span) => sum + spanLength(payloadSpan(world, lane, span)), 0)
  const last = connection.row(rows.at(-1)!)
  return {
    ...{ index, connection: connection.id, lane, type, size },
    preview: preview(world, lane, type, spans),
    fragments: rows.length,
    time: capture.head(recordBefore(last.completed)).time,
    span: spans[0]!,
  }
}

function preview(world: World, lane: Lane, type: 'text' | 'binary', spans: readonly Span[]): string {
  // A character is at most 4 bytes, and one cut off at the end of what is read must not show.
  if (type === 'text') return firstCharacters(decodeUtf8(firstBytes(world, lane, spans, previewCharacters * 4 + 3)))
  return toHex(firstBytes(world, lane, spans, previewBytes), ' ')
}

function firstCharacters(text: string): string {
  return [...text.slice(0, previewCharacters * 2)].slice(0, previewCharacters).join('')
}

/** The first `limit` bytes of the payloads of some frames, unmasked. */
function firstBytes(world: World, lane: Lane, frames: readonly Span[], limit: number): Uint8Array {
  const parts: Uint8Array[] = []
  let missing = limit
  for (const frame of frames) {
    if (missing === 0) break
    const part = readPayload(world, lane, frame, missing)
    parts.push(part)
    missing -= part.length
  }
  return concat(...parts)
}

/** The first `limit` bytes of a frame's payload, unmasked, as far as they are in the gate stream. */
export function readPayload(world: World, lane: Lane, frame: Span, limit: number): Uint8Array {
  const { start, end } = payloadSpan(world, lane, frame)
  const bytes = readGate(world, lane, start, Math.min(end, start + limit))
  const key = readKey(world, lane, frame, start)
  return key === null ? bytes : applyMask(bytes, key)
}

/** RFC 6455 §5.2: the masking key, where there is one, is the last 4 bytes of the header. */
function readKey(world: World, lane: Lane, frame: Span, payloadStart: number): Uint8Array | null {
  const isMasked =
    world.dialect.secondByteTopBit === 'mask' && frameHeaderAt(world, lane, frame.start)?.secondByteTopBit
  return isMasked ? readGate(world, lane, payloadStart - 4, payloadStart) : null
}

/** Where a frame's payload is; empty while the header is not whole. */
export function payloadSpan(world: World, lane: Lane, frame: Span): Span {
  const header = frameHeaderAt(world, lane, frame.start)
  return { start: header ? Math.min(frame.end, frame.start + header.headerLength) : frame.end, end: frame.end }
}
