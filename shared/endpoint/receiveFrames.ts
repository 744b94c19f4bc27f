// Reading frames: headers are judged when whole, text byte by byte, control frames when whole. Payloads of data frames
// are never waited for, so a message costs no more than the bytes that have come.
import type { LengthPrefixedDialect } from '../dialects/dialect.ts'
import { payloadMask, readFrameHeader } from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { isControl, opcodeName } from '../framing/opcodes.ts'
import { finding } from './findings.ts'
import { foreseenKey, isForeseen } from './freshKeys.ts'
import { closeCode, type HeaderInContext, judgeCloseBody, judgeHeader, lengthSpan } from './judgeFrame.ts'
import { beginMessage, finishFrameData, finishMessage, isDeflated, takeData } from './receiveData.ts'
import { type ItemSink, mostHeld, needMore, type Receiver, report, type Stage, type Window } from './receiverState.ts'

export function readHeader(
  receiver: Receiver,
  dialect: LengthPrefixedDialect,
  { bytes, base }: Window,
  at: number,
  sink: ItemSink,
): number {
  const { framing, header } = receiver
  if (framing.awaitsKey && bytes.length - at > mostHeld) receiver.stage = 'ignored' // no key will come any more
  if (readFrameHeader(bytes, at, bytes.length, framing, header) > 0) return needMore
  const next = at + header.headerLength
  const context = inContext(receiver, dialect, base + at)
  const broken = judgeHeader(context)
  const findings =
    broken.length === 0 && isTooBig(receiver, context)
      ? [finding('message.too-big', lengthSpan(context), sizeFound(receiver))]
      : broken
  receiver.helloMissed = false
  // RFC 6455 §1.4: what follows a close frame is discarded, whatever it is.
  const isDiscarded = receiver.closing && findings.length > 0
  if (!isDiscarded && report(receiver, findings, base + next, sink)) return at
  if (!receiver.closing && isForeseen(receiver, bytes, at)) {
    receiver.keyForeseen = true
    report(receiver, [foreseenKey(receiver, bytes, at, base + at)], base + next, sink)
  }
  beginPayload(receiver, context, isDiscarded, payloadMask(bytes, at, framing, header))
  if (receiver.closing && !isDiscarded) reportDataAfterClose(receiver, context, base + next, sink)
  return next
}

function inContext(receiver: Receiver, dialect: LengthPrefixedDialect, start: number): HeaderInContext {
  const { agreed, header, role, message, mayContinue, helloMissed } = receiver
  const name = opcodeName(dialect, header.opcode)
  const insideMessage = message !== null
  return { header, name, start, dialect, agreed, receiver: role, insideMessage, mayContinue, helloMissed }
}

/** Judged by the length the header declares, before any of it is there. What is deflated is measured as it is inflated. */
function isTooBig(receiver: Receiver, { name }: HeaderInContext): boolean {
  if (!name || isControl(name)) return false
  const { header, message, limits } = receiver
  if (header.lengthUnusable || isDeflated(receiver, name)) return header.lengthUnusable
  return (message?.size ?? 0) + header.payloadLength > limits.message
}

function sizeFound({ header, message, limits }: Receiver): string {
  return `${(message?.size ?? 0) + header.payloadLength} bytes, limit ${limits.message}`
}

function beginPayload(
  receiver: Receiver,
  context: HeaderInContext,
  isDiscarded: boolean,
  maskingKey: Uint8Array | null,
): void {
  const { name, start, header } = context
  // RFC 6455 §5.4: what went on from before ends with its last fragment, or was over when another message begins.
  if (name && !isControl(name)) receiver.mayContinue &&= name === 'continuation' && !header.final
  receiver.headerAt = start
  receiver.maskingKey = maskingKey
  receiver.remaining = receiver.header.payloadLength
  receiver.stage = isDiscarded ? stageOfUnread(receiver) : stageOfPayload(receiver, context)
  if (receiver.stage !== 'payload') return
  if (name !== 'continuation') beginMessage(receiver, name === 'text' ? 'text' : 'binary', start)
}

/** Headers that break a rule come this far only in a receiver that goes on after a violation. */
function stageOfPayload(receiver: Receiver, { name }: HeaderInContext): Stage {
  const { header, message } = receiver
  if (!name || header.lengthUnusable) return stageOfUnread(receiver)
  if (isControl(name)) return header.payloadLength > 125 ? 'skipped' : 'control'
  return name === 'continuation' && !message ? 'skipped' : 'payload'
}

function stageOfUnread({ header }: Receiver): Stage {
  return header.lengthUnusable ? 'ignored' : 'skipped'
}

export function skipPayload(receiver: Receiver, { bytes }: Window, at: number): number {
  const count = Math.min(receiver.remaining, bytes.length - at)
  if (count === 0 && receiver.remaining > 0) return needMore
  receiver.remaining -= count
  if (receiver.remaining === 0) receiver.stage = 'header'
  return at + count
}

function reportDataAfterClose(receiver: Receiver, { name, start }: HeaderInContext, at: number, sink: ItemSink): void {
  if (!isControl(name!)) reportAfterClose(receiver, start, at, name, sink)
}

/** Once a connection: what is discarded need not be listed. `at`: the lane offset after the frame's header. */
export function reportAfterClose(
  receiver: Receiver,
  start: number,
  at: number,
  found: string | undefined,
  sink: ItemSink,
): void {
  if (receiver.dataAfterClose) return
  receiver.dataAfterClose = true
  report(receiver, [finding('close.data-after', { start, end: at }, found)], at, sink)
}

export function readPayload(receiver: Receiver, { bytes, base }: Window, at: number, sink: ItemSink): number {
  const count = Math.min(receiver.remaining, bytes.length - at)
  if (count === 0 && receiver.remaining > 0) return needMore
  const next = at + count
  if (!receiver.closing && !takeData(receiver, bytes.subarray(at, next), base + at, sink)) return next
  receiver.remaining -= count
  if (receiver.remaining === 0) finishData(receiver, base + next, sink)
  return next
}

function finishData(receiver: Receiver, end: number, sink: ItemSink): void {
  receiver.stage = 'header'
  if (!receiver.closing && !finishFrameData(receiver, end, sink)) return
  if (receiver.header.final) finishMessage(receiver, end, sink)
}

export function readControl(receiver: Receiver, { bytes, base }: Window, at: number, sink: ItemSink): number {
  const end = at + receiver.remaining
  if (bytes.length < end) return needMore
  const wire = bytes.subarray(at, end)
  const payload = receiver.maskingKey ? applyMask(wire, receiver.maskingKey) : wire.slice()
  receiver.stage = 'header'
  takeControl(receiver, payload, base + end, sink)
  return end
}

function takeControl(receiver: Receiver, payload: Uint8Array, at: number, sink: ItemSink): void {
  const { dialect, header, closing } = receiver
  const span = { start: receiver.headerAt, end: at }
  const name = opcodeName(dialect, header.opcode)
  switch (name) {
    case 'ping':
    case 'pong':
      if (!closing) sink({ kind: name, at, span, payload })
      return
    case 'close':
      takeClose(receiver, payload, span.end, sink)
      return
    case 'hello':
      return // too late, or misspelt: its header has been reported
    default:
      throw new Error(`${name} is not read as a control frame`) // readHeader let nothing else through
  }
}

function takeClose(receiver: Receiver, body: Uint8Array, at: number, sink: ItemSink): void {
  const { dialect, closing } = receiver
  // A second close frame means something only where it may be the answer to ours: hybi-03 §4.4.
  if (closing && dialect.closeBody === 'codeAndReason') return
  if (report(receiver, judgeCloseBody(body, at - body.length, receiver), at, sink)) return
  receiver.closing = true
  const code = dialect.closeBody === 'codeAndReason' ? closeCode(body) : null
  sink({ kind: 'close', at, span: { start: receiver.headerAt, end: at }, body, code })
}
