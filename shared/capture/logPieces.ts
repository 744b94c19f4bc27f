// A capture written down as a recording, piece by piece: for sessions whose bytes are in files of other tools.
import { type Lane, lanes } from '../bytes/lanes.ts'
import { newProgress } from '../bytes/steps.ts'
import { createLogWriter, createTemplates, type WrittenConnection, writeLogStart } from './logWriter.ts'
import { openingOfCopy } from './openingOfCopy.ts'
import type { Flow } from './packets.ts'
import type { LogRecord, LogStore, PassedBytes, RecordOf } from './record.ts'
import { createTail } from './tail.ts'
import type { CaptureReader } from './types.ts'

/** Bytes in a piece, about. */
const pieceLength = 1024 * 1024

/** The recording that has the records of `capture`, and these blocks before them. */
export function* piecesOfLog(
  capture: CaptureReader,
  blocks: readonly Uint8Array[],
  progress = newProgress(),
): Generator<Uint8Array> {
  progress.of = capture.length
  const piece = createPiece()
  const writer = createLogWriter(piece)
  const connections = new Map<number, CountedConnection>()
  writeLogStart(piece)
  for (const block of blocks) piece.append(block)
  for (let index = 0; index < capture.length; index += 1) {
    const read = capture.record(index)
    const record = read.kind === 'open' ? openingOfCopy(capture.connection(read.connection)) : read
    if (record.kind === 'open') connections.set(record.connection, countedConnection(record))
    const connection = connections.get(record.connection)!
    const passed = passedWith(capture, index, record, connection)
    writer.write(passed ?? record, connection)
    connection.count(record)
    if (passed) {
      connection.count({ ...passed, kind: 'delivered' })
      index += 1
    }
    progress.done = index + 1
    if (piece.length >= pieceLength) yield piece.take()
  }
  yield piece.take()
}

/** What was sent and delivered in one, as the one entry it is; null for what is not. */
function passedWith(
  capture: CaptureReader,
  index: number,
  record: LogRecord,
  connection: CountedConnection,
): PassedBytes | null {
  if (record.kind !== 'sent' || index + 1 >= capture.length || connection.held(record.lane) > 0) return null
  const next = capture.head(index + 1)
  const isSame = next.connection === record.connection && next.lane === record.lane && next.time === record.time
  return next.kind === 'delivered' && isSame && next.size === record.bytes.length ? { ...record, kind: 'passed' } : null
}

/** A store that gives away what was written. */
interface Piece extends LogStore {
  readonly length: number
  take(): Uint8Array
}

function createPiece(): Piece {
  const tail = createTail(pieceLength * 2)
  let given = 0
  return {
    get size() {
      return given + tail.length
    },
    get length() {
      return tail.length
    },
    append: tail.append,
    extend: tail.extend,
    read() {
      throw new Error('what was given away cannot be read again')
    },
    take() {
      const taken = tail.block.slice(0, tail.length)
      given += tail.length
      tail.drop(tail.length)
      return taken
    },
  }
}

interface CountedConnection extends WrittenConnection {
  /** Bytes of a lane that are at the gate. */
  held(lane: Lane): number
  count(record: LogRecord): void
}

function countedConnection({ connection, topology }: RecordOf<'open'>): CountedConnection {
  const streams = { sent: lanes.map(emptyStream), delivered: lanes.map(emptyStream) }
  const growth: Record<Lane, number> = { clientToServer: 0, serverToClient: 0 }
  const streamOf = ({ side, lane }: Flow) => streams[side][lanes.indexOf(lane)]!
  return {
    templates: createTemplates(connection, topology),
    position(flow) {
      const { length, ended } = streamOf(flow)
      return length + (ended ? 1 : 0)
    },
    held: (lane) =>
      streamOf({ side: 'sent', lane }).length + growth[lane] - streamOf({ side: 'delivered', lane }).length,
    count(record) {
      if (record.kind === 'edit') growth[record.lane] += record.insert.length - record.remove
      if (!('lane' in record) || record.kind === 'edit') return
      const stream = streamOf({ lane: record.lane, side: record.kind.startsWith('sent') ? 'sent' : 'delivered' })
      if ('bytes' in record) stream.length += record.bytes.length
      else stream.ended = true
    },
  }
}

function emptyStream() {
  return { length: 0, ended: false }
}
