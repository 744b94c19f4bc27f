// What a receiver holds against a frame: its header as soon as it is whole, a close body as soon as that is.
// RFC 6455 §5; hybi-03 §4 and hello-00 §8-§10.
import { visible } from '../bytes/ascii.ts'
import type { Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { endsWhole, utf8Start, validateUtf8 } from '../bytes/utf8.ts'
import { mayBeSent } from '../dialects/closeCodes.ts'
import type { Dialect, LengthPrefixedDialect, OpcodeName } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { shortestForm } from '../framing/encode.ts'
import { maskingKeySize } from '../framing/header.ts'
import { isControl } from '../framing/opcodes.ts'
import type { FrameHeader } from '../framing/unit.ts'
import { type Agreed, bitsWithMeaning } from './agreed.ts'
import { initiatorLetter } from './closeBodies.ts'
import { type Finding, finding } from './findings.ts'

/** A header and what it means depends on. `start` is the lane offset of its first byte. */
export interface HeaderInContext {
  readonly header: FrameHeader
  readonly name: OpcodeName | undefined
  readonly start: number
  readonly dialect: LengthPrefixedDialect
  readonly agreed: Agreed
  readonly receiver: Role
  readonly insideMessage: boolean
  /** It may go on with a message whose beginning nobody saw. */
  readonly mayContinue: boolean
  /** It comes where a Hello was due, and has been reported as none. */
  readonly helloMissed: boolean
}

type HeaderRule = (context: HeaderInContext) => Finding | null

/** In the order in which a receiver comes upon them. */
const headerRules: readonly HeaderRule[] = [
  reservedBits,
  opcode,
  lateHello,
  fragmentedControl,
  nothingToContinue,
  interleaved,
  reservedBit4,
  masking,
  longControl,
  lengthRange,
  lengthForm,
]

const nothing: readonly Finding[] = []

/**
 * Every rule the header breaks, the first one met first. The size of the message is the receiver's to judge. A header
 * that breaks none costs no allocation.
 */
export function judgeHeader(context: HeaderInContext): readonly Finding[] {
  let findings: Finding[] | null = null
  for (const rule of headerRules) {
    const broken = rule(context)
    if (!broken) continue
    findings ??= []
    findings.push(broken)
  }
  return findings ?? nothing
}

/** RFC 7692 §6: RSV1 means something where compression was agreed on, in the first frame of a message. */
function reservedBits(context: HeaderInContext): Finding | null {
  const { header, name, agreed } = context
  if (header.reserved === 0 || agreed.foreign !== undefined) return null
  if (name && (header.reserved & ~bitsWithMeaning(agreed, name)) === 0) return null
  return finding('frame.reserved-bits', firstByte(context), `RSV ${header.reserved.toString(2).padStart(3, '0')}`)
}

/** RSV4: hybi-03 §4.2. Where the bit is MASK, see `masking`. */
function reservedBit4(context: HeaderInContext): Finding | null {
  const { header, dialect, agreed } = context
  if (dialect.secondByteTopBit !== 'rsv4' || !header.secondByteTopBit || agreed.foreign !== undefined) return null
  return finding('frame.reserved-bits', secondByte(context), 'RSV4 1')
}

function opcode(context: HeaderInContext): Finding | null {
  const { header, name, agreed } = context
  if (name || agreed.foreign !== undefined) return null // RFC 6455 §5.8: an extension may define opcodes
  return finding('frame.opcode', firstByte(context), `opcode ${header.opcode.toString(16).toUpperCase()}`)
}

function lateHello(context: HeaderInContext): Finding | null {
  const { name, helloMissed } = context
  return name === 'hello' && !helloMissed ? finding('hello.late', firstByte(context)) : null
}

function fragmentedControl(context: HeaderInContext): Finding | null {
  const { header, name } = context
  return name && isControl(name) && !header.final ? finding('control.fragmented', firstByte(context), name) : null
}

function nothingToContinue(context: HeaderInContext): Finding | null {
  const { name, insideMessage, mayContinue } = context
  return name === 'continuation' && !insideMessage && !mayContinue
    ? finding('message.continuation', firstByte(context))
    : null
}

function interleaved(context: HeaderInContext): Finding | null {
  const { name, insideMessage } = context
  const begins = name === 'text' || name === 'binary'
  return begins && insideMessage ? finding('message.interleaved', firstByte(context), name) : null
}

/** RFC 6455 §5.1: clients mask, servers never do. */
function masking(context: HeaderInContext): Finding | null {
  const { header, dialect, receiver } = context
  if (dialect.secondByteTopBit !== 'mask' || header.secondByteTopBit === (receiver === 'server')) return null
  return finding(receiver === 'server' ? 'mask.missing' : 'mask.unexpected', secondByte(context))
}

/** RFC 6455 §5.5, hybi-03 §4.4: at most 125 bytes. */
function longControl(context: HeaderInContext): Finding | null {
  const { header, name } = context
  if (!name || !isControl(name) || header.payloadLength <= 125) return null
  return finding('control.too-long', lengthSpan(context), `${header.payloadLength} bytes`)
}

/** RFC 6455 §5.2, hybi-03 §4.2: the most significant bit must be 0. */
function lengthRange(context: HeaderInContext): Finding | null {
  return context.header.lengthTopBit ? finding('frame.length-range', lengthSpan(context)) : null
}

/** RFC 6455 §5.2: the minimal number of bytes must be used. */
function lengthForm(context: HeaderInContext): Finding | null {
  const { header } = context
  if (!hasToBeShort(context) || shortestForm(header.payloadLength) === header.lengthForm) return null
  return finding('frame.length-form', lengthSpan(context), `${header.payloadLength} in ${header.lengthForm} bits`)
}

function hasToBeShort({ dialect, name }: HeaderInContext): boolean {
  switch (dialect.shortestLength) {
    case 'allFrames':
      return true
    case 'controlFrames':
      return name !== undefined && isControl(name)
    case 'noFrames':
      return false
    default:
      return unreachable(dialect.shortestLength)
  }
}

/** The header's second byte and the extended length, without the masking key. */
export function lengthSpan({ header, start, dialect }: HeaderInContext): Span {
  const key = maskingKeySize(dialect, header.secondByteTopBit ? 0x80 : 0)
  return { start: start + header.keyInFront + 1, end: start + header.headerLength - key }
}

/** The header begins behind the key where that is in front. */
function firstByte({ header, start }: HeaderInContext): Span {
  const at = start + header.keyInFront
  return { start: at, end: at + 1 }
}

function secondByte({ header, start }: HeaderInContext): Span {
  const at = start + header.keyInFront + 1
  return { start: at, end: at + 1 }
}

/** What a close body is judged by: who got it, in which dialect, and whether it has sent one. */
export interface CloseContext {
  readonly dialect: Dialect
  readonly role: Role
  readonly own: { readonly closed: boolean }
}

/** What a close body breaks. `start` is the lane offset of its first byte; `body` is unmasked. */
export function judgeCloseBody(body: Uint8Array, start: number, judging: CloseContext): Finding[] {
  const { closeBody } = judging.dialect
  switch (closeBody) {
    case 'none':
    case 'emptyFrame':
    case 'opaqueEchoed':
      return []
    case 'initiatorLetter':
      return judgeInitiator(body, start, judging)
    case 'codeAndReason':
      return judgeCode(body, start, judging)
    default:
      return unreachable(closeBody)
  }
}

/** hybi-05: the letter of whoever began, which is the sender unless the receiver has sent a close frame too. */
function judgeInitiator(body: Uint8Array, start: number, { role, own }: CloseContext): Finding[] {
  const sender = role === 'client' ? 'server' : 'client'
  const first = body[0]
  if (first === initiatorLetter(sender) || (own.closed && first === initiatorLetter(role))) return []
  // Where there is no body, the length that says so is at fault.
  if (first === undefined) return [finding('close.initiator', { start: start - 1, end: start }, 'nothing')]
  return [finding('close.initiator', { start, end: start + 1 }, visible(String.fromCharCode(first)))]
}

function judgeCode(body: Uint8Array, start: number, { dialect, role }: CloseContext): Finding[] {
  if (body.length === 0) return []
  if (body.length === 1) return [finding('close.length', { start, end: start + 1 })]
  const code = closeCode(body)!
  const findings = mayBeSent(dialect, code) ? [] : [finding('close.code', { start, end: start + 2 }, `${code}`)]
  return [...findings, ...judgeReason(body, start, badText(dialect, role))]
}

/** RFC 6455 §5.5.1: the reason is UTF-8. */
function judgeReason(body: Uint8Array, start: number, code: FaultCode): Finding[] {
  const state = validateUtf8(utf8Start, body, 2)
  if (endsWhole(state)) return []
  const at = start + 2 + (state.invalidAt >= 0 ? state.invalidAt : state.characterAt)
  return [finding(code, { start: at, end: at + 1 })]
}

/** The code a close body begins with, or null in a shorter body. */
export function closeCode(body: Uint8Array): number | null {
  return body.length < 2 ? null : (body[0]! << 8) | body[1]!
}

/** What text that is not UTF-8 breaks. */
export function badText({ invalidUtf8 }: Dialect, receiver: Role): FaultCode {
  const rule = invalidUtf8[receiver]
  switch (rule) {
    case 'fail':
      return 'utf8.invalid' // RFC 6455 §8.1
    case 'replace':
      return 'utf8.replaced'
    case 'undefined':
      return 'utf8.undefined'
    default:
      return unreachable(rule)
  }
}
