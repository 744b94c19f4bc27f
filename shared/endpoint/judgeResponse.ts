// What a client holds against a response to the request it sent. RFC 6455 §4.1; hello-00 §12.
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { acceptValue } from '../handshake/accept.ts'
import { parseExtensions } from '../handshake/extensions.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField, statusOf } from '../handshake/head.ts'
import { parseSubprotocols } from '../handshake/subprotocols.ts'
import { type Finding, finding } from './findings.ts'
import { judgeField, judgeHttpVersion, judgeLines, judgeOnce, judgeUpgrade, valueSpan } from './judgeHead.ts'
import { judgeExtensions, problemSpan } from './judgeRequest.ts'
import { locationOf, type RequestFacts } from './requestFacts.ts'

/** What the client knows when the response comes. */
export interface Asked {
  readonly request: RequestFacts
  /** Whether the URL began with `wss`; null when nobody said. */
  readonly secure: boolean | null
}

/** A status line without a three-digit code is not HTTP; any code but 101 is an ordinary answer, judged no further. */
export function judgeStatus(head: Head): Finding[] {
  const status = statusOf(head)
  if (status === null) return [finding('head.start-line', head.startLine)]
  const { second, third } = head.startLine
  return status === 101 ? [] : [finding('head.status', second, `${second.text} ${third.text}`.trim())]
}

/** Every rule a response of status 101 breaks. */
export function judgeResponse(head: Head, dialect: Dialect, asked: Asked): Finding[] {
  return [
    ...judgeHttpVersion(head.startLine.first, head),
    ...judgeLines(head),
    ...judgeOnce(head, onceInResponse(dialect)),
    ...judgeUpgrade(head, dialect),
    ...judgeEchoes(head, dialect, asked),
    ...judgeProof(head, dialect, asked.request),
    ...judgeChoice(head, dialect, asked.request),
    ...judgeAgreedExtensions(head, dialect, asked.request),
  ]
}

function onceInResponse(dialect: Dialect): readonly string[] {
  const { challenge, originField } = dialect.handshake
  switch (challenge) {
    case 'acceptHash':
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
          request.origin === null ? [] : judgeEcho(field, [request.origin], 'head.origin-echo'),
        )
  if (!echoesLocation) return origin
  const schemes = secure === null ? [false, true] : [secure]
  const wanted = schemes.map((scheme) => locationOf(request, scheme))
  const location = judgeField(head, 'Sec-WebSocket-Location', 'head.location-missing', (field) =>
    judgeEcho(field, wanted, 'head.location'),
  )
  return [...origin, ...location]
}

function judgeEcho(field: HeadField, wanted: readonly string[], code: FaultCode): Finding[] {
  const { text } = field.value
  return wanted.includes(text) ? [] : [finding(code, valueSpan(field), `"${text}", wanted "${wanted[0]}"`)]
}

function judgeProof(head: Head, dialect: Dialect, { key }: RequestFacts): Finding[] {
  const { challenge } = dialect.handshake
  switch (challenge) {
    case 'acceptHash':
      return judgeField(head, 'Sec-WebSocket-Accept', 'head.accept-missing', (field) =>
        judgeEcho(field, [acceptValue(key ?? '')], 'head.accept'),
      )
    case 'hello':
      return [] // the Hello frame that follows is the proof
    default:
      return unreachable(challenge)
  }
}

/** A response names one subprotocol, and one that was offered. */
function judgeChoice(head: Head, dialect: Dialect, { subprotocols }: RequestFacts): Finding[] {
  const field = fieldNamed(head, 'Sec-WebSocket-Protocol')
  // hybi-03 §1.3: a client that asked for a subprotocol gets one. RFC 6455 §4.1 lets the server choose none.
  const required = dialect.handshake.subprotocols === 'spaceSeparatedNames' && subprotocols.length > 0
  if (!field) return required ? [finding('head.subprotocol-missing', head)] : []
  const { names, problems } = parseSubprotocols(dialect.handshake.subprotocols, field.value.text)
  const [problem] = problems
  if (problem) return [finding('head.subprotocol-syntax', problemSpan(field, problem), field.value.text)]
  if (names.length > 1) return [finding('head.subprotocol-syntax', field.value, field.value.text)]
  return subprotocols.includes(names[0]!) ? [] : [finding('head.subprotocol-unrequested', field.value, names[0])]
}

function judgeAgreedExtensions(head: Head, dialect: Dialect, { extensions }: RequestFacts): Finding[] {
  if (dialect.handshake.challenge !== 'acceptHash') return []
  const unrequested = fieldsNamed(head, 'Sec-WebSocket-Extensions').flatMap((field) =>
    (parseExtensions(field.value.text)?.names ?? [])
      .filter((name) => !extensions.includes(name))
      .map((name) => finding('head.extension-unrequested', field.value, name)),
  )
  return [...judgeExtensions(head), ...unrequested]
}

/** The subprotocol a response that breaks no rule chose. */
export function chosenSubprotocol(head: Head): string | undefined {
  return fieldNamed(head, 'Sec-WebSocket-Protocol')?.value.text
}
