// Plays the script of a recorded end on a connected socket: by order or by timing, waiting for what the other end had said.
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { laneTo } from '../../shared/bytes/lanes.ts'
import type { Span } from '../../shared/bytes/span.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Time } from '../../shared/capture/record.ts'
import type { ConnectionCapture } from '../../shared/capture/types.ts'
import { contextFor } from '../../shared/capture/viewsContext.ts'
import { worldAt } from '../../shared/capture/viewsUnits.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import { framingOf, longestHeader } from '../../shared/framing/header.ts'
import { createRecoder, recodes } from '../../shared/replay/recode.ts'
import { type Remasking, repeatFrame } from '../../shared/replay/remask.ts'
import { type Move, movesOf, type Script } from '../../shared/replay/script.ts'
import { added, counted, emptyTally, missingOf, type Tally, tallyText } from '../../shared/replay/tally.ts'
import type { ReplayEvent } from '../../shared/replay/types.ts'
import { resetSocket, whenClosed } from '../net/sockets.ts'
import { openWire, type Wire } from '../net/wire.ts'
import { openConnection } from './opening.ts'

export interface PlayOptions {
  readonly script: Script
  /** Connected, and nothing was read from it yet. */
  readonly socket: Socket
  /** Empty: the replay is written into it as connection 1. */
  readonly capture: Capture
  readonly url: string
  /** What is asked for, when it is not to be what was recorded. */
  readonly target: string | null
  /** Frames keep the masking keys they were recorded with. */
  readonly keepMasks: boolean
  /** Times recorded time; `Infinity`: nothing is waited for but the other end. */
  readonly speed: number
  /** Milliseconds to wait for what had come in the recording. */
  readonly timeout: number
  /** Aborted, it resets the connection. */
  readonly signal: AbortSignal
  onEvent(event: ReplayEvent): void
}

interface Play extends PlayOptions {
  readonly wire: Wire
  live(): ConnectionCapture
  /** Rows of the live connection that were counted, and what they come to with what was given up. */
  rows: number
  came: Tally
}

/** Settles when the connection is closed. */
export async function playScript(options: PlayOptions): Promise<void> {
  const { script, socket, capture, url, signal } = options
  const peer = script.role === 'client' ? 'server' : 'client'
  const opened = { dialect: script.dialect.id, ...(peer === 'server' && { url }) }
  const wire = openWire({ socket, peer, capture, opened })
  const live = () => capture.connection(1)
  const play: Play = { ...options, wire, live, rows: 0, came: emptyTally }
  const giveUp = () => resetSocket(socket)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  if (await opens(play)) {
    await makeMoves(play)
    await awaitAnswers(play, script.owed, script.peerEnds)
  }
  await part(play)
  signal.removeEventListener('abort', giveUp)
}

async function opens(play: Play): Promise<boolean> {
  const { script, wire, live, url, target, timeout, onEvent } = play
  if (!script.opens) return !(await wire.wait(() => live().rowCount > 0, timeout))
  const onFault = (fault: Fault) => onEvent({ kind: 'fault', fault })
  const opening = await openConnection({ script, wire, live, url, target, timeout, onFault })
  if (opening === 'open') onEvent({ kind: 'open' })
  else if (opening === 'refused') onEvent({ kind: 'refused' })
  else onEvent({ kind: 'late', missing: 'the opening handshake', milliseconds: timeout })
  return opening === 'open'
}

async function makeMoves(play: Play): Promise<void> {
  const began = performance.now()
  const sender = createSender(play)
  for (const move of movesOf(play.script)) {
    await awaitTime(play, move.time, began)
    await awaitAnswers(play, move.owed, move.peerEnded)
    if (!goesOn(play, move)) {
      play.onEvent({ kind: 'cut' })
      return
    }
    if (move.kind === 'end') play.wire.end(move.how)
    else await sender(move)
  }
}

/** Whether what is sent now can still be of use. */
function goesOn({ wire, signal }: Play, { peerEnded }: Move): boolean {
  return !signal.aborted && (wire.ended === null || (peerEnded && wire.ended === 'fin'))
}

async function awaitTime({ script, speed, wire }: Play, time: Time, began: number): Promise<void> {
  if (speed === Number.POSITIVE_INFINITY) return
  const due = began + (time - script.opened) / speed
  await wire.wait(() => false, due - performance.now())
}

/** What does not come in time is waited for once. */
async function awaitAnswers(play: Play, owed: Tally, ended: boolean): Promise<void> {
  const { wire, timeout, onEvent } = play
  const isReady = () => missingOf(owed, cameSoFar(play)) === null && (!ended || wire.ended !== null)
  if (!(await wire.wait(isReady, timeout))) return
  const missing = missingOf(owed, cameSoFar(play))
  const what = missing ? tallyText(missing) : 'the end of the stream'
  onEvent({ kind: 'late', missing: what, milliseconds: timeout })
  if (missing) play.came = added(play.came, missing)
}

function cameSoFar(play: Play): Tally {
  const connection = play.live()
  const lane = laneTo(play.script.role)
  for (; play.rows < connection.rowCount; play.rows++) {
    const row = connection.row(play.rows)
    if (row.lane === lane) play.came = counted(play.came, row, play.script.dialect)
  }
  return play.came
}

// Sending

const block = 65536

/** Sends unit after unit. */
function createSender(play: Play): (move: Extract<Move, { kind: 'unit' }>) => Promise<void> {
  const { script, live, capture, keepMasks } = play
  const { dialect, lane } = script
  const { agreed } = contextFor(worldAt(capture, live().id, capture.end), lane)
  const remasking: Remasking = {
    recorded: framingOf(dialect, lane, script.agreed.connectionKey),
    live: framingOf(dialect, lane, agreed.connectionKey),
    key: keepMasks ? (recorded) => recorded : ({ length }) => randomBytes(length),
  }
  const recoder = recodes(script.agreed, agreed, lane) ? createRecoder(script, agreed, randomBytes) : null
  return async ({ unit, span, data }) => {
    if (recoder && data !== 'no') {
      if (data === 'last') for (const bytes of recoder(span.end)) await put(play, bytes)
    } else await sendUnit(play, span, unit === 'frame' ? remasking : null)
  }
}

/** A frame is masked anew; what is none goes out as it was. Never more of it in memory than a block. */
async function sendUnit(play: Play, { start, end }: Span, remasking: Remasking | null): Promise<void> {
  const { connection, lane } = play.script
  const read = (from: number, to: number) => connection.readDelivered(lane, from, Math.min(end, to))
  const frame = remasking && repeatFrame(read(start, start + longestHeader), remasking)
  const behind = start + (frame?.header.length ?? 0)
  if (frame) await put(play, frame.header)
  for (let at = behind; at < end && play.wire.ended !== 'reset'; at += block) {
    const bytes = read(at, at + block)
    await put(play, frame ? frame.payload(bytes, at - behind) : bytes)
  }
}

/** Waits for as long as the other end takes to take it: a reader may be slow. */
async function put({ wire, timeout, signal, onEvent, socket }: Play, bytes: Uint8Array): Promise<void> {
  if (signal.aborted) return
  await wire.send(bytes)
  if (!wire.isFull || !(await wire.wait(() => !wire.isFull, timeout))) return
  onEvent({ kind: 'late', missing: 'room for more, which the other end does not take', milliseconds: timeout })
  resetSocket(socket)
}

// Ending

/** Milliseconds the other end has to end its half when the recording does not say that it did. */
const parting = 1000

async function part({ wire, socket, timeout }: Play): Promise<void> {
  wire.end()
  await wire.wait(() => false, Math.min(parting, timeout))
  resetSocket(socket)
  await whenClosed(socket)
}
