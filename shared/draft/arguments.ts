// What a caller may give a WebSocketDraft, judged as the WebSockets standard has it and converted as Web IDL has it.
// Nothing is thrown here but what a conversion throws by itself, as of a Symbol to a string.
import { encodeUtf8 } from '../bytes/utf8.ts'
import type { Dialect, DialectId } from '../dialects/dialect.ts'
import { dialectById, isDialectId } from '../dialects/registry.ts'
import { badCharacter } from '../handshake/subprotocols.ts'

/** An exception that is due: the name of a DOMException, and its sentence. */
export interface Objection {
  readonly name: 'SyntaxError' | 'InvalidAccessError' | 'InvalidStateError'
  readonly message: string
}

/** The second argument where it is neither a name nor a list of names. */
export interface DraftOptions {
  readonly protocols?: string | Iterable<string>
  /** `rfc6455` unless another is named. */
  readonly dialect?: DialectId
  /** False: permessage-deflate is not offered, and the bytes of messages stay readable. Dialects before hybi-08 have none. */
  readonly compress?: boolean
}

export interface Asked {
  readonly protocols: readonly string[]
  readonly dialect: string
  readonly compress: boolean
}

/** Reads the second argument: a subprotocol, several, or options. */
export function readAsked(given: unknown): Asked {
  if (!isOptions(given)) return { protocols: namesIn(given), dialect: 'rfc6455', compress: true }
  const { protocols, dialect = 'rfc6455', compress = true } = given
  return { protocols: namesIn(protocols), dialect: `${dialect}`, compress: Boolean(compress) }
}

function isOptions(given: unknown): given is DraftOptions {
  return typeof given === 'object' && given !== null && !isIterable(given)
}

function isIterable(given: object): given is Iterable<unknown> {
  return Symbol.iterator in given
}

function namesIn(given: unknown): readonly string[] {
  if (given === undefined) return []
  if (typeof given === 'object' && given !== null && isIterable(given)) return Array.from(given, (each) => `${each}`)
  return [`${given}`]
}

/** What is wrong with what was asked for; null when nothing is. WebSockets standard, `new WebSocket`, steps 8 and 9. */
export function objectionTo({ protocols, dialect }: Asked): Objection | null {
  if (!isDialectId(dialect)) return syntaxError(`There is no dialect "${dialect}".`)
  const { handshake, name: known }: Dialect = dialectById(dialect)
  for (const [index, name] of protocols.entries()) {
    if (name === '' || badCharacter(handshake.subprotocols, name) >= 0) {
      return syntaxError(`"${name}" is not the name of a subprotocol in ${known}.`)
    }
    if (protocols.indexOf(name) !== index) return syntaxError(`The subprotocol "${name}" is named twice.`)
  }
  return null
}

/** As much of a parsed URL as is looked at. */
export interface ParsedUrl {
  readonly href: string
  protocol: string
}

/** `http` stands for `ws`, `https` for `wss`. WebSockets standard, `new WebSocket`, steps 4 to 7. */
export function objectionToUrl(url: ParsedUrl): Objection | null {
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  if (!/^wss?:$/.test(url.protocol)) return syntaxError(`The scheme of "${url.href}" is not ws, wss, http or https.`)
  // The hash of an empty fragment is empty, as that of none is.
  return url.href.includes('#') ? syntaxError(`"${url.href}" has a fragment: leave it out.`) : null
}

export function syntaxError(message: string): Objection {
  return { name: 'SyntaxError', message }
}

/** Web IDL `[Clamp] unsigned short`: to the nearest, of two the even one. */
export function clampShort(given: unknown): number {
  const number = Math.min(Math.max(Number(given), 0), 0xffff)
  if (Number.isNaN(number)) return 0
  const floor = Math.floor(number)
  const up = number - floor > 0.5 || (number - floor === 0.5 && floor % 2 === 1)
  return up ? floor + 1 : floor
}

/** RFC 6455 §5.5: 125 bytes of a control frame, less two for the code. */
const longestReason = 123

/** WebSockets standard, `close`, steps 1 and 2. */
export function objectionToClose(code: number | undefined, reason: string | undefined): Objection | null {
  if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
    return { name: 'InvalidAccessError', message: `A page may close with 1000, or 3000 to 4999: not with ${code}.` }
  }
  const size = reason === undefined ? 0 : encodeUtf8(reason).length
  return size > longestReason
    ? syntaxError(`A reason has at most ${longestReason} bytes of UTF-8; this one has ${size}.`)
    : null
}
