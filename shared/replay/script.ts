// A recorded connection as a script for one of its ends: what it sends, in order, and what it had been given before each.
import { type Lane, laneFrom, laneTo, type Role } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { StreamEnd, Time } from '../capture/record.ts'
import type { CaptureReader, ConnectionCapture, IndexRow } from '../capture/types.ts'
import { contextFor } from '../capture/viewsContext.ts'
import { recordBefore, type World, worldAt, worldReadingAhead } from '../capture/viewsUnits.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Agreed } from '../endpoint/agreed.ts'
import type { UnitKind } from '../framing/unit.ts'
import { parseHead, statusOf } from '../handshake/head.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { counted, emptyTally, type Tally } from './tally.ts'

/** `owed`: what the other end has said before, as recorded; `peerEnded`: also that it says nothing more. */
export type Move = { readonly time: Time; readonly owed: Tally; readonly peerEnded: boolean } & (
  | {
      readonly kind: 'unit'
      readonly unit: UnitKind
      readonly span: Span
      /** False: no frame of a message. True: the last of one, or one that is none yet. */
      readonly data: 'no' | 'part' | 'last'
    }
  | { readonly kind: 'end'; readonly how: StreamEnd }
)

export interface Script {
  readonly capture: CaptureReader
  readonly connection: ConnectionCapture
  /** The connection when all has happened. */
  readonly world: World
  readonly dialect: Dialect
  /** Whose lane is played. */
  readonly role: Role
  readonly lane: Lane
  /** What the heads agreed on for that lane. */
  readonly agreed: Agreed
  /** The head this end sent. */
  readonly head: Uint8Array
  /** The other end's; null when the recording has none. */
  readonly peerHead: Uint8Array | null
  /** False for a server that turned the client away: what it sent is sent as it was, without a handshake. */
  readonly opens: boolean
  /** When the opening handshake was over. */
  readonly opened: Time
  /** All that the other end said, and whether it ended its stream. */
  readonly owed: Tally
  readonly peerEnds: boolean
}

/** Fails with a sentence when the connection has no head of that end. What was delivered is what is played. */
export function scriptOf(capture: CaptureReader, connectionId: number, role: Role): Result<Script> {
  const connection = capture.connection(connectionId)
  const world = worldReadingAhead(worldAt(capture, connectionId, capture.end))
  const lane = laneFrom(role)
  const [head, peerHead] = [headOf(connection, lane), headOf(connection, laneTo(role))]
  if (!head) {
    const what = role === 'client' ? 'request of the client' : 'response of the server'
    return failure(`Connection ${connectionId} cannot be replayed: the ${what} is not in the recording.`)
  }
  const { dialect } = connection
  const opens = role === 'client' || statusOf(parseHead(head, 'response')) === 101
  const script = { capture, connection, world, dialect, role, lane, head, peerHead, opens }
  const rest = { agreed: contextFor(world, lane).agreed, opened: openedAt(connection), ...peerOf(connection, lane) }
  return success({ ...script, ...rest })
}

function headOf(connection: ConnectionCapture, lane: Lane): Uint8Array | null {
  const index = connection.rowHolding(lane, 0)
  const row = index < 0 ? null : connection.row(index)
  return row && isHead(row) ? connection.readDelivered(lane, row.span.start, row.span.end) : null
}

function isHead({ kind }: IndexRow): boolean {
  return kind === 'request' || kind === 'response'
}

function openedAt({ transitions, opened }: ConnectionCapture): Time {
  const opens = transitions.filter(({ to }) => to === 'OPEN')
  return opens.at(-1)?.time ?? opened.time
}

function peerOf(connection: ConnectionCapture, lane: Lane): Pick<Script, 'owed' | 'peerEnds'> {
  let owed = emptyTally
  let peerEnds = false
  for (let index = 0; index < connection.rowCount; index++) {
    const row = connection.row(index)
    if (row.lane === lane) continue
    owed = counted(owed, row, connection.dialect)
    peerEnds ||= isEnd(row)
  }
  return { owed, peerEnds }
}

/** The moves in order, made as they are asked for: a recording may have millions. The opening handshake is not among them. */
export function* movesOf({ capture, connection, dialect, lane, opens }: Script): Iterable<Move> {
  let owed = emptyTally
  let peerEnded = false
  const skips = opens ? createHandshakeFilter(dialect) : () => false
  let inMessage = false
  for (let index = 0; index < connection.rowCount; index++) {
    const row = connection.row(index)
    if (row.lane !== lane) {
      owed = counted(owed, row, dialect)
      peerEnded ||= isEnd(row)
      continue
    }
    const { kind, span, completed } = row
    if (kind === 'dropped' || skips(row)) continue
    const before = { time: capture.head(recordBefore(completed)).time, owed, peerEnded }
    if (kind === 'fin' || kind === 'reset') {
      yield* unfinished(connection, lane, capture, before)
      yield { ...before, kind: 'end', how: kind }
      return
    }
    const data = partOf(row, dialect, inMessage)
    if (data !== 'no') inMessage = data === 'part'
    yield { ...before, kind: 'unit', unit: kind, span, data }
  }
  yield* unfinished(connection, lane, capture, { time: connection.opened.time, owed, peerEnded })
}

function isEnd({ kind }: IndexRow): boolean {
  return kind === 'fin' || kind === 'reset'
}

/** Heads, the bytes behind them, and one Hello are what the live handshake makes anew. */
function createHandshakeFilter({ opcodes, handshake }: Dialect): (row: IndexRow) => boolean {
  let helloPassed = handshake.challenge !== 'hello'
  return (row) => {
    if (isHead(row) || row.kind === 'challenge') return true
    const isHello = !helloPassed && row.kind === 'frame' && opcodes[row.opcode] === 'hello'
    helloPassed ||= isHello
    return isHello
  }
}

function partOf({ kind, opcode, final }: IndexRow, { opcodes }: Dialect, inMessage: boolean) {
  const name = kind === 'frame' ? opcodes[opcode] : undefined
  const isData = name === 'text' || name === 'binary' || (name === 'continuation' && inMessage)
  if (!isData) return 'no'
  return final ? 'last' : 'part'
}

/** Bytes at the end of the lane that are no whole unit. */
function* unfinished(
  connection: ConnectionCapture,
  lane: Lane,
  { end: cursor }: CaptureReader,
  before: Pick<Move, 'time' | 'owed' | 'peerEnded'>,
): Iterable<Move> {
  const start = connection.boundaryAt(lane, cursor)
  const end = connection.deliveredLengthAt(lane, cursor)
  if (end > start) yield { ...before, kind: 'unit', unit: 'frame', span: { start, end }, data: 'no' }
}
