// Follows a case as it is played: what is due, and what came for it.
import { shorten, visible } from '../bytes/ascii.ts'
import { equalBytes } from '../bytes/concat.ts'
import { toHex } from '../bytes/hex.ts'
import type { Role } from '../bytes/lanes.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import { closeCode } from '../endpoint/judgeFrame.ts'
import { parseHead, statusOf } from '../handshake/head.ts'
import type { Answer, ConformCase } from './case.ts'
import type { PeerItem, Placed } from './reader.ts'

export interface CloseSeen {
  readonly code: number | null
  readonly at: number
  /** Bytes on our lane when it came. */
  readonly after: number
}

/** How far a case has come. Only functions of this file write to it. */
export interface Course {
  readonly test: ConformCase
  /** Who is tested. */
  readonly peer: Role
  /** The peer's answer to the handshake, or its request. */
  head: { readonly status: number | null; readonly bytes: Uint8Array } | null
  readonly due: { readonly answer: Answer; readonly at: number }[]
  answered: number
  /** Bytes put on our lane, and bytes of the peer's lane that were understood. */
  sent: number
  received: number
  frames: number
  wrong: { readonly at: number; readonly came: string } | null
  close: CloseSeen | null
  weClosed: boolean
  /** A long pause is over, and the peer had not failed the connection. */
  waitedLong: boolean
}

export function beginCourse(test: ConformCase, peer: Role): Course {
  return {
    test,
    peer,
    head: null,
    due: [],
    answered: 0,
    sent: 0,
    received: 0,
    frames: 0,
    wrong: null,
    close: null,
    weClosed: false,
    waitedLong: false,
  }
}

/** Whether there is nothing to be waited for but the end: all came, something wrong came, or the peer closes. */
export function isSettled(course: Course): boolean {
  return course.due.length === 0 || isLost(course)
}

/** Whether nothing that is still to be sent would be answered. */
export function isLost({ wrong, close }: Course): boolean {
  return wrong !== null || close !== null
}

/** These answers are due for what goes out next. */
export function expectAnswers(course: Course, answers: readonly Answer[]): void {
  for (const answer of answers) course.due.push({ answer, at: course.sent })
}

/** Takes the next thing the peer sent. Pings of its own are its own affair. */
export function takeItem(course: Course, item: PeerItem): void {
  course.received = item.end
  if (item.kind === 'head') {
    course.head = { status: statusIn(item.bytes, course.peer), bytes: item.bytes }
    return
  }
  course.frames += 1
  if (item.kind === 'ping' || course.close) return
  if (item.kind === 'close') {
    course.close = { code: closeCode(item.payload), at: item.start, after: course.sent }
    return
  }
  if (course.wrong) return
  const due = course.due.shift()
  const came = due ? differenceFrom(due.answer, item) : { at: item.start, came: `${described(item)} came unasked` }
  if (came) course.wrong = came
  else course.answered += 1
}

function statusIn(bytes: Uint8Array, peer: Role): number | null {
  return peer === 'server' ? statusOf(parseHead(bytes, 'response')) : null
}

type FrameItem = Exclude<PeerItem, { kind: 'head' }>

/** Null when it is what was due. */
function differenceFrom({ kind, payload }: Answer, item: FrameItem): Course['wrong'] {
  if (item.kind !== kind) {
    return { at: item.start, came: `${described(item)} came where a ${kind} of ${payload.length} bytes was due` }
  }
  if (equalBytes(item.payload, payload)) return null
  const index = firstDifference(item.payload, payload)
  const lengths = item.payload.length === payload.length ? '' : `, of ${item.payload.length} bytes`
  const at = Math.min(placeOf(item, index), item.end - 1)
  return { at, came: `a ${kind} came that differs from what was sent from its byte ${index} on${lengths}` }
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length)
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return i
  return most
}

/** Lane offset of a payload's byte; of the end when it has none there. Of a compressed message: of its first byte. */
function placeOf({ payload, pieces }: Placed, index: number): number {
  const size = pieces.reduce((sum, { start, end }) => sum + end - start, 0)
  let left = size === payload.length ? index : 0
  for (const { start, end } of pieces) {
    if (left < end - start) return start + left
    left -= end - start
  }
  return pieces.at(-1)!.end
}

function described(item: FrameItem): string {
  const name = item.kind === 'other' ? `frame with opcode ${item.opcode.toString(16)}` : item.kind
  const some = item.payload.subarray(0, 24)
  const quoted = item.kind === 'text' ? `"${visible(shorten(decodeUtf8(some), 24))}"` : toHex(some, ' ')
  return `a ${name} of ${item.payload.length} bytes${some.length > 0 ? ` (${quoted})` : ''}`
}
