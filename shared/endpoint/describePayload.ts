// Describes the payload of a frame, by what its opcode says it is.
import { visible } from '../bytes/ascii.ts'
import type { Field, FieldRole } from '../bytes/field.ts'
import { toHex } from '../bytes/hex.ts'
import type { Lane } from '../bytes/lanes.ts'
import { closeCodeSays } from '../dialects/closeCodes.ts'
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'
import { digestSize, nonceSize } from '../handshake/hello.ts'
import { closeParts, type FrameParts } from './describeParts.ts'
import { cutValue, quoteEither, quoteHex, quoteText } from './describeText.ts'
import { citeFor } from './describeWords.ts'
import type { FrameInput } from './description.ts'

/** A part of the payload by the rules of its opcode. */
interface PayloadPart {
  readonly name: string
  readonly role: FieldRole
  /** Offset in the payload, and the size by the rules; the part ends earlier where the payload does. */
  readonly from: number
  readonly size: number
  readonly says: string
  /** Its bytes in hex when left out. */
  readonly value?: string
}

/** The fields of as much of the payload as is there; their leaves tile it. */
export function payloadFields(parts: FrameParts, input: FrameInput): readonly Field[] {
  const { payload, name } = parts
  if (payload.to === payload.from) return []
  if (name === 'hello') return [payloadParent(parts, input, helloParts(input.lane, payload.size))]
  if (name === 'close' && input.dialect.closeBody === 'codeAndReason') {
    return [payloadParent(parts, input, codeAndReason(parts, input))]
  }
  if (name === 'close' && input.dialect.closeBody === 'initiatorLetter') {
    return [payloadParent(parts, input, initiatorAndRest(parts))]
  }
  return partLeaf(parts, input, {
    name: 'payload',
    role: payloadRole(parts, input),
    from: 0,
    size: payload.size,
    says: payloadSays(parts, input),
    value: quotePayload(parts, input),
  })
}

function payloadParent(parts: FrameParts, input: FrameInput, children: readonly PayloadPart[]): Field {
  const { payload } = parts
  return {
    name: 'payload',
    role: 'binary',
    value: payload.size === 1 ? '1 byte' : `${payload.size} bytes`,
    start: input.start + payload.from,
    end: input.start + payload.to,
    children: children.flatMap((child) => partLeaf(parts, input, child)),
  }
}

/** hello-00 §5. */
function helloParts(lane: Lane, payloadSize: number): readonly PayloadPart[] {
  const nonceEnd = lane === 'serverToClient' ? nonceSize : 0
  const digestEnd = nonceEnd + digestSize
  return [
    { name: 'server nonce', role: 'nonce', from: 0, size: nonceEnd, says: '8 octets' },
    { name: 'digest', role: 'digest', from: nonceEnd, size: digestSize, says: '16 octets' },
    { name: 'excess', role: 'junk', from: digestEnd, size: payloadSize - digestEnd, says: 'not part of a Hello' },
  ]
}

/** RFC 6455 §5.5.1. */
function codeAndReason({ plain, payload, cut }: FrameParts, { dialect }: FrameInput): readonly PayloadPart[] {
  const { code, reason } = closeParts(plain)
  const says = code === null ? 'a code takes two bytes' : closeCodeSays(dialect, code)
  return [
    { name: 'close code', role: 'code', from: 0, size: 2, says, ...(code !== null && { value: String(code) }) },
    {
      name: 'reason',
      role: 'text',
      from: 2,
      size: payload.size - 2,
      says: 'UTF-8, for logs',
      value: quoteText(reason, cut),
    },
  ]
}

/** hybi-05. */
function initiatorAndRest({ plain, payload, cut }: FrameParts): readonly PayloadPart[] {
  const letter = String.fromCharCode(plain[0] ?? 0)
  const whose = letter === 'C' ? 'the client' : letter === 'S' ? 'the server' : 'nobody'
  return [
    { name: 'initiator', role: 'code', from: 0, size: 1, says: `${whose} began to close`, value: visible(letter) },
    {
      name: 'rest',
      role: 'binary',
      from: 1,
      size: payload.size - 1,
      says: 'any bytes; the answer repeats them',
      value: quoteEither(plain.subarray(1), cut),
    },
  ]
}

/** The part as far as it is there; none when it is empty. */
function partLeaf(parts: FrameParts, input: FrameInput, part: PayloadPart): readonly Field[] {
  const { payload, plain } = parts
  const size = Math.max(0, Math.min(part.size, payload.size - part.from))
  const bytes = plain.subarray(part.from, part.from + size)
  if (bytes.length === 0) return []
  const start = input.start + payload.from + part.from
  const value = part.value ?? (bytes.length < size ? cutValue(bytes, size) : toHex(bytes.subarray(0, 64)))
  const { name, role, says } = part
  return [{ name, role, value, says, cite: citeFor(input.dialect, parts.name), start, end: start + bytes.length }]
}

/** Whether the payload is text, as far as the frame itself and its message's type tell. */
export function payloadRole({ name }: FrameParts, { continues }: FrameInput): FieldRole {
  if (!name) return 'junk'
  return name === 'text' || (name === 'continuation' && continues === 'text') ? 'text' : 'binary'
}

function payloadSays({ name, key, front }: FrameParts, { dialect, continues, inflated }: FrameInput): string {
  const kind = payloadKind(name, dialect, continues) + (inflated ? ', deflated' : '')
  return key.size + front.size > 0 ? `${kind}, masked` : kind
}

function payloadKind(name: OpcodeName | undefined, dialect: Dialect, continues: FrameInput['continues']): string {
  if (!name) return 'unknown'
  if (name === 'text' || (name === 'continuation' && continues === 'text')) return 'UTF-8 text'
  if (name === 'ping') return 'the pong has to repeat it'
  if (name === 'pong') return 'repeats a ping'
  return name === 'close' && dialect.closeBody === 'opaqueEchoed' ? 'any bytes; the answer repeats them' : 'bytes'
}

/** The payload's beginning as text or hex, by its type; when that is not known, by what it looks like. */
export function quotePayload(parts: FrameParts, input: FrameInput): string {
  const { name, content, contentCut } = parts
  if (payloadRole(parts, input) === 'text') return quoteText(content, contentCut)
  const isBinary = name === 'binary' || (name === 'continuation' && input.continues === 'binary')
  return isBinary ? quoteHex(content, contentCut) : quoteEither(content, contentCut)
}

/**
 * Bytes past the end of a frame, or past a length that cannot be, which callers that cut units right never have; or all
 * behind the front of a frame whose mask is not known yet.
 */
export function excessField({ front, mask, payload }: FrameParts, { bytes, start }: FrameInput): readonly Field[] {
  if (payload.to >= bytes.length) return []
  const excess = bytes.subarray(payload.to)
  const place = { start: start + payload.to, end: start + bytes.length }
  const value = quoteHex(excess, false)
  if (front.size > 0 && mask === null) {
    const says = 'header and payload; cannot be read until both heads of the handshake have made the key'
    return [{ name: 'masked', role: 'binary', value, says, ...place }]
  }
  return [{ name: 'excess', role: 'junk', value, says: 'past the end of the frame', ...place }]
}
