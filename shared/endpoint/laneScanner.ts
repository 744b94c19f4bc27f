// Finds where units begin and end on a lane, at capture speed: it looks at headers only and skips payloads by count.
// It judges nothing. Whatever comes, complete units tile the lane, and how the bytes were cut never changes them.
import { decodeLatin1 } from '../bytes/ascii.ts'
import { concat } from '../bytes/concat.ts'
import type { Lane } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { emptyFrameHeader, type Framing, framingOf, longestHeader, readFrameHeader } from '../framing/header.ts'
import { afterTerminator } from '../framing/sentinel.ts'
import type { FrameHeader, Unit, UnitKind } from '../framing/unit.ts'
import { beginsNoHead, type HeadKind } from '../handshake/head.ts'
import { challengeSize } from '../handshake/keyNumbers.ts'
import { policyRequest } from '../profile/policy.ts'

/** Bytes of a head before it is given up as junk. A first byte that begins no head is junk at once. */
export const headLimit = 16384

/** Junk is cut into units of this many bytes, counted from where it began. */
export const junkBlock = 4096
/** What begins with `<` may be a policy request, see describePolicy.ts: so many bytes are a unit of their own. */
const policySize = policyRequest.length
const lessThan = 0x3c

/** Bytes of frames kept until the key that they are masked with is known. */
export const mostHeld = 65536

const nothing = new Uint8Array(0)

/** How much of a head is looked at to see that it is one, and the status of a response. */
export const statusWindow = 64

/**
 * Told of every unit when its last byte was pushed. Offsets are lane offsets; `opcode` is -1 and `final` true for
 * anything but a frame.
 */
export type UnitSink = (kind: UnitKind, start: number, end: number, opcode: number, final: boolean) => void

export interface LaneScanner {
  push(bytes: Uint8Array, sink: UnitSink): void
  /** Tells the connection key once it is known: frames that waited for it are read now. Null changes nothing. */
  agree(connectionKey: Uint8Array | null, sink: UnitSink): void
  /** Whether frames wait for the connection key. */
  readonly awaitsKey: boolean
  /** Lane offset after the last byte pushed. */
  readonly position: number
  /** Whether the next byte begins a frame that can be read. */
  readonly isBetweenFrames: boolean
  /** Goes on behind `length` bytes of whole frames that somebody else has read; between frames only. */
  stepOver(length: number): void
  /** Where the unfinished unit begins; equal to `position` when there is none. */
  readonly pendingStart: number
  /** Where the unfinished unit will end, once its header tells; else null. */
  readonly pendingEnd: number | null
  /** What the unfinished unit is, or what the next byte would begin. */
  readonly pendingKind: UnitKind
  /** Opcode of the unfinished frame once its header is whole; else -1. */
  readonly pendingOpcode: number
  /** An independent scanner in the same state. */
  clone(): LaneScanner
}

/**
 * What is expected next. `payload` and `terminated` are inside a frame whose header was read; the latter ends in FF. `cut` is
 * inside one whose header is not there.
 */
type Phase = 'head' | 'challenge' | 'cut' | 'header' | 'payload' | 'terminated' | 'junk'

interface ScanState {
  phase: Phase
  position: number
  unitStart: number
  /** Known in phases `challenge`, `cut`, `payload` and `junk`. */
  unitEnd: number
  /** How far the bytes just gone by are into an LF and an empty line: see `nextMatched`. */
  matched: number
  /** First bytes of a head, or of a header that is cut by the end of a chunk. */
  readonly kept: Uint8Array
  keptLength: number
  readonly header: FrameHeader
  /** Bytes of frames that cannot be read before the connection key is known: from `unitStart` to `position`. */
  held: Uint8Array
}

/**
 * A scanner at the beginning of a lane: a head, the challenge where the dialect has one, then frames. A response whose status is not 101 is followed by junk.
 * After a frame whose length no frame can have, all is junk: that frame's unit is its header alone.
 */
export function createLaneScanner(dialect: Dialect, lane: Lane, connectionKey: Uint8Array | null = null): LaneScanner {
  return new Scanner(framingOf(dialect, lane, connectionKey), lane, stateAt('head', 0, lane))
}

/** What comes before the frames of a lane whose handshake is over at `end`. */
export function handshakeDone(end: number): FinishedUnit {
  return { kind: 'challenge', end, bytes: nothing }
}

/**
 * A scanner behind a handshake that is not there. The first `cut` bytes end a frame of which the header is not there: they
 * are junk.
 */
export function joinedLaneScanner(
  dialect: Dialect,
  lane: Lane,
  cut: number,
  connectionKey: Uint8Array | null = null,
): LaneScanner {
  const state = stateAt(cut > 0 ? 'cut' : 'header', 0, lane)
  state.unitEnd = cut
  return new Scanner(framingOf(dialect, lane, connectionKey), lane, state)
}

/** A unit as `laneScannerAfter` needs it: `bytes` are its first, `statusWindow` of them or all. */
export interface FinishedUnit {
  readonly kind: UnitKind
  readonly end: number
  readonly bytes: Uint8Array
}

/** A scanner at the end of a complete unit, in the state one would be in that had seen the lane from its beginning. */
export function laneScannerAfter(
  dialect: Dialect,
  lane: Lane,
  unit: FinishedUnit,
  connectionKey: Uint8Array | null = null,
): LaneScanner {
  const framing = framingOf(dialect, lane, connectionKey)
  return new Scanner(framing, lane, stateAt(phaseAfter(framing, unit), unit.end, lane))
}

function phaseAfter(framing: Framing, { kind, bytes }: FinishedUnit): Phase {
  switch (kind) {
    case 'request':
      return phaseAfterHead(framing)
    case 'response':
      return switchesProtocols(bytes) ? phaseAfterHead(framing) : 'junk'
    case 'challenge':
      return 'header'
    case 'frame': {
      const header = emptyFrameHeader()
      readFrameHeader(bytes, 0, bytes.length, framing, header)
      return header.lengthUnusable ? 'junk' : 'header'
    }
    case 'junk':
      return 'junk'
    default:
      return unreachable(kind)
  }
}

function phaseAfterHead({ dialect }: Framing): Phase {
  return dialect.handshake.challenge === 'keyNumbers' ? 'challenge' : 'header'
}

function stateAt(phase: Phase, start: number, lane: Lane): ScanState {
  return {
    phase,
    position: start,
    unitStart: start,
    unitEnd: start + (phase === 'challenge' ? challengeSize(lane) : junkBlock),
    matched: 0,
    kept: new Uint8Array(statusWindow),
    keptLength: 0,
    header: emptyFrameHeader(),
    held: nothing,
  }
}

/** A class, since it is asked where it is with every packet: getters of its own each object has to look up anew. */
class Scanner implements LaneScanner {
  private framing: Framing
  private readonly lane: Lane
  private readonly state: ScanState

  constructor(framing: Framing, lane: Lane, state: ScanState) {
    this.framing = framing
    this.lane = lane
    this.state = state
  }

  push(bytes: Uint8Array, sink: UnitSink): void {
    scan(this.state, this.framing, this.lane, bytes, sink)
  }

  agree(connectionKey: Uint8Array | null, sink: UnitSink): void {
    const { framing, state } = this
    if (!framing.awaitsKey || connectionKey === null) return
    this.framing = framingOf(framing.dialect, this.lane, connectionKey)
    const { held } = state
    state.position -= held.length
    state.held = nothing
    this.push(held, sink)
  }

  get awaitsKey(): boolean {
    return this.framing.awaitsKey
  }

  get position(): number {
    return this.state.position
  }

  get isBetweenFrames(): boolean {
    return this.state.phase === 'header' && this.state.keptLength === 0 && !this.framing.awaitsKey
  }

  stepOver(length: number): void {
    moveTo(this.state, this.state.position + length)
  }

  get pendingStart(): number {
    return this.state.unitStart
  }

  get pendingEnd(): number | null {
    return endIsKnown(this.state) ? this.state.unitEnd : null
  }

  get pendingKind(): UnitKind {
    return kindOf(this.state.phase, this.lane)
  }

  get pendingOpcode(): number {
    const { phase, header } = this.state
    return phase === 'payload' || phase === 'terminated' ? header.opcode : -1
  }

  clone(): LaneScanner {
    const { state } = this
    return new Scanner(this.framing, this.lane, { ...state, kept: state.kept.slice(), header: { ...state.header } })
  }
}

function endIsKnown({ phase }: ScanState): boolean {
  return phase === 'payload' || phase === 'challenge' || phase === 'cut'
}

function headKindOn(lane: Lane): HeadKind {
  return lane === 'clientToServer' ? 'request' : 'response'
}

function kindOf(phase: Phase, lane: Lane): UnitKind {
  switch (phase) {
    case 'head':
      return headKindOn(lane)
    case 'challenge':
      return 'challenge'
    case 'header':
    case 'payload':
    case 'terminated':
      return 'frame'
    case 'cut':
    case 'junk':
      return 'junk'
    default:
      return unreachable(phase)
  }
}

function scan(state: ScanState, framing: Framing, lane: Lane, bytes: Uint8Array, sink: UnitSink): void {
  let at = 0
  while (at < bytes.length) {
    switch (state.phase) {
      case 'head':
        at = scanHead(state, framing, lane, bytes, at, sink)
        break
      case 'challenge':
      case 'cut':
        at = skipToFrames(state, lane, bytes, at, sink)
        break
      case 'header':
        at = framing.awaitsKey ? hold(state, bytes, at, sink) : scanHeaders(state, framing, bytes, at, sink)
        break
      case 'payload':
        at = skipPayload(state, bytes, at, sink)
        break
      case 'terminated':
        at = skipToTerminator(state, bytes, at, sink)
        break
      case 'junk':
        at = skipJunk(state, bytes, at, sink)
        break
      default:
        unreachable(state.phase)
    }
  }
}

function scanHead(
  state: ScanState,
  framing: Framing,
  lane: Lane,
  bytes: Uint8Array,
  from: number,
  sink: UnitSink,
): number {
  if (state.keptLength < statusWindow) {
    keep(state, bytes, from, bytes.length)
    if (beginsNoHead(state.kept.subarray(0, state.keptLength), headKindOn(lane))) {
      beginJunk(
        state,
        state.unitStart,
        lane === 'clientToServer' && state.kept[0] === lessThan ? policySize : junkBlock,
      )
      return from
    }
  }
  const end = Math.min(bytes.length, from + state.unitStart + headLimit - state.position)
  let at = from
  let { matched } = state
  while (at < end && matched < emptyLine) matched = nextMatched(matched, bytes[at++]!)
  state.matched = matched
  state.position += at - from
  if (matched === emptyLine) finishHead(state, framing, lane, sink)
  else if (state.position - state.unitStart === headLimit) giveUpHead(state, sink)
  return at
}

/** `matched` when a line has ended, when a CR followed, and when the next line has ended too, empty. */
const lineEnded = 1
const crFollowed = 2
const emptyLine = 3

/** One byte on. A CR before an LF is optional, as in `findHeadEnd`. */
function nextMatched(matched: number, byte: number): number {
  if (byte === 0x0a) return matched > 0 ? emptyLine : lineEnded
  return byte === 0x0d && matched === lineEnded ? crFollowed : 0
}

function finishHead(state: ScanState, framing: Framing, lane: Lane, sink: UnitSink): void {
  const headKind = headKindOn(lane)
  sink(headKind, state.unitStart, state.position, -1, true)
  const upgraded = headKind === 'request' || switchesProtocols(state.kept.subarray(0, state.keptLength))
  if (!upgraded) {
    beginJunk(state, state.position)
    return
  }
  beginUnit(state, phaseAfterHead(framing))
  if (state.phase === 'challenge') state.unitEnd = state.position + challengeSize(lane)
}

function skipToFrames(state: ScanState, lane: Lane, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const at = skip(state, bytes, from)
  if (state.position === state.unitEnd) {
    sink(kindOf(state.phase, lane), state.unitStart, state.unitEnd, -1, true)
    beginUnit(state, 'header')
  }
  return at
}

/** `HTTP/1.1 101 …`: all else is an ordinary HTTP answer, and what follows it is no frame. */
function switchesProtocols(responseStart: Uint8Array): boolean {
  return /^[^ \r\n]* 101(?=[ \r\n])/.test(decodeLatin1(responseStart, 0, Math.min(statusWindow, responseStart.length)))
}

function giveUpHead(state: ScanState, sink: UnitSink): void {
  const { position } = state
  for (let start = state.unitStart; start < position; start += junkBlock) {
    sink('junk', start, start + junkBlock, -1, true)
  }
  beginJunk(state, position)
}

/** hybi-04: until the heads have given a key, where a frame ends cannot be told. They give none after this many bytes. */
function hold(state: ScanState, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const room = mostHeld - state.held.length
  if (bytes.length - from <= room) {
    state.held = concat(state.held, bytes.subarray(from))
    state.position += bytes.length - from
    return bytes.length
  }
  const { unitStart } = state
  state.position = unitStart + mostHeld
  state.held = nothing
  for (let start = unitStart; start < state.position; start += junkBlock) {
    sink('junk', start, start + junkBlock, -1, true)
  }
  beginJunk(state, state.position)
  return from + room
}

/** Reads headers and, where a whole frame is in the chunk, steps over it at once. */
function scanHeaders(state: ScanState, framing: Framing, bytes: Uint8Array, from: number, sink: UnitSink): number {
  if (state.keptLength > 0) return finishHeader(state, framing, bytes, from, sink)
  const { header } = state
  const base = state.position - from
  const end = bytes.length
  let at = from
  while (at < end) {
    if (readFrameHeader(bytes, at, end, framing, header) > 0) {
      moveTo(state, base + at)
      keep(state, bytes, at, end)
      state.position = base + end
      return end
    }
    const next = endOfFrame(header, bytes, at)
    if (next > end || header.lengthUnusable) {
      moveTo(state, base + at)
      return enterPayload(state, at + header.headerLength, sink)
    }
    sink('frame', base + at, base + next, header.opcode, header.final)
    at = next
  }
  moveTo(state, base + at)
  return at
}

/** Index after the frame whose header was read at `at`; past the end of the bytes when it is not all there. */
function endOfFrame({ lengthForm, headerLength, payloadLength }: FrameHeader, bytes: Uint8Array, at: number): number {
  const payloadAt = at + headerLength
  return lengthForm === 'terminated' ? afterTerminator(bytes, payloadAt) : payloadAt + payloadLength
}

/** Completes a header that began in an earlier chunk. */
function finishHeader(state: ScanState, framing: Framing, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const { kept, keptLength, header } = state
  const there = Math.min(bytes.length - from, longestHeader - keptLength)
  kept.set(bytes.subarray(from, from + there), keptLength)
  if (readFrameHeader(kept, 0, keptLength + there, framing, header) > 0) {
    state.keptLength += there
    state.position += there
    return from + there
  }
  state.keptLength = 0
  return enterPayload(state, from + header.headerLength - keptLength, sink)
}

/** The header at `unitStart` is read and the chunk goes on at `at`. */
function enterPayload(state: ScanState, at: number, sink: UnitSink): number {
  const { header, unitStart } = state
  state.position = unitStart + header.headerLength
  if (header.lengthUnusable) {
    sink('frame', unitStart, state.position, header.opcode, header.final)
    beginJunk(state, state.position)
    return at
  }
  if (header.lengthForm === 'terminated') {
    state.phase = 'terminated'
    return at
  }
  state.unitEnd = state.position + header.payloadLength
  state.phase = 'payload'
  if (header.payloadLength === 0) finishFrame(state, sink)
  return at
}

function skipPayload(state: ScanState, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const at = skip(state, bytes, from)
  if (state.position === state.unitEnd) finishFrame(state, sink)
  return at
}

function skipToTerminator(state: ScanState, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const after = afterTerminator(bytes, from)
  const at = Math.min(after, bytes.length)
  state.position += at - from
  if (after > bytes.length) return at
  state.unitEnd = state.position
  finishFrame(state, sink)
  return at
}

function finishFrame(state: ScanState, sink: UnitSink): void {
  sink('frame', state.unitStart, state.unitEnd, state.header.opcode, state.header.final)
  beginUnit(state, 'header')
}

function skipJunk(state: ScanState, bytes: Uint8Array, from: number, sink: UnitSink): number {
  const at = skip(state, bytes, from)
  if (state.position === state.unitEnd) {
    sink('junk', state.unitStart, state.unitEnd, -1, true)
    beginJunk(state, state.position)
  }
  return at
}

function skip(state: ScanState, bytes: Uint8Array, from: number): number {
  const count = Math.min(bytes.length - from, state.unitEnd - state.position)
  state.position += count
  return from + count
}

function keep(state: ScanState, bytes: Uint8Array, from: number, to: number): void {
  const count = Math.min(to - from, statusWindow - state.keptLength)
  if (count <= 0) return
  state.kept.set(bytes.subarray(from, from + count), state.keptLength)
  state.keptLength += count
}

function moveTo(state: ScanState, position: number): void {
  state.position = position
  state.unitStart = position
}

function beginUnit(state: ScanState, phase: Phase): void {
  state.phase = phase
  state.unitStart = state.position
  state.keptLength = 0
}

function beginJunk(state: ScanState, start: number, size = junkBlock): void {
  state.phase = 'junk'
  state.unitStart = start
  state.unitEnd = start + size
}

export interface ScanOptions {
  /** Whether the unfinished unit at the end is listed too, as far as it goes. */
  readonly open?: boolean
  /** The unit just before `bytes`; without it they are the beginning of the lane. */
  readonly after?: FinishedUnit
  /** Where masks are hashes: the key of the connection, when known. */
  readonly connectionKey?: Uint8Array | null
}

/** The units of a buffer, for buffers small enough to be held whole. Spans are lane offsets. */
export function scanUnits(dialect: Dialect, lane: Lane, bytes: Uint8Array, options: ScanOptions = {}): Unit[] {
  const { after, open, connectionKey } = options
  const scanner = after
    ? laneScannerAfter(dialect, lane, after, connectionKey)
    : createLaneScanner(dialect, lane, connectionKey)
  const units: Unit[] = []
  scanner.push(bytes, (kind, start, end, opcode, final) => {
    units.push(kind === 'frame' ? { kind, start, end, opcode, final } : { kind, start, end })
  })
  if (open && scanner.position > scanner.pendingStart) {
    units.push({ kind: scanner.pendingKind, start: scanner.pendingStart, end: scanner.position })
  }
  return units
}
