// A run as the window shows it: small, whatever the session's length.

import { formatAddress } from '../../shared/capture/addresses.ts'
import { joinedBegins } from '../../shared/capture/joinedConnection.ts'
import type { Cursor, Time } from '../../shared/capture/record.ts'
import { nextConnection } from '../../shared/capture/stepping.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { connectionView, nextStep, type SummaryCounts, summaryCounts } from '../../shared/capture/views.ts'
import { newestDialect } from '../../shared/dialects/registry.ts'
import { detectionSentence } from '../../shared/endpoint/detect.ts'
import { intermediaries } from '../../shared/intermediaries/intermediary.ts'
import type { RunView } from '../../shared/ipc/contract.ts'
import { isLoopback } from '../net/sentences.ts'
import { insecureSentence } from '../net/tls/terms.ts'
import { canBeNamed } from './naming.ts'
import { atEnd, isChain, noConnection, type RunCore } from './runCore.ts'

/** Connections a picture of the run holds at most: of more, only the one that is shown. */
const mostConnections = 32

/** The run as of its cursor. */
export function runView(core: RunCore): RunView {
  const { capture, cursor, recording } = core
  const startTime = timeAt(capture, 1)
  return {
    id: core.id,
    version: core.notifier.version,
    title: core.title,
    source: core.source,
    live: isLive(core),
    activity: activityOf(core),
    stoppedBy: core.stoppedBy,
    cursor,
    end: capture.end,
    atEnd: atEnd(core),
    startTime,
    elapsed: timeAt(capture, cursor.bytes > 0 ? cursor.record + 1 : cursor.record) - startTime,
    duration: timeAt(capture, capture.length) - startTime,
    at: placeOf(capture, cursor),
    speed: core.speed,
    ...connectionsOf(core),
    breakpoints: core.breakpoints.all,
    forkOf: core.forkOf,
    path: recording.path,
    saved: recording.saved,
    ...(recording.loading && { loading: recording.loading }),
    ...exportingIn(core),
    ...(core.noted && { noted: { lane: core.noted.lane, offset: core.noted.offset } }),
    warnings: [
      ...(core.noted ? [core.noted.text] : []),
      ...capture.problems,
      ...recording.troubles,
      ...(core.live?.tap?.view().insecure ? [insecureSentence] : []),
      ...[core.live?.tap?.view().warning ?? []].flat(),
      ...(core.connection === noConnection ? [] : [...unexplainedIn(core), ...strangersIn(core)]),
    ],
    notes: recording.notes,
  }
}

type ConnectionParts =
  | 'dialect'
  | 'connections'
  | 'connectionCount'
  | 'connection'
  | 'canBeNamed'
  | 'via'
  | 'said'
  | 'gates'
  | 'tap'
  | 'next'
  | 'filter'
  | keyof SummaryCounts

/** What there is to say of the connections, the one that is shown first of all. */
function connectionsOf(core: RunCore): Pick<RunView, ConnectionParts> {
  const { capture, cursor, connection, live } = core
  const all = capture.connections
  const count = { connectionCount: all.length + (live?.tap?.dialling.size ?? 0), tap: live?.tap?.view() ?? null }
  if (connection === noConnection) return { ...count, ...nothingShown }
  const listed = all.length <= mostConnections ? all.map(({ id }) => id) : [connection]
  return {
    ...count,
    dialect: capture.connection(connection).dialect.id,
    connections: listed.map((id) => connectionView(capture, id, cursor)),
    connection,
    canBeNamed: core.source === 'file' && canBeNamed(capture.connection(connection), core.recording),
    gates: live?.tap?.gatesOf(connection) ?? null,
    next: nextStep(capture, isChain(core) ? (nextConnection(capture, cursor) ?? connection) : connection, cursor),
    filter: core.filter.view(connection),
    ...summaryCounts(capture, connection, cursor),
    ...(isChain(core) ? chainCounts(core) : {}),
    via: capture.connections[0]?.opened.via ?? [],
    said: saidIn(core),
  }
}

/** The ladder of a chain has the rows of all its legs. */
function chainCounts({ capture, cursor }: RunCore): Pick<RunView, 'rowsDone' | 'rowsTotal'> {
  const sum = (count: (connection: CaptureReader['connections'][number]) => number) =>
    capture.connections.reduce((total, connection) => total + count(connection), 0)
  return { rowsDone: sum((one) => one.rowCountAt(cursor)), rowsTotal: sum((one) => one.rowCount) }
}

/** The last note of a policy exchange is what its client made of the policy. */
function saidOfPolicy({ capture, cursor, connection }: RunCore): RunView['said'] {
  const { asides, detection } = capture.connection(connection)
  if (!detection?.policy) return null
  const seen = asides.filter((index) => index < cursor.record).map((index) => capture.record(index))
  const last = seen.filter((record) => record.kind === 'note').at(-1)
  return last ? { node: 'Silverlight', says: last.text } : null
}

/** The notes of a chain's legs are what the node behind the leg said. */
function saidIn(core: RunCore): RunView['said'] {
  const { capture, cursor } = core
  const via = capture.connections[0]?.opened.via ?? []
  if (via.length === 0) return saidOfPolicy(core)
  const places = capture.connections.flatMap(({ asides }) => asides).filter((index) => index < cursor.record)
  for (const index of places.sort((a, b) => b - a)) {
    const record = capture.record(index)
    const kind = via[capture.connection(record.connection).opened.leg ?? -1]
    if (record.kind === 'note' && kind) return { node: intermediaries[kind].name, says: record.text }
  }
  return null
}

const nothingShown = {
  dialect: newestDialect.id,
  ...{ via: [], said: null },
  ...{ connections: [], connection: noConnection, canBeNamed: false, gates: null, next: null, filter: null },
  ...{ rowsDone: 0, rowsTotal: 0, faultCount: 0, messageCount: 0, segmentCount: 0 },
}

function exportingIn({ exporting }: RunCore): Pick<RunView, 'exporting'> {
  if (exporting === null) return {}
  const { path, stage, done, of } = exporting
  return { exporting: { path, stage, done, of } }
}

function isLive({ live }: RunCore): boolean {
  return live !== null && !live.over
}

function activityOf(core: RunCore): RunView['activity'] {
  if (core.motion !== null) return 'running'
  return atEnd(core) && !isLive(core) && !core.recording.loading ? 'ended' : 'paused'
}

/** Time of the last of the first `count` records; of the first one when `count` is 0. An empty log has none: then 0. */
function timeAt(capture: CaptureReader, count: number): Time {
  if (capture.length === 0) return 0
  return capture.head(Math.max(0, Math.min(count, capture.length) - 1)).time
}

/** 0 to 1, by record. */
function placeOf(capture: CaptureReader, { record, bytes }: Cursor): number {
  if (capture.length === 0) return 0
  const inside = bytes > 0 ? bytes / capture.head(record).size : 0
  return (record + inside) / capture.length
}

/** A request that no dialect explains, or that is not there. */
function unexplainedIn({ capture, connection }: RunCore): string[] {
  const { detection, opened, asides } = capture.connection(connection)
  if (opened.unseen && asides[0] !== undefined) return noteAt(capture, asides[0])
  return detection && detection.refusal !== null && !detection.policy ? [detectionSentence(detection)] : []
}

/** What a connection without a handshake is read as, as the import of it noted. */
function noteAt(capture: CaptureReader, index: number): string[] {
  const record = capture.record(index)
  return record.kind === 'note' && record.text.startsWith(joinedBegins) ? [record.text] : []
}

/** Addresses that are not this machine's own: the wire was open to others. */
function strangersIn({ capture, connection }: RunCore): string[] {
  const { topology } = capture.connection(connection).opened
  const strangers = [topology.client, topology.gateForClient, topology.server].filter((address) => !isLoopback(address))
  return [...new Set(strangers.map(formatAddress))].map(
    (address) => `${address} is not a loopback address: other machines took part in this session, or could have.`,
  )
}
