// What a client holds against a response to the request it sent. RFC 6455 §4.1; hello-00 §12.
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { acceptValue, parseKey, serverNonceField } from '../handshake/accept.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField, statusOf } from '../handshake/head.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { type Finding, finding } from './findings.ts'
import { judgeAnswers } from './judgeExtensions.ts'
import { judgeField, judgeHttpVersion, judgeLines, judgeOnce, judgeUpgrade, readValue, valueSpan } from './judgeHead.ts'
import { problemSpan } from './judgeRequest.ts'
import { locationOf, mustChoose, type RequestFacts } from './requestFacts.ts'

/** What the client knows when the response comes. */
export interface Asked {
  readonly request: RequestFacts
  /** Whether the URL began with `wss`; null when nobody said. */
  readonly secure: boolean | null
}

/** Any code but 101 is an ordinary HTTP answer, judged no further. */
export function judgeStatus(head: Head, dialect: Dialect): Finding[] {
  if (statusOf(head) === 101) return []
  const { second, third } = head.startLine
  const spoken = versionsSpoken(head, dialect)
  return [finding('head.status', second, `${second.text} ${third.text}`.trim() + spoken)]
}

/** RFC 6455 §4.4: a server that does not speak the version lists those it does. */
function versionsSpoken(head: Head, { handshake }: Dialect): string {
  const listed = fieldsNamed(head, handshake.version.field).map((field) => field.value.text)
  return listed.length > 0 ? `, ${handshake.version.field}: ${listed.join(', ')}` : ''
}

/** Every rule a response of status 101 breaks. */
export function judgeResponse(head: Head, dialect: Dialect, asked: Asked): Finding[] {
  return [
    ...judgeStatusLine(head, dialect),
    ...judgeHttpVersion(head.startLine.first),
    ...judgeLines(head),
    ...judgeOnce(head, onceInResponse(dialect)),
    ...judgeUpgrade(head, dialect),
    ...judgeEchoes(head, dialect, asked),
    ...judgeProof(head, dialect, asked.request),
    ...judgeChoice(head, dialect, asked.request),
    ...judgeAgreedExtensions(head, dialect, asked.request),
  ]
}

/** hello-00 §12: the client looks for two spaces in the line. RFC 7230 §3.1.2 wants the second too; no client insists. */
function judgeStatusLine({ startLine }: Head, { handshake }: Dialect): Finding[] {
  const isShort = handshake.headReader === 'octets' && startLine.secondSpace.end === startLine.secondSpace.start
  return isShort ? [finding('head.start-line', startLine, 'no space after the status')] : []
}

function onceInResponse(dialect: Dialect): readonly string[] {
  const { challenge, originField } = dialect.handshake
  switch (challenge) {
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return ['Sec-WebSocket-Accept', 'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions'] // RFC 6455 §11.3
    case 'hello':
      return [
        'Upgrade',
        'Connection',
        ...(originField.response === null ? [] : [originField.response]),
        'Sec-WebSocket-Location',
        'Sec-WebSocket-Protocol',
      ]
    default:
      return unreachable(challenge)
  }
}

function judgeEchoes(head: Head, dialect: Dialect, { request, secure }: Asked): Finding[] {
  const { originField, echoesLocation } = dialect.handshake
  const origin =
    originField.response === null
      ? []
      : judgeField(head, originField.response, 'head.origin-echo-missing', (field) =>
          request.origin === null ? [] : judgeEcho(field, dialect, [request.origin], 'head.origin-echo'),
        )
  if (!echoesLocation) return origin
  const schemes = secure === null ? [false, true] : [secure]
  const wanted = schemes.map((scheme) => locationOf(request, scheme))
  const location = judgeField(head, 'Sec-WebSocket-Location', 'head.location-missing', (field) =>
    judgeEcho(field, dialect, wanted, 'head.location'),
  )
  return [...origin, ...location]
}

function judgeEcho(field: HeadField, dialect: Dialect, wanted: readonly string[], code: FaultCode): Finding[] {
  const { text } = readValue(field, dialect)
  return wanted.includes(text) ? [] : [finding(code, valueSpan(field), `"${text}", wanted "${wanted[0]}"`)]
}

function judgeProof(head: Head, dialect: Dialect, { key }: RequestFacts): Finding[] {
  const { challenge } = dialect.handshake
  switch (challenge) {
    case 'acceptHash':
      return judgeAccept(head, dialect, key)
    case 'acceptHashAndNonce':
      return [...judgeAccept(head, dialect, key), ...judgeServerNonce(head)]
    case 'hello':
      return [] // the Hello frame that follows is the proof
    default:
      return unreachable(challenge)
  }
}

function judgeAccept(head: Head, dialect: Dialect, key: string | null): Finding[] {
  return judgeField(head, 'Sec-WebSocket-Accept', 'head.accept-missing', (field) =>
    judgeEcho(field, dialect, [acceptValue(key ?? '')], 'head.accept'),
  )
}

/** hybi-04 §5.2.2: 16 random bytes in base64. Without it the client cannot mask. */
function judgeServerNonce(head: Head): Finding[] {
  return judgeField(head, serverNonceField, 'head.server-nonce-missing', (field) =>
    parseKey(field.value.text).ok ? [] : [finding('head.server-nonce', valueSpan(field), field.value.text)],
  )
}

/** A response names one subprotocol, and one that was offered. */
function judgeChoice(head: Head, dialect: Dialect, request: RequestFacts): Finding[] {
  const { subprotocols } = request
  const field = fieldNamed(head, 'Sec-WebSocket-Protocol')
  if (!field) return mustChoose(dialect, request) ? [finding('head.subprotocol-missing', head)] : []
  const value = readValue(field, dialect)
  const { names, problems } = parseSubprotocols(dialect.handshake.subprotocols, value.text)
  const [problem] = problems
  if (problem) return [finding('head.subprotocol-syntax', problemSpan(field, value, problem), value.text)]
  // One name and nothing else: where white space is part of the value, not even that.
  if (value.text !== names[0]) return [finding('head.subprotocol-syntax', field.value, value.text)]
  return subprotocols.includes(names[0]!) ? [] : [finding('head.subprotocol-unrequested', field.value, names[0])]
}

function judgeAgreedExtensions(head: Head, dialect: Dialect, { extensions }: RequestFacts): Finding[] {
  return dialect.handshake.challenge !== 'hello' ? judgeAnswers(head, dialect, extensions) : []
}

/** The subprotocol a response that breaks no rule chose. */
export function chosenSubprotocol(head: Head, dialect: Dialect): string | undefined {
  const field = fieldNamed(head, 'Sec-WebSocket-Protocol')
  return field && readValue(field, dialect).text
}
