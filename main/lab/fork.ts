// What a fork needs of the session it comes from: how the connection was made, and what happened up to the cursor.
import type { Cursor, LogRecord } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { LabSetup } from './live.ts'

/** How the session's connection was made, with its legs when it has several, or a sentence why nothing can go on from this session. */
export function setupOf(capture: CaptureReader): Result<LabSetup> {
  const [connection, ...others] = capture.connections
  if (connection === undefined) return failure('There is nothing to fork: the session has no connection.')
  if (connection.opened.inProcess !== true) {
    return failure(
      'Only a lab session can be forked: the ends of this one were other programs, which cannot be rebuilt.',
    )
  }
  if (others.length !== (connection.opened.via ?? []).length || capture.head(0).kind !== 'open') {
    return failure('Only a session of one connection can be forked, and this one has more.')
  }
  const { topology: _, leg: __, seed, url, ...opened } = connection.opened
  if (seed === undefined || url === undefined) {
    return failure(
      'This session cannot be forked: it does not say its seed and its URL, so its ends cannot be rebuilt.',
    )
  }
  return success({ ...opened, dialect: connection.dialect.id, seed, url })
}

/** What is in the world as of the cursor, behind the records that open its connections. A record may be cut short. */
export function* historyUpTo(capture: CaptureReader, cursor: Cursor): Generator<LogRecord> {
  for (let index = capture.connections.length; index < cursor.record; index += 1) yield capture.record(index)
  if (cursor.bytes === 0) return
  const cut = capture.record(cursor.record)
  if (cut.kind !== 'delivered') throw new Error(`the cursor is inside record ${cursor.record}, a ${cut.kind}`)
  yield { ...cut, bytes: cut.bytes.subarray(0, cursor.bytes) }
}
