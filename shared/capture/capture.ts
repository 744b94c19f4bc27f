// The capture: a log in a byte store and the index over it, made while recording and made again when a file is opened.
import { unreachable } from '../bytes/unreachable.ts'
import { createNonceBook } from '../endpoint/nonceBook.ts'
import { type Result, success } from '../ipc/result.ts'
import { type ConnectionLog, createConnectionLog, type LogParts } from './connection.ts'
import { createLogReader, type LogReader, readSpokenAt } from './logReader.ts'
import { createLogWriter, type LogWriter, longestChunk, writeLogStart } from './logWriter.ts'
import { flowsOf } from './packets.ts'
import {
  type ByteStore,
  type LogEntry,
  type LogRecord,
  type LogStore,
  type PassedSlice,
  type RecordOf,
  sliceOf,
} from './record.ts'
import { createRecordIndex, type RecordIndex } from './recordIndex.ts'
import { toLogTime } from './timestamp.ts'
import type { CaptureReader, Naming } from './types.ts'

export interface Capture extends CaptureReader {
  /**
   * Writes an entry to the store and takes it into the index. Bytes longer than `longestChunk` become several records.
   * Throws, with nothing written, when it cannot follow what is there, and always on a recording that was opened: both
   * are bugs of the caller.
   */
  append(entry: LogEntry): void
}

/** Starts a recording in an empty store. `problems` are told by who knows where the records come from. */
export function createCapture(store: LogStore, problems: () => readonly string[] = noProblems): Capture {
  writeLogStart(store)
  const log = createLog(store)
  const writer = createLogWriter(store)
  return captureOver(log, problems, (entry) => append(log, writer, entry))
}

const noProblems = (): readonly string[] => []

/** A recording that is being read: the capture has what was read so far. */
export interface LogOpening {
  readonly capture: Capture
  readonly reader: LogReader
}

/** Begins to read a recording, front to back; a failure when the store begins like none. */
export function openLog(store: ByteStore, naming: Naming = {}): Result<LogOpening> {
  const log = createLog(store, naming)
  const reader = createLogReader(store, {
    record: (record, offset, sequence) => takeRead(log, record, offset, sequence),
    passed: (slice, offset, sequence) => passRead(log, slice, offset, sequence),
  })
  if (!reader.ok) return reader
  return success({ capture: captureOver(log, reader.value.problems, refuse), reader: reader.value })
}

/** A log over bytes that are in the packets of another tool. */
export interface Index {
  readonly capture: Capture
  /** Takes in a record without bytes, which is kept in memory. Throws when it cannot follow what is there. */
  record(record: LogRecord): void
  /** Takes in bytes that are at `offset` of the store. Throws when they cannot follow what is there. */
  passed(slice: PassedSlice, offset: number): void
}

/** An index over `store`, without records yet. `problems` are told by who reads it. */
export function createIndex(store: ByteStore, problems: () => readonly string[], naming: Naming = {}): Index {
  const log = createLog(store, naming)
  return {
    capture: captureOver(log, problems, refuse),
    record: (record) => keepFound(log, record),
    passed: (slice, offset) => passFound(log, slice, offset),
  }
}

interface Log extends LogParts {
  readonly connections: ConnectionLog[]
  readonly byId: Map<number, ConnectionLog>
  /** Records that are nowhere in the store. */
  readonly kept: LogRecord[]
}

function createLog(store: ByteStore, naming: Naming = {}): Log {
  const index = createRecordIndex()
  const kept: LogRecord[] = []
  const insertedBy = insertReader(store, index)
  const record = (number: number) => recordAt(index, store, kept, number)
  return { store, index, nonces: createNonceBook(), connections: [], byId: new Map(), kept, insertedBy, record, naming }
}

/** Takes in a record that was read from a recording; answers what is wrong with it. */
function takeRead(log: Log, record: LogRecord, offset: number, sequence: number | null): string | null {
  const connection = log.byId.get(record.connection)
  const wrong = objectionTo(connection, record) ?? gapBefore(connection?.next(record), sequence)
  if (wrong === null) take(log, connection ?? createConnectionLog(record as RecordOf<'open'>, log), record, offset)
  return wrong
}

function passRead(log: Log, slice: PassedSlice, offset: number, sequence: number): string | null {
  const connection = log.byId.get(slice.connection)
  const { delivered } = flowsOf[slice.lane]
  const wrong = objectionToPassing(connection, slice) ?? gapBefore(connection?.position(delivered), sequence)
  if (wrong === null) connection!.pass(slice, offset)
  return wrong
}

function objectionToPassing(connection: ConnectionLog | undefined, slice: PassedSlice): string | null {
  return connection ? connection.objectionToPassing(slice.lane, slice.end - slice.start) : notOpened(slice)
}

function keepFound(log: Log, record: LogRecord): void {
  take(log, followed(log, record), record, -1 - log.kept.length)
  log.kept.push(record)
}

function passFound(log: Log, slice: PassedSlice, offset: number): void {
  const connection = log.byId.get(slice.connection)
  const wrong = objectionToPassing(connection, slice)
  if (wrong !== null) throw cannotFollow(log, 'passed', wrong)
  if (slice.end - slice.start <= longestChunk) connection!.pass(slice, offset)
  else for (const part of cut(slice)) connection!.pass(part, offset + part.start - slice.start)
}

/** As often as it takes of what a packet of ours can carry. */
function cut({ start, end, ...slice }: PassedSlice): readonly PassedSlice[] {
  return Array.from({ length: Math.ceil((end - start) / longestChunk) }, (_, part) => {
    const from = start + part * longestChunk
    return { ...slice, start: from, end: Math.min(end, from + longestChunk) }
  })
}

/** Keeps the last one read: an edit's bytes are usually asked for again and again while they are held. */
function insertReader(store: ByteStore, index: RecordIndex): Log['insertedBy'] {
  let known = -1
  let bytes = new Uint8Array(0)
  return (record) => {
    if (record === known) return bytes
    const read = readSpokenAt(store, index.offset(record))
    if (read.kind !== 'edit') throw new Error(`record ${record} is no edit`)
    known = record
    bytes = new Uint8Array(read.insert)
    return bytes
  }
}

function objectionTo(connection: ConnectionLog | undefined, record: LogEntry): string | null {
  if (connection) return connection.objection(record)
  if (record.kind === 'open') return isConnectionId(record.connection) ? null : 'its connection is no 32-bit number'
  return notOpened(record)
}

function notOpened({ connection }: Pick<LogRecord, 'connection'>): string {
  return `connection ${connection} has not opened`
}

function isConnectionId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff
}

/** Packets may have been filtered out of a file since: then the streams have holes, and no offset is right any more. */
function gapBefore(next: number | undefined, sequence: number | null): string | null {
  if (sequence === null) return null
  return sequence === (next! + 1) >>> 0 ? null : 'packets that should come before it are missing'
}

function append(log: Log, writer: LogWriter, entry: LogEntry): void {
  const connection = followed(log, entry)
  for (const part of partsOf({ ...entry, time: toLogTime(entry.time) })) {
    takeEntry(log, connection, part, writer.write(part, connection))
  }
}

function takeEntry(log: Log, connection: ConnectionLog, entry: LogEntry, offset: number): void {
  if (entry.kind === 'passed') connection.pass(sliceOf(entry), offset)
  else take(log, connection, entry, offset)
}

/** The connection an entry belongs to; a new one, not in the log yet, for the record that opens it. */
function followed(log: Log, entry: LogEntry): ConnectionLog {
  const connection = log.byId.get(entry.connection)
  const wrong = objectionTo(connection, entry)
  if (wrong !== null) throw cannotFollow(log, entry.kind, wrong)
  return connection ?? createConnectionLog(entry as RecordOf<'open'>, log)
}

function cannotFollow({ index }: Log, kind: LogEntry['kind'], wrong: string): Error {
  return new Error(`a ${kind} record cannot follow record ${index.length - 1}: ${wrong}`)
}

/** An entry no longer than a packet can carry, as often as it takes. */
function partsOf<Entry extends LogEntry>(entry: Entry): readonly Entry[] {
  if (entry.kind !== 'sent' && entry.kind !== 'delivered' && entry.kind !== 'passed') return [entry]
  const { bytes } = entry
  if (bytes.length <= longestChunk) return [entry]
  return Array.from({ length: Math.ceil(bytes.length / longestChunk) }, (_, part) => ({
    ...entry,
    bytes: bytes.subarray(part * longestChunk, (part + 1) * longestChunk),
  }))
}

function take(log: Log, connection: ConnectionLog, record: LogRecord, offset: number): void {
  const number = log.index.add(record, startOf(connection, record), offset)
  if (record.kind === 'open') {
    log.connections.push(connection)
    log.byId.set(record.connection, connection)
  }
  connection.take(record, number)
}

function startOf(connection: ConnectionLog, record: LogRecord): number {
  return record.kind === 'sent' || record.kind === 'delivered' ? connection.next(record) : 0
}

function refuse(): void {
  throw new Error('a recording that was opened is not written to')
}

function captureOver(log: Log, problems: () => readonly string[], append: Capture['append']): Capture {
  const { index, connections, byId } = log
  return {
    get length() {
      return index.length
    },
    get end() {
      return { record: index.length, bytes: 0 }
    },
    get problems() {
      return problems()
    },
    connections,
    connection(id) {
      const found = byId.get(id)
      if (!found) throw new RangeError(`the log has no connection ${id}`)
      return found
    },
    head: index.head,
    record: log.record,
    append,
  }
}

function recordAt(index: RecordIndex, store: ByteStore, kept: readonly LogRecord[], number: number): LogRecord {
  const { kind, connection, lane, time, size } = index.head(number)
  const spokenAt = (offset: number) => (offset < 0 ? kept[-1 - offset]! : { ...readSpokenAt(store, offset), time })
  switch (kind) {
    case 'sent':
    case 'delivered':
      return { kind, time, connection, lane: lane!, bytes: store.read(index.offset(number), size) }
    case 'sentEnd':
    case 'deliveredEnd':
      return { kind, time, connection, lane: lane!, how: index.how(number) }
    case 'open':
    case 'action':
    case 'edit':
    case 'note':
      return spokenAt(index.offset(number))
    default:
      return unreachable(kind)
  }
}
