// The byte a note is about: where a session that was recorded to show something is opened.
import type { Lane } from '../bytes/lanes.ts'
import type { Cursor, RecordOf } from './record.ts'
import type { CaptureReader, ConnectionCapture } from './types.ts'

export interface NotedPlace {
  readonly connection: number
  readonly lane: Lane
  readonly offset: number
  readonly text: string
  /** The world in which the byte was the last to be let through on its lane. */
  readonly cursor: Cursor
}

/** What the last note that is about a byte says, and where; null when none is. */
export function notedPlace(capture: CaptureReader): NotedPlace | null {
  const notes = capture.connections.flatMap((connection) =>
    notesOf(capture, connection).flatMap(({ at, text }) => (at ? [{ connection, ...at, text }] : [])),
  )
  const last = notes.at(-1)
  if (!last) return null
  const { connection, ...place } = last
  return { ...place, connection: connection.id, cursor: cursorAt(capture, connection, place.lane, place.offset) }
}

/** The notes of a connection, in order. */
export function notesOf(capture: CaptureReader, { asides }: ConnectionCapture): RecordOf<'note'>[] {
  return asides.map(capture.record).filter((record) => record.kind === 'note')
}

function cursorAt(capture: CaptureReader, connection: ConnectionCapture, lane: Lane, offset: number): Cursor {
  const record = connection.deliveredBy(lane, offset)
  if (record < 0) return capture.end
  const { start, size } = capture.head(record)
  const bytes = offset - start + 1
  return bytes < size ? { record, bytes } : { record: record + 1, bytes: 0 }
}
