// The capture: a log in a byte store and the index over it, made while recording and made again when a file is opened.
import { unreachable } from '../bytes/unreachable.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import { type ConnectionLog, createConnectionLog, type LogParts } from './connection.ts'
import { readLog, readSpokenAt } from './logReader.ts'
import { createLogWriter, type LogWriter, longestChunk, writeLogStart } from './logWriter.ts'
import type { ByteStore, LogRecord } from './record.ts'
import { createRecordIndex, type RecordIndex } from './recordIndex.ts'
import { toLogTime } from './timestamp.ts'
import type { CaptureReader } from './types.ts'

export interface Capture extends CaptureReader {
  /**
   * Writes a record to the store and takes it into the index. Bytes longer than `longestChunk` become several records.
   * Throws, with nothing written, when the record cannot follow what is there, and always on a recording that was
   * opened: both are bugs of the caller.
   */
  append(record: LogRecord): void
}

/** Starts a recording in an empty store. */
export function createCapture(store: ByteStore): Capture {
  writeLogStart(store)
  const log = createLog(store)
  const writer = createLogWriter(store)
  return captureOver(log, [], (record) => append(log, writer, record))
}

/**
 * Opens a recording, front to back. What cannot be read is told in `problems`; a store that holds no recording at all
 * is a failure. `onProgress` is told the share read, 0 to 1.
 */
export function openCapture(store: ByteStore, onProgress?: (share: number) => void): Result<Capture> {
  const log = createLog(store)
  const read = readLog(
    store,
    (record, offset, sequence) => {
      const wrong = objectionTo(log, record) ?? gapBefore(log, record, sequence)
      if (wrong === null) take(log, connectionOf(log, record), record, offset)
      return wrong
    },
    onProgress,
  )
  return read.ok ? success(captureOver(log, read.value, refuse)) : failure(read.error)
}

interface Log extends LogParts {
  readonly connections: ConnectionLog[]
  readonly byId: Map<number, ConnectionLog>
}

function createLog(store: ByteStore): Log {
  const index = createRecordIndex()
  const insertedBy = insertReader(store, index)
  const record = (number: number) => recordAt(index, store, number)
  return { store, index, connections: [], byId: new Map(), insertedBy, record }
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

function objectionTo(log: Log, record: LogRecord): string | null {
  const connection = log.byId.get(record.connection)
  if (connection) return connection.objection(record)
  if (record.kind === 'open') return isConnectionId(record.connection) ? null : 'its connection is no 32-bit number'
  return `connection ${record.connection} has not opened`
}

function isConnectionId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff
}

/** Packets may have been filtered out of a file since: then the streams have holes, and no offset is right any more. */
function gapBefore(log: Log, record: LogRecord, sequence: number | null): string | null {
  if (sequence === null || !('lane' in record)) return null
  const side = record.kind === 'sent' || record.kind === 'sentEnd' ? 'sent' : 'delivered'
  const next = log.byId.get(record.connection)!.position({ lane: record.lane, side }) + 1
  return sequence === next >>> 0 ? null : 'packets that should come before it are missing'
}

function append(log: Log, writer: LogWriter, record: LogRecord): void {
  const wrong = objectionTo(log, record)
  if (wrong !== null) throw new Error(`a ${record.kind} record cannot follow record ${log.index.length - 1}: ${wrong}`)
  const connection = connectionOf(log, record)
  for (const part of partsOf({ ...record, time: toLogTime(record.time) })) {
    take(log, connection, part, writer.write(part, connection))
  }
}

/** A record no longer than a packet can carry, as often as it takes. */
function partsOf(record: LogRecord): readonly LogRecord[] {
  if (record.kind !== 'sent' && record.kind !== 'delivered') return [record]
  const { bytes } = record
  if (bytes.length <= longestChunk) return [record]
  return Array.from({ length: Math.ceil(bytes.length / longestChunk) }, (_, part) => ({
    ...record,
    bytes: bytes.subarray(part * longestChunk, (part + 1) * longestChunk),
  }))
}

/** The connection a record belongs to; a new one, not in the log yet, for the record that opens it. */
function connectionOf(log: Log, record: LogRecord): ConnectionLog {
  if (record.kind === 'open') return createConnectionLog(record, log)
  return log.byId.get(record.connection)!
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
  if (record.kind !== 'sent' && record.kind !== 'delivered') return 0
  return connection.position({ lane: record.lane, side: record.kind })
}

function refuse(): void {
  throw new Error('a recording that was opened is not written to')
}

function captureOver(log: Log, problems: readonly string[], append: Capture['append']): Capture {
  const { index, connections, byId } = log
  return {
    get length() {
      return index.length
    },
    get end() {
      return { record: index.length, bytes: 0 }
    },
    problems,
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

function recordAt(index: RecordIndex, store: ByteStore, number: number): LogRecord {
  const { kind, connection, lane, time, size } = index.head(number)
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
      return { ...readSpokenAt(store, index.offset(number)), time }
    default:
      return unreachable(kind)
  }
}
