// What a client holds against a response to the request it sent. RFC 6455 §4.1; hello-00 §12; hixie-76 and -75 §4.1.
import { lowerAscii } from '../bytes/ascii.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type FaultCode, hasRule } from '../faults/catalogue.ts'
import { acceptValue, parseKey, serverNonceField } from '../handshake/accept.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField, statusOf } from '../handshake/head.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { type Finding, finding } from './findings.ts'
import { judgeAnswers } from './judgeExtensions.ts'
import {
  fieldText,
  judgeField,
  judgeHttpVersion,
  judgeLines,
  judgeOnce,
  judgeOrder,
  judgeUpgrade,
  readValue,
  valueSpan,
} from './judgeHead.ts'
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
  const isUnlisted = statusOf(head) === 426 && spoken === '' && hasRule('head.versions-unlisted', dialect.id)
  return [
    finding('head.status', second, `${second.text} ${third.text}`.trim() + spoken),
    ...(isUnlisted ? [finding('head.versions-unlisted', head)] : []),
  ]
}

/** RFC 6455 §4.4: a server that does not speak the version lists those it does. */
function versionsSpoken(head: Head, { handshake: { version } }: Dialect): string {
  if (!version) return ''
  const listed = fieldsNamed(head, version.field).map((field) => field.value.text)
  return listed.length > 0 ? `, ${version.field}: ${listed.join(', ')}` : ''
}

/** Every rule a response of status 101 breaks. */
export function judgeResponse(head: Head, dialect: Dialect, asked: Asked): Finding[] {
  return [
    ...judgeStatusLine(head, dialect),
    ...judgeLines(head, dialect),
    ...judgeOnce(head, onceInResponse(dialect)),
    ...judgeFixedLines(head, dialect),
    ...(dialect.handshake.lines === 'literal' ? [] : judgeUpgrade(head, dialect)),
    ...judgeEchoes(head, dialect, asked),
    ...judgeProof(head, dialect, asked.request),
    ...judgeChoice(head, dialect, asked.request),
    ...judgeAnswers(head, dialect, asked.request.extensions),
  ]
}

function judgeStatusLine({ startLine }: Head, { handshake }: Dialect): Finding[] {
  switch (handshake.headReader) {
    case 'octets': {
      // hixie-76 §4.1, hello-00 §12: the client looks for two spaces in the line, and for the code between them.
      const isShort = startLine.secondSpace.end === startLine.secondSpace.start
      return isShort ? [finding('head.start-line', startLine, 'no space after the status')] : []
    }
    case 'http':
      return judgeHttpVersion(startLine.first) // RFC 7230 §3.1.2 wants the second space too; no client insists
    default:
      return unreachable(handshake.headReader)
  }
}

/** hixie-75 §4.1: the first 44 bytes and the next 41 are these. How lines end has been judged. */
function judgeFixedLines(head: Head, { handshake }: Dialect): Finding[] {
  if (handshake.lines !== 'literal') return []
  const { startLine, fields } = head
  const { locationField, originField, reason, upgradeToken } = handshake
  const wanted = [`HTTP/1.1 101 ${reason}`, `Upgrade: ${upgradeToken}`, 'Connection: Upgrade']
  const found = [startLineText(startLine), ...fields.slice(0, 2).map(fieldText)]
  const place = wanted.findIndex((line, index) => found[index] !== line)
  if (place >= 0) {
    const line = place === 0 ? startLine : (fields[place - 1] ?? head)
    return [finding('head.fixed-bytes', line, `"${found[place] ?? ''}", wanted "${wanted[place]}"`)]
  }
  return judgeOrder(head, ['upgrade', 'connection', lowerAscii(originField.response!), lowerAscii(locationField!)])
}

function startLineText({ first, second, third }: Head['startLine']): string {
  return [first, second, third].map(({ text }) => text).join(' ')
}

function onceInResponse(dialect: Dialect): readonly string[] {
  const { challenge, extensionsField, locationField, originField, subprotocolField } = dialect.handshake
  const echoes = [originField.response, locationField].filter((name) => name !== null)
  switch (challenge) {
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return ['Sec-WebSocket-Accept', subprotocolField, extensionsField!] // RFC 6455 §11.3
    case 'none':
    case 'keyNumbers':
    case 'hello':
      return ['Upgrade', 'Connection', ...echoes, subprotocolField]
    default:
      return unreachable(challenge)
  }
}

function judgeEchoes(head: Head, dialect: Dialect, { request, secure }: Asked): Finding[] {
  const { originField, locationField } = dialect.handshake
  const origin =
    originField.response === null
      ? []
      : judgeField(head, originField.response, 'head.origin-echo-missing', (field) =>
          request.origin === null ? [] : judgeEcho(field, dialect, [request.origin], 'head.origin-echo'),
        )
  if (locationField === null) return origin
  const schemes = secure === null ? [false, true] : [secure]
  const wanted = schemes.map((scheme) => locationOf(request, scheme))
  const location = judgeField(head, locationField, 'head.location-missing', (field) =>
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
    case 'none':
    case 'keyNumbers':
    case 'hello':
      return [] // there is none, or it follows the head
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
  const { subprotocols: rule, subprotocolField } = dialect.handshake
  const field = fieldNamed(head, subprotocolField)
  if (!field) return mustChoose(dialect, request) ? [finding('head.subprotocol-missing', head)] : []
  const value = readValue(field, dialect)
  if (rule === 'oneString' && subprotocols.length === 0) return [] // hixie-76 §4.1: compared only when one was asked for
  const { names, problems } = parseSubprotocols(rule, value.text)
  const [problem] = problems
  if (problem) return [finding('head.subprotocol-syntax', problemSpan(field, value, problem), value.text)]
  // One name and nothing else: where white space is part of the value, not even that.
  if (value.text !== names[0]) return [finding('head.subprotocol-syntax', field.value, value.text)]
  return subprotocols.includes(names[0]!) ? [] : [finding('head.subprotocol-unrequested', field.value, names[0])]
}

/** The subprotocol a response that breaks no rule chose. */
export function chosenSubprotocol(head: Head, dialect: Dialect): string | undefined {
  const field = fieldNamed(head, dialect.handshake.subprotocolField)
  return field && readValue(field, dialect).text
}
