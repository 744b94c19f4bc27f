// A run as the window shows it: small, whatever the session's length.

import type { Cursor, Time } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { connectionView, nextStep, summaryCounts } from '../../shared/capture/views.ts'
import { detectionSentence } from '../../shared/endpoint/detect.ts'
import type { RunView } from '../../shared/ipc/contract.ts'
import { formatAddress, isLoopback } from '../net/sentences.ts'
import { atEnd, isOver, type RunCore } from './runCore.ts'

/** The run as of its cursor. */
export function runView(core: RunCore): RunView {
  const { capture, cursor, recording } = core
  const shown = core.connection
  const startTime = timeAt(capture, 1)
  return {
    id: core.id,
    version: core.notifier.version,
    title: core.title,
    source: core.source,
    dialect: capture.connection(shown).dialect.id,
    live: core.live !== null && !isOver(core),
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
    connections: capture.connections.map(({ id }) => connectionView(capture, id, cursor)),
    connection: shown,
    next: nextStep(capture, shown, cursor),
    breakpoints: core.breakpoints.all,
    filter: core.filter.view(shown),
    ...summaryCounts(capture, shown, cursor),
    forkOf: core.forkOf,
    path: recording.path,
    saved: recording.saved,
    ...(core.noted && { noted: { lane: core.noted.lane, offset: core.noted.offset } }),
    warnings: [
      ...(core.noted ? [core.noted.text] : []),
      ...capture.problems,
      ...recording.troubles,
      ...recording.notes,
      ...unexplainedIn(core),
      ...strangersIn(core),
    ],
  }
}

function activityOf(core: RunCore): RunView['activity'] {
  if (core.motion !== null) return 'running'
  return atEnd(core) && (core.live === null || isOver(core)) ? 'ended' : 'paused'
}

/** Time of the last of the first `count` records; of the first one when `count` is 0. */
function timeAt(capture: CaptureReader, count: number): Time {
  return capture.head(Math.max(0, Math.min(count, capture.length) - 1)).time
}

/** 0 to 1, by record. */
function placeOf(capture: CaptureReader, { record, bytes }: Cursor): number {
  const inside = bytes > 0 ? bytes / capture.head(record).size : 0
  return (record + inside) / capture.length
}

/** A request that no dialect explains. */
function unexplainedIn({ capture, connection }: RunCore): string[] {
  const { detection } = capture.connection(connection)
  return detection && detection.refusal !== null ? [detectionSentence(detection)] : []
}

/** Addresses that are not this machine's own: the wire was open to others. */
function strangersIn({ capture, connection }: RunCore): string[] {
  const { topology } = capture.connection(connection).opened
  const strangers = [topology.client, topology.gateForClient, topology.server].filter((address) => !isLoopback(address))
  return [...new Set(strangers.map(formatAddress))].map(
    (address) => `${address} is not a loopback address: other machines took part in this session, or could have.`,
  )
}
