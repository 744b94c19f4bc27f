// ws:// and wss:// URLs, and what a resource name may hold in each dialect.
import type { Dialect } from '../dialects/dialect.ts'
import { failure, type Result, success } from '../ipc/result.ts'

export interface WebSocketUrl {
  readonly secure: boolean
  /** Lower case; IPv6 without its brackets. */
  readonly host: string
  readonly port: number
  /** Path and query, as they go into the request line: `/demo?a=1`. */
  readonly resource: string
}

/** RFC 6455 §3. */
function defaultPort(secure: boolean): number {
  return secure ? 443 : 80
}

/**
 * Reads an absolute `ws` or `wss` URL. An empty path becomes `/`; the query is kept; a fragment is refused, RFC 6455 §3.
 * What the resource may hold is the dialect's affair: see `resourceProblems`.
 */
export function parseUrl(text: string): Result<WebSocketUrl> {
  const match = /^(wss?):\/\/([^/?#]*)([^#]*)(#.*)?$/is.exec(text)
  if (!match) return failure(`"${text}" is not a WebSocket URL: write ws://host:port/path.`)
  const [, scheme, authority, rest, fragment] = match
  if (fragment !== undefined) return failure(`"${text}" has a fragment: leave out "${fragment}", or write # as %23.`)
  if (authority!.includes('@')) return failure(`"${text}" names a user: leave out the part before @.`)
  const secure = scheme!.toLowerCase() === 'wss'
  const place = parseAuthority(authority!, defaultPort(secure))
  if (!place.ok) return failure(`"${text}" ${place.error}`)
  return success({ secure, ...place.value, resource: rest!.startsWith('/') ? rest! : `/${rest}` })
}

function parseAuthority(text: string, otherwise: number): Result<{ host: string; port: number }> {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._~!$&'()*+,;=%-]+))(?::([0-9]*))?$/.exec(text)
  if (!match)
    return failure(text === '' ? 'names no host: write ws://host:port/path.' : `has no valid host in "${text}".`)
  const port = match[3] ? Number(match[3]) : otherwise
  if (port < 1 || port > 65535) return failure(`asks for port ${match[3]}: ports go from 1 to 65535.`)
  return success({ host: (match[1] ?? match[2]!).toLowerCase(), port })
}

/** The value of the Host field: IPv6 in brackets, the port only when it is not the default. RFC 6455 §4.1 item 4. */
export function hostField({ secure, host, port }: WebSocketUrl): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === defaultPort(secure) ? name : `${name}:${port}`
}

/** Whether a Host field's value names a host, and perhaps a port. RFC 7230 §5.4. */
export function isHostField(text: string): boolean {
  return parseAuthority(text, defaultPort(false)).ok
}

/**
 * Path and query of a request line's target. RFC 6455 §4.2.1 item 1 lets it be an absolute http or https URI too; the
 * drafts before took nothing but a path. A target of any other form is given back as it is.
 */
export function resourceOfTarget(rule: Dialect['handshake']['resource'], target: string): string {
  const match = rule === 'rfc3986' ? /^https?:\/\/[^/?#]*(.*)$/is.exec(target) : null
  if (!match) return target
  return match[1]!.startsWith('/') ? match[1]! : `/${match[1]}`
}

export interface ResourceProblem {
  /** `queryColon`: the draft does not say clearly whether its ban covers the query. */
  readonly reason: 'notAbsolute' | 'fragment' | 'colon' | 'space' | 'control' | 'notAscii' | 'queryColon'
  /** Written as `%3A` and the like. */
  readonly encoded: boolean
  /** Index in the resource, and how many characters. */
  readonly at: number
  readonly length: number
}

/** Everything in a resource name that breaks the dialect's rule, in order. */
export function resourceProblems(rule: Dialect['handshake']['resource'], resource: string): readonly ResourceProblem[] {
  const problems: ResourceProblem[] = []
  if (!resource.startsWith('/')) problems.push({ reason: 'notAbsolute', encoded: false, at: 0, length: 0 })
  const query = resource.includes('?') ? resource.indexOf('?') : resource.length
  for (const match of resource.matchAll(/%[0-9A-Fa-f]{2}|[^!-~]|[:#]/g)) {
    const reason = reasonFor(rule, match[0], match.index > query)
    if (reason) problems.push({ reason, encoded: match[0].length > 1, at: match.index, length: match[0].length })
  }
  return problems
}

function reasonFor(
  rule: Dialect['handshake']['resource'],
  found: string,
  inQuery: boolean,
): ResourceProblem['reason'] | null {
  const encoded = found.length > 1
  const unit = encoded ? Number.parseInt(found.slice(1), 16) : found.charCodeAt(0)
  if (!encoded && found === '#') return 'fragment'
  if (encoded && (rule !== 'noColonOrSpace' || inQuery)) return null
  if (unit === 0x20) return 'space'
  if (unit < 0x20 || unit === 0x7f) return 'control'
  if (!encoded && unit > 0x7f) return 'notAscii'
  if (unit !== 0x3a || rule !== 'noColonOrSpace') return null
  return inQuery ? 'queryColon' : 'colon' // hello-00 §5: in explicit or encoded form
}
