// One direction of a captured TCP connection put back in order: what was sent twice is taken once, what came early
// waits, and what the capture lacks is a gap. What waits is bounded.

import { countWhile } from './columns.ts'

/** Bytes that wait for earlier ones, at most. */
const mostWaiting = 8 * 1024 * 1024
/** What waits in segments is counted with what keeping one costs, so that many empty ones are bounded too. */
const segmentCost = 256
/** A number further ahead than this is not early but of something else. RFC 7323 §2.3: the largest window is 2^30. */
const farthest = 2 ** 30

export interface LaneCounts {
  /** Segments of which nothing was new. */
  repeated: number
  /** Segments that came before earlier ones. */
  early: number
  /** Segments of which some bytes had come before. */
  overlapping: number
}

export interface TcpLane {
  readonly counts: Readonly<LaneCounts>
  /** Bytes taken in order so far. */
  readonly length: number
  /** Bytes that wait behind a gap. */
  readonly waiting: number
  /** Sets where the stream begins: the sequence number of its first byte. A second time it changes nothing. */
  begin(sequence: number): void
  /**
   * Takes a segment; `bytes` is what was captured of the `length` it had. Calls `emit` with bytes in order, which are
   * valid during the call only, and answers false when so much waits that the gap will not be filled any more.
   */
  add(sequence: number, bytes: Uint8Array, length: number, emit: (bytes: Uint8Array) => void): boolean
  /** Whether `sequence` is where the bytes in order end: a FIN or reset there ends the stream. */
  endsAt(sequence: number): boolean
}

interface Waiting {
  readonly start: number
  readonly bytes: Uint8Array
}

export function createTcpLane(): TcpLane {
  const counts: LaneCounts = { repeated: 0, early: 0, overlapping: 0 }
  let first: number | null = null
  let length = 0
  let waiting: Waiting[] = []
  let cost = 0

  /** Offset of a sequence number in the stream, near to what is next; RFC 9293 §3.4: numbers wrap at 2^32. */
  const offsetOf = (sequence: number): number => length + ((sequence - ((first! + length) >>> 0)) | 0)

  function take(start: number, bytes: Uint8Array, emit: (bytes: Uint8Array) => void): void {
    const fresh = bytes.subarray(length - start)
    if (fresh.length === 0) return
    length += fresh.length
    emit(fresh)
  }

  function drain(emit: (bytes: Uint8Array) => void): void {
    while (waiting.length > 0 && waiting[0]!.start <= length) {
      const { start, bytes } = waiting.shift()!
      cost -= bytes.length + segmentCost
      if (start + bytes.length > length) take(start, bytes, emit)
    }
  }

  function wait(start: number, bytes: Uint8Array): boolean {
    counts.early += 1
    cost += bytes.length + segmentCost
    const place = countWhile(waiting.length, (index) => waiting[index]!.start <= start)
    waiting.splice(place, 0, { start, bytes: bytes.slice() })
    if (cost <= mostWaiting) return true
    waiting = []
    cost = 0
    return false
  }

  return {
    counts,
    get length() {
      return length
    },
    get waiting() {
      return waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
    },
    begin: (sequence) => {
      first ??= sequence
    },
    add(sequence, bytes, whole, emit) {
      if (whole === 0) return true
      first ??= sequence
      const start = offsetOf(sequence)
      if (start + whole <= length) counts.repeated += 1
      else if (start > length) return start - length < farthest && bytes.length > 0 ? wait(start, bytes) : true
      else {
        if (start < length) counts.overlapping += 1
        if (start + bytes.length > length) take(start, bytes, emit)
        drain(emit)
      }
      return true
    },
    endsAt: (sequence) => first !== null && offsetOf(sequence) === length,
  }
}
