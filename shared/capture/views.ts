// Every view of a capture: pure and synchronous, of one connection, as of a cursor. This file has the summaries; each
// of the others is in a file of its own.
import type { Lane, Role } from '../bytes/lanes.ts'
import { detectionSentence } from '../endpoint/detect.ts'
import type { Cursor } from './record.ts'
import { nextLane } from './stepping.ts'
import type { CaptureReader, ConnectionCapture } from './types.ts'
import type { ConnectionView, LaneView } from './view.ts'
import { countUntil } from './viewsFaults.ts'
import { nextLabel } from './viewsLadder.ts'
import { heldLength, worldAt } from './viewsUnits.ts'

export { bytesView, longestBytesView } from './viewsBytes.ts'
export { chainRows } from './viewsChain.ts'
export { faultViews } from './viewsFaults.ts'
export { ladderRows, passedRows } from './viewsLadder.ts'
export { segmentViews, transitionViews } from './viewsLists.ts'
export { messageViews } from './viewsMessages.ts'
export { longestText, mostParts, textView } from './viewsText.ts'
export { mostMarks, timelineMarks } from './viewsTimeline.ts'
export { longestLayer, unitView } from './viewsUnit.ts'

/** Both ends and both lanes of a connection as of the cursor. */
export function connectionView(capture: CaptureReader, connectionId: number, cursor: Cursor): ConnectionView {
  const connection = capture.connection(connectionId)
  const { topology, url, seed, inProcess } = connection.opened
  const laneView = (lane: Lane): LaneView => ({
    sent: connection.sentLengthAt(lane, cursor),
    delivered: connection.deliveredLengthAt(lane, cursor),
    held: connection.heldLengthAt(lane, cursor),
    sentEnd: connection.sentEndAt(lane, cursor),
    deliveredEnd: connection.deliveredEndAt(lane, cursor),
  })
  const stateOf = (role: Role) => connection.stateAt(role, cursor)
  return {
    ...{ id: connection.id, dialect: connection.dialect.id, client: topology.client, server: topology.server },
    ...detectionView(connection),
    ...(connection.detection?.policy && { policy: true as const }),
    ...(url !== undefined && { url }),
    ...(seed !== undefined && { seed }),
    inProcess: inProcess ?? false,
    states: { client: stateOf('client'), server: stateOf('server') },
    lanes: { clientToServer: laneView('clientToServer'), serverToClient: laneView('serverToClient') },
  }
}

/** Nothing for a connection whose dialect was stated. */
function detectionView({ opened, detection, dialect }: ConnectionCapture): Pick<ConnectionView, 'detection'> {
  if (opened.dialect !== undefined) return {}
  if (opened.unseen) {
    return {
      detection: {
        kind: 'unexplained',
        says: `Its request is not there to tell the dialect; it is read as ${dialect.id}.`,
      },
    }
  }
  if (detection === null) {
    return {
      detection: { kind: 'waiting', says: `The request will tell the dialect; until then it is ${dialect.id}.` },
    }
  }
  const kind = detection.refusal === null || detection.policy ? 'told' : 'unexplained'
  return { detection: { kind, says: detectionSentence(detection) } }
}

/** How much there is to list. */
export interface SummaryCounts {
  /** Ladder rows that are complete as of the cursor, and in the whole log. */
  readonly rowsDone: number
  readonly rowsTotal: number
  readonly faultCount: number
  readonly messageCount: number
  readonly segmentCount: number
}

/** Counts as of the cursor. */
export function summaryCounts(capture: CaptureReader, connectionId: number, cursor: Cursor): SummaryCounts {
  const connection = capture.connection(connectionId)
  return {
    rowsDone: connection.rowCountAt(cursor),
    rowsTotal: connection.rowCount,
    faultCount: countUntil(connection.faults, cursor),
    messageCount: connection.messageCountAt(cursor),
    segmentCount: connection.recordCountAt(cursor),
  }
}

/** What the next step concerns, and how many bytes its lane holds; null when nothing is held. */
export interface NextStep {
  readonly lane: Lane
  /** As in the ladder: `Hello`, `GET /demo`, `FIN`. */
  readonly label: string
  readonly held: number
}

/** The unit or end that the next step begins with. */
export function nextStep(capture: CaptureReader, connectionId: number, cursor: Cursor): NextStep | null {
  const lane = nextLane(capture, connectionId, cursor)
  if (lane === null) return null
  const world = worldAt(capture, connectionId, cursor)
  return { lane, label: nextLabel(world, lane), held: heldLength(world, lane) }
}
