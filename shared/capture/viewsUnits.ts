// Where the units of a lane are, as of a cursor: those wholly delivered come from the index, the unfinished one and
// those held are found by scanning the gate stream from the last boundary. Offsets are gate-stream offsets.
import type { Lane } from '../bytes/lanes.ts'
import type { Span } from '../bytes/span.ts'
import type { Dialect, OpcodeName } from '../dialects/dialect.ts'
import {
  createLaneScanner,
  handshakeDone,
  type LaneScanner,
  laneScannerAfter,
  statusWindow,
} from '../endpoint/laneScanner.ts'
import { unseenLaneScanner } from '../endpoint/unseen.ts'
import { emptyFrameHeader, framingOf, longestHeader, readFrameHeader } from '../framing/header.ts'
import type { FrameHeader, UnitKind } from '../framing/unit.ts'
import { connectionKeyAt } from './connectionKey.ts'
import type { Cursor } from './record.ts'
import type { CaptureReader, ConnectionCapture, IndexRow } from './types.ts'
import { createWindow } from './window.ts'

/** One connection of a capture as of a cursor: what every view is a picture of. */
export interface World {
  readonly capture: CaptureReader
  readonly connection: ConnectionCapture
  readonly cursor: Cursor
  readonly dialect: Dialect
  /** What the client's frames are masked with, where both heads have a part in it and are there. */
  readonly connectionKey: Uint8Array | null
}

export function worldAt(capture: CaptureReader, connectionId: number, cursor: Cursor): World {
  const connection = capture.connection(connectionId)
  const { dialect } = connection
  return { capture, connection, cursor, dialect, connectionKey: connectionKeyAt(connection, cursor, dialect) }
}

/** The same connection when the whole log has happened. */
export function worldAtEnd(world: World): World {
  return worldAt(world.capture, world.connection.id, world.capture.end)
}

/** Bytes read at a time by who goes through a lane in order. */
const readAhead = 65536

/** The same world, for going through its lanes from front to back: what is delivered is read in larger pieces. */
export function worldReadingAhead(world: World): World {
  const { connection, cursor } = world
  const windowOn = (lane: Lane) => {
    const delivered = connection.deliveredLengthAt(lane, cursor)
    const read = (offset: number, count: number) =>
      connection.readGate(lane, cursor, offset, Math.min(delivered, offset + count))
    return { delivered, window: createWindow({ read }, readAhead) }
  }
  const windows = { clientToServer: windowOn('clientToServer'), serverToClient: windowOn('serverToClient') }
  const readGate: ConnectionCapture['readGate'] = (lane, at, from, to) => {
    const { delivered, window } = windows[lane]
    return to <= delivered && from < to ? window(from, to - from) : connection.readGate(lane, at, from, to)
  }
  return { ...world, connection: Object.create(connection, { readGate: { value: readGate } }) as ConnectionCapture }
}

/** Log index of the last record in the world that a completing cursor stands for. */
export function recordBefore({ record, bytes }: Cursor): number {
  return bytes > 0 ? record : record - 1
}

/** A unit of the gate stream. */
export interface LaneUnit extends Span {
  readonly lane: Lane
  readonly kind: UnitKind
  /** -1 for anything but a frame whose header is there. */
  readonly opcode: number
  /** Whether it is the last fragment; true for anything but a frame whose header is there. */
  readonly final: boolean
  /** Whether `end` is where the unit ends; while it is not known, `end` is the end of the gate stream. */
  readonly known: boolean
}

export function deliveredLength({ connection, cursor }: World, lane: Lane): number {
  return connection.deliveredLengthAt(lane, cursor)
}

export function heldLength({ connection, cursor }: World, lane: Lane): number {
  return connection.heldLengthAt(lane, cursor)
}

/** Bytes of the gate stream: delivered and held. */
export function gateLength(world: World, lane: Lane): number {
  return deliveredLength(world, lane) + heldLength(world, lane)
}

/** Bytes [from, to) of the gate stream, fewer where it ends. */
export function readGate(world: World, lane: Lane, from: number, to: number): Uint8Array {
  return world.connection.readGate(lane, world.cursor, from, Math.min(to, gateLength(world, lane)))
}

/** The part of a unit that is in the gate stream, at most `limit` bytes of it. */
export function readUnit(world: World, unit: LaneUnit, limit: number): Uint8Array {
  return readGate(world, unit.lane, unit.start, Math.min(unit.end, unit.start + limit))
}

/** The unit that holds the byte at `offset`; null when the gate stream has none there. */
export function unitHolding(world: World, lane: Lane, offset: number): LaneUnit | null {
  return unitsBetween(world, lane, offset, offset + 1)[0] ?? null
}

/** The units that overlap bytes [from, to) of the gate stream, in order. */
export function unitsBetween(world: World, lane: Lane, from: number, to: number): LaneUnit[] {
  const boundary = world.connection.boundaryAt(lane, world.cursor)
  const done = doneUnits(world, lane, Math.max(0, from), Math.min(to, boundary))
  if (to <= boundary) return done
  return [...done, ...openUnits(world, lane, to).filter((unit) => unit.end > from && unit.start < to)]
}

function doneUnits({ connection }: World, lane: Lane, from: number, to: number): LaneUnit[] {
  const units: LaneUnit[] = []
  for (let at = from; at < to; ) {
    const unit = doneUnit(connection, lane, at)
    units.push(unit)
    at = unit.end
  }
  return units
}

function isUnitKind(kind: IndexRow['kind']): kind is UnitKind {
  return kind !== 'fin' && kind !== 'reset' && kind !== 'dropped'
}

/** The delivered unit that holds `offset`, which must lie before the lane's boundary. */
export function doneUnit(connection: ConnectionCapture, lane: Lane, offset: number): LaneUnit {
  const unit = unitOfRow(connection.row(connection.rowHolding(lane, offset)))
  if (unit === null) throw new Error(`no unit holds byte ${offset} of ${lane}`)
  return unit
}

/** The unit that an index row is of; null for ends of streams and drops. */
export function unitOfRow({ lane, kind, span, opcode, final }: IndexRow): LaneUnit | null {
  return isUnitKind(kind) ? { lane, kind, opcode, final, known: true, start: span.start, end: span.end } : null
}

/** Bytes read at a time while scanning for units: little at first, since often only the first unit is asked for. */
const firstScanBlock = 256
const longestScanBlock = 65536

/**
 * The lane's unfinished unit, if any, and the held ones behind it, up to the one that holds the byte before `until`.
 * Reads headers; a payload that is longer than a block is stepped over unread.
 */
export function openUnits(world: World, lane: Lane, until = Number.POSITIVE_INFINITY): LaneUnit[] {
  const units: LaneUnit[] = []
  const length = gateLength(world, lane)
  let scanner = scannerAtBoundary(world, lane)
  // A unit that begins before `until` is read on until it is known where it ends.
  for (let block = firstScanBlock; scanner.position < length && scanner.pendingStart < until; block *= 2) {
    const bytes = readGate(world, lane, scanner.position, scanner.position + Math.min(block, longestScanBlock))
    scanner.push(bytes, (kind, start, end, opcode, final) =>
      units.push({ lane, kind, opcode, final, known: true, start, end }),
    )
    const end = scanner.pendingEnd
    if (end === null) continue
    if (end > length) break
    const unit = pendingUnit(world, scanner, lane)
    units.push(unit)
    scanner = scannerAfter(world, lane, unit.kind, unit.start, end)
  }
  if (scanner.pendingStart < Math.min(length, until)) units.push(pendingUnit(world, scanner, lane))
  return units
}

/** The unit that the lane's next byte to be delivered is in; null when nothing is held. */
export function nextUnit(world: World, lane: Lane): LaneUnit | null {
  return unitHolding(world, lane, deliveredLength(world, lane))
}

function pendingUnit(world: World, scanner: LaneScanner, lane: Lane): LaneUnit {
  const { pendingKind: kind, pendingOpcode: opcode, pendingStart: start, pendingEnd } = scanner
  const final = kind === 'frame' ? (frameHeaderAt(world, lane, start)?.final ?? true) : true
  return { lane, kind, opcode, final, known: pendingEnd !== null, start, end: pendingEnd ?? gateLength(world, lane) }
}

/** The header of the frame that begins at `start`; null while not all of it is there. */
export function frameHeaderAt(world: World, lane: Lane, start: number): FrameHeader | null {
  const header = emptyFrameHeader()
  const bytes = readGate(world, lane, start, start + longestHeader)
  return readFrameHeader(bytes, 0, bytes.length, framingOf(world.dialect, lane, world.connectionKey), header) === 0
    ? header
    : null
}

/** What the dialect calls a frame's opcode; undefined for other units and for opcodes it has no name for. */
export function opcodeNameOf({ dialect }: World, unit: Pick<LaneUnit, 'kind' | 'opcode'>): OpcodeName | undefined {
  return unit.kind === 'frame' ? dialect.opcodes[unit.opcode] : undefined
}

function scannerAtBoundary(world: World, lane: Lane): LaneScanner {
  const boundary = world.connection.boundaryAt(lane, world.cursor)
  if (boundary === 0) return scannerAtStart(world, lane)
  const last = doneUnit(world.connection, lane, boundary - 1)
  return scannerAfter(world, lane, last.kind, last.start, last.end)
}

function scannerAtStart({ dialect, connection, connectionKey }: World, lane: Lane): LaneScanner {
  const { unseen } = connection.opened
  return unseen ? unseenLaneScanner(dialect, lane, unseen) : createLaneScanner(dialect, lane, connectionKey)
}

function scannerAfter(world: World, lane: Lane, kind: UnitKind, start: number, end: number): LaneScanner {
  const bytes = readGate(world, lane, start, Math.min(end, start + statusWindow))
  const isCut = end === world.connection.opened.unseen?.cut?.[lane]
  const scanned = isCut ? handshakeDone(end) : { kind, end, bytes }
  return laneScannerAfter(world.dialect, lane, scanned, world.connectionKey)
}
