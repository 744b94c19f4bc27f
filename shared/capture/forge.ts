// Frames that no end sent: made for the dialect of a connection, to be put among its bytes, and frames of its own with
// another payload. Where they may go, and how they have to look there.
import { concat } from '../bytes/concat.ts'
import { type Lane, senderOf } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'
import type { Compression } from '../extensions/compression.ts'
import { deflateAlone } from '../extensions/deflate.ts'
import { encodeFrame } from '../framing/encode.ts'
import { hashedMask } from '../framing/frameMask.ts'
import { emptyFrameHeader, framingOf, maskingKeyLength, readFrameHeader } from '../framing/header.ts'
import { applyMask } from '../framing/mask.ts'
import { opcodeNumber } from '../framing/opcodes.ts'
import { isTerminated, terminator } from '../framing/sentinel.ts'
import type { FrameHeader } from '../framing/unit.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import type { EditedSpan } from './gateStream.ts'
import { deliveredLength, gateLength, openUnits, type World } from './viewsUnits.ts'

export interface ForgedFrame {
  readonly opcode: OpcodeName
  readonly payload: Uint8Array
  /** Four bytes to mask with, where the sender of the lane masks; null leaves it unmasked against the rules. */
  readonly mask: Uint8Array | null
}

/** A whole frame as the sender of the lane would write it. Fails with a sentence where the dialect has none like it. */
export function forgeFrame(
  { dialect, connectionKey }: World,
  lane: Lane,
  { opcode, payload, mask }: ForgedFrame,
): Result<Uint8Array> {
  const lacking = whyNoFrame(dialect, opcode, payload)
  if (lacking !== null) return failure(lacking)
  const isMasked = mask !== null && lane === 'clientToServer' && masks(dialect)
  if (isMasked && hashes(dialect) && connectionKey === null) {
    return failure('Both heads of the handshake have a part in the mask, and they are not through yet.')
  }
  const spec = { dialect, opcode, payload, final: true, connectionKey }
  return success(encodeFrame(isMasked ? { ...spec, mask } : spec))
}

function whyNoFrame(dialect: Dialect, opcode: OpcodeName, payload: Uint8Array): string | null {
  if (opcodeNumber(dialect, opcode) === undefined) return `${dialect.name} has no ${opcode} frame.`
  if (dialect.framing !== 'sentinel') return null
  if (opcode === 'close' && payload.length > 0) return `A close frame of ${dialect.name} carries nothing.`
  return payload.includes(terminator) ? `A frame of ${dialect.name} ends at an FF byte, so it cannot carry one.` : null
}

function masks(dialect: Dialect): boolean {
  return dialect.framing === 'lengthPrefixed' && dialect.masking !== 'none'
}

function hashes(dialect: Dialect): boolean {
  return dialect.framing === 'lengthPrefixed' && dialect.masking === 'clientFrameHashed'
}

/**
 * The gate-stream offset of the lane's next boundary between two units, behind those that were put in there before: what
 * is put in first goes first. Null while the unit under way has not arrived whole. `behindHandshake`: past what is no frame, and a failure where nothing of the handshake came by yet.
 */
export function injectionPlace(world: World, lane: Lane, behindHandshake: boolean): Result<number | null> {
  const start = deliveredLength(world, lane)
  const length = gateLength(world, lane)
  let at = start
  const edits = world.connection.editsAt(lane, world.cursor)
  for (const unit of openUnits(world, lane)) {
    const isUnderWay = unit.start < start
    if (!isUnderWay && !(behindHandshake && isHandshake(unit.kind)) && !wasPutIn(unit, edits)) break
    if (!unit.known || unit.end > length) return success(null)
    at = unit.end
  }
  if (!behindHandshake || at > 0) return success(at)
  return failure(
    `Nothing came from the ${senderOf(lane)} yet, and a frame has to follow the handshake: --raw does not.`,
  )
}

function wasPutIn({ start, end }: Span, edits: readonly EditedSpan[]): boolean {
  return edits.some((edit) => edit.label === 'inserted' && edit.start <= start && edit.end >= end)
}

function isHandshake(kind: string): boolean {
  return kind === 'request' || kind === 'response' || kind === 'challenge'
}

/**
 * The frame `bytes` with another payload: the same opcode, FIN and masking key, and a length that is right. It is deflated,
 * by itself, when there is a `compression`. `keepHeader` leaves every bit of the header as it is, and the payload as given.
 */
export function rewriteFrame(
  world: World,
  lane: Lane,
  bytes: Uint8Array,
  payload: Uint8Array,
  keepHeader: boolean,
  compression: Compression | null = null,
): Result<Uint8Array> {
  const header = emptyFrameHeader()
  const framing = framingOf(world.dialect, lane, world.connectionKey)
  if (readFrameHeader(bytes, 0, bytes.length, framing, header) !== 0) {
    return failure('The header of that frame cannot be read: edit its bytes instead.')
  }
  if (keepHeader) return success(withHeaderKept(world, bytes, header, keyOf(world.dialect, bytes, header), payload))
  const opcode = world.dialect.opcodes[header.opcode]
  if (opcode === undefined) return failure('That frame has an opcode without a name: edit its bytes instead.')
  const lacking = whyNoFrame(world.dialect, opcode, payload)
  if (lacking !== null) return failure(lacking)
  if (compression) {
    return success(withPayload(world, bytes, header, deflatedAs(compression, lane, header.final, payload)))
  }
  // RFC 7692 §6: RSV1 says that the payload is compressed.
  return success(withPayload(world, bytes, { ...header, reserved: header.reserved & 0b011 }, payload))
}

/** The payload of a frame by itself: it refers to nothing that was deflated before, whatever that was. */
export function deflatedAs({ unit, lanes }: Compression, lane: Lane, final: boolean, payload: Uint8Array): Uint8Array {
  return deflateAlone(lanes[lane].windowBits, payload, unit === 'frame' || final)
}

/** A frame whose opcode has a name, with another payload: its header made to fit, the rest of it and its mask kept. */
export function withPayload(
  { dialect, connectionKey }: World,
  bytes: Uint8Array,
  header: FrameHeader,
  payload: Uint8Array,
): Uint8Array {
  const { opcode, final, reserved } = header
  const key = keyOf(dialect, bytes, header)
  const spec = { dialect, opcode: dialect.opcodes[opcode]!, final, reserved, payload, connectionKey }
  return encodeFrame(key ? { ...spec, mask: key } : spec)
}

/** What the frame is masked with as it is on the wire; null when it is not. */
function keyOf(dialect: Dialect, bytes: Uint8Array, header: FrameHeader): Uint8Array | null {
  if (header.keyInFront > 0) return bytes.slice(0, header.keyInFront)
  const hasBit = dialect.framing === 'lengthPrefixed' && dialect.secondByteTopBit === 'mask'
  if (!hasBit || !header.secondByteTopBit) return null
  return bytes.slice(header.headerLength - maskingKeyLength, header.headerLength)
}

function withHeaderKept(
  { connectionKey }: World,
  bytes: Uint8Array,
  { keyInFront, headerLength, opcode, lengthForm }: FrameHeader,
  key: Uint8Array | null,
  payload: Uint8Array,
): Uint8Array {
  if (key !== null && keyInFront > 0) {
    const mask = connectionKey ? hashedMask(key, connectionKey) : key
    const header = applyMask(bytes.subarray(keyInFront), mask).subarray(0, headerLength - keyInFront)
    return concat(key, applyMask(concat(header, payload), mask))
  }
  const end = lengthForm === 'terminated' && isTerminated(opcode) ? Uint8Array.of(terminator) : new Uint8Array(0)
  return concat(bytes.subarray(0, headerLength), key ? applyMask(payload, key) : payload, end)
}
