// An endpoint of either role in any dialect: bytes or an action in, bytes, events and a new value out. No socket, clock
// or randomness of its own. What is legal to receive is the receiver's affair, what leads where the tables'; here is
// what an end does about what it receives. What its application asks for is in act.ts.
import { concat } from '../bytes/concat.ts'
import { laneTo } from '../bytes/lanes.ts'
import { none } from '../bytes/room.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts'
import { closeCodeFor } from '../dialects/closeCodes.ts'
import { faultInfo, faults } from '../faults/catalogue.ts'
import { parseHead } from '../handshake/head.ts'
import { encodeClientHello, encodeServerHello, nonceSize } from '../handshake/hello.ts'
import { keyNumbersProof } from '../handshake/keyNumbers.ts'
import { messageRefusal, restrictions, tooLong } from '../profile/prototype2010.ts'
import { agreedIn } from './agreed.ts'
import { closeReceived, initiatorLetter } from './closeBodies.ts'
import {
  beginStep,
  change,
  codeBytes,
  type EndpointState,
  emit,
  finish,
  finishStep,
  know,
  may,
  move,
  note,
  ownReceiver,
  sendClose,
  sendFrame,
  sendUnit,
  takeAgreed,
  type Work,
} from './endpointState.ts'
import { chooseSubprotocol, refusalHead, responseHead } from './heads.ts'
import { feed, feedEnd, feedUntil, type ReceivedItem } from './receiver.ts'
import { mustChoose, type RequestFacts } from './requestFacts.ts'
import { isFinal } from './tables.ts'
import type { EndpointEnv, EndpointEvent, Step } from './types.ts'

export { act } from './act.ts'
export { createEndpoint, type EndpointState } from './endpointState.ts'

/** Feeds the next bytes of the peer's lane. In a final state they are ignored. */
export function receive(state: EndpointState, bytes: Uint8Array, env: EndpointEnv): Step<EndpointState> {
  const work = beginStep(state, env, bytes.length)
  if (!isFinal(state.name)) feed(ownReceiver(work), bytes, (item) => take(work, item))
  return finishStep(work)
}

/**
 * Feeds the next bytes up to the end of the first message in them, so that the application can answer it before what
 * follows is looked at. `rest` is what follows.
 */
export function receiveMessage(
  state: EndpointState,
  bytes: Uint8Array,
  env: EndpointEnv,
): { readonly step: Step<EndpointState>; readonly rest: Uint8Array } {
  const work = beginStep(state, env, bytes.length)
  if (isFinal(state.name)) return { step: finishStep(work), rest: none }
  let delivered = false
  const rest = feedUntil(
    ownReceiver(work),
    bytes,
    (item) => {
      take(work, item)
      delivered = item.kind === 'message'
    },
    () => delivered,
  )
  return { step: finishStep(work), rest }
}

/** The peer's half of the stream has ended. */
export function receiveEnd(state: EndpointState, env: EndpointEnv): Step<EndpointState> {
  const work = beginStep(state, env)
  if (isFinal(state.name)) return finishStep(work)
  feedEnd(ownReceiver(work), (item) => {
    if (item.kind === 'faults') note(work, item.faults)
  })
  finish(work, 'receiveEnd')
  return finishStep(work)
}

function take(work: Work, item: ReceivedItem): void {
  if (isFinal(work.state.name)) return
  switch (item.kind) {
    case 'request':
      takeRequest(work, item.request, item.span)
      break
    case 'response':
      takeResponse(work, item)
      break
    case 'hello':
      takeHello(work, item.serverNonce, item.span)
      break
    case 'challenge':
      takeChallenge(work, item.bytes, item.span)
      break
    case 'message':
      takeMessage(work, item)
      break
    case 'ping':
      takePing(work, item.payload)
      break
    case 'pong':
      emitOnceOpen(work, { kind: 'pong', bytes: item.payload })
      break
    case 'close':
      takeClose(work, item.body, item.span)
      break
    case 'faults':
      note(work, item.faults)
      // Both close frames have passed: there is nothing left that could fail, only the end of the stream to wait for.
      if (item.ends && work.state.name !== 'CLOSE_DONE') fail(work, item)
      break
    default:
      unreachable(item)
  }
}

function received(work: Work, span: Span) {
  return { lane: laneTo(work.env.role), span }
}

// Opening

function takeRequest(work: Work, request: RequestFacts, span: Span): void {
  const { dialect, config, random } = work.env
  const { challenge } = dialect.handshake
  move(work, 'receiveRequest', received(work, span))
  const refusal = work.env.admit?.(request) ?? null
  if (refusal !== null) {
    refuse(work, refusal)
    finish(work, 'sendRefusal')
    return
  }
  const subprotocol = chooseSubprotocol(request, config)
  if (subprotocol === undefined && mustChoose(dialect, request)) {
    note(work, [
      { code: 'head.subprotocol-unsupported', ...received(work, span), found: request.subprotocols.join(' ') },
    ])
    finish(work, 'sendEnd') // hello-00 §13: aborting is closing TCP
    return
  }
  if (challenge !== 'keyNumbers') noteEarly(work, span.end)
  change(work, { subprotocol })
  const made = responseHead(work.env, request)
  const head = work.env.rewriteHead?.(made) ?? made
  sendUnit(work, head, 'sendResponse')
  takeAgreed(work, agreedIn(parseHead(head, 'response'), request, dialect))
  switch (challenge) {
    case 'hello': {
      const serverNonce = random(nonceSize)
      know(work, { serverNonce })
      sendUnit(work, encodeServerHello(request.nonce!, serverNonce), 'sendHello')
      break
    }
    case 'keyNumbers':
      break // the head goes out before the 8 bytes are in: some proxies hold these back until they see it
    case 'none':
    case 'acceptHash':
    case 'acceptHashAndNonce':
      reportOpen(work)
      break
    default:
      unreachable(challenge)
  }
}

/** RFC 6455 §4.1: a client waits for the answer, so nothing has come behind `end` when a server answers. */
function noteEarly(work: Work, end: number): void {
  const { receivedTo, env } = work
  if (receivedTo === end) return
  note(work, [{ code: 'head.data-before-answer', lane: laneTo(env.role), span: { start: end, end: receivedTo } }])
}

function takeResponse(work: Work, { subprotocol, agreed, span }: Extract<ReceivedItem, { kind: 'response' }>): void {
  change(work, { subprotocol })
  takeAgreed(work, agreed)
  move(work, 'receiveResponse', received(work, span))
  if (work.state.name === 'OPEN') reportOpen(work)
}

/** hixie-76 §5.2: a server answers the 8 bytes with its proof. A client has got that proof. */
function takeChallenge(work: Work, bytes: Uint8Array, span: Span): void {
  move(work, 'receiveChallenge', received(work, span))
  if (work.env.role === 'server') {
    noteEarly(work, span.end)
    const [part1, part2] = request(work).keyParts!
    sendUnit(work, keyNumbersProof(part1, part2, bytes), 'sendChallenge')
  }
  reportOpen(work)
}

/** hello-00 §12: a client answers with its own Hello, before all its other frames. */
function takeHello(work: Work, serverNonce: Uint8Array | null, span: Span): void {
  move(work, 'receiveHello', received(work, span))
  if (serverNonce) sendUnit(work, encodeClientHello(request(work).nonce!, serverNonce), 'sendHello')
  if (work.state.name === 'OPEN') reportOpen(work)
}

/** The request of this connection, whichever end sent it: it has been judged or sent when this is asked. */
function request({ state }: Work): RequestFacts {
  return state.receiver.own.request!
}

function reportOpen(work: Work): void {
  const { subprotocol, receiver } = work.state
  const { extensions } = receiver.agreed
  change(work, { opened: true })
  emit(work, {
    kind: 'open',
    resource: request(work).resource,
    ...(subprotocol !== undefined && { subprotocol }),
    ...(extensions !== '' && { extensions }),
  })
}

// Open

/** No application event before the connection is reported open: a server may have closed before that. */
function emitOnceOpen(work: Work, event: EndpointEvent): void {
  if (work.state.opened) emit(work, event)
}

function takeMessage(work: Work, { type, payload, broken, span }: Extract<ReceivedItem, { kind: 'message' }>): void {
  if (!may(work, 'receiveData')) return // hixie-76 §6: once it has sent its close, an end discards what comes
  const bytes = broken ? encodeUtf8(decodeUtf8(payload!)) : payload!
  const refused = messageRefusal(work.env.config.profile, type, bytes.length)
  if (refused === null) emitOnceOpen(work, { kind: 'message', type, bytes })
  else refuseMessage(work, refused, span)
}

/** RFC 6455 §7.4.1: 1003, data of a kind that the end does not take. */
function refuseMessage(work: Work, says: string, span: Span): void {
  emitOnceOpen(work, { kind: 'refused', says })
  const { closeBody } = work.env.dialect
  if (work.state.name === 'OPEN' && closeBody !== 'none')
    sendClose(work, failureBody(work, 1003, restrictions.messages.title))
  finish(work, 'fault', received(work, span))
}

/** RFC 6455 §5.5.2, hybi-03 §4.4: a ping is answered with its own payload. */
function takePing(work: Work, payload: Uint8Array): void {
  emitOnceOpen(work, { kind: 'ping', bytes: payload })
  if (may(work, 'sendPong')) sendFrame(work, 'pong', payload, 'sendPong')
}

// Closing

function takeClose(work: Work, body: Uint8Array, span: Span): void {
  const { trigger, bodies } = closeReceived(work.env.dialect, work.state.closes, body)
  if (!trigger) return
  change(work, { closes: bodies })
  move(work, trigger, received(work, span))
  // RFC 6455 §5.5.1: answered with the same code. hybi-03 §4.4: with the same body.
  if (work.state.name !== 'CLOSE_DONE') sendClose(work, body)
  // RFC 6455 §7.1.1: the server ends the stream first, so that the client's side does not linger.
  if (work.state.name === 'CLOSE_DONE' && work.env.role === 'server') finish(work, 'sendEnd')
}

// Failing

/** Tells the peer, if there is a way to in this state, and ends the stream. RFC 6455 §7.1.7, hello-00 §12 and §13. */
function fail(work: Work, { faults: found, span, refused }: Extract<ReceivedItem, { kind: 'faults' }>): void {
  const worst = found.find(({ code }) => faults[code].severity === 'violation')!
  if (work.state.name === 'AWAITING_REQUEST') refuse(work, faultInfo(worst.code).httpStatus ?? 400)
  const { closeBody } = work.env.dialect
  if (work.state.name === 'OPEN' && closeBody !== 'none')
    sendClose(work, failureBody(work, faultInfo(worst.code).closeCode ?? 1002, faultInfo(worst.code).says))
  if (worst.code === 'message.too-big' && work.env.config.profile)
    emitOnceOpen(work, { kind: 'refused', says: tooLong(null) })
  finish(work, refused ? 'receiveRefusal' : 'fault', received(work, span))
}

function refuse(work: Work, status: number): void {
  const { dialect, config } = work.env
  const { refusal } = dialect.handshake
  switch (refusal) {
    case 'httpError':
      sendUnit(work, refusalHead(dialect, status, config.versions), null)
      break
    case 'closeTcp':
      break // hello-00 §13: aborting is closing TCP
    default:
      unreachable(refusal)
  }
}

/** The code and the reason of a failure, where close frames carry them. RFC 6455 §7.4.1. */
function failureBody({ env }: Work, code: number, reason: string): Uint8Array {
  const { closeBody } = env.dialect
  switch (closeBody) {
    case 'codeAndReason':
      return concat(codeBytes(closeCodeFor(env.dialect, code)), encodeUtf8(reason))
    case 'none':
    case 'emptyFrame':
    case 'opaqueEchoed':
      return new Uint8Array(0)
    case 'initiatorLetter':
      return Uint8Array.of(initiatorLetter(env.role))
    default:
      return unreachable(closeBody)
  }
}
