// Plays one case on a connected socket and answers the verdict. Never takes longer than it may.
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { concat } from '../../shared/bytes/concat.ts'
import type { Role } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { ConformCase, Effort, Head, Move, PauseLength } from '../../shared/conform/case.ts'
import { agreedIn, choose, offerOf } from '../../shared/conform/compression.ts'
import { beginCourse, type Course, expectAnswers, isLost, isSettled, takeItem } from '../../shared/conform/course.ts'
import type { Outcome } from '../../shared/conform/findings.ts'
import { close, encodeRaw, inFragments, type RawFrame } from '../../shared/conform/frames.ts'
import { judgeCourse } from '../../shared/conform/judge.ts'
import { requestFields, requestLine, responseFields, responseLine, withField } from '../../shared/conform/opening.ts'
import { createReader, type PeerItem } from '../../shared/conform/reader.ts'
import { encodeHead, fieldNamed, parseHead } from '../../shared/handshake/head.ts'
import { resetSocket } from '../net/sockets.ts'
import { openWire, type Wire } from '../net/wire.ts'
import { type Compressor, createCompressor } from './compressor.ts'

export interface PlayOptions {
  readonly test: ConformCase
  /** Who is tested; we are the other one. */
  readonly peer: Role
  readonly socket: Socket
  readonly capture: Capture
  /** Where a server is asked for what. */
  readonly host: string
  readonly resource: string
  readonly effort: Effort
  /** Milliseconds a case of ordinary size may take. */
  readonly timeout: number
}

interface Play extends PlayOptions {
  readonly course: Course
  readonly wire: Wire
  readonly deadline: number
  compressor: Compressor | null
  unsupported: boolean
  late: boolean
}

/** Shares of the time for a case, for the pauses in it. */
const pauses: Readonly<Record<PauseLength, number>> = { brief: 1 / 20, long: 1 / 4 }

export async function playCase(options: PlayOptions): Promise<Outcome> {
  const { test, peer, socket, capture, timeout } = options
  const course = beginCourse(test, peer)
  const limit = timeout * (test.patience ?? 1)
  const reader = createReader()
  const heard = async (bytes: Uint8Array) => {
    for (const item of reader.take(bytes)) await take(play, item)
  }
  const play: Play = {
    ...options,
    course,
    wire: openWire({ socket, peer, capture, opened: { dialect: 'rfc6455' }, heard }),
    deadline: performance.now() + limit,
    compressor: null,
    unsupported: false,
    late: false,
  }
  await open(play)
  if (isOpen(play)) await makeMoves(play)
  await finish(play)
  play.compressor?.close()
  const gaveUpAfter = play.late ? limit : null
  const { faults } = capture.connection(1)
  const outcome = judgeCourse(course, { faults, ended: play.wire.ended, gaveUpAfter, unsupported: play.unsupported })
  resetSocket(socket)
  return outcome
}

async function take(play: Play, item: PeerItem): Promise<void> {
  if (!play.compressor || !('compressed' in item) || !item.compressed) return takeItem(play.course, item)
  const payload = await play.compressor.inflate(item.payload)
  takeItem(
    play.course,
    payload ? { ...item, payload } : { ...item, kind: 'other', opcode: item.kind === 'text' ? 1 : 2 },
  )
}

async function until(play: Play, ready: () => boolean): Promise<void> {
  if (await play.wire.wait(ready, play.deadline - performance.now())) play.late = true
}

/** Whether there is any use in going on. */
function goesOn({ late, course, wire }: Play): boolean {
  return !late && wire.ended === null && !isLost(course)
}

async function put({ course, wire }: Play, bytes: Uint8Array, chop?: number): Promise<void> {
  course.sent += bytes.length
  await wire.send(bytes, chop)
}

// Opening

async function open(play: Play): Promise<void> {
  const hasHead = () => play.course.head !== null
  if (play.peer === 'client') await until(play, hasHead)
  else await put(play, requestOf(play), play.test.opening?.chop)
  if (play.peer === 'server') await until(play, hasHead)
  else if (hasHead()) await put(play, responseTo(play), play.test.opening?.chop)
}

function requestOf({ test, host, resource }: Play): Uint8Array {
  const { request, compression } = test.opening ?? {}
  const usual = requestFields(host, randomBytes(16).toString('base64'))
  const fields = compression ? withField(usual, extensions, offerOf(compression)) : usual
  return headOf(request?.(fields) ?? { fields }, requestLine(resource))
}

const extensions = 'Sec-WebSocket-Extensions'

function responseTo(play: Play): Uint8Array {
  const { response, compression } = play.test.opening ?? {}
  const head = parseHead(play.course.head!.bytes, 'request')
  const usual = responseFields(fieldNamed(head, 'Sec-WebSocket-Key')?.value.text ?? '')
  const chosen = compression && choose(fieldNamed(head, extensions)?.value.text ?? null, compression)
  if (chosen) play.compressor = createCompressor(chosen.agreed, 'client')
  else play.unsupported = compression !== undefined
  const fields = chosen ? withField(usual, extensions, chosen.field) : usual
  return headOf(response?.(fields) ?? { fields }, responseLine)
}

function headOf({ line, fields }: Head, usualLine: string): Uint8Array {
  return encodeHead(line ?? usualLine, fields)
}

/** Whether frames may be sent now. */
function isOpen(play: Play): boolean {
  const { test, course, peer } = play
  if (play.late || !course.head || test.ending.kind === 'refusesRequest' || test.ending.kind === 'refusesResponse')
    return false
  if (peer === 'server' && course.head.status !== 101) return false
  if (peer === 'server' && test.opening?.compression) agree(play, course.head.bytes)
  return !play.unsupported
}

function agree(play: Play, response: Uint8Array): void {
  const agreed = agreedIn(fieldNamed(parseHead(response, 'response'), extensions)?.value.text ?? null)
  if (agreed) play.compressor = createCompressor(agreed, 'server')
  else play.unsupported = true
}

// Moving

async function makeMoves(play: Play): Promise<void> {
  for (const move of play.test.moves(play.effort)) {
    if (!goesOn(play)) return
    await make(play, move)
  }
}

async function make(play: Play, move: Move): Promise<void> {
  switch (move.kind) {
    case 'send':
      return send(play, move)
    case 'compressed': {
      const payload = await play.compressor!.compress(move.message.payload)
      const whole = { opcode: move.message.kind === 'text' ? 1 : 2, final: true, reserved: 4, payload }
      const frames = move.fragment > 0 ? inFragments(whole, move.fragment) : [whole]
      return send(play, { kind: 'send', frames, answers: [move.message] })
    }
    case 'await':
      return until(play, () => isSettled(play.course))
    case 'pause':
      return pause(play, move.length)
    default:
      return unreachable(move)
  }
}

async function send(play: Play, { frames, answers, chop, stops }: Extract<Move, { kind: 'send' }>): Promise<void> {
  expectAnswers(play.course, answers)
  if (frames.some(({ opcode }) => opcode === 0x8)) play.course.weClosed = true
  const encoded = frames.map((frame) => encode(play, frame))
  if (stops) return sendInPieces(play, encoded[0]!, encoded[0]!.length - frames[0]!.payload.length, stops)
  if (chop !== 'frames') return put(play, concat(...encoded), chop)
  for (const bytes of encoded) await put(play, bytes)
}

async function sendInPieces(
  play: Play,
  bytes: Uint8Array,
  header: number,
  stops: readonly { readonly after: number; readonly length: PauseLength }[],
): Promise<void> {
  let from = 0
  for (const { after, length } of stops) {
    if (!goesOn(play)) return
    await put(play, bytes.subarray(from, header + after))
    from = header + after
    await pause(play, length)
  }
  if (goesOn(play)) await put(play, bytes.subarray(from))
}

function encode({ peer }: Play, frame: RawFrame): Uint8Array {
  return encodeRaw(frame, peer === 'server' ? randomBytes(4) : undefined)
}

/** Ends early when the peer closes: that is what the long ones are for. */
async function pause({ course, wire, timeout }: Play, length: PauseLength): Promise<void> {
  const passed = await wire.wait(() => isLost(course), timeout * pauses[length])
  if (passed && length === 'long') course.waitedLong = true
}

// Ending

/** Waits for what is due, closes where that is ours to do, and sees the connection to its end. */
async function finish(play: Play): Promise<void> {
  const { course, wire, peer, test } = play
  const { kind } = test.ending
  if (isOpen(play)) {
    await until(play, () => (kind === 'weClose' ? isSettled(course) : course.close !== null))
    if (!course.weClosed && !play.late && wire.ended === null) await putClose(play, course.close?.code ?? 1000)
    await until(play, () => course.close !== null)
  } else if (play.unsupported) await putClose(play, 1000)
  // RFC 6455 §7.1.1: the server ends the stream first. After a refusal HTTP may keep it open: then we do.
  if (peer === 'client' ? kind !== 'refusesResponse' : kind === 'refusesRequest') wire.end()
  await until(play, () => false)
  wire.end()
}

async function putClose(play: Play, code: number): Promise<void> {
  play.course.weClosed ||= play.course.close === null
  await put(play, encode(play, close(code)))
}
