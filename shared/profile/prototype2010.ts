// What the prototype of December 2010 could not do, as it was: the five restrictions of the HTML5 Labs package, each with
// its reason and with what lifts it. One table for the endpoints, the command line, the window and the docs.
import { parseUrl } from '../handshake/urls.ts'

export const profileIds = ['prototype-2010'] as const
export type ProfileId = (typeof profileIds)[number]

export type RestrictionId = 'ports' | 'messages' | 'proxies' | 'tls' | 'connections'

export interface Restriction {
  readonly id: RestrictionId
  /** `Ports 4502 to 4534 only` */
  readonly title: string
  /** What was not possible, as the end of "The 2010 prototype …". */
  readonly rule: string
  /** Why it was there, as the end of "because …". */
  readonly why: string
  /** What lifted it, or lifts it now, as one sentence. */
  readonly lifted: string
  readonly cite: string
}

/** Silverlight let sockets connect to these. */
export const firstPort = 4502
export const lastPort = 4534
/** Bytes of UTF-8: what a length of one byte can say. */
export const longestMessage = 125
export const mostConnections = 5

const readme = 'HTML5 Labs, WebSockets prototype, readme, Prototype limitations'

export const restrictions: Readonly<Record<RestrictionId, Restriction>> = {
  ports: {
    id: 'ports',
    title: `Ports ${firstPort} to ${lastPort} only`,
    rule: `connects to ports ${firstPort} to ${lastPort} only`,
    why: 'its client was a Silverlight one, and Silverlight let sockets connect to no other ports',
    lifted: 'A client that is no Silverlight application has no such range: without the profile any port will do.',
    cite: `${readme}; MSDN, Network Security Access Restrictions in Silverlight`,
  },
  messages: {
    id: 'messages',
    title: `Text messages of at most ${longestMessage} bytes`,
    rule: `sends and takes text messages of at most ${longestMessage} bytes of UTF-8`,
    why: 'it knew frame lengths of one byte alone, where 126 and 127 announce a longer length, and no binary frames',
    lifted:
      'The update of February 2011 raised the limit. The framing itself has lengths of 16 and 63 bits and binary frames: they come back without the profile.',
    cite: 'MSDN blogs, The Updated WebSockets Prototype, 9 February 2011; hybi-03 §4.2',
  },
  proxies: {
    id: 'proxies',
    title: 'No web proxies',
    rule: 'goes through no web proxy',
    why: 'its client had no CONNECT: it dialled the server itself',
    lifted: 'Without the profile --proxy goes through a proxy by CONNECT, and a tap without an upstream is one.',
    cite: `${readme}; RFC 9110 §9.3.6`,
  },
  tls: {
    id: 'tls',
    title: 'No TLS',
    rule: 'speaks ws: and not wss:',
    why: 'it was built on bare sockets and had no TLS',
    lifted: 'Without the profile connect and tap take wss: URLs, and serve has --tls.',
    cite: readme,
  },
  connections: {
    id: 'connections',
    title: `At most ${mostConnections} connections at once`,
    rule: `has at most ${mostConnections} connections at once`,
    why: 'it was released to give early experience with a draft, and its server binding counted no further',
    lifted: 'Close one of them; without the profile there is no such limit.',
    cite: readme,
  },
}

export const restrictionIds = Object.keys(restrictions) as readonly RestrictionId[]

/** `Port 8080 is refused: the 2010 prototype …, because …. What lifts it.` `what`: what was wanted. */
export function refusal(id: RestrictionId, what: string): string {
  const { rule, why, lifted } = restrictions[id]
  return `${what} is refused: the 2010 prototype ${rule}, because ${why}. ${lifted}`
}

/** What somebody wants to connect, or to be connected to by. */
export interface Plan {
  readonly ports?: readonly number[]
  readonly urls?: readonly string[]
  readonly proxied?: boolean
  readonly tls?: boolean
}

/** A tap listens, and without an upstream it is a proxy. */
export function tapPlan(port: number, upstream: string | undefined): Plan {
  return { ports: [port], urls: upstream === undefined ? [] : [upstream], proxied: upstream === undefined }
}

/** Why the profile refuses a plan; null when it does not, or when there is no profile. URLs that are none are no plan. */
export function planRefusal(
  profile: ProfileId | undefined,
  { ports = [], urls = [], proxied, tls }: Plan,
): string | null {
  if (profile === undefined) return null
  if (proxied) return refusal('proxies', 'A proxy')
  const places = urls.map(parseUrl).flatMap((url) => (url.ok ? [url.value] : []))
  if (tls || places.some(({ secure }) => secure)) return refusal('tls', 'wss:')
  const port = [...ports, ...places.map((place) => place.port)].find((one) => one < firstPort || one > lastPort)
  return port === undefined ? null : refusal('ports', `Port ${port}`)
}

/** Why the profile refuses a message of `size` bytes to be sent, or one that came; null when it does not. */
export function messageRefusal(profile: ProfileId | undefined, type: 'text' | 'binary', size: number): string | null {
  if (profile === undefined) return null
  if (type === 'binary') return refusal('messages', 'A binary message')
  return size > longestMessage ? tooLong(size) : null
}

/** Why a message is refused that is too long; `size` in bytes of UTF-8, or null where nobody waited for all of it. */
export function tooLong(size: number | null): string {
  return refusal('messages', size === null ? 'A longer message' : `A message of ${size} bytes`)
}

/** Why the profile refuses one connection more; null when it does not. `open`: how many there are. */
export function connectionRefusal(profile: ProfileId | undefined, open: number): string | null {
  if (profile === undefined || open < mostConnections) return null
  return refusal('connections', `Connection ${open + 1}`)
}
