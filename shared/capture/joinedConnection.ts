// Connections that were open before a capture began: no handshake tells what they are, so their bytes have to. They are
// read as RFC 6455 when enough frames on both lanes keep its rules: masks, opcodes, lengths, UTF-8, close bodies.
import { type Lane, laneFrom, receiverOf } from '../bytes/lanes.ts'
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
/** Bytes in which the end of a frame is looked for, and places that are tried. */
const longestCut = 16_384
const mostTries = 256

/**
 * Reads what each side of a connection has said so far; null when that cannot be told to be frames. `cuts`: whether they
 * may begin inside a frame, which takes longer to see.
 */
export function readJoined(said: Readonly<Record<Side, Uint8Array>>, cuts: boolean): JoinedReading | null {
  return readAs('a', said, cuts) ?? readAs('b', said, cuts)
}

function readAs(client: Side, said: Readonly<Record<Side, Uint8Array>>, cuts: boolean): JoinedReading | null {
  const clientToServer = readLane('clientToServer', said[client], cuts)
  const serverToClient = clientToServer && readLane('serverToClient', said[client === 'a' ? 'b' : 'a'], cuts)
  if (!serverToClient || clientToServer.frames + serverToClient.frames < leastFrames) return null
  return { client, lanes: { clientToServer, serverToClient } }
}

function readLane(lane: Lane, bytes: Uint8Array, cuts: boolean): JoinedLane | null {
  const frames = framesFrom(lane, bytes, 0)
  if (frames !== null) return { cut: 0, frames }
  let tries = 0
  for (let cut = 1; cuts && cut < Math.min(longestCut, bytes.length) && tries < mostTries; cut++) {
    if (!mayBeginFrame(lane, bytes, cut)) continue
    tries += 1
    const found = framesFrom(lane, bytes, cut)
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

/** How many whole frames follow the first `cut` bytes; null when one of them breaks a rule. */
function framesFrom(lane: Lane, bytes: Uint8Array, cut: number): number | null {
  const unseen = { cut: { [lane]: cut } }
  const options = { dialect: rfc6455, role: receiverOf(lane), limits: defaultLimits, secure: null }
  const receiver = createReceiver({ ...options, keepsPayloads: false, goesOn: false })
  beginUnseen(receiver, unseen)
  let keepsRules = true
  feed(receiver, bytes, ({ kind }) => {
    keepsRules &&= kind !== 'faults'
  })
  if (!keepsRules) return null
  let frames = 0
  unseenLaneScanner(rfc6455, lane, unseen).push(bytes, (kind, _start, _end, opcode) => {
    if (kind === 'frame' && opcode > 0) frames += 1
  })
  return frames
}

/** What the log says of such a connection. */
export function joinedSentence({ lanes }: JoinedReading): string {
  const { clientToServer, serverToClient } = lanes
  const told = `${clientToServer.frames} masked frames of the client and ${serverToClient.frames} unmasked ones of the server keep its rules`
  const cut = [...Object.entries(lanes)]
    .filter(([, lane]) => lane.cut > 0)
    .map(
      ([lane, { cut: size }]) =>
        ` The first ${size} bytes of the ${lane === laneFrom('client') ? 'client' : 'server'} end a frame that began before.`,
    )
  return `This connection was open when the capture began. It is read as RFC 6455, since ${told}; which extensions it agreed on is not known.${cut.join('')}`
}
