// The lists of what happened as of a cursor: moves of the machines, and the log itself. Newest last.
import { type Lane, receiverOf, senderOf } from '../bytes/lanes.ts'
import type { Cursor, LogRecord, StreamEnd } from './record.ts'
import { spokenLine } from './recordText.ts'
import type { CaptureReader } from './types.ts'
import type { SegmentView, TransitionView } from './view.ts'
import { countUntil } from './viewsFaults.ts'
import { type ListPage, pageOf } from './viewsPage.ts'
import { type World, worldAt } from './viewsUnits.ts'

/** Transitions [from, from + count) as of the cursor. */
export function transitionViews(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): ListPage<TransitionView> {
  const { transitions } = capture.connection(connectionId)
  return pageOf(countUntil(transitions, cursor), from, count, (index) => transitions[index]!)
}

/** The connection's records [from, from + count) as of the cursor; one entered part-way is as long as its part. */
export function segmentViews(
  capture: CaptureReader,
  connectionId: number,
  cursor: Cursor,
  from: number,
  count: number,
): ListPage<SegmentView> {
  const world = worldAt(capture, connectionId, cursor)
  const { connection } = world
  const total = connection.recordCountAt(cursor)
  return pageOf(total, from, count, (index) => segmentView(world, connection.recordAt(index)))
}

function segmentView({ capture, connection, cursor }: World, record: number): SegmentView {
  const { kind, lane, time, start, size } = capture.head(record)
  const common = { record, connection: connection.id, time }
  // Read from the index alone: a page of records may be megabytes of bytes.
  if (kind !== 'sent' && kind !== 'delivered') return { ...common, size: 0, ...told(capture.record(record)) }
  const there = record === cursor.record ? cursor.bytes : size
  const says = `${bytesSays(kind, lane!)} ${there} ${there === 1 ? 'byte' : 'bytes'}`
  return { ...common, side: kind, lane: lane!, size: there, span: { start, end: start + there }, says }
}

function bytesSays(kind: 'sent' | 'delivered', lane: Lane): string {
  return kind === 'sent' ? `the ${senderOf(lane)} sent` : `the ${receiverOf(lane)} got`
}

function told(record: LogRecord): Pick<SegmentView, 'side' | 'lane' | 'end' | 'span' | 'says'> & { size?: number } {
  switch (record.kind) {
    case 'sentEnd':
      return { side: 'sent', lane: record.lane, says: `the ${senderOf(record.lane)} ${endSays[record.how]}` }
    case 'deliveredEnd': {
      const { lane, how } = record
      return {
        side: 'delivered',
        lane,
        says: `the ${receiverOf(lane)} sees that the ${senderOf(lane)} ${endSays[how]}`,
      }
    }
    case 'action':
      return { side: 'action', end: record.end, says: spokenLine(record) }
    case 'edit': {
      const { lane, at, insert } = record
      const span = { start: at, end: at + insert.length }
      return { side: 'edit', lane, span, size: insert.length, says: spokenLine(record) }
    }
    case 'open':
    case 'note':
      return { side: record.kind, says: spokenLine(record) }
    case 'sent':
    case 'delivered':
      throw new Error(`a ${record.kind} record is told from the index`)
  }
}

const endSays: Readonly<Record<StreamEnd, string>> = { fin: 'ended its stream (FIN)', reset: 'broke off (RST)' }
