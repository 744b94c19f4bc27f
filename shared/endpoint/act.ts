// What the application at an end can ask for. An action that cannot be done now is answered with one sentence.
import { concat } from '../bytes/concat.ts'
import { seededRandom } from '../bytes/random.ts'
import { none } from '../bytes/room.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { encodeUtf8, encodeUtf8Behind } from '../bytes/utf8.ts'
import { mayBeSent, sendableCodes } from '../dialects/closeCodes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { deflate } from '../extensions/deflate.ts'
import { mostInFront } from '../framing/encode.ts'
import { opcodeNumber } from '../framing/opcodes.ts'
import { parseHead } from '../handshake/head.ts'
import { key3Size } from '../handshake/keyNumbers.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { earlyText, sameSeed } from '../profile/flaws.ts'
import { messageRefusal } from '../profile/prototype2010.ts'
import { compressedBit } from './agreed.ts'
import { initiatorLetter } from './closeBodies.ts'
import {
  beginStep,
  change,
  codeBytes,
  type EndpointState,
  finish,
  finishStep,
  know,
  may,
  sendClose,
  sendFrame,
  sendUnit,
  type Work,
} from './endpointState.ts'
import { requestHead } from './heads.ts'
import { readRequest } from './requestFacts.ts'
import type { Action, ActResult, EndpointEnv, StateName } from './types.ts'

/** Does what the application asks for, or says in one sentence why it cannot be done now. */
export function act(state: EndpointState, action: Action, env: EndpointEnv): ActResult<EndpointState> {
  const work = beginStep(state, env)
  const problem = perform(work, action)
  return problem === null ? { ok: true, step: finishStep(work) } : { ok: false, reason: problem }
}

/** Null when it was done. */
type Problem = string | null

function perform(work: Work, action: Action): Problem {
  switch (action.kind) {
    case 'open':
      return open(work)
    case 'sendText':
      return sendText(work, action)
    case 'sendUtf8':
      return sendMessage(work, 'text', action.bytes, action.fragments)
    case 'sendBinary':
      return sendMessage(work, 'binary', action.bytes, action.fragments)
    case 'ping':
      return sendControl(work, 'ping', action.bytes)
    case 'pong':
      return sendControl(work, 'pong', action.bytes)
    case 'close':
      return close(work, action)
    case 'end':
      return end(work)
    case 'timeout':
      return timeOut(work)
    default:
      return unreachable(action)
  }
}

function open(work: Work): Problem {
  const { env, state } = work
  if (env.role === 'server') return 'A server does not open: it waits for the request of a client.'
  if (state.name !== 'IDLE') return 'The client has asked already: a connection is opened once.'
  const made = requestHead(env.config.flaw === 'same-nonce' ? { ...env, random: seededRandom(sameSeed) } : env)
  if (!made.ok) return made.error
  const head = env.rewriteHead?.(made.value) ?? made.value
  know(work, { request: readRequest(parseHead(head, 'request'), env.dialect) })
  sendUnit(work, head, 'sendRequest')
  if (env.dialect.handshake.challenge === 'keyNumbers') {
    const key3 = env.random(key3Size)
    know(work, { key3 })
    sendUnit(work, key3, 'sendChallenge')
  }
  if (env.config.flaw === 'no-wait') sendFrame(work, 'text', encodeUtf8(earlyText), null)
  return null
}

// Sending

/** Encoded with room for the header in front. */
function sendText(work: Work, { text, fragments }: Extract<Action, { kind: 'sendText' }>): Problem {
  const bytes = encodeUtf8Behind(mostInFront, text)
  return sendMessage(work, 'text', bytes.subarray(mostInFront), fragments, mostInFront)
}

function sendMessage(work: Work, type: 'text' | 'binary', message: Uint8Array, fragments = 1, room = 0): Problem {
  const { dialect, config } = work.env
  const refused = messageRefusal(config.profile, type, message.length)
  if (refused !== null) return refused
  if (opcodeNumber(dialect, type) === undefined) return `There are no ${type} messages in ${dialect.name}: send text.`
  if (!may(work, 'sendData')) return cannotSend(work, 'send')
  if (fragments !== 1 && dialect.framing === 'sentinel')
    return `There are no fragments in ${dialect.name}: send the text whole.`
  const { deflater } = work.state
  const deflated = deflater && deflate(deflater, message)
  const payload = deflated?.bytes ?? message
  const most = Math.max(1, payload.length)
  if (!Number.isInteger(fragments) || fragments < 1 || fragments > most) {
    return `${payload.length} bytes cannot be cut into ${fragments} fragments: give a whole number from 1 to ${most}.`
  }
  for (let i = 0; i < fragments; i++) {
    const part =
      fragments === 1 ? payload : payload.subarray(cut(i, fragments, payload), cut(i + 1, fragments, payload))
    // RFC 7692 §6.1: RSV1 on the first frame speaks for the whole message.
    const reserved = deflated && i === 0 ? compressedBit : 0
    sendFrame(work, i === 0 ? type : 'continuation', part, 'sendData', {
      final: i === fragments - 1,
      reserved,
      room: fragments === 1 && !deflated ? room : 0,
    })
  }
  if (deflated) change(work, { deflater: deflated.deflater })
  return null
}

/** Where fragment `i` of `count` begins: all are as long as each other, give or take a byte. */
function cut(i: number, count: number, payload: Uint8Array): number {
  return Math.floor((i * payload.length) / count)
}

/** RFC 6455 §5.5, hybi-03 §4.4. */
const longestControl = 125

function sendControl(work: Work, name: 'ping' | 'pong', payload: Uint8Array): Problem {
  const { dialect } = work.env
  if (opcodeNumber(dialect, name) === undefined) return `There are no ${name}s in ${dialect.name}: leave it out.`
  const trigger = name === 'ping' ? 'sendPing' : 'sendPong'
  if (!may(work, trigger)) return cannotSend(work, name)
  if (payload.length > longestControl) {
    return `A ${name} carries at most ${longestControl} bytes; this one has ${payload.length}.`
  }
  sendFrame(work, name, payload, trigger)
  return null
}

function cannotSend({ state, env }: Work, what: string): string {
  return `The ${env.role} cannot ${what} now: ${situation(state.name)}.`
}

function situation(state: StateName): string {
  switch (state) {
    case 'IDLE':
      return 'it has not asked for the connection yet, use open first'
    case 'AWAITING_REQUEST':
    case 'REQUEST_RECEIVED':
    case 'AWAITING_RESPONSE':
    case 'AWAITING_SERVER_HELLO':
    case 'AWAITING_CLIENT_HELLO':
    case 'AWAITING_CHALLENGE':
    case 'AWAITING_KEY3':
      return 'the opening handshake is not finished, wait until the connection is open'
    case 'OPEN':
      return 'the connection is open'
    case 'CLOSE_SENT':
    case 'CLOSE_RECEIVED':
    case 'CLOSE_CROSSED':
    case 'CLOSE_DONE':
      return 'the connection is closing, and nothing but answers may follow a close frame'
    case 'CLOSED':
    case 'FAILED':
      return 'the connection is over, open a new one'
    default:
      return unreachable(state)
  }
}

// Closing

function close(work: Work, action: Extract<Action, { kind: 'close' }>): Problem {
  if (work.env.dialect.closeBody === 'none') return closeBare(work, action)
  if (!may(work, 'sendClose')) return cannotSend(work, 'close')
  const body = closeBody(work, action)
  if (!body.ok) return body.error
  sendClose(work, body.value)
  return null
}

/** hixie-75 §6: there is no close frame, TCP is closed. */
function closeBare(work: Work, { code, reason, body }: Extract<Action, { kind: 'close' }>): Problem {
  if (work.state.name !== 'OPEN') return cannotSend(work, 'close')
  if (code !== undefined || reason !== undefined || body !== undefined) {
    return `There are no close frames in ${work.env.dialect.name}, so nothing could carry this: give nothing.`
  }
  finish(work, 'sendEnd')
  return null
}

function closeBody({ env }: Work, action: Extract<Action, { kind: 'close' }>): Result<Uint8Array> {
  const { closeBody: strategy, name } = env.dialect
  switch (strategy) {
    case 'codeAndReason':
      return action.body
        ? failure(`A close frame of ${name} has a code and a reason: give these.`)
        : coded(env.dialect, action)
    case 'none':
    case 'emptyFrame':
      if (action.code !== undefined || action.reason !== undefined || (action.body ?? []).length > 0) {
        return failure(`A close frame of ${name} is empty: give nothing.`)
      }
      return success(new Uint8Array(0))
    case 'opaqueEchoed':
      return noCode(name, action) ?? shortEnough(action.body ?? none)
    case 'initiatorLetter':
      return noCode(name, action) ?? shortEnough(concat(Uint8Array.of(initiatorLetter(env.role)), action.body ?? none))
    default:
      return unreachable(strategy)
  }
}

function noCode(name: string, { code, reason }: Extract<Action, { kind: 'close' }>): Result<never> | null {
  if (code === undefined && reason === undefined) return null
  return failure(`A close frame of ${name} has no code or reason: give bytes, or nothing.`)
}

/** Without a code and a reason the body is empty; a reason alone goes with 1000. */
function coded(dialect: Dialect, { code, reason }: Extract<Action, { kind: 'close' }>): Result<Uint8Array> {
  if (code === undefined && reason === undefined) return success(new Uint8Array(0))
  const given = code ?? 1000
  if (!mayBeSent(dialect, given)) {
    return failure(`${given} may not be sent as a close code in ${dialect.name}: use ${sendableCodes(dialect)}.`)
  }
  return shortEnough(concat(codeBytes(given), encodeUtf8(reason ?? '')))
}

function shortEnough(body: Uint8Array): Result<Uint8Array> {
  if (body.length <= longestControl) return success(body)
  return failure(`A close frame carries at most ${longestControl} bytes; this one would have ${body.length}.`)
}

function end(work: Work): Problem {
  if (!may(work, 'sendEnd')) return 'The stream has been ended already.'
  finish(work, 'sendEnd')
  return null
}

function timeOut(work: Work): Problem {
  if (!may(work, 'timeout')) return 'Nothing is being waited for.'
  finish(work, 'timeout')
  return null
}
