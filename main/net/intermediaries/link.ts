// A slow and lossy line. TCP loses nothing and keeps the order, so what a line does to it is time: every piece takes a
// while, a lost one is sent again later, and all behind it wait. Seeded, on a clock that tests bring.
import { type Lane, lanes } from '../../../shared/bytes/lanes.ts'
import type { Time } from '../../../shared/capture/record.ts'
import type { Intermediary, NodeOutput } from '../../../shared/intermediaries/intermediary.ts'
import type { Clock } from '../clock.ts'

export interface LinkOptions {
  /** Milliseconds from one end to the other. */
  readonly latency: number
  /** Milliseconds that may be added, piece by piece. */
  readonly jitter: number
  /** Bytes a second. */
  readonly bandwidth: number
  /** Bytes of a piece at most; each has from one byte to this many. */
  readonly segment: number
  /** How many of 256 pieces are lost once. */
  readonly loss: number
  /** Milliseconds after which a lost piece is sent again; RFC 6298 §2.4 has a second, most systems 200 ms. */
  readonly resend: number
}

export const defaultLink: LinkOptions = {
  ...{ latency: 20, jitter: 10, bandwidth: 50_000, segment: 64, loss: 12, resend: 60 },
}

/** A node with bytes under way. */
export interface Link extends Intermediary {
  /** Whether something that came has not gone on yet. */
  readonly busy: boolean
  stop(): void
}

interface Piece {
  readonly bytes: Uint8Array
  readonly due: Time
}

/** What is under way on one lane; null stands for its end. */
interface Line {
  readonly pieces: (Piece | null)[]
  /** When the line is free again at its near end, and when the last piece arrives at its far one. */
  free: Time
  last: Time
  moving: boolean
}

/** @param random seeded bytes: the same seed cuts and delays the same bytes the same way */
export function createLink(
  out: NodeOutput,
  options: LinkOptions,
  random: (count: number) => Uint8Array,
  clock: Clock,
): Link {
  const stopped = new AbortController()
  const line = (): Line => ({ pieces: [], free: 0, last: 0, moving: false })
  const own: Readonly<Record<Lane, Line>> = { clientToServer: line(), serverToClient: line() }
  async function move(lane: Lane): Promise<void> {
    const { pieces } = own[lane]
    own[lane].moving = true
    while (pieces.length > 0 && !stopped.signal.aborted) {
      const piece = pieces[0]!
      if (piece) await clock.wait(Math.max(0, piece.due - clock.now()), stopped.signal)
      if (stopped.signal.aborted) return
      pieces.shift() // before it goes on, since who is told of that looks whether this is busy
      if (piece) out.pass(lane, piece.bytes)
      else out.end(lane)
    }
    own[lane].moving = false
  }
  const send = (lane: Lane, pieces: readonly (Piece | null)[]) => {
    own[lane].pieces.push(...pieces)
    if (!own[lane].moving) void move(lane)
  }
  return {
    take: (lane, bytes) => send(lane, piecesOf(bytes, own[lane], options, random, clock.now())),
    takeEnd: (lane) => send(lane, [null]),
    get busy() {
      return !stopped.signal.aborted && lanes.some((lane) => own[lane].pieces.length > 0)
    },
    stop: () => stopped.abort(),
  }
}

function piecesOf(
  bytes: Uint8Array,
  line: Line,
  { latency, jitter, bandwidth, segment, loss, resend }: LinkOptions,
  random: (count: number) => Uint8Array,
  now: Time,
): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < bytes.length; ) {
    const [cut, late, lost] = random(3) as unknown as readonly [number, number, number]
    const part = bytes.slice(at, at + 1 + (cut % segment))
    at += part.length
    line.free = Math.max(line.free, now) + (part.length / bandwidth) * 1000
    const takes = latency + (jitter * late) / 255 + (lost < loss ? resend : 0)
    line.last = Math.max(line.last, line.free + takes)
    pieces.push({ bytes: part, due: line.last })
  }
  return pieces
}
