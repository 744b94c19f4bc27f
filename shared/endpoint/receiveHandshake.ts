// Reading the opening handshake: first lines and the octets of a Hello as they come, heads and challenges once they are
// whole.
import { decodeLatin1, shorten, visible } from '../bytes/ascii.ts'
import { equalBytes } from '../bytes/concat.ts'
import { toHex } from '../bytes/hex.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { findHeadEnd, type Head, type HeadKind, parseHead, startLineBroken } from '../handshake/head.ts'
import {
  clientDigest,
  clientHelloSecondOctet,
  digestSize,
  helloFirstOctet,
  nonceSize,
  serverDigest,
  serverHelloSecondOctet,
} from '../handshake/hello.ts'
import { challengeSize, keyNumbersProof } from '../handshake/keyNumbers.ts'
import { agreedIn } from './agreed.ts'
import { type Finding, finding } from './findings.ts'
import { judgeRequest } from './judgeRequest.ts'
import { chosenSubprotocol, judgeResponse, judgeStatus } from './judgeResponse.ts'
import {
  agree,
  type ItemSink,
  laneOf,
  needMore,
  type Receiver,
  report,
  type Stage,
  type Window,
} from './receiverState.ts'
import { type RequestFacts, readRequest } from './requestFacts.ts'

export function readHead(receiver: Receiver, { bytes, base }: Window, at: number, sink: ItemSink): number {
  if (at === bytes.length) return needMore
  const start = base + at
  if (receiver.role === 'client' && !receiver.own.request) {
    report(receiver, [finding('head.unasked', { start, end: start + 1 })], start + 1, sink)
    receiver.paused = receiver.goesOn // what it answers may still be seen
    return at
  }
  const limit = receiver.limits.head
  const until = Math.min(bytes.length, at + limit)
  const broken = startLineBroken(bytes, kindFor(receiver), at, until)
  if (broken >= 0) {
    const found = shorten(visible(decodeLatin1(bytes, at, at + broken)), longestFound)
    return giveUp(receiver, finding('head.start-line', { start, end: start + broken }, `"${found}"`), sink, at)
  }
  const end = findHeadEnd(bytes, at + Math.max(0, receiver.searched - 2), until)
  if (end >= 0) {
    takeHead(receiver, bytes.subarray(at, end), start, sink)
    return end
  }
  receiver.searched = bytes.length - at
  if (receiver.searched < limit) return needMore
  return giveUp(receiver, finding('head.too-long', { start, end: start + limit }, `more than ${limit} bytes`), sink, at)
}

/** Characters of a first line that are quoted. */
const longestFound = 48

function kindFor({ role }: Receiver): HeadKind {
  return role === 'server' ? 'request' : 'response'
}

/** What is no head has no end either: nothing after it can be cut into units. */
function giveUp(receiver: Receiver, found: Finding, sink: ItemSink, at: number): number {
  report(receiver, [found], found.span.end, sink)
  receiver.stage = 'ignored'
  return at
}

function takeHead(receiver: Receiver, bytes: Uint8Array, start: number, sink: ItemSink): void {
  const head = parseHead(bytes, kindFor(receiver), start)
  if (receiver.role === 'server') takeRequest(receiver, head, sink)
  else takeResponse(receiver, head, receiver.own.request!, sink)
}

function takeRequest(receiver: Receiver, head: Head, sink: ItemSink): void {
  const { dialect } = receiver
  if (report(receiver, judgeRequest(head, dialect), head.end, sink)) return
  const request = readRequest(head, dialect)
  receiver.own = { ...receiver.own, request }
  receiver.stage = stageAfterHead(dialect)
  sink({ kind: 'request', at: head.end, span: spanOf(head), request })
}

function takeResponse(receiver: Receiver, head: Head, request: RequestFacts, sink: ItemSink): void {
  const { dialect, own } = receiver
  const refusal = judgeStatus(head, dialect)
  if (refusal.length > 0) {
    report(receiver, refusal, head.end, sink, true)
    receiver.stage = 'ignored' // what follows is an ordinary HTTP answer
    return
  }
  if (report(receiver, judgeResponse(head, dialect, { request, secure: own.secure }), head.end, sink)) return
  receiver.stage = stageAfterHead(dialect)
  const subprotocol = chosenSubprotocol(head, dialect)
  const agreed = agreedIn(head, request, dialect)
  agree(receiver, agreed)
  sink({
    kind: 'response',
    at: head.end,
    span: spanOf(head),
    agreed,
    ...(subprotocol !== undefined && { subprotocol }),
  })
}

function stageAfterHead(dialect: Dialect): Stage {
  const { challenge } = dialect.handshake
  switch (challenge) {
    case 'hello':
      return 'hello'
    case 'keyNumbers':
      return 'challenge'
    case 'none':
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return 'header'
    default:
      return unreachable(challenge)
  }
}

function spanOf({ start, end }: Span): Span {
  return { start, end }
}

// The bytes behind the empty line. hixie-76 §4.1, §5.2.

export function readChallenge(receiver: Receiver, { bytes, base }: Window, at: number, sink: ItemSink): number {
  const end = at + challengeSize(laneOf(receiver))
  if (bytes.length < end) return needMore
  const own = bytes.slice(at, end)
  const span = { start: base + at, end: base + end }
  if (receiver.role === 'client') {
    if (report(receiver, judgeProof(receiver, own, span), span.end, sink)) return at
  } else {
    receiver.own = { ...receiver.own, key3: own }
  }
  receiver.stage = 'header'
  sink({ kind: 'challenge', at: span.end, span, bytes: own })
  return end
}

function judgeProof({ own: { request, key3 } }: Receiver, proof: Uint8Array, span: Span): Finding[] {
  const parts = request?.keyParts
  const wanted = parts && key3 ? keyNumbersProof(parts[0], parts[1], key3) : null
  if (wanted && equalBytes(proof, wanted)) return []
  const found = wanted ? `${toHex(proof)}, wanted ${toHex(wanted)}` : 'nothing to compare it with, a key is missing'
  return [finding('challenge.proof', span, found)]
}

// Hello. hello-00 §12 steps 48-51 and §13 steps 15-51: each octet is compared as it comes.

export function readHello(receiver: Receiver, window: Window, at: number, sink: ItemSink): number {
  const { bytes } = window
  const second = receiver.role === 'client' ? serverHelloSecondOctet : clientHelloSecondOctet
  const end = at + 2 + second // the second octet is the number of octets that follow
  if (at < bytes.length && bytes[at] !== helloFirstOctet) badOctet(receiver, 'hello.first-octet', window, at, sink)
  else if (at + 1 < bytes.length && bytes[at + 1] !== second)
    badOctet(receiver, 'hello.second-octet', window, at + 1, sink)
  else if (bytes.length < end) return needMore
  else return takeHello(receiver, window, at, end, sink)
  return at
}

function takeHello(receiver: Receiver, { bytes, base }: Window, at: number, end: number, sink: ItemSink): number {
  const fromServer = receiver.role === 'client'
  const serverNonce = fromServer ? bytes.slice(at + 2, at + 2 + nonceSize) : receiver.own.serverNonce
  const wanted = wantedDigest(receiver, serverNonce)
  const digest = bytes.subarray(end - digestSize, end)
  if (!wanted || !equalBytes(digest, wanted)) {
    const found = wanted
      ? `${toHex(digest)}, wanted ${toHex(wanted)}`
      : 'nothing to compare it with, a nonce is missing'
    const span = { start: base + end - digestSize, end: base + end }
    if (report(receiver, [finding('hello.digest', span, found)], span.end, sink)) return at
  }
  receiver.stage = 'header'
  const span = { start: base + at, end: base + end }
  sink({ kind: 'hello', at: span.end, span, serverNonce: fromServer ? serverNonce : null })
  return end
}

function badOctet(
  receiver: Receiver,
  code: 'hello.first-octet' | 'hello.second-octet',
  { bytes, base }: Window,
  at: number,
  sink: ItemSink,
): void {
  const span = { start: base + at, end: base + at + 1 }
  if (report(receiver, [finding(code, span, toHex(bytes.subarray(at, at + 1)))], span.end, sink)) return
  receiver.stage = 'header'
  receiver.helloMissed = true
}

function wantedDigest({ role, own }: Receiver, serverNonce: Uint8Array | null): Uint8Array | null {
  const clientNonce = own.request?.nonce
  if (!clientNonce || !serverNonce) return null
  return role === 'client' ? serverDigest(clientNonce, serverNonce) : clientDigest(clientNonce, serverNonce)
}
