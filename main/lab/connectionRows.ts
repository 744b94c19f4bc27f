// The connections of a run as a list, as of the end of its log.
import { type Lane, lanes } from '../../shared/bytes/lanes.ts'
import type { CaptureReader, ConnectionCapture } from '../../shared/capture/types.ts'
import type { ListPage } from '../../shared/capture/viewsPage.ts'
import { faultInfo, type Severity } from '../../shared/faults/catalogue.ts'
import type { ConnectionRow } from '../../shared/ipc/live.ts'
import type { Live } from './live.ts'

/** Connections `from` to `from + count`: those in the log, then those whose server is not reached yet. */
export function connectionRows(
  capture: CaptureReader,
  live: Live | null,
  from: number,
  count: number,
): ListPage<ConnectionRow> {
  const { connections } = capture
  const dialling = [...(live?.tap?.dialling ?? [])]
  const known = connections.slice(from, from + count).map((connection) => rowOf(capture, live, connection))
  const first = Math.max(0, from - connections.length)
  const unknown = dialling
    .slice(first, first + count - known.length)
    .map(([id, client]): ConnectionRow => ({ id, client, ...notReached }))
  return { total: connections.length + dialling.length, rows: [...known, ...unknown] }
}

const none = { clientToServer: 0, serverToClient: 0 }
const notReached = {
  ...{ state: 'dialling' as const, server: null, dialect: null, time: 0 },
  ...{ bytes: none, held: none, units: 0, faults: 0, worst: null, gates: null },
}

function rowOf(capture: CaptureReader, live: Live | null, connection: ConnectionCapture): ConnectionRow {
  const { id, opened, detection, dialect } = connection
  const { end } = capture
  const refusal = refusalOf(capture, connection)
  const isOpen = live?.connection(id) != null
  return {
    id,
    state: refusal !== null ? 'refused' : isOpen ? 'open' : 'over',
    client: opened.topology.client,
    server: opened.topology.server,
    dialect: opened.dialect !== undefined || (detection !== null && !detection.policy) ? dialect.id : null,
    ...(detection?.policy && { policy: true as const }),
    time: opened.time,
    bytes: ofLanes((lane) => connection.sentLengthAt(lane, end)),
    held: ofLanes((lane) => connection.heldLengthAt(lane, end)),
    units: connection.rowCount,
    faults: connection.faults.length,
    worst: worstOf(connection),
    gates: live?.tap?.gatesOf(id) ?? null,
    ...(refusal !== null && { says: refusal }),
  }
}

function worstOf({ faults }: ConnectionCapture): Severity | null {
  if (faults.length === 0) return null
  return faults.some(({ code }) => faultInfo(code).severity === 'violation') ? 'violation' : 'warning'
}

function ofLanes(count: (lane: Lane) => number): Readonly<Record<Lane, number>> {
  return { clientToServer: count('clientToServer'), serverToClient: count('serverToClient') }
}

/** Why the server was never reached, as the log says it; null when it was. */
function refusalOf(capture: CaptureReader, { asides, sentLengthAt, opened }: ConnectionCapture): string | null {
  const isSilent = lanes.every((lane) => sentLengthAt(lane, capture.end) === 0)
  if (!isSilent || opened.topology.gateForServer.port !== 0) return null
  const notes = asides.map((index) => capture.record(index))
  const note = notes.find((record) => record.kind === 'note')
  return note?.kind === 'note' ? note.text : 'The server was not reached.'
}
