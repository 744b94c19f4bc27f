// One direction of a captured TCP connection put back in order: what was sent twice is taken once, what came early
// waits, and what the capture lacks is a gap. Bytes stay in the file: here is known where they are. What waits is bounded.
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

/** What all lanes of a file may keep in memory, together. */
export interface Room {
  /** Bytes of memory left; never below 0. */
  left: number
}

/** Takes `cost` of the room; false, with nothing taken, when there is not so much left. */
export function takeRoom(room: Room, cost: number): boolean {
  if (cost > room.left) return false
  room.left -= cost
  return true
}

/** Told of `length` bytes in order, and where in the file they are. */
export type EmitBytes = (offset: number, length: number) => void

export interface TcpLane {
  readonly counts: Readonly<LaneCounts>
  /** Bytes taken in order so far. */
  readonly length: number
  /** Bytes that wait behind a gap. */
  readonly waiting: number
  /** Sets where the stream begins: the sequence number of its first byte. A second time it changes nothing. */
  begin(sequence: number): void
  /**
   * Takes a segment; `captured` of the `length` bytes it had are at `offset` of the file. Emits what is in
   * order then, and answers false when so much waits that the gap will not be filled any more.
   */
  add(sequence: number, offset: number, captured: number, length: number): boolean
  /** Whether `sequence` is where the bytes in order end: a FIN or reset there ends the stream. */
  endsAt(sequence: number): boolean
}

interface Waiting {
  readonly start: number
  readonly offset: number
  readonly captured: number
}

export function createTcpLane(room: Room, emit: EmitBytes): TcpLane {
  const counts: LaneCounts = { repeated: 0, early: 0, overlapping: 0 }
  let first: number | null = null
  let length = 0
  let waiting: Waiting[] = []
  let waitingBytes = 0

  /** Offset of a sequence number in the stream, near to what is next; RFC 9293 §3.4: numbers wrap at 2^32. */
  const offsetOf = (sequence: number): number => length + ((sequence - ((first! + length) >>> 0)) | 0)

  function take(start: number, offset: number, captured: number): void {
    const known = length - start
    if (captured <= known) return
    length += captured - known
    emit(offset + known, captured - known)
  }

  function drain(): void {
    let done = 0
    for (; done < waiting.length && waiting[done]!.start <= length; done += 1) {
      const { start, offset, captured } = waiting[done]!
      waitingBytes -= captured
      take(start, offset, captured)
    }
    if (done === 0) return
    room.left += done * segmentCost
    waiting.splice(0, done)
  }

  function wait(start: number, offset: number, captured: number): boolean {
    counts.early += 1
    const cost = waitingBytes + captured + (waiting.length + 1) * segmentCost
    if (cost > mostWaiting || !takeRoom(room, segmentCost)) return forget()
    const place = countWhile(waiting.length, (index) => waiting[index]!.start <= start)
    waiting.splice(place, 0, { start, offset, captured })
    waitingBytes += captured
    return true
  }

  function forget(): false {
    room.left += waiting.length * segmentCost
    waiting = []
    waitingBytes = 0
    return false
  }

  return {
    counts,
    get length() {
      return length
    },
    get waiting() {
      return waitingBytes
    },
    begin: (sequence) => {
      first ??= sequence
    },
    add(sequence, offset, captured, whole) {
      if (whole === 0) return true
      first ??= sequence
      const start = offsetOf(sequence)
      if (start + whole <= length) counts.repeated += 1
      else if (start > length) {
        return start - length < farthest && captured > 0 ? wait(start, offset, captured) : true
      } else {
        if (start < length) counts.overlapping += 1
        take(start, offset, captured)
        if (waiting.length > 0) drain()
      }
      return true
    },
    endsAt: (sequence) => first !== null && offsetOf(sequence) === length,
  }
}
