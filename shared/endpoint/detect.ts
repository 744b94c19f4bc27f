// Which dialect a connection speaks, told from the head of its request and from nothing that comes later: what follows
// the head means something else in every dialect. How a row is told from the others is the row's `toldBy`.

import { lowerAscii } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { dialects } from '../dialects/registry.ts'
import { fieldNamed, findHeadEnd, type Head, type HeadField, parseHead, startLineBroken } from '../handshake/head.ts'
import { policyRequest, readPolicyRequest } from '../profile/policy.ts'
import { headLimit } from './laneScanner.ts'

/** One thing in the request that tells, as a sentence without its full stop, and where it is in the lane. */
export interface Evidence extends Span {
  readonly says: string
}

export interface Detection {
  /** What the request is read as: the dialect that explains it, or the newest, whose rules say what is wrong with it. */
  readonly dialect: Dialect
  /** In the order of the head. Never empty. */
  readonly evidence: readonly Evidence[]
  /** What a good server answers when no dialect explains the request; null when one does. RFC 6455 §4.2.2, §4.4. */
  readonly refusal: null | 400 | 426
  /** It is no WebSocket: a policy is asked for, as Silverlight did. No rule of a dialect is for it. */
  readonly policy?: true
}

/** The fields that tell. */
const marks = {
  version: 'Sec-WebSocket-Version',
  draft: 'Sec-WebSocket-Draft',
  nonce: 'Sec-WebSocket-Nonce',
  key: 'Sec-WebSocket-Key',
  key1: 'Sec-WebSocket-Key1',
  key2: 'Sec-WebSocket-Key2',
  upgrade: 'Upgrade',
} as const

type Marks = { readonly [M in keyof typeof marks]: HeadField | undefined }

/** Reads a whole head. The first mark that is there decides; `known` are the dialects it may be, oldest first. */
export function detectDialect(head: Head, known: readonly Dialect[] = dialects): Detection {
  const found = marksOf(head)
  if (found.version) return byVersion(found.version, known)
  if (found.nonce) {
    const says = `${marks.nonce} present, ${marks.version} absent`
    return bySole('nonce', [evidence(found.nonce, says)], known)
  }
  if (found.key1 && found.key2) return byKeys(found.key1, found.key2, found.draft, known)
  const lone = found.key1 ?? found.key2 ?? found.key
  if (lone) return unexplained(400, [evidence(lone, `${lone.name.text} without ${missingBeside(found)}`)], known)
  if (found.upgrade && lowerAscii(found.upgrade.value.text) === 'websocket') {
    const says = `Upgrade is ${found.upgrade.value.text} and no Sec-WebSocket field proves anything`
    return bySole('upgradeAlone', [evidence(found.upgrade, says)], known)
  }
  const says = 'an ordinary HTTP request: no field of it asks for a WebSocket'
  return unexplained(400, [{ start: head.startLine.start, end: head.startLine.lineEnd.start, says }], known)
}

/** Values of `Sec-WebSocket-Version` that some dialect has, newest first, as a server lists them. RFC 6455 §4.4. */
export function versionsOf(known: readonly Dialect[] = dialects): readonly string[] {
  return known
    .filter(({ toldBy }) => toldBy === 'version')
    .flatMap(({ handshake }) => handshake.version?.value ?? [])
    .reverse()
}

function marksOf(head: Head): Marks {
  const named = Object.entries(marks).map(([mark, name]) => [mark, fieldNamed(head, name)])
  return Object.fromEntries(named) as Marks
}

function evidence({ start, lineEnd }: HeadField, says: string): Evidence {
  return { start, end: lineEnd.start, says }
}

function told(dialect: Dialect, found: readonly Evidence[]): Detection {
  return { dialect, evidence: found, refusal: null }
}

function unexplained(refusal: 400 | 426, found: readonly Evidence[], known: readonly Dialect[]): Detection {
  return { dialect: known.at(-1)!, evidence: found, refusal }
}

/** For marks that no two dialects share. */
function bySole(toldBy: Dialect['toldBy'], found: readonly Evidence[], known: readonly Dialect[]): Detection {
  const dialect = known.find((one) => one.toldBy === toldBy)
  return dialect ? told(dialect, found) : unexplained(400, found, known)
}

function byVersion(field: HeadField, known: readonly Dialect[]): Detection {
  const { text } = field.value
  const says = `${marks.version} is ${text === '' ? 'empty' : text}`
  const dialect = known.find(({ toldBy, handshake }) => toldBy === 'version' && handshake.version?.value === text)
  if (dialect) return told(dialect, [evidence(field, says)])
  return unexplained(426, [evidence(field, `${says}, known are ${versionsOf(known).join(', ')}`)], known)
}

/**
 * Two keys are hixie-76 or one of the hybi drafts before Upgrade+Hello, which a draft number tells apart. Those drafts
 * say 2; implementations of them sent 1 and 3 too, so that the number alone would take 3 for Upgrade+Hello.
 */
function byKeys(key1: HeadField, key2: HeadField, draft: HeadField | undefined, known: readonly Dialect[]): Detection {
  const keys = [key1, key2].map((key) => evidence(key, `${key.name.text} present`))
  const number = draft?.value.text
  if (draft && number !== '0') {
    const found = inOrder([...keys, evidence(draft, `${marks.draft} is ${number}${draftNote(number)}`)])
    return /^[123]$/.test(number ?? '') ? bySole('keysAndDraft', found, known) : unexplained(400, found, known)
  }
  const found = draft ? [...keys, evidence(draft, `${marks.draft} is 0`)] : withNoDraft(keys)
  return bySole('keys', inOrder(found), known)
}

function draftNote(number: string | undefined): string {
  if (number === '2') return ''
  return number === '1' || number === '3' ? ', which clients of hybi-03 sent too' : ', which no draft with keys has'
}

/** A client of hybi-01, which had no number yet, cannot be told from one of hixie-76. */
function withNoDraft(keys: readonly Evidence[]): readonly Evidence[] {
  const last = keys.at(-1)!
  return [...keys.slice(0, -1), { ...last, says: `${last.says}, ${marks.draft} absent` }]
}

function inOrder(found: readonly Evidence[]): readonly Evidence[] {
  return [...found].sort((a, b) => a.start - b.start)
}

function missingBeside({ key1, key2 }: Marks): string {
  if (key1) return marks.key2
  return key2 ? marks.key1 : marks.version
}

/** Takes the bytes of the client's lane as they come, up to the end of the request's head. */
export interface Detector {
  /** The lane's bytes so far, the last fed included. */
  readonly bytes: Uint8Array
  /** What the bytes tell; null while more are needed. Not to be fed any more once it has told. */
  feed(bytes: Uint8Array): Detection | null
}

/** A detector at the beginning of a lane. It holds at most the bytes of a head, and what came with the last of them. */
export function createDetector(known: readonly Dialect[] = dialects): Detector {
  let held: Uint8Array = new Uint8Array(0)
  return {
    get bytes() {
      return held
    },
    feed(bytes) {
      const searched = held.length
      held = searched === 0 ? bytes.slice() : concat(held, bytes)
      return detectIn(held, Math.max(0, searched - 2), known)
    },
  }
}

function detectIn(bytes: Uint8Array, searchFrom: number, known: readonly Dialect[]): Detection | null {
  const policy = readPolicyRequest(bytes.subarray(0, policyRequest.length))
  if (policy === 'asked') return policyExchange(known)
  if (policy === 'more') return null
  const until = Math.min(bytes.length, headLimit)
  const broken = startLineBroken(bytes, 'request', 0, until)
  if (broken >= 0)
    return noRequest(broken, bytes[0] === tlsHandshake ? asksForTls : 'the first bytes are no HTTP request', known)
  const end = findHeadEnd(bytes, searchFrom, until)
  if (end >= 0) return detectDialect(parseHead(bytes.subarray(0, end), 'request'), known)
  return until < headLimit ? null : noRequest(until, `the head does not end within ${headLimit} bytes`, known)
}

/** What a record of TLS begins with that begins a handshake. RFC 8446 §5.1. */
const tlsHandshake = 0x16

const asksForTls = 'the first byte begins a TLS handshake, as of a client that was given wss:// for ws://'

function noRequest(end: number, says: string, known: readonly Dialect[]): Detection {
  return unexplained(400, [{ start: 0, end, says }], known)
}

function policyExchange(known: readonly Dialect[]): Detection {
  const says = `the first bytes are ${policyRequest}`
  return { ...unexplained(400, [{ start: 0, end: policyRequest.length, says }], known), policy: true }
}

/** All of it as one sentence: `Sec-WebSocket-Version is 13: rfc6455.` */
export function detectionSentence({ dialect, evidence: found, refusal, policy }: Detection): string {
  const reasons = found.map(({ says }) => says).join(', ')
  if (policy) return `${reasons}: the socket policy exchange of Silverlight, which opens no WebSocket.`
  if (refusal === null) return `${reasons}: ${dialect.id}.`
  return `No dialect explains this request (${reasons}). A good server answers ${refusal}; it is read as ${dialect.id}.`
}
