// Messages as the receiver puts them together, as of a cursor.

import { concat } from '../bytes/concat.ts'
import { toHex } from '../bytes/hex.ts'
import type { Lane } from '../bytes/lanes.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { emptyFrameHeader, framingOf, longestHeader, payloadMask, readFrameHeader } from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { terminator } from '../framing/sentinel.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader, ConnectionCapture } from './types.ts'
import type { MessageView } from './view.ts'
import { inflatedPayload } from './viewsInflated.ts'
import { type ListPage, pageOf } from './viewsPage.ts'
import { readGate, recordBefore, unitOfRow, type World, worldAt } from './viewsUnits.ts'
import { createWindow } from './window.ts'

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
  const known = longMessages.get(world.connection) ?? new Map<number, MessageView>()
  longMessages.set(world.connection, known)
  return pageOf(world.connection.messageCountAt(cursor), from, count, (index) => {
    const view = known.get(index) ?? messageView(world, index)
    if (view.fragments > manyFragments) known.set(index, view)
    return view
  })
}

/** What is complete stays as it is: of messages with very many fragments it is found once. */
const longMessages = new WeakMap<ConnectionCapture, Map<number, MessageView>>()
const manyFragments = 1000

function messageView(world: World, index: number): MessageView {
  const { connection, capture } = world
  const { lane, type, rows } = connection.message(index)
  const spans = rows.map((row) => connection.row(row).span)
  const payloads = payloadsOf(world, lane, spans)
  const last = connection.row(rows.at(-1)!)
  return {
    ...{ index, connection: connection.id, lane, type },
    size: spans.reduce((sum, span) => sum + spanLength(payloads.span(span)), 0),
    preview: previewOf(inflatedBeginning(world, lane, type, rows), type) ?? preview(payloads, type, spans),
    fragments: rows.length,
    time: capture.head(recordBefore(last.completed)).time,
    span: spans[0]!,
  }
}

/** The first bytes of a message that is deflated; null for one that is not. */
function inflatedBeginning(
  world: World,
  lane: Lane,
  type: 'text' | 'binary',
  rows: readonly number[],
): Uint8Array | null {
  const parts: Uint8Array[] = []
  let missing = previewCharacters * 4 + 3
  const { start } = world.connection.row(rows[0]!).span
  for (const row of rows) {
    const unit = unitOfRow(world.connection.row(row))!
    const inflated = inflatedPayload(world, { unit: { ...unit, lane }, message: { type, start } }, missing)
    if (!inflated) return null
    parts.push(inflated.bytes)
    missing -= inflated.bytes.length
    if (missing <= 0) break
  }
  return concat(...parts)
}

function previewOf(bytes: Uint8Array | null, type: 'text' | 'binary'): string | null {
  if (bytes === null) return null
  return type === 'text' ? firstCharacters(decodeUtf8(bytes)) : toHex(bytes.subarray(0, previewBytes), ' ')
}

function preview(payloads: Payloads, type: 'text' | 'binary', spans: readonly Span[]): string {
  // A character is at most 4 bytes, and one cut off at the end of what is read must not show.
  if (type === 'text') return firstCharacters(decodeUtf8(firstBytes(payloads, spans, previewCharacters * 4 + 3)))
  return toHex(firstBytes(payloads, spans, previewBytes), ' ')
}

function firstCharacters(text: string): string {
  return [...text.slice(0, previewCharacters * 2)].slice(0, previewCharacters).join('')
}

/** The first `limit` bytes of the payloads of some frames, unmasked. */
function firstBytes(payloads: Payloads, frames: readonly Span[], limit: number): Uint8Array {
  const parts: Uint8Array[] = []
  let missing = limit
  for (const frame of frames) {
    if (missing === 0) break
    const part = payloads.read(frame, missing)
    parts.push(part)
    missing -= part.length
  }
  return concat(...parts)
}

/** The first `limit` bytes of a frame's payload, unmasked, as far as they are in the gate stream. */
export function readPayload(world: World, lane: Lane, frame: Span, limit: number): Uint8Array {
  return payloadsOf(world, lane, [frame]).read(frame, limit)
}

/** Where a frame's payload is; empty while the header is not whole. */
export function payloadSpan(world: World, lane: Lane, frame: Span): Span {
  return payloadsOf(world, lane, [frame]).span(frame)
}

interface Payloads {
  /** Where a frame's payload is; empty while the header is not whole. */
  span(frame: Span): Span
  /** Its first `limit` bytes, unmasked, as far as they are in the gate stream. */
  read(frame: Span, limit: number): Uint8Array
}

/** Bytes read at a time where frames are shorter than this; longer ones are not read whole for their headers. */
const readAhead = 65536
const shortFrame = 1024

/** The payloads of some frames of a lane, one after the other. */
function payloadsOf(world: World, lane: Lane, frames: readonly Span[]): Payloads {
  const length = frames.at(-1)!.end - frames[0]!.start
  const isShort = frames.length > 1 && length / frames.length < shortFrame
  const bytesAt = createWindow(
    { read: (offset, count) => readGate(world, lane, offset, offset + count) },
    isShort ? Math.min(readAhead, length) : 0,
  )
  const framing = framingOf(world.dialect, lane, world.connectionKey)
  const header = emptyFrameHeader()
  const readHeader = ({ start }: Span): boolean => {
    const bytes = bytesAt(start, longestHeader)
    return readFrameHeader(bytes, 0, bytes.length, framing, header) === 0
  }
  const span = (frame: Span): Span => {
    const start = readHeader(frame) ? Math.min(frame.end, frame.start + header.headerLength) : frame.end
    const isEnded =
      header.lengthForm === 'terminated' && start < frame.end && bytesAt(frame.end - 1, 1)[0] === terminator
    return { start, end: isEnded ? frame.end - 1 : frame.end }
  }
  return {
    span,
    read(frame, limit) {
      const { start, end } = span(frame)
      const bytes = bytesAt(start, Math.min(end - start, limit))
      if (start === end) return bytes
      const mask = payloadMask(bytesAt(frame.start, longestHeader), 0, framing, header)
      return mask ? applyMask(bytes, mask) : bytes
    },
  }
}
