// Connections that were open before a capture began: no handshake tells what they are, so their bytes have to. They are
// read as RFC 6455 when enough frames on both lanes keep its rules: masks, opcodes, lengths, UTF-8, close bodies; or as
// what a person says they are.
import { type Lane, laneFrom, lanes, receiverOf } from '../bytes/lanes.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { rfc6455 } from '../dialects/rfc6455.ts'
import { defaultLimits } from '../endpoint/limits.ts'
import { createReceiver, feed } from '../endpoint/receiver.ts'
import { beginUnseen, unseenLaneScanner } from '../endpoint/unseen.ts'
import type { Side } from './connectionTable.ts'

export interface JoinedReading {
  readonly client: Side
  readonly lanes: Readonly<Record<Lane, JoinedLane>>
}

export interface JoinedLane {
  /** Bytes that end a frame whose header was not captured. */
  readonly cut: number
  /** Whole frames behind them that are no continuation, which anything could be. */
  readonly frames: number
}

/** Frames that have to be there to be sure; behind a cut, on the lane of the cut. */
const leastFrames = 3
/** When somebody said what they are. */
const leastNamed = 1
/** Bytes in which the end of a frame is looked for, and places that are tried. */
const longestCut = 16_384
const mostTries = 256

/** How frames are looked for. */
interface Look {
  readonly dialect: Dialect
  readonly least: number
  /** Whether they may begin inside a frame, which takes longer to see. */
  readonly cuts: boolean
}

type Said = Readonly<Record<Side, Uint8Array>>

/**
 * Reads what each side of a connection has said so far; null when that cannot be told to be frames of RFC 6455. `cuts`:
 * whether they may begin inside a frame, which takes longer to see.
 */
export function readJoined(said: Said, cuts: boolean): JoinedReading | null {
  return readEither(said, { dialect: rfc6455, least: leastFrames, cuts })
}

/** The same as frames of a dialect that a person named; null when they break its rules. */
export function readNamed(said: Said, dialect: Dialect): JoinedReading | null {
  return readEither(said, { dialect, least: leastNamed, cuts: dialect.id === 'rfc6455' })
}

function readEither(said: Said, look: Look): JoinedReading | null {
  return readAs('a', said, look) ?? readAs('b', said, look)
}

function readAs(client: Side, said: Said, look: Look): JoinedReading | null {
  const clientToServer = readLane('clientToServer', said[client], look)
  const serverToClient = clientToServer && readLane('serverToClient', said[client === 'a' ? 'b' : 'a'], look)
  if (!serverToClient || clientToServer.frames + serverToClient.frames < look.least) return null
  return { client, lanes: { clientToServer, serverToClient } }
}

function readLane(lane: Lane, bytes: Uint8Array, { dialect, cuts }: Look): JoinedLane | null {
  const frames = framesFrom(dialect, lane, bytes, 0)
  if (frames !== null) return { cut: 0, frames }
  let tries = 0
  for (let cut = 1; cuts && cut < Math.min(longestCut, bytes.length) && tries < mostTries; cut++) {
    if (!mayBeginFrame(lane, bytes, cut)) continue
    tries += 1
    const found = framesFrom(dialect, lane, bytes, cut)
    if (found !== null && found >= leastFrames) return { cut, frames: found }
  }
  return null
}

/** RFC 6455 §5.2: an opcode with a meaning, RSV2 and RSV3 zero, masked as the lane has to be. */
function mayBeginFrame(lane: Lane, bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2)
  const isMasked = second >= 0x80
  return (first & 0x30) === 0 && (first & 0x07) <= 2 && isMasked === (lane === 'clientToServer')
}

/** How many whole frames follow the first `cut` bytes, up to a close frame; null when one of them breaks a rule. */
function framesFrom(dialect: Dialect, lane: Lane, bytes: Uint8Array, cut: number): number | null {
  const unseen = { cut: { [lane]: cut } }
  const options = { dialect, role: receiverOf(lane), limits: defaultLimits, secure: null }
  const receiver = createReceiver({ ...options, keepsPayloads: false, goesOn: false })
  beginUnseen(receiver, unseen)
  let keepsRules = true
  // What follows a close frame is discarded, whatever it is: no rule is kept by it.
  let judgedTo = bytes.length
  feed(receiver, bytes, (item) => {
    keepsRules &&= item.kind !== 'faults' || !item.ends
    if (item.kind === 'close') judgedTo = Math.min(judgedTo, item.at)
  })
  if (!keepsRules) return null
  let frames = 0
  unseenLaneScanner(dialect, lane, unseen).push(bytes, (kind, _start, end, opcode) => {
    if (kind === 'frame' && end <= judgedTo && dialect.opcodes[opcode] !== 'continuation') frames += 1
  })
  return frames
}

/** How the note begins that says what such a connection is read as. */
export const joinedBegins = 'This connection was open when the capture began.'
const begun = joinedBegins
const unknown = 'which extensions it agreed on is not known.'

/** What the log says of a connection whose frames told what it is. */
export function joinedSentence(reading: JoinedReading): string {
  const { clientToServer, serverToClient } = reading.lanes
  const told = `${clientToServer.frames} masked frames of the client and ${serverToClient.frames} unmasked ones of the server keep its rules`
  return `${begun} It is read as RFC 6455, since ${told}; ${unknown}${cutSentence(reading)}`
}

/** And of one that a person named. */
export function namedSentence({ name }: Dialect, reading: JoinedReading | null): string {
  if (reading) return `${begun} It is read as ${name}, as was said; ${unknown}${cutSentence(reading)}`
  return `${begun} It is read as ${name}, as was said, although its bytes break the rules of that.`
}

export const untoldSentence = `${begun} Its bytes look like frames, but too few of them, or not by the rules of RFC 6455, which they are read as until "read as" names another dialect.`

function cutSentence({ lanes: found }: JoinedReading): string {
  const cut = lanes.filter((lane) => found[lane].cut > 0)
  return cut
    .map((lane) => {
      const who = lane === laneFrom('client') ? 'client' : 'server'
      return ` The first ${found[lane].cut} bytes of the ${who} end a frame that began before.`
    })
    .join('')
}
