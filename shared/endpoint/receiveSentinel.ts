// Reading the frames of hixie-75 and hixie-76: a type as it comes, data up to its FF byte as it comes, lengths once
// they are whole. hixie-76 §4.2, §5.3.
import { toHex } from '../bytes/hex.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { OpcodeName, SentinelDialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { readFrameHeader } from '../framing/header.ts'
import { opcodeName } from '../framing/opcodes.ts'
import { afterTerminator } from '../framing/sentinel.ts'
import { type Finding, finding } from './findings.ts'
import { beginMessage, finishMessage, takeData } from './receiveData.ts'
import { reportAfterClose } from './receiveFrames.ts'
import { type ItemSink, needMore, type Receiver, report, type Stage, type Window } from './receiverState.ts'

export function readType(
  receiver: Receiver,
  dialect: SentinelDialect,
  { bytes, base }: Window,
  at: number,
  sink: ItemSink,
): number {
  const { framing, header } = receiver
  if (readFrameHeader(bytes, at, bytes.length, framing, header) > 0) return needMore
  const next = at + header.headerLength
  const span = { start: base + at, end: base + next }
  const name = opcodeName(dialect, header.opcode)
  receiver.headerAt = span.start
  receiver.maskingKey = null
  receiver.remaining = header.payloadLength
  receiver.stage = stageAfter(receiver)
  if (receiver.closing) {
    if (name !== 'close') reportAfterClose(receiver, span.start, span.end, name, sink)
    return next
  }
  if (!name && report(receiver, judgeType(receiver, dialect, bytes[at]!, span), span.end, sink)) return at
  if (name) begin(receiver, name, span, sink)
  return next
}

/** The FF byte that ends data is read with it; bytes that are counted are skipped. */
function stageAfter({ header }: Receiver): Stage {
  if (header.lengthUnusable) return 'ignored'
  if (header.lengthForm === 'terminated') return 'terminated'
  return header.payloadLength === 0 ? 'header' : 'skipped'
}

function begin(receiver: Receiver, name: OpcodeName, span: Span, sink: ItemSink): void {
  if (name === 'text') {
    beginMessage(receiver, 'text', span.start)
    return
  }
  receiver.closing = true
  sink({ kind: 'close', at: span.end, span, body: new Uint8Array(0), code: null })
}

/** What a type without a meaning breaks: nothing where it is discarded in silence. */
function judgeType(receiver: Receiver, dialect: SentinelDialect, type: number, span: Span): readonly Finding[] {
  const { payloadLength, lengthUnusable } = receiver.header
  const found = `type ${toHex(Uint8Array.of(type)).toUpperCase()}`
  if (lengthUnusable) return [finding('frame.length-limit', span, found)]
  const isFullClose = payloadLength > 0 && Object.hasOwn(dialect.opcodes, type)
  const code = typeFault(receiver, dialect)
  return code ? [finding(code, span, isFullClose ? `${found} with ${payloadLength} bytes, so no close` : found)] : []
}

function typeFault({ role }: Receiver, { otherTypes }: SentinelDialect): FaultCode | null {
  if (role === 'server') return 'frame.type'
  switch (otherTypes) {
    case 'discarded':
      return null
    case 'discardedWithError':
      return 'frame.type-discarded'
    default:
      return unreachable(otherTypes)
  }
}

/** Data up to the FF byte. Text is kept and judged; where no message is open the data is thrown away. */
export function readData(receiver: Receiver, { bytes, base }: Window, at: number, sink: ItemSink): number {
  if (at === bytes.length) return needMore
  const after = afterTerminator(bytes, at)
  const end = Math.min(after - 1, bytes.length)
  if (receiver.message && !takeText(receiver, bytes.subarray(at, end), base + at, sink)) return end
  if (after > bytes.length) return end
  receiver.stage = 'header'
  if (receiver.message) finishMessage(receiver, base + after, sink)
  return after
}

/** False when it ends the connection. No length tells beforehand that a text will pass the limit. */
function takeText(receiver: Receiver, wire: Uint8Array, start: number, sink: ItemSink): boolean {
  const { limits, headerAt } = receiver
  const room = limits.message - receiver.message!.size
  if (room > 0 && !takeData(receiver, wire.subarray(0, room), start, sink)) return false
  if (wire.length <= room) return true
  const end = start + room + 1
  const found = finding('message.too-big', { start: headerAt, end }, `more than ${limits.message} bytes`)
  receiver.message = null
  return !report(receiver, [found], end, sink)
}
