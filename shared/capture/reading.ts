// What a connection's streams say when they are read as one dialect, or as a policy exchange: its units, and what its two
// ends make of them. Fed the connection's records in log order.
import { concat } from '../bytes/concat.ts'
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { createLaneScanner, headLimit, type LaneScanner, type UnitSink } from '../endpoint/laneScanner.ts'
import { unseenLaneScanner } from '../endpoint/unseen.ts'
import type { LogParts } from './connection.ts'
import { keyMadeOf } from './connectionKey.ts'
import { type LogRecord, type PassedBytes, type PassedSlice, passedBytesOf, type RecordOf } from './record.ts'
import { createUnitRows, type UnitRows } from './unitRows.ts'
import { createWatch, type Watch } from './watch.ts'

export interface Reading {
  readonly dialect: Dialect
  readonly rows: UnitRows
  readonly watch: Watch
  /** Takes in the record that is number `index` of the log. */
  take(record: LogRecord, index: number): void
  /** Takes in bytes that passed: what was sent is record `index`, what was delivered the one behind it. */
  pass(slice: PassedSlice, index: number): void
}

interface Parts {
  readonly dialect: Dialect
  readonly policy: boolean
  readonly heads: Heads
  readonly scanners: Readonly<Record<Lane, LaneScanner>>
  readonly rows: UnitRows
  readonly watch: Watch
  /** Make rows of what the scanners find. Made once: there are millions of records. */
  readonly sinks: Readonly<Record<Lane, UnitSink>>
  readonly passing: Passing
}

/** The delivered record that is being scanned, and where its bytes begin on their lane. */
interface Passing {
  number: number
  start: number
}

export function createReading(
  dialect: Dialect,
  opened: RecordOf<'open'>,
  { index, nonces }: Pick<LogParts, 'index' | 'nonces'>,
  policy?: true,
): Reading {
  const rows = createUnitRows(dialect, index.size)
  const watch = createWatch(dialect, opened, nonces, policy)
  const scannerOf = (lane: Lane) =>
    opened.unseen ? unseenLaneScanner(dialect, lane, opened.unseen) : createLaneScanner(dialect, lane)
  const scanners = { clientToServer: scannerOf('clientToServer'), serverToClient: scannerOf('serverToClient') }
  const passing: Passing = { number: 0, start: 0 }
  const sinks = {
    clientToServer: rowSink('clientToServer', scanners.clientToServer, rows, passing),
    serverToClient: rowSink('serverToClient', scanners.serverToClient, rows, passing),
  }
  const heads: Heads = { given: new Uint8Array(0), sent: new Uint8Array(0) }
  const parts: Parts = { dialect, policy: policy ?? false, scanners, rows, watch, sinks, passing, heads }
  return {
    ...{ dialect, rows, watch },
    take: (record, number) => take(parts, record, number),
    pass: (slice, number) => pass(parts, slice, number),
  }
}

function rowSink(lane: Lane, scanner: LaneScanner, rows: UnitRows, passing: Passing): UnitSink {
  return (kind, from, to, opcode, final) => {
    // Bytes given up as junk are complete units only once that is decided, which is after the last of them.
    const passed = Math.max(to, scanner.position) - passing.start
    rows.add(kind, lane, from, to, opcode, final, passing.number, passed)
  }
}

function take(parts: Parts, record: LogRecord, number: number): void {
  switch (record.kind) {
    case 'sent':
      takeSent(parts, record, record.bytes, number)
      break
    case 'delivered':
      takeDelivered(parts, record, record.bytes, number)
      break
    case 'sentEnd':
      parts.watch.sentEnd(senderOf(record.lane), record.time, number)
      break
    case 'deliveredEnd':
      takeDeliveredEnd(parts, record, number)
      break
    case 'edit':
      takeEdit(parts, record, number)
      break
    case 'open':
    case 'action':
    case 'note':
      break
    default:
      unreachable(record)
  }
}

/** Most of a long session passes at once and is plain messages: these are looked at once for both ends and the rows. */
function pass(parts: Parts, slice: PassedSlice, number: number): void {
  const { lane, start, end } = slice
  const scanner = parts.scanners[lane]
  let plain = 0
  if (scanner.isBetweenFrames) {
    plain = parts.watch.passed(lane, slice, sinkOf(parts, lane, number + 1))
    scanner.stepOver(plain)
  }
  if (plain === end - start) return
  const entry = passedBytesOf(slice)
  const rest = entry.bytes.subarray(plain)
  takeSent(parts, entry, rest, number)
  takeDelivered(parts, entry, rest, number + 1)
}

type Moved = RecordOf<'sent' | 'delivered'> | PassedBytes

/** `bytes` are the last of the record. */
function takeSent(parts: Parts, { lane, time }: Moved, bytes: Uint8Array, number: number): void {
  parts.watch.sent(senderOf(lane), bytes, time, number)
  if (lane === 'serverToClient' && parts.scanners.clientToServer.awaitsKey) takeSentKey(parts, bytes, number)
}

/** The frames that waited for the key are complete with the record that has it. */
function takeSentKey(parts: Parts, bytes: Uint8Array, number: number): void {
  takeKey(parts, 'sent', bytes, (kind, from, to, opcode, final) =>
    parts.rows.add(kind, 'clientToServer', from, to, opcode, final, number + 1, 0),
  )
}

/** What a server was given and has sent, up to the heads that make the key of its connection. hybi-04 §4.2. */
interface Heads {
  given: Uint8Array
  sent: Uint8Array
}

/** Bytes that the key waits for have passed: with it, the frames that were waiting can be read. */
function takeKey({ scanners, heads, dialect }: Parts, side: keyof Heads, bytes: Uint8Array, sink: UnitSink): void {
  const scanner = scanners.clientToServer
  if (!scanner.awaitsKey) return
  const room = Math.max(0, headLimit - heads[side].length)
  heads[side] = concat(heads[side], bytes.subarray(0, room))
  scanner.agree(keyMadeOf(heads.given, heads.sent, dialect), sink)
}

/** `bytes` are the last of the record. */
function takeDelivered(parts: Parts, { lane, time, bytes: all }: Moved, bytes: Uint8Array, number: number): void {
  const { watch, scanners } = parts
  const end = scanners[lane].position + bytes.length
  const start = end - all.length
  const sink = sinkOf(parts, lane, number, start)
  scanners[lane].push(bytes, sink)
  if (lane === 'clientToServer') takeKey(parts, 'given', bytes, sink)
  watch.received(receiverOf(lane), bytes, time, number, start, end)
}

/** Makes rows of what is found in delivered record `number`, whose bytes begin at `start` of their lane. */
function sinkOf(
  { passing, scanners, sinks }: Parts,
  lane: Lane,
  number: number,
  start = scanners[lane].position,
): UnitSink {
  passing.number = number
  passing.start = start
  return sinks[lane]
}

function takeDeliveredEnd(
  { rows, watch, scanners, policy }: Parts,
  { lane, how, time }: RecordOf<'sentEnd' | 'deliveredEnd'>,
  number: number,
): void {
  const { position, pendingStart } = scanners[lane]
  // A policy is as long as its stream.
  if (policy && position > pendingStart) rows.add('junk', lane, pendingStart, position, -1, true, number + 1, 0)
  rows.add(how, lane, position, position, -1, true, number + 1, 0)
  watch.receivedEnd(receiverOf(lane), time, number)
}

function takeEdit({ rows }: Parts, { at, remove, label, lane }: RecordOf<'edit'>, number: number): void {
  if (label === 'dropped') rows.add('dropped', lane, at, at + remove, -1, true, number + 1, 0)
}
