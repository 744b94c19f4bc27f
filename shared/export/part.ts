// A part of a session, or a copy of it that may be shown around, as the records of a log. Of one connection everything
// is kept as it was recorded. What a filter picks, and what is redacted, is written as it was delivered: what was done
// at an end or at the gate, and what the gate still held, stays behind.

import { decodeLatin1, encodeLatin1, isLatin1 } from '../bytes/ascii.ts'
import type { Lane } from '../bytes/lanes.ts'
import { newProgress, type Progress, type Steps } from '../bytes/steps.ts'
import type { Matcher } from '../capture/matcher.ts'
import { fragmentsOf } from '../capture/messageContent.ts'
import { openingOfCopy } from '../capture/openingOfCopy.ts'
import type { Address, LogEntry, LogRecord, RecordOf, Time } from '../capture/record.ts'
import { doneSubject } from '../capture/rowSubjects.ts'
import type { CaptureReader, ConnectionCapture } from '../capture/types.ts'
import {
  type LaneUnit,
  opcodeNameOf,
  readUnit,
  unitOfRow,
  type World,
  worldAt,
  worldReadingAhead,
} from '../capture/viewsUnits.ts'
import { blanked, secretPlaces } from './redaction.ts'
import { createUnitRedactor, type Prepared, type UnitRedactor } from './redactUnits.ts'

/** Takes the entries of the part. */
export type Emit = (entry: LogEntry) => void

export interface Part {
  /** Only this one; null: all. */
  readonly connection: number | null
  /** Only the messages and units that match, with the handshakes they need; null: all. */
  readonly matcher: Matcher | null
  readonly redaction: Prepared | null
}

/** Hands the part to `emit`, in the order of the log, record by record; answers what was left out of it, as sentences. */
export function* emitPart(
  capture: CaptureReader,
  part: Part,
  emit: Emit,
  progress = newProgress(),
): Steps<readonly string[]> {
  progress.of = capture.length
  if (part.matcher === null && part.redaction === null) {
    yield* emitRecords(capture, part.connection, emit, progress)
    return []
  }
  const writers = new Map<number, ConnectionWriter>()
  for (let record = 0; record < capture.length; record++) {
    progress.done = record
    yield
    const { connection: id } = capture.head(record)
    if (part.connection !== null && id !== part.connection) continue
    const writer = writers.get(id) ?? connectionWriter(capture, id, part, emit)
    writers.set(id, writer)
    writer.take(record)
  }
  return sentences([...writers.values()], part)
}

function* emitRecords(capture: CaptureReader, connection: number | null, emit: Emit, progress: Progress): Steps<void> {
  for (let index = 0; index < capture.length; index++) {
    progress.done = index
    yield
    const { kind, connection: id } = capture.head(index)
    if (connection !== null && id !== connection) continue
    emit(kind === 'open' ? openingOfCopy(capture.connection(id)) : capture.record(index))
  }
}

interface ConnectionWriter {
  /** Writes what is complete with that record of the log. */
  take(record: number): void
  readonly counts: { written: number; leftOut: number; unfinished: number }
}

function connectionWriter(capture: CaptureReader, id: number, part: Part, emit: Emit): ConnectionWriter {
  const world = worldReadingAhead(worldAt(capture, id, capture.end))
  const { connection } = world
  const redact: UnitRedactor = part.redaction
    ? createUnitRedactor(world, part.redaction)
    : (unit) => readUnit(world, unit, Number.POSITIVE_INFINITY)
  const wanted = part.matcher ? picker(world, part.matcher) : () => true
  const counts = { written: 0, leftOut: 0, unfinished: unfinishedBytes(connection, capture) }
  const waiting: (() => void)[] = []
  let isOpen = false
  let row = 0

  const begin = () => {
    if (!isOpen) emit(openingOf(connection, part.redaction))
    isOpen = true
    for (const write of waiting.splice(0)) write()
  }
  const takeRow = (index: number, time: Time) => {
    const { kind, lane } = connection.row(index)
    const unit = unitOfRow(connection.row(index))
    if (unit === null) {
      if (kind === 'fin' || kind === 'reset')
        later(() => endAsDelivered(emit, { kind: 'sentEnd', time, connection: id, lane, how: kind }))
      return
    }
    const bytes = redact(unit)
    const write = () => emit({ kind: 'passed', time, connection: id, lane, bytes })
    if (isHandshake(world, unit)) return later(write)
    if (!wanted(index, unit)) {
      counts.leftOut += 1
      return
    }
    counts.written += 1
    begin()
    write()
  }
  /** Of a connection of which nothing is wanted, nothing is written. */
  const later = (write: () => void) => {
    waiting.push(write)
    if (isOpen) begin()
  }
  if (part.matcher === null) begin()
  return {
    counts,
    take(record) {
      const until = connection.rowCountAt({ record: record + 1, bytes: 0 })
      const { time } = capture.head(record)
      for (; row < until; row++) takeRow(row, time)
    },
  }
}

/** Bytes that were sent and never became whole units at the other end. */
function unfinishedBytes(connection: ConnectionCapture, { end }: CaptureReader): number {
  const of = (lane: Lane) =>
    connection.deliveredLengthAt(lane, end) + connection.heldLengthAt(lane, end) - connection.boundaryAt(lane, end)
  return of('clientToServer') + of('serverToClient')
}

/** There is no gate in a part: what was delivered counts as what was sent. */
function endAsDelivered(emit: Emit, end: RecordOf<'sentEnd' | 'deliveredEnd'>): void {
  emit(end)
  emit({ ...end, kind: 'deliveredEnd' })
}

function isHandshake(world: World, unit: LaneUnit): boolean {
  return (
    unit.kind === 'request' ||
    unit.kind === 'response' ||
    unit.kind === 'challenge' ||
    opcodeNameOf(world, unit) === 'hello'
  )
}

/** A message is wanted when one of its frames is: half of one would only look broken. */
function picker(world: World, matcher: Matcher): (index: number, unit: LaneUnit) => boolean {
  const known: Record<Lane, Map<number, boolean>> = { clientToServer: new Map(), serverToClient: new Map() }
  const matches = (index: number) => matcher.matches(doneSubject(world, index)) === true
  return (index, unit) => {
    const own = known[unit.lane]
    const name = opcodeNameOf(world, unit)
    if ((name === 'text' || name === 'binary') && !unit.final) {
      const fragments = [...fragmentsOf(world, unit.lane, unit.start)]
      const any = fragments.some(({ start }) => matches(world.connection.rowHolding(unit.lane, start)))
      for (const { start } of fragments) own.set(start, any)
    }
    const decided = own.get(unit.start) ?? matches(index)
    own.delete(unit.start)
    return decided
  }
}

/** A lab's seed would make the rest of the session again, and names and addresses may be what is to be blanked. */
function openingOf(written: ConnectionCapture, redaction: Prepared | null): LogRecord {
  const { dialect } = written
  const opened = openingOfCopy(written)
  const { time, connection, topology } = opened
  const stated = opened.dialect && { dialect: opened.dialect }
  if (redaction === null) {
    return { kind: 'open', time, connection, topology, ...stated, ...(opened.url !== undefined && { url: opened.url }) }
  }
  const clean = (address: Address) => ({ ...address, host: cleanHost(address.host, redaction) })
  const { client, gateForClient, gateForServer, server } = topology
  return {
    ...{ kind: 'open', time, connection },
    topology: {
      client: clean(client),
      gateForClient: clean(gateForClient),
      gateForServer: clean(gateForServer),
      server: clean(server),
    },
    // What told it may have been blanked.
    dialect: dialect.id,
  }
}

function cleanHost(host: string, { patterns, secrets }: Prepared): string {
  if (!isLatin1(host)) return 'redacted.example'
  const bytes = encodeLatin1(host)
  return decodeLatin1(blanked(bytes, secretPlaces(bytes, patterns, secrets)))
}

function sentences(writers: readonly ConnectionWriter[], { matcher, redaction }: Part): readonly string[] {
  const sum = (pick: (counts: ConnectionWriter['counts']) => number) =>
    writers.reduce((total, { counts }) => total + pick(counts), 0)
  const leftOut = sum((counts) => counts.leftOut)
  const unfinished = sum((counts) => counts.unfinished)
  return [
    ...(matcher
      ? [
          `${sum((counts) => counts.written)} units match and were written with their handshakes; ${leftOut} were left out.`,
        ]
      : []),
    ...(unfinished > 0 ? [`${unfinished} bytes of units that never arrived whole were left out.`] : []),
    ...(redaction ? redactionSentences(redaction) : []),
  ]
}

/** Fields that other bytes are made from. */
const madeFrom: Readonly<Record<string, string>> = {
  'sec-websocket-key': 'the accept value no longer follows from the key',
  'sec-websocket-accept': 'the accept value is blanked, and so it is not what the key asks for',
  'sec-websocket-key1': 'the answer no longer follows from the keys',
  'sec-websocket-key2': 'the answer no longer follows from the keys',
  'sec-websocket-nonce': 'what is made from the nonce no longer follows from it',
  'sec-websocket-extensions': 'nothing says any more that messages are compressed',
  'sec-websocket-protocol': 'the subprotocol that was chosen cannot be compared with those offered',
}

function redactionSentences({ blanked: counts, headers }: Prepared): string[] {
  const derived = [...new Set(headers.flatMap((name) => madeFrom[name] ?? []))]
  return [
    `Blanked in ${counts.heads} heads and ${counts.frames} frames. Notes, actions, edits and what only one side of the gate saw are not in the copy.`,
    ...(counts.deflated > 0
      ? [
          `${counts.deflated} compressed frames were blanked whole, those behind a blanked one too where they may refer to it: a part of what is compressed cannot be blanked.`,
        ]
      : []),
    ...(counts.unseen > 0 ? [`${counts.unseen} messages could not be looked through whole and were blanked.`] : []),
    ...derived.map((what) => `Derived values: ${what}; opened, the copy shows that as a fault.`),
  ]
}
