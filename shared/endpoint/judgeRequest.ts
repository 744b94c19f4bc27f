// What a server holds against a request. RFC 6455 §4.2.1; hello-00 §5, §6, §7, §13; hixie-76 §5.1; hixie-75 §5.2.
import { lowerAscii } from '../bytes/ascii.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { parseKey } from '../handshake/accept.ts'
import { fieldNamed, fieldsNamed, type Head, type HeadField, type LocatedText } from '../handshake/head.ts'
import { parseNonce } from '../handshake/hello.ts'
import { keyOddity, type ParsedKeyNumber, parseKeyNumber } from '../handshake/keyNumbers.ts'
import { parseSubprotocols, type SubprotocolProblem } from '../handshake/subprotocols.ts'
import { isHostField, type ResourceProblem, resourceOfTarget, resourceProblems } from '../handshake/urls.ts'
import { type Finding, finding } from './findings.ts'
import { judgeOffers } from './judgeExtensions.ts'
import {
  fieldText,
  judgeCase,
  judgeField,
  judgeHttpVersion,
  judgeLines,
  judgeOnce,
  judgeOrder,
  judgeUpgrade,
  readValue,
  valueSpan,
} from './judgeHead.ts'

/** Every rule the request breaks, the one that decides the answer first. Spans are where the head's are. */
export function judgeRequest(head: Head, dialect: Dialect): Finding[] {
  const { originField } = dialect.handshake
  return [
    ...judgeRequestLine(head, dialect),
    ...judgeLines(head, dialect),
    ...judgeOnce(head, onceInRequest(dialect)),
    ...judgeField(head, 'Host', 'head.host-missing', (field) => judgeHost(field, dialect)),
    ...judgeUpgrade(head, dialect),
    ...(originField.response === null
      ? []
      : judgeField(head, originField.request[0]!, 'head.origin-missing', (field) => judgeCase(field, dialect))),
    ...judgeFixedLines(head, dialect),
    ...judgeRequestOrder(head, dialect),
    ...judgeChallenge(head, dialect),
    ...judgeProtocols(head, dialect),
    ...judgeOffers(head, dialect),
  ]
}

/** hixie-75 §4.1: a client writes the version and two lines to the byte. Where they say something else, that is another rule. */
function judgeFixedLines(head: Head, dialect: Dialect): Finding[] {
  const { lines, upgradeToken } = dialect.handshake
  if (lines !== 'literal') return []
  const { third } = head.startLine
  const isOther = third.text !== fixedVersion && judgeHttpVersion(third).length === 0
  const version = isOther ? [finding('head.fixed-lines', third, `"${third.text}", wanted "${fixedVersion}"`)] : []
  const fields = Object.entries({ Upgrade: upgradeToken, Connection: 'Upgrade' }).flatMap(([name, value]) => {
    const field = fieldNamed(head, name)
    if (!field || lowerAscii(readValue(field, dialect).text) !== lowerAscii(value)) return []
    const [found, wanted] = [fieldText(field), `${name}: ${value}`]
    return found === wanted ? [] : [finding('head.fixed-lines', field, `"${found}", wanted "${wanted}"`)]
  })
  return [...version, ...fields]
}

const fixedVersion = 'HTTP/1.1'

/** hixie-75 §5.2 promises a server this order; the names in lower case. */
function judgeRequestOrder(head: Head, { handshake }: Dialect): Finding[] {
  if (handshake.lines !== 'literal') return []
  return judgeOrder(head, ['upgrade', 'connection', 'host', 'origin', lowerAscii(handshake.subprotocolField)])
}

function onceInRequest(dialect: Dialect): readonly string[] {
  const { challenge, originField, subprotocolField, version } = dialect.handshake
  const always = ['Host', ...originField.request, ...(version ? [version.field] : [])]
  switch (challenge) {
    case 'none':
      return ['Upgrade', 'Connection', ...always, subprotocolField]
    case 'keyNumbers':
      return [...always, 'Sec-WebSocket-Key1', 'Sec-WebSocket-Key2', subprotocolField]
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return [...always, 'Sec-WebSocket-Key'] // RFC 6455 §11.3
    case 'hello':
      return [...always, 'Sec-WebSocket-Nonce', subprotocolField]
    default:
      return unreachable(challenge)
  }
}

function judgeRequestLine(head: Head, dialect: Dialect): Finding[] {
  const { first, second, third } = head.startLine
  const method = first.text === 'GET' ? [] : [finding('head.method', first, first.text)]
  return [...method, ...judgeHttpVersion(third), ...judgeResource(head, second.text, dialect)]
}

function orLine(head: Head, part: { readonly start: number; readonly end: number }) {
  return part.end > part.start ? part : head.startLine
}

/** RFC 6455 §4.2.1 item 2; hello-00 §13: the location is built from it. */
function judgeHost(field: HeadField, dialect: Dialect): Finding[] {
  const { text } = readValue(field, dialect)
  return isHostField(text) ? judgeCase(field, dialect) : [finding('head.host', valueSpan(field), `"${text}"`)]
}

function judgeResource(head: Head, target: string, dialect: Dialect): Finding[] {
  const resource = resourceOfTarget(dialect.handshake.resource, target)
  const from = head.startLine.second.start + Math.max(0, target.length - resource.length)
  return resourceProblems(dialect.handshake.resource, resource).map((problem) => {
    const start = from + problem.at
    const span = orLine(head, { start, end: start + problem.length })
    return finding(
      resourceFault(problem, dialect),
      span,
      resource.slice(problem.at, problem.at + problem.length) || undefined,
    )
  })
}

function resourceFault({ reason }: ResourceProblem, dialect: Dialect): FaultCode {
  switch (reason) {
    case 'notAbsolute':
    case 'fragment':
    case 'notAscii':
      return 'head.resource'
    case 'colon':
    case 'space':
    case 'control':
      return dialect.handshake.resource === 'noColonOrSpace' ? 'head.resource-character' : 'head.resource'
    case 'queryColon':
      return 'head.query-colon'
    default:
      return unreachable(reason)
  }
}

function judgeChallenge(head: Head, dialect: Dialect): Finding[] {
  const { challenge } = dialect.handshake
  switch (challenge) {
    case 'none':
      return []
    case 'keyNumbers':
      return [
        ...['Sec-WebSocket-Key1', 'Sec-WebSocket-Key2'].flatMap((name) => judgeKeyNumber(head, name, dialect)),
        ...judgeVersion(head, dialect, 'head.draft', 'head.draft'),
      ]
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return [
        ...judgeField(head, 'Sec-WebSocket-Key', 'head.key-missing', judgeKey),
        ...judgeVersion(head, dialect, 'head.version-missing', 'head.version'),
      ]
    case 'hello':
      return [
        ...judgeField(head, 'Sec-WebSocket-Nonce', 'head.nonce-missing', (field) => judgeNonce(field, dialect)),
        // The nonce tells this dialect apart, not the number, which other drafts' implementations used too.
        ...judgeVersion(head, dialect, 'head.draft', 'head.draft'),
      ]
    default:
      return unreachable(challenge)
  }
}

function judgeKey(field: HeadField): Finding[] {
  const key = parseKey(field.value.text)
  if (key.ok) return []
  return [finding(key.reason === 'base64' ? 'head.key-base64' : 'head.key-length', valueSpan(field), field.value.text)]
}

/** RFC 6455 §4.1 item 9: the number itself, no leading zero. */
function judgeVersion(head: Head, dialect: Dialect, missing: FaultCode, wrong: FaultCode): Finding[] {
  const { version } = dialect.handshake
  if (!version) return []
  return judgeField(head, version.field, missing, (field) => {
    const { text } = readValue(field, dialect)
    return version.accepted.includes(text) ? [] : [finding(wrong, valueSpan(field), text)]
  })
}

/** hixie-76 §5.2: without both keys, a space in each and a division without a rest there is no answer. §4.1: how keys are made. */
function judgeKeyNumber(head: Head, name: string, dialect: Dialect): Finding[] {
  const [field] = fieldsNamed(head, name)
  if (!field) return [finding('head.keys-missing', head, name)]
  const { text } = readValue(field, dialect)
  const parsed = parseKeyNumber(text)
  if (!parsed.ok) return [finding(keyNumberFaults[parsed.reason], valueSpan(field), text)]
  const oddity = keyOddity(text)
  return oddity ? [finding('head.key-form', valueSpan(field), oddity)] : []
}

const keyNumberFaults: Readonly<Record<Extract<ParsedKeyNumber, { ok: false }>['reason'], FaultCode>> = {
  spaces: 'head.key-spaces',
  digits: 'head.key-digits',
  multiple: 'head.key-multiple',
  range: 'head.key-range',
}

function judgeNonce(field: HeadField, dialect: Dialect): Finding[] {
  const { text, start } = readValue(field, dialect)
  const nonce = parseNonce(text)
  if (!nonce.ok) return [finding('head.nonce', valueSpan(field), `"${text}"`)]
  if (nonce.lowerCaseAt < 0) return []
  const at = start + nonce.lowerCaseAt
  return [finding('head.nonce-lower-case', { start: at, end: at + 1 }, text[nonce.lowerCaseAt])]
}

/** RFC 6455 §4.1 item 10, §11.3.4: several fields are one list. */
function judgeProtocols(head: Head, dialect: Dialect): Finding[] {
  const { subprotocols: rule, subprotocolField } = dialect.handshake
  const offered: string[] = []
  return fieldsNamed(head, subprotocolField).flatMap((field) => {
    const value = readValue(field, dialect)
    const { names, problems } = parseSubprotocols(rule, value.text, offered)
    offered.push(...names)
    return problems.flatMap((problem) => {
      const code = subprotocolFault(problem, rule)
      return code ? [finding(code, problemSpan(field, value, problem), value.text)] : []
    })
  })
}

function subprotocolFault(
  { reason }: SubprotocolProblem,
  rule: Dialect['handshake']['subprotocols'],
): FaultCode | null {
  if (reason !== 'duplicate') return 'head.subprotocol-syntax'
  return rule === 'commaSeparatedTokens' ? 'head.subprotocol-repeated' : null // RFC 6455 §4.1 item 10; no rule elsewhere
}

/** Where a problem in a value is: one character, or all of the value when that character is past its end. */
export function problemSpan(field: HeadField, value: LocatedText, problem: SubprotocolProblem) {
  const start = value.start + problem.at
  return start < value.end ? { start, end: start + 1 } : valueSpan(field)
}
