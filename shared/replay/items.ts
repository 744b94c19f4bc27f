// What an end said on a lane, message by message: what two recordings are compared by.
import { type Lane, receiverOf } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { contextFor } from '../capture/viewsContext.ts'
import { deliveredLength, type World } from '../capture/viewsUnits.ts'
import { defaultLimits } from '../endpoint/limits.ts'
import { agree, createReceiver, feed, feedEnd, type ReceivedItem, type Receiver } from '../endpoint/receiver.ts'
import type { FaultCode } from '../faults/catalogue.ts'

export interface SaidItem {
  /** `fault`: a frame that breaks a rule; what follows it on the lane is read as if it had not. */
  readonly kind: 'text' | 'binary' | 'ping' | 'pong' | 'close' | 'fault'
  readonly span: Span
  /** Unmasked and inflated; empty for a fault. */
  readonly payload: Uint8Array
  /** The code of a close frame that has one. */
  readonly code?: number | null
  readonly fault?: FaultCode
}

const block = 65536
const nothing = new Uint8Array(0)

/** Everything behind the opening handshake that was delivered, in order. Ends at a message that is longer than one may be. */
export function* itemsOf(world: World, lane: Lane): Iterable<SaidItem> {
  const receiver = receiverBehindHandshake(world, lane)
  const length = deliveredLength(world, lane)
  for (let at = receiver.position; at < length; at += block) {
    const items = fed((sink) =>
      feed(receiver, world.connection.readDelivered(lane, at, Math.min(length, at + block)), sink),
    )
    yield* items
    if (items.some(({ fault }) => fault === 'message.too-big')) return
  }
  if (world.connection.deliveredEndAt(lane, world.cursor) !== null) yield* fed((sink) => feedEnd(receiver, sink))
}

function fed(feeding: (sink: (item: ReceivedItem) => void) => void): SaidItem[] {
  const items: SaidItem[] = []
  feeding((item) => items.push(...saidIn(item)))
  return items
}

function saidIn(item: ReceivedItem): readonly SaidItem[] {
  const { span } = item
  switch (item.kind) {
    case 'message':
      return [{ kind: item.type, span, payload: item.payload! }]
    case 'ping':
    case 'pong':
      return [{ kind: item.kind, span, payload: item.payload }]
    case 'close':
      return [{ kind: 'close', span, payload: item.body, code: item.code }]
    case 'faults':
      return item.ends ? [{ kind: 'fault', span, payload: nothing, fault: item.faults[0]!.code }] : []
    default:
      return [] // of the handshake, which is compared by itself
  }
}

function receiverBehindHandshake(world: World, lane: Lane): Receiver {
  const options = { dialect: world.dialect, role: receiverOf(lane), limits: defaultLimits, secure: null }
  const receiver = createReceiver({ ...options, keepsPayloads: true, goesOn: true })
  agree(receiver, contextFor(world, lane).agreed)
  receiver.stage = 'header'
  receiver.position = handshakeEnd(world, lane)
  return receiver
}

/** Where the frames of a lane begin that are no part of the opening handshake. */
export function handshakeEnd({ connection, dialect }: World, lane: Lane): number {
  let end = 0
  for (let index = 0; index < connection.rowCount; index++) {
    const row = connection.row(index)
    if (row.lane !== lane) continue
    const isHello = row.kind === 'frame' && dialect.opcodes[row.opcode] === 'hello'
    if (row.kind === 'frame' && !isHello) return end
    if (row.kind === 'fin' || row.kind === 'reset') return end
    end = row.span.end
    if (isHello) return end
  }
  return end
}
