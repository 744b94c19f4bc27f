// What two ends said to each other over TLS, out of the bytes of their connection and the secrets of a key log. The
// handshake is followed as far as needed to know what the records are sealed with; nobody's certificate is judged here.
import { concat, equalBytes } from '../bytes/concat.ts'
import { parseHex } from '../bytes/hex.ts'
import type { Role } from '../bytes/lanes.ts'
import type { Secrets } from './keyLog.ts'
import { type Opener, opener13, openers12, type Suite, suites } from './tlsProtection.ts'

export interface TlsReader {
  /** Takes what one end sent next; answers what became readable, piece by piece. Nothing once there is a problem. */
  take(from: Role, bytes: Uint8Array): readonly Uint8Array[]
  /** Why nothing more can be read. */
  readonly problem: TlsProblem | null
}

export type TlsProblem =
  /** The key log has secrets of the connection, but not the ones its version takes. */
  | { readonly kind: 'secrets' }
  | { readonly kind: 'suite'; readonly number: number }
  /** A record of this end is damaged, or sealed with something else. */
  | { readonly kind: 'record'; readonly from: Role }

/** RFC 8446 §5.1 */
const types = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const
const headerLength = 5
/** RFC 5246 §6.2.3: what is sealed is at most 2048 bytes longer than the 2^14 of a plain record. */
const longestRecord = 16_384 + 2048
/** Bytes of a server's handshake in which its hello has to be. */
const longestHello = 65_536
/** Sealed records of a TLS 1.3 handshake, and of early data: the secrets that come after it do not open them. */
const mostBefore = 64

/** Bytes of a client's stream up to the end of its random number: record, message and version come before it. */
export const clientRandomEnd = 43
/** The 32 bytes that a client's stream has up to there. */
export function clientRandomOf(stream: Uint8Array): Uint8Array {
  return stream.slice(clientRandomEnd - 32, clientRandomEnd)
}

/** Whether a client's stream begins with a hello, RFC 8446 §5.1 and §4: a handshake record of version 3.x. */
export function beginsLikeTls(stream: Uint8Array): boolean {
  return stream[0] === types.handshake && (stream.length < 2 || stream[1] === 3)
}

interface End {
  /** The beginning of a record. */
  pending: Uint8Array
  opener: Opener | null
  /** TLS 1.2: it has sent ChangeCipherSpec. TLS 1.3: a record was opened. */
  sealed: boolean
  /** TLS 1.3: records that were not opened yet. */
  before: number
}

interface State {
  readonly ends: Readonly<Record<Role, End>>
  readonly clientRandom: Uint8Array
  readonly secrets: Secrets
  /** What the server's handshake began with, while its hello is not whole. */
  hello: Uint8Array
  version: '1.2' | '1.3' | null
  problem: TlsProblem | null
}

export function createTlsReader(clientRandom: Uint8Array, secrets: Secrets): TlsReader {
  const nothing = new Uint8Array(0)
  const end = (): End => ({ pending: nothing, opener: null, sealed: false, before: 0 })
  const ends = { client: end(), server: end() }
  const state: State = { ends, clientRandom, secrets, hello: nothing, version: null, problem: null }
  return {
    take: (from, bytes) => takeBytes(state, from, bytes),
    get problem() {
      return state.problem
    },
  }
}

function takeBytes(state: State, from: Role, bytes: Uint8Array): Uint8Array[] {
  const end = state.ends[from]
  const all = end.pending.length === 0 ? bytes : concat(end.pending, bytes)
  const plain: Uint8Array[] = []
  let at = 0
  while (state.problem === null && all.length - at >= headerLength) {
    const length = (all[at + 3]! << 8) | all[at + 4]!
    if (length > longestRecord) state.problem = { kind: 'record', from }
    if (state.problem !== null || all.length - at < headerLength + length) break
    const body = at + headerLength
    const said = takeRecord(state, from, all.subarray(at, body), all.subarray(body, body + length))
    if (said && said.length > 0) plain.push(said)
    at = body + length
  }
  end.pending = state.problem === null ? all.slice(at) : new Uint8Array(0)
  return plain
}

/** Answers what it says, where it is application data. */
function takeRecord(state: State, from: Role, header: Uint8Array, body: Uint8Array): Uint8Array | null {
  const [type] = header
  if (state.version === null) {
    if (from === 'server' && type === types.handshake) takeHello(state, body)
    return null
  }
  if (state.version === '1.3') return type === types.applicationData ? open13(state, from, header, body) : null
  const end = state.ends[from]
  if (type === types.changeCipherSpec) end.sealed = true
  else if (end.sealed) return open12(state, from, header, body)
  return null
}

function open12(state: State, from: Role, header: Uint8Array, body: Uint8Array): Uint8Array | null {
  const plain = state.ends[from].opener!.open(header, body)
  if (plain === null) state.problem = { kind: 'record', from }
  return header[0] === types.applicationData ? plain : null
}

/** The handshake is sealed with other secrets: what these do not open at first is passed over. */
function open13(state: State, from: Role, header: Uint8Array, body: Uint8Array): Uint8Array | null {
  const end = state.ends[from]
  const inner = end.opener!.open(header, body)
  if (inner === null) {
    end.before += 1
    if (end.sealed || end.before > mostBefore) state.problem = { kind: 'record', from }
    return null
  }
  end.sealed = true
  // RFC 8446 §5.4: the type is the last byte that is not zero; what comes behind it is padding.
  let last = inner.length - 1
  while (last > 0 && inner[last] === 0) last -= 1
  if (inner[last] === types.handshake && inner[0] === keyUpdate) end.opener = end.opener!.updated()
  return inner[last] === types.applicationData ? inner.subarray(0, last) : null
}

/** RFC 8446 §4.6.3: nothing may follow it in its record, and it begins one. */
const keyUpdate = 24

// The server's hello, RFC 8446 §4.1.3

const serverHello = 2
const messageHeadLength = 4
/** Message head, version, random number, and the length of the session id. */
const sessionIdLengthAt = messageHeadLength + 2 + 32
const supportedVersions = 43

/** RFC 8446 §4.1.3: the random number of a server that asks for another hello. */
const retryRandom = parseHex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c')

function takeHello(state: State, body: Uint8Array): void {
  state.hello = concat(state.hello, body)
  while (state.hello.length >= messageHeadLength) {
    const [type, high = 0, middle = 0, low = 0] = state.hello
    const end = messageHeadLength + ((high << 16) | (middle << 8) | low)
    if (end > longestHello) state.problem = { kind: 'record', from: 'server' }
    if (end > state.hello.length) return
    const message = state.hello.subarray(0, end)
    state.hello = state.hello.slice(end)
    if (type !== serverHello || asksAgain(message)) continue
    state.problem = agree(state, message)
    return
  }
}

function asksAgain(hello: Uint8Array): boolean {
  return retryRandom.ok && equalBytes(serverRandomOf(hello), retryRandom.value)
}

function serverRandomOf(hello: Uint8Array): Uint8Array {
  return hello.slice(messageHeadLength + 2, sessionIdLengthAt)
}

/** Now it is known what the records will be sealed with; answers why they cannot be opened, or null. */
function agree(state: State, hello: Uint8Array): TlsProblem | null {
  const { ends, secrets } = state
  const suiteAt = sessionIdLengthAt + 1 + (hello[sessionIdLengthAt] ?? 0)
  const number = ((hello[suiteAt] ?? 0) << 8) | (hello[suiteAt + 1] ?? 0)
  const suite = suites.get(number)
  state.hello = new Uint8Array(0)
  if (!suite) return { kind: 'suite', number }
  state.version = choosesTls13(hello, suiteAt + 3) ? '1.3' : '1.2'
  const openers = state.version === '1.3' ? openersOf13(suite, secrets) : openersOf12(state, suite, hello)
  if (!openers) return { kind: 'secrets' }
  ends.client.opener = openers.client
  ends.server.opener = openers.server
  return null
}

/** RFC 8446 §4.2.1: a server that chooses TLS 1.3 says so in an extension alone. `at`: where their length is. */
function choosesTls13(hello: Uint8Array, at: number): boolean {
  const number = (place: number) => ((hello[place] ?? 0) << 8) | (hello[place + 1] ?? 0)
  for (let place = at + 2; place + 4 <= hello.length; place += 4 + number(place + 2)) {
    if (number(place) === supportedVersions) return number(place + 4) === 0x0304
  }
  return false
}

function openersOf13(suite: Suite, secrets: Secrets): Record<Role, Opener> | null {
  const { CLIENT_TRAFFIC_SECRET_0: client, SERVER_TRAFFIC_SECRET_0: server } = secrets
  return client && server ? { client: opener13(suite, client), server: opener13(suite, server) } : null
}

function openersOf12(state: State, suite: Suite, hello: Uint8Array): Record<Role, Opener> | null {
  const { secrets, clientRandom } = state
  const randoms = { client: clientRandom, server: serverRandomOf(hello) }
  return secrets.CLIENT_RANDOM ? openers12(suite, secrets.CLIENT_RANDOM, randoms) : null
}
