// The units of a recorded session, connection by connection, in the order they became whole.
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Cursor, Time } from '../../shared/capture/record.ts'
import type { CaptureReader, ConnectionCapture } from '../../shared/capture/types.ts'
import type { LadderRow } from '../../shared/capture/view.ts'
import { ladderRows, unitView } from '../../shared/capture/views.ts'
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import type { UnitKind } from '../../shared/framing/unit.ts'
import type { Decoded } from './decode.ts'
import { type FoundUnit, faultsByUnit, headBytes, unitLine } from './unitLine.ts'

/** Rows asked for at once. */
const pageLength = 256

type FaultsOf = Readonly<Record<Lane, (start: number, end: number) => readonly FaultCode[]>>

/** As delivered, and what the gate still held when the recording ended, marked as not complete. */
export function* unitsOfCapture(capture: CaptureReader): Iterable<Decoded> {
  for (const connection of capture.connections) {
    const faultsOf: FaultsOf = {
      clientToServer: faultsByUnit(connection.faults, 'clientToServer'),
      serverToClient: faultsByUnit(connection.faults, 'serverToClient'),
    }
    for (let index = 0; index < connection.rowCount; index++) {
      const { lane, kind, span, completed } = connection.row(index)
      if (isUnit(kind))
        yield found(capture, connection, faultsOf, {
          lane,
          kind,
          ...span,
          complete: true,
          time: timeAt(capture, completed),
        })
    }
    for (const row of unfinished(capture, connection)) {
      const { lane, kind, span, time } = row
      if (isUnit(kind)) yield found(capture, connection, faultsOf, { lane, kind, ...span, complete: false, time })
    }
  }
}

function isUnit(kind: LadderRow['kind']): kind is UnitKind {
  return kind !== 'fin' && kind !== 'reset' && kind !== 'dropped'
}

function timeAt(capture: CaptureReader, { record, bytes }: Cursor): Time {
  return capture.head(bytes > 0 ? record : record - 1).time
}

function* unfinished(capture: CaptureReader, { id, rowCount }: ConnectionCapture): Iterable<LadderRow> {
  for (let from = rowCount; ; from += pageLength) {
    const { total, rows } = ladderRows(capture, id, capture.end, from, pageLength)
    yield* rows
    if (from + rows.length >= total) return
  }
}

type Place = Omit<FoundUnit, 'connection' | 'faults'>

function found(capture: CaptureReader, connection: ConnectionCapture, faultsOf: FaultsOf, place: Place): Decoded {
  const { lane, start, end } = place
  const unit: FoundUnit = { connection: connection.id, ...place, faults: faultsOf[lane](start, end) }
  return {
    unit,
    line: (fields) => {
      const bytes = connection.readGate(lane, capture.end, start, Math.min(end, start + headBytes))
      const view = fields ? unitView(capture, connection.id, capture.end, lane, start) : null
      return unitLine(connection.dialect, unit, bytes, view?.fields ?? null)
    },
  }
}
