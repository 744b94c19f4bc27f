// Describes length-prefixed frames, whole or cut anywhere, legal or not.
import { concat } from '../bytes/concat.ts'
import { spanLength } from '../bytes/span.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import { digestSize, nonceSize } from '../handshake/hello.ts'
import type { Known } from './describeContext.ts'
import {
  connectionKeyDerivation,
  frameMaskDerivation,
  hashedMaskDerivation,
  helloDerivation,
  type MaskFacts,
  maskDerivation,
} from './describeDerivations.ts'
import { headerFields } from './describeFrameHeader.ts'
import { inflateDerivation } from './describeInflated.ts'
import { closeParts, type FrameParts, frameParts } from './describeParts.ts'
import { excessField, payloadFields, payloadRole, quotePayload } from './describePayload.ts'
import { previewSize, quoteHex, quoteText } from './describeText.ts'
import { awaitedFrameWords, frameWords } from './describeWords.ts'
import type { Derivation, Description, FrameInput, InflatedPayload, Layer, Summary, Tone } from './description.ts'

/** A frame, or as much of one as is there. */
export function describeFrame(input: FrameInput): Description {
  const parts = frameParts(input)
  const { dialect, lane } = input
  return {
    ...(parts.head.length > 0
      ? frameWords({ dialect, lane, ...parts })
      : awaitedFrameWords(dialect, parts.front.to > 0)),
    ...summarise(parts, input),
    fields: [...headerFields(parts, input), ...payloadFields(parts, input), ...excessField(parts, input)],
    derivations: frameDerivations(parts, input),
    layers: frameLayers(parts, input),
  }
}

/** What the ladder shows: the opcode's name and the beginning of the payload. */
export function summariseFrame(input: FrameInput): Summary {
  return summarise(frameParts(input), input)
}

function summarise(parts: FrameParts, input: FrameInput): Summary {
  if (!parts.name) {
    const label = parts.head.length === 0 ? 'frame' : `opcode 0x${parts.opcode.toString(16).toUpperCase()}`
    return { label, preview: quotePayload(parts, input), tone: 'junk' }
  }
  return {
    label: parts.name === 'hello' ? 'Hello' : parts.name,
    preview: previewOf(parts.name, parts, input),
    tone: tones[parts.name],
  }
}

const tones: Readonly<Record<OpcodeName, Tone>> = {
  continuation: 'data',
  text: 'data',
  binary: 'data',
  ping: 'control',
  pong: 'control',
  close: 'close',
  hello: 'hello',
}

function previewOf(name: OpcodeName, parts: FrameParts, input: FrameInput): string {
  if (name === 'hello') return input.lane === 'serverToClient' ? 'server nonce + proof' : 'proof'
  if (name === 'close' && input.dialect.closeBody === 'codeAndReason') return closePreview(parts)
  return quotePayload(parts, input)
}

/** `1000 "bye"`. */
function closePreview({ plain, cut }: FrameParts): string {
  const { code, reason } = closeParts(plain)
  if (code === null) return quoteHex(plain, cut)
  if (reason.length === 0 && !cut) return `${code}`
  const before = `${code} `
  return before + quoteText(reason, cut, previewSize - before.length)
}

function frameDerivations(parts: FrameParts, input: FrameInput): readonly Derivation[] {
  const { front, key, payload } = parts
  const found: Derivation[] = []
  if (parts.name === 'hello') found.push(helloFrameDerivation(parts, input))
  if (front.size > 0 && front.to === front.size) {
    const masked = { from: front.to, to: payload.to }
    const facts = { key: known(input, front), payload: known(input, masked) }
    if (input.dialect.masking === 'clientFrameHashed') found.push(...hashedMaskDerivations(facts, parts, input))
    const masking = parts.mask && frameMaskDerivation({ ...facts, mask: parts.mask })
    if (masking) found.push(masking)
  }
  if (key.size > 0 && key.to - key.from === key.size) {
    const masking = maskDerivation({ key: known(input, key), payload: known(input, payload) })
    if (masking) found.push(masking)
  }
  if (input.inflated) found.push(inflateDerivation(input.inflated, known(input, payload)))
  return found
}

/** hybi-04 §4.2: the chain from both heads and the frame's nonce to its mask. */
function hashedMaskDerivations({ key }: MaskFacts, { mask }: FrameParts, input: FrameInput): readonly Derivation[] {
  const { context, connectionKey = null } = input
  return [
    connectionKeyDerivation(context.key, context.responseNonce, connectionKey),
    hashedMaskDerivation(key, connectionKey, mask),
  ]
}

function helloFrameDerivation({ payload }: FrameParts, input: FrameInput): Derivation {
  const { lane, context } = input
  const at = (from: number, size: number): Known<Uint8Array> | null => {
    const part = known(input, { from: payload.from + from, to: Math.min(payload.from + from + size, payload.to) })
    return spanLength(part.span) === size ? part : null
  }
  const { clientNonce } = context
  if (lane === 'clientToServer') {
    return helloDerivation({ by: 'client', clientNonce, serverNonce: context.serverNonce, digest: at(0, digestSize) })
  }
  const serverNonce = at(0, nonceSize)
  return helloDerivation({ by: 'server', clientNonce, serverNonce, digest: at(nonceSize, digestSize) })
}

/** Bytes [from, to) of the unit, with their place. */
function known({ bytes, start, lane }: FrameInput, { from, to }: { from: number; to: number }): Known<Uint8Array> {
  return { value: bytes.subarray(from, to), lane, span: { start: start + from, end: start + Math.max(from, to) } }
}

function frameLayers(parts: FrameParts, input: FrameInput): readonly Layer[] {
  const { front, head, key, payload, plain } = parts
  const at = input.start + payload.from
  const layers: Layer[] = [{ name: 'wire', bytes: input.bytes, at: input.start }]
  if (front.size > 0 && head.length > 0) {
    const header = head.subarray(0, payload.from - front.size)
    layers.push({ name: 'unmasked', bytes: concat(header, plain), at: input.start + front.size })
  }
  if (key.size > 0 && plain.length > 0) layers.push({ name: 'unmasked', bytes: plain, at })
  if (input.inflated) return [...layers, ...inflatedLayers(input.inflated, at, textStart(parts, input) === 0)]
  const text = textStart(parts, input)
  if (text !== null && plain.length > text) layers.push({ name: 'text', bytes: plain.subarray(text), at: at + text })
  return layers
}

function inflatedLayers({ bytes, reach, why }: InflatedPayload, at: number, isText: boolean): readonly Layer[] {
  const inflated: Layer = { name: 'inflated', bytes, at, reach, ...(why !== null && { why }) }
  return isText && bytes.length > 0 ? [inflated, { name: 'text', bytes, at, reach }] : [inflated]
}

/** Where in the payload its text begins; null when it has none. */
function textStart(parts: FrameParts, input: FrameInput): number | null {
  if (parts.name === 'close') return input.dialect.closeBody === 'codeAndReason' ? 2 : null
  return payloadRole(parts, input) === 'text' ? 0 : null
}
