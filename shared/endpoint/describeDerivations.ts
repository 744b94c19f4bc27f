// How computed values came about, as formulas whose terms link to the bytes they were read from.

import { isLatin1 } from '../bytes/ascii.ts'
import { equalBytes } from '../bytes/concat.ts'
import type { FieldRole } from '../bytes/field.ts'
import { toHex } from '../bytes/hex.ts'
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import { maskingGuid } from '../framing/frameMask.ts'
import { applyMask } from '../framing/mask.ts'
import { acceptGuid, acceptValue } from '../handshake/accept.ts'
import type { LocatedText } from '../handshake/head.ts'
import { clientDigest, serverDigest } from '../handshake/hello.ts'
import { challengeBytes, keyNumbersProof, type ParsedKeyNumber, parseKeyNumber } from '../handshake/keyNumbers.ts'
import type { HandshakeContext, Known } from './describeContext.ts'
import type { Derivation, FormulaPart } from './description.ts'
import type { Detection } from './detect.ts'

/** Stands for a value that has not been seen. */
const unseen = '…'

/** Payload bytes shown of a masking. */
const maskedShown = 8

const text = (words: string): FormulaPart => ({ kind: 'text', text: words })
const newline: FormulaPart = { kind: 'newline' }

function term(label: string, role: FieldRole, value: string, from?: { lane: Lane; span: Span }): FormulaPart {
  return { kind: 'term', label, value, role, ...(from && { from }) }
}

function knownTerm<T>(label: string, role: FieldRole, known: Known<T> | null, show: (value: T) => string): FormulaPart {
  return known
    ? term(label, role, show(known.value), { lane: known.lane, span: known.span })
    : term(label, role, unseen)
}

export interface HelloFacts {
  /** Whose Hello it is. */
  readonly by: 'server' | 'client'
  readonly clientNonce: Known<Uint8Array> | null
  readonly serverNonce: Known<Uint8Array> | null
  /** The digest in the frame; null until all of it is there. */
  readonly digest: Known<Uint8Array> | null
}

/** How the digest of a Hello is made, and whether the frame has the right one. hello-00 §5. */
export function helloDerivation({ by, clientNonce, serverNonce, digest }: HelloFacts): Derivation {
  const client = knownTerm('client nonce', 'nonce', clientNonce, toHex)
  const server = knownTerm('server nonce', 'nonce', serverNonce, toHex)
  const [first, last] = by === 'server' ? [client, server] : [server, client]
  const digestOf = by === 'server' ? serverDigest : clientDigest
  const computed = clientNonce && serverNonce ? digestOf(clientNonce.value, serverNonce.value) : null
  const matches = computed && digest ? equalBytes(computed, digest.value) : null
  return {
    title: 'How the digest is made',
    parts: [
      ...[text('MD5( '), first, newline, text('+ '), term('9 octets', 'text', '"WebSocket"')],
      ...[newline, text('+ '), last, text(' )'), newline, text('= ')],
      ...result('digest', computed && toHex(computed), digest, toHex, matches),
    ],
    matches,
    note: 'The draft says 41 octets are hashed. Its own example only matches these 25.',
  }
}

/** How the accept value is made, and whether the response has the right one. RFC 6455 §4.2.2. */
export function acceptDerivation(
  key: Known<string> | null,
  field: LocatedText | undefined,
  lane: Lane,
  complete: boolean,
): Derivation {
  const accept = field ? { value: field.text, lane, span: { start: field.start, end: field.end } } : null
  const computed = key && isLatin1(key.value) ? acceptValue(key.value) : null
  const matches = computed && complete ? computed === field?.text : null
  return {
    title: 'How the accept value is made',
    parts: [
      ...[text('base64( SHA-1( '), knownTerm('key', 'nonce', key, (value) => value), newline],
      ...[text('+ '), term('fixed GUID', 'text', `"${acceptGuid}"`), text(' ) )'), newline, text('= ')],
      ...result('accept', computed, accept, (value) => value, matches),
    ],
    matches,
    note: 'The key is hashed as the text it is: nobody decodes its base64.',
  }
}

/** What one key comes to. hixie-76 §5.2. */
export function keyNumberDerivation(name: 'key 1' | 'key 2', key: Known<string> | null): Derivation {
  const parsed = key ? parseKeyNumber(key.value) : null
  return {
    title: `What ${name} comes to`,
    parts: [knownTerm(name, 'nonce', key, (value) => `"${value}"`), newline, ...divided(parsed)],
    matches: parsed?.ok ?? null,
    note: 'Only digits and spaces count. The rest is noise, so that no server passes by accident.',
  }
}

function divided(parsed: ParsedKeyNumber | null): readonly FormulaPart[] {
  if (!parsed) return [text('= '), term('part', 'nonce', unseen)]
  if (!parsed.ok) return [text(`has no part: ${withoutPart[parsed.reason]}`)]
  const { digits, spaces, part } = parsed.value
  return [
    ...[text('= '), term('digits in order', 'nonce', digits), text(' / '), term('spaces', 'nonce', String(spaces))],
    ...[newline, text('= '), term('part', 'nonce', String(part))],
  ]
}

const withoutPart: Readonly<Record<Extract<ParsedKeyNumber, { ok: false }>['reason'], string>> = {
  spaces: 'there is no space to divide by',
  digits: 'there are no digits',
  multiple: 'its digits are no multiple of its spaces',
  range: 'the quotient takes more than 32 bits',
}

/** How the 16 bytes of a server are made, and whether they are right. hixie-76 §5.2. */
export function proofDerivation(
  { key1, key2, key3 }: Pick<HandshakeContext, 'key1' | 'key2' | 'key3'>,
  proof: Known<Uint8Array> | null,
): Derivation {
  const [part1, part2] = [partOf(key1), partOf(key2)]
  const all = part1 && part2 && key3 ? ([part1.value, part2.value, key3.value] as const) : null
  const computed = all && keyNumbersProof(...all)
  const matches = computed && proof ? equalBytes(computed, proof.value) : null
  const challenge = all ? toHex(challengeBytes(...all)) : unseen
  return {
    title: 'How the proof is made',
    parts: [
      ...[text('MD5( '), knownTerm('key 1 part, 32 bits', 'nonce', part1, word), newline],
      ...[text('+ '), knownTerm('key 2 part, 32 bits', 'nonce', part2, word), newline],
      ...[text('+ '), knownTerm('8 bytes behind the request', 'nonce', key3, toHex), text(' )'), newline],
      ...[text('= MD5( '), term('challenge', 'nonce', challenge), text(' )'), newline, text('= ')],
      ...result('proof', computed && toHex(computed), proof, toHex, matches),
    ],
    matches,
    note: 'A part is the digits of a key, read as one number, divided by its spaces.',
  }
}

function partOf(key: Known<string> | null): Known<number> | null {
  const parsed = key ? parseKeyNumber(key.value) : null
  return key && parsed?.ok ? { ...key, value: parsed.value.part } : null
}

/** 32 bits in hex. */
function word(value: number): string {
  return value.toString(16).padStart(8, '0')
}

/** The right side of a formula; what the wire has instead follows when it differs. */
function result<T>(
  label: string,
  computed: string | null,
  found: Known<T> | null,
  show: (value: T) => string,
  matches: boolean | null,
): readonly FormulaPart[] {
  const from = found ? { lane: found.lane, span: found.span } : undefined
  const right = term(label, 'digest', computed ?? unseen, matches ? from : undefined)
  if (matches !== false || !found) return [right]
  return [right, newline, text('but the wire has '), term(label, 'digest', show(found.value), from)]
}

export interface MaskFacts {
  readonly key: Known<Uint8Array>
  /** As on the wire, the part that is there. */
  readonly payload: Known<Uint8Array>
}

/** How a masked payload is read, on its first bytes. RFC 6455 §5.3. Null when no byte of the payload is there. */
export function maskDerivation(facts: MaskFacts): Derivation | null {
  const note = 'A fresh key for every frame keeps a page’s script from choosing the bytes on the wire.'
  return unmasking({ ...facts, mask: facts.key.value }, 'payload', note)
}

/** How a frame is read that is masked as a whole: `payload` is all that follows the key. hybi-05 §4.2. */
export function frameMaskDerivation(facts: MaskFacts & { readonly mask: Uint8Array }): Derivation | null {
  const note =
    'Nothing on the wire says that a frame is masked. One that is not is read as if it were, and becomes noise that breaks some rule.'
  return unmasking(facts, 'frame', note)
}

/** How the key of a connection is made, from the texts of both heads. hybi-04 §4.2. */
export function connectionKeyDerivation(
  key: Known<string> | null,
  nonce: Known<string> | null,
  made: Uint8Array | null,
): Derivation {
  const show = (value: string) => value
  return {
    title: 'How the key of the connection is made',
    parts: [
      ...[text('SHA-1( '), knownTerm('key of the request', 'nonce', key, show), newline],
      ...[text('+ '), knownTerm('nonce of the response', 'nonce', nonce, show), newline],
      ...[text('+ '), term('fixed GUID', 'text', `"${maskingGuid}"`), text(' )'), newline],
      ...[text('= '), term('key of the connection', 'digest', made ? toHex(made) : unseen)],
    ],
    matches: made ? true : null,
    note: made
      ? 'Both texts are hashed as they are: nobody decodes their base64.'
      : 'Without both, nobody can tell where a frame of the client ends: its bytes wait.',
  }
}

/** How the mask of one frame is made. hybi-04 §4.2. */
export function hashedMaskDerivation(
  nonce: Known<Uint8Array>,
  connectionKey: Uint8Array | null,
  mask: Uint8Array | null,
): Derivation {
  return {
    title: 'How the mask of the frame is made',
    parts: [
      ...[text('SHA-1( '), knownTerm('nonce of the frame', 'mask', nonce, (value) => toHex(value)), newline],
      ...[text('+ '), term('key of the connection', 'digest', connectionKey ? toHex(connectionKey) : unseen)],
      ...[text(' )'), newline, text('= '), term('mask', 'mask', mask ? toHex(mask) : unseen)],
    ],
    matches: mask ? true : null,
    note: 'Two libraries read the draft so; a third XORs with the key of the connection itself, and only talks to its like.',
  }
}

function unmasking(
  { key, payload, mask }: MaskFacts & { readonly mask: Uint8Array },
  what: 'payload' | 'frame',
  note: string,
): Derivation | null {
  const shown = payload.value.subarray(0, maskedShown)
  if (shown.length === 0) return null
  const more = payload.value.length > shown.length ? ' …' : ''
  const wire = { lane: payload.lane, span: { start: payload.span.start, end: payload.span.start + shown.length } }
  const repeated = Uint8Array.from(shown, (_, i) => mask[i % mask.length]!)
  const hex = (bytes: Uint8Array) => toHex(bytes, ' ') + more
  return {
    title: `How the ${what} is unmasked`,
    parts: [
      ...[term('on the wire', 'binary', hex(shown), wire), newline],
      ...[text('xor '), term('key, over and over', 'mask', hex(repeated), { lane: key.lane, span: key.span }), newline],
      ...[text('= '), term(what, 'text', hex(applyMask(shown, mask)))],
    ],
    matches: true,
    note,
  }
}

/** What told the dialect of a connection, where nobody had stated it. */
export function detectionDerivation({ evidence, dialect, refusal, policy }: Detection, lane: Lane): Derivation {
  const reasons = evidence.flatMap(({ says, start, end }, index) => [
    ...(index === 0 ? [] : [text('+ ')]),
    ...[term('', 'value', says, { lane, span: { start, end } }), newline],
  ])
  if (policy) {
    const told = term('what is spoken', 'code', 'a socket policy exchange')
    const note = 'A WebSocket begins with the head of a request; this is asked before one is opened.'
    return { title: 'How it is told from a WebSocket', parts: [...reasons, text('= '), told], matches: true, note }
  }
  const told = term(refusal === null ? 'dialect' : 'a good server answers', 'code', String(refusal ?? dialect.name))
  return {
    title: 'How the dialect is told',
    parts: [...reasons, text('= '), told],
    matches: refusal === null,
    note: 'Only the head of the request tells: what follows it means something else in every dialect.',
  }
}
