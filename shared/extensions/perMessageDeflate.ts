// Negotiating permessage-deflate, RFC 7692 §5 and §7.1: offers, the answer, and what they agree on. Pure, for both roles.
import type { Dialect } from '../dialects/dialect.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { type Compression, largestWindow, type ParameterProblem, windowBitsIn } from './compression.ts'
import { type Extension, formatExtension, parseExtensions } from './grammar.ts'

export const perMessageDeflate = 'permessage-deflate'

/** What an end of ours wants. Everything left out is as in a bare `permessage-deflate`. */
export interface DeflateOptions {
  readonly serverNoContextTakeover?: boolean
  readonly clientNoContextTakeover?: boolean
  /** 8 to 15; a server takes smaller offers too. */
  readonly serverMaxWindowBits?: number
  readonly clientMaxWindowBits?: number
}

/** The four parameters as read. RFC 7692 §7.1. */
export interface DeflateParameters {
  readonly serverNoContextTakeover: boolean
  readonly clientNoContextTakeover: boolean
  readonly serverMaxWindowBits: number | null
  /** `any`: present without a value, which only an offer may have. */
  readonly clientMaxWindowBits: number | 'any' | null
}

export interface ReadParameters {
  readonly parameters: DeflateParameters
  readonly problems: readonly ParameterProblem[]
}

type Key = keyof DeflateParameters

const keys: Readonly<Record<string, Key>> = {
  server_no_context_takeover: 'serverNoContextTakeover',
  client_no_context_takeover: 'clientNoContextTakeover',
  server_max_window_bits: 'serverMaxWindowBits',
  client_max_window_bits: 'clientMaxWindowBits',
}

/** Reads the parameters of an offer or an answer, and everything that is wrong with them. RFC 7692 §7.1. */
export function readParameters({ parameters }: Extension, as: 'offer' | 'answer'): ReadParameters {
  const found = new Map<Key, boolean | number | 'any'>()
  const problems: ParameterProblem[] = []
  parameters.forEach(({ name, value }, parameter) => {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined
    const read = key && readValue(key, value, as)
    if (!key) problems.push({ reason: 'unknown', parameter, says: name })
    else if (found.has(key)) problems.push({ reason: 'repeated', parameter, says: name })
    else if (read === null)
      problems.push({ reason: 'value', parameter, says: value === null ? name : `${name}=${value}` })
    if (key && !found.has(key)) found.set(key, read ?? false)
  })
  return { parameters: { ...noParameters, ...Object.fromEntries(found) }, problems }
}

const noParameters: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: null,
  clientMaxWindowBits: null,
}

/** Null for a value that the parameter cannot have. */
function readValue(key: Key, value: string | null, as: 'offer' | 'answer'): boolean | number | 'any' | null {
  switch (key) {
    case 'serverNoContextTakeover':
    case 'clientNoContextTakeover':
      return value === null ? true : null // RFC 7692 §7.1.1: no value
    case 'clientMaxWindowBits':
      return value === null && as === 'offer' ? 'any' : windowBitsIn(value) // §7.1.2.2: only an offer may leave it out
    case 'serverMaxWindowBits':
      return windowBitsIn(value)
  }
}

/** What a client of ours offers. A client can always be told to use a smaller window: it says so. RFC 7692 §7.1.2.2. */
export function offerOf(options: DeflateOptions): string {
  const { serverMaxWindowBits, clientMaxWindowBits } = options
  return formatExtension(perMessageDeflate, [
    ...(options.serverNoContextTakeover ? [['server_no_context_takeover', null] as const] : []),
    ...(options.clientNoContextTakeover ? [['client_no_context_takeover', null] as const] : []),
    ...(serverMaxWindowBits === undefined ? [] : [['server_max_window_bits', `${serverMaxWindowBits}`] as const]),
    ['client_max_window_bits', clientMaxWindowBits === undefined ? null : `${clientMaxWindowBits}`],
  ])
}

/** An offer that a server takes, by its place among the extensions offered, and how it answers. */
export interface Accepted {
  readonly offer: number
  readonly answer: string
}

/** A server takes the first offer it can: one it cannot read it declines. Null for none. RFC 7692 §5.1, §7.1. */
export function acceptOffer(offers: readonly Extension[], options: DeflateOptions): Accepted | null {
  for (const [offer, extension] of offers.entries()) {
    if (extension.name !== perMessageDeflate) continue
    const { parameters, problems } = readParameters(extension, 'offer')
    if (problems.length === 0 && canHonour(parameters)) return { offer, answer: answerTo(parameters, options) }
  }
  return null
}

/**
 * The smallest window a server of ours deflates in. The RFC has 8 bits too, but zlib, which most clients are built on,
 * knows no raw stream of that size and takes 9 instead: better no compression than one that the two read differently.
 */
const smallestServerWindow = 9

function canHonour({ serverMaxWindowBits }: DeflateParameters): boolean {
  return serverMaxWindowBits === null || serverMaxWindowBits >= smallestServerWindow
}

function answerTo(offer: DeflateParameters, options: DeflateOptions): string {
  const server = smaller(offer.serverMaxWindowBits, options.serverMaxWindowBits)
  const client = smaller(offer.clientMaxWindowBits, options.clientMaxWindowBits)
  const noServerTakeover = offer.serverNoContextTakeover || options.serverNoContextTakeover
  const noClientTakeover = offer.clientNoContextTakeover || options.clientNoContextTakeover
  return formatExtension(perMessageDeflate, [
    ...(noServerTakeover ? [['server_no_context_takeover', null] as const] : []),
    ...(noClientTakeover ? [['client_no_context_takeover', null] as const] : []),
    ...(server === null ? [] : [['server_max_window_bits', `${server}`] as const]),
    // RFC 7692 §7.1.2.2: only a client that offered it can be told a window.
    ...(client === null || offer.clientMaxWindowBits === null
      ? []
      : [['client_max_window_bits', `${client}`] as const]),
  ])
}

function smaller(offered: number | 'any' | null, wanted: number | undefined): number | null {
  const given = [offered, wanted].filter((bits): bits is number => typeof bits === 'number')
  return given.length === 0 ? null : Math.min(...given)
}

/** What a client finds wrong with an answer: that it fits none of its offers, judged by the one it comes closest to. */
export function judgeAnswer(answer: Extension, offers: readonly Extension[]): readonly ParameterProblem[] {
  const { parameters, problems } = readParameters(answer, 'answer')
  if (problems.length > 0) return problems
  const found = offers
    .filter(({ name }) => name === perMessageDeflate)
    .map((offer) => readParameters(offer, 'offer'))
    .filter((offer) => offer.problems.length === 0)
    .map((offer) => misfits(answer, parameters, offer.parameters))
  return found.sort((a, b) => a.length - b.length)[0] ?? []
}

function misfits(answer: Extension, given: DeflateParameters, offer: DeflateParameters): readonly ParameterProblem[] {
  const place = (name: string) => answer.parameters.findIndex((parameter) => parameter.name === name)
  const problems: ParameterProblem[] = []
  const wrong = (reason: ParameterProblem['reason'], name: string, says: string) =>
    problems.push({ reason, parameter: place(name), says: `${name}${says}` })
  // RFC 7692 §7.1.1.1: a server takes such an offer by repeating the parameter.
  if (offer.serverNoContextTakeover && !given.serverNoContextTakeover)
    wrong('takeover', 'server_no_context_takeover', ' was offered and is missing')
  // §7.1.2.1: as offered, or smaller; without it the server would use the largest.
  if (
    offer.serverMaxWindowBits !== null &&
    (given.serverMaxWindowBits ?? largestWindow + 1) > offer.serverMaxWindowBits
  )
    wrong('window', 'server_max_window_bits', ` of at most ${offer.serverMaxWindowBits} was offered`)
  // §7.1.2.2: only when offered; a number offered is a hint of the largest.
  if (typeof given.clientMaxWindowBits === 'number') {
    if (offer.clientMaxWindowBits === null) wrong('window', 'client_max_window_bits', ' was not offered')
    else if (typeof offer.clientMaxWindowBits === 'number' && given.clientMaxWindowBits > offer.clientMaxWindowBits)
      wrong('window', 'client_max_window_bits', ` of at most ${offer.clientMaxWindowBits} was offered`)
  }
  return problems
}

/** What an answer that breaks no rule means. */
export function agreedBy(answer: Extension): Compression {
  const { parameters } = readParameters(answer, 'answer')
  const { clientMaxWindowBits } = parameters
  return {
    name: perMessageDeflate,
    unit: 'message',
    lanes: {
      clientToServer: {
        windowBits: typeof clientMaxWindowBits === 'number' ? clientMaxWindowBits : largestWindow,
        contextTakeover: !parameters.clientNoContextTakeover,
      },
      serverToClient: {
        windowBits: parameters.serverMaxWindowBits ?? largestWindow,
        contextTakeover: !parameters.serverNoContextTakeover,
      },
    },
  }
}

/** Reads `server_no_context_takeover; client_max_window_bits=10` as a person gives it. A failure names the parameter. */
export function parseDeflateOptions(text: string): Result<DeflateOptions> {
  const written = text.trim() === '' ? perMessageDeflate : `${perMessageDeflate}; ${text}`
  const extensions = parseExtensions(written)
  if (extensions?.length !== 1) return failure(`is no list of parameters such as "${example}": "${text}"`)
  const { parameters, problems } = readParameters(extensions[0]!, 'offer')
  const [problem] = problems
  if (problem) return failure(`${problemWords[problem.reason]}: "${problem.says}"`)
  const { serverMaxWindowBits, clientMaxWindowBits } = parameters
  return success({
    ...(parameters.serverNoContextTakeover && { serverNoContextTakeover: true }),
    ...(parameters.clientNoContextTakeover && { clientNoContextTakeover: true }),
    ...(serverMaxWindowBits !== null && { serverMaxWindowBits }),
    ...(typeof clientMaxWindowBits === 'number' && { clientMaxWindowBits }),
  })
}

const example = 'server_no_context_takeover; client_max_window_bits=10'

const problemWords: Readonly<Record<ParameterProblem['reason'], string>> = {
  unknown: 'has a parameter that permessage-deflate does not have',
  repeated: 'has a parameter twice',
  value: 'has a parameter with a value it cannot have (window bits are 8 to 15, the others have none)',
  window: 'has a window that was not offered',
  takeover: 'lacks a parameter that was offered',
}

/** Why ends of the dialect cannot compress, as one sentence; null when they can, or are not to. */
export function compressionObjection(
  wanted: DeflateOptions | undefined,
  { name, compression }: Dialect,
): string | null {
  if (!wanted || compression === 'deflate') return null
  return `Nothing is compressed in ${name}: leave --compress out, or choose hybi-08 or RFC 6455.`
}
