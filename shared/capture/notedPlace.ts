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
  const asides = capture.connections.flatMap(({ asides }) => asides.slice(-mostAsides))
  for (const index of asides.sort((one, other) => other - one).slice(0, mostAsides)) {
    const record = capture.record(index)
    if (record.kind !== 'note' || !record.at) continue
    const connection = capture.connection(record.connection)
    const { lane, offset } = record.at
    const cursor = cursorAt(capture, connection, lane, offset)
    return { connection: connection.id, lane, offset, text: record.text, cursor }
  }
  return null
}

/** How many of the last notes and edits are looked at: who records a file to show something says it at its end. */
const mostAsides = 200

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
