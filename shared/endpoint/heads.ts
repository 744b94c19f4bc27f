// The HTTP heads our own ends send.
import { lowerAscii } from '../bytes/ascii.ts'
import { shuffled } from '../bytes/random.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { acceptOffer, offerOf } from '../extensions/perMessageDeflate.ts'
import { acceptValue, keySize, makeKey, serverNonceField } from '../handshake/accept.ts'
import { encodeHead } from '../handshake/head.ts'
import { formatNonce, nonceSize } from '../handshake/hello.ts'
import { makeKeyNumber } from '../handshake/keyNumbers.ts'
import { badCharacter, formatSubprotocols } from '../handshake/subprotocols.ts'
import { hostField, parseUrl, resourceProblems, type WebSocketUrl } from '../handshake/urls.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { locationOf, type RequestFacts } from './requestFacts.ts'
import type { EndpointConfig, EndpointEnv } from './types.ts'

type Fields = readonly (readonly [name: string, value: string])[]

/** The request of a client. Fails with one sentence when the URL or a subprotocol is none the dialect can ask for. */
export function requestHead({
  dialect,
  config,
  random,
}: Pick<EndpointEnv, 'dialect' | 'config' | 'random'>): Result<Uint8Array> {
  const url = parseUrl(config.url)
  if (!url.ok) return url
  const problem = cannotAskFor(dialect, config, url.value.resource)
  if (problem) return failure(problem)
  const { challenge } = dialect.handshake
  const line = `GET ${url.value.resource} HTTP/1.1`
  switch (challenge) {
    case 'none':
      return success(encodeHead(line, fixedFields(dialect, config, url.value)))
    case 'keyNumbers':
      return success(encodeHead(line, shuffled(random, keyNumberFields(dialect, config, url.value, random))))
    case 'hello':
      return success(encodeHead(line, helloFields(dialect, config, url.value, formatNonce(random(nonceSize)))))
    case 'acceptHash':
    case 'acceptHashAndNonce':
      return success(encodeHead(line, keyFields(dialect, config, url.value, makeKey(random(keySize)))))
    default:
      return unreachable(challenge)
  }
}

/** Why no client of the dialect can send a request of this configuration, as one sentence; null when one can. */
export function requestObjection({ dialect, config }: Pick<EndpointEnv, 'dialect' | 'config'>): string | null {
  const url = parseUrl(config.url)
  return url.ok ? cannotAskFor(dialect, config, url.value.resource) : url.error
}

function cannotAskFor(dialect: Dialect, config: EndpointConfig, resource: string): string | null {
  const { resource: resourceRule, subprotocols: rule } = dialect.handshake
  const [problem] = resourceProblems(resourceRule, resource).filter(({ reason }) => reason !== 'queryColon')
  if (problem) {
    const part = resource.slice(problem.at, problem.at + problem.length)
    return `${dialect.name} does not allow "${part}" in "${resource}": choose another path.`
  }
  if (config.origin !== undefined && !/^[!-~]+$/.test(config.origin)) {
    return `The origin "${config.origin}" is not printable ASCII without spaces: write it as http://host.`
  }
  const names = config.subprotocols ?? []
  if (rule === 'oneString' && names.length > 1) return `A client of ${dialect.name} asks for one subprotocol: name one.`
  const bad = names.find((each) => each === '' || badCharacter(rule, each) >= 0)
  if (bad !== undefined) return `${dialect.name} does not allow "${bad}" as the name of a subprotocol.`
  const twice = names.find((each, index) => names.indexOf(each) < index)
  return twice === undefined ? null : `The subprotocol "${twice}" is offered twice: offer it once.`
}

/** The response has to repeat an origin, so there is one even when nobody gave it. */
function originOf({ handshake }: Dialect, { origin }: EndpointConfig, url: WebSocketUrl): string {
  const given = origin ?? `${url.secure ? 'https' : 'http'}://${hostField(url)}`
  return handshake.hostAndOrigin === 'lowerCase' ? lowerAscii(given) : given
}

/** In the order that the draft fixes. hixie-75 §4.1. */
function fixedFields(dialect: Dialect, config: EndpointConfig, url: WebSocketUrl): Fields {
  const { originField, upgradeToken } = dialect.handshake
  return [
    ['Upgrade', upgradeToken],
    ['Connection', 'Upgrade'],
    ['Host', hostField(url)],
    [originField.request[0]!, originOf(dialect, config, url)],
    ...offer(dialect, config),
  ]
}

/** To be sent in an order of chance. hixie-76 §4.1. */
function keyNumberFields(
  dialect: Dialect,
  config: EndpointConfig,
  url: WebSocketUrl,
  random: EndpointEnv['random'],
): Fields {
  return [
    ...fixedFields(dialect, config, url),
    ['Sec-WebSocket-Key1', makeKeyNumber(random)],
    ['Sec-WebSocket-Key2', makeKeyNumber(random)],
    ...versionField(dialect),
  ]
}

/** In the order of the draft's example. hello-00 §4. */
function helloFields(dialect: Dialect, config: EndpointConfig, url: WebSocketUrl, nonce: string): Fields {
  const { originField, upgradeToken } = dialect.handshake
  return [
    ['Host', hostField(url)],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Nonce', nonce],
    ...offer(dialect, config),
    ['Upgrade', upgradeToken],
    [originField.request[0]!, originOf(dialect, config, url)],
    ...versionField(dialect),
  ]
}

/** In the order of the example in RFC 6455 §1.2. */
function keyFields(dialect: Dialect, config: EndpointConfig, url: WebSocketUrl, key: string): Fields {
  const { originField, upgradeToken } = dialect.handshake
  return [
    ['Host', hostField(url)],
    ['Upgrade', upgradeToken],
    ['Connection', 'Upgrade'],
    ['Sec-WebSocket-Key', key],
    ...(config.origin === undefined ? [] : [[originField.request[0]!, config.origin] as const]),
    ...offer(dialect, config),
    ...extensionOffer(dialect, config),
    ...versionField(dialect),
  ]
}

function versionField({ handshake: { version } }: Dialect): Fields {
  return version ? [[version.field, version.value]] : []
}

/** RFC 7692 §5.1. */
function extensionOffer(dialect: Dialect, { compress }: EndpointConfig): Fields {
  if (!compress || dialect.compression === 'none') return []
  return [[dialect.handshake.extensionsField!, offerOf(compress)]]
}

function extensionAnswer(dialect: Dialect, { compress }: EndpointConfig, { extensions }: RequestFacts): Fields {
  const accepted = compress && dialect.compression === 'deflate' ? acceptOffer(extensions, compress) : null
  return accepted ? [[dialect.handshake.extensionsField!, accepted.answer]] : []
}

function offer(dialect: Dialect, { subprotocols = [] }: EndpointConfig): Fields {
  if (subprotocols.length === 0) return []
  const { subprotocolField, subprotocols: rule } = dialect.handshake
  return [[subprotocolField, formatSubprotocols(rule, subprotocols)]]
}

/** The first name the client offers that the server speaks. */
export function chooseSubprotocol(request: RequestFacts, { subprotocols = [] }: EndpointConfig): string | undefined {
  return request.subprotocols.find((name) => subprotocols.includes(name))
}

/** The 101 head of a server. */
export function responseHead(
  { dialect, config, random }: Pick<EndpointEnv, 'dialect' | 'config' | 'random'>,
  request: RequestFacts,
): Uint8Array {
  const { challenge, locationField, originField, reason, subprotocolField, upgradeToken } = dialect.handshake
  const subprotocol = chooseSubprotocol(request, config)
  const url = parseUrl(config.url)
  return encodeHead(`HTTP/1.1 101 ${reason}`, [
    ['Upgrade', upgradeToken],
    ['Connection', 'Upgrade'],
    ...(originField.response === null ? [] : [[originField.response, request.origin ?? ''] as const]),
    ...(locationField === null ? [] : [[locationField, locationOf(request, url.ok && url.value.secure)] as const]),
    ...(challenge === 'acceptHash' || challenge === 'acceptHashAndNonce'
      ? [['Sec-WebSocket-Accept', acceptValue(request.key ?? '')] as const]
      : []),
    ...(challenge === 'acceptHashAndNonce' ? [[serverNonceField, makeKey(random(keySize))] as const] : []),
    ...(subprotocol === undefined ? [] : [[subprotocolField, subprotocol] as const]),
    ...extensionAnswer(dialect, config, request),
  ])
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  426: 'Upgrade Required',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
}

/** A server's HTTP error. It has no body: the status and its fields say it all. `versions`: those the server speaks. */
export function refusalHead(dialect: Dialect, status: number, versions?: readonly string[]): Uint8Array {
  const { upgradeToken, version } = dialect.handshake
  const spoken = version && ([version.field, (versions ?? [version.value]).join(', ')] as const)
  const reason = reasons[status]
  if (reason === undefined) throw new Error(`no reason phrase for status ${status}`)
  return encodeHead(`HTTP/1.1 ${status} ${reason}`, [
    // RFC 6455 §4.4: say which versions are spoken; RFC 7231 §6.5.15: 426 names the protocol, §6.5.5: 405 the methods.
    // RFC 7230 §6.7: who sends Upgrade names it in Connection too.
    ...(status === 426 ? [['Upgrade', upgradeToken] as const, ...(spoken ? [spoken] : [])] : []),
    ...(status === 405 ? [['Allow', 'GET'] as const] : []),
    ['Connection', status === 426 ? 'Upgrade, close' : 'close'],
    ['Content-Length', '0'],
  ])
}
