// The units of a recorded session, connection by connection, in the order they became whole.
import type { Lane } from '../bytes/lanes.ts'
import { notesOf } from '../capture/notedPlace.ts'
import type { Cursor, Time } from '../capture/record.ts'
import { doneSubject, openSubject } from '../capture/rowSubjects.ts'
import { isUnitKind } from '../capture/subjects.ts'
import type { CaptureReader } from '../capture/types.ts'
import { arrivalOf, openRows } from '../capture/viewsOpen.ts'
import { unitFields } from '../capture/viewsUnit.ts'
import { type World, worldAt, worldReadingAhead } from '../capture/viewsUnits.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { type Decoded, type FoundUnit, faultsByUnit, headBytes, unitLine } from './unitLine.ts'

type FaultsOf = Readonly<Record<Lane, (start: number, end: number) => readonly FaultCode[]>>

/** As delivered, and what the gate still held when the recording ended, marked as not complete. */
export function* unitsOfCapture(capture: CaptureReader): Iterable<Decoded> {
  for (const connection of capture.connections) {
    const world = worldReadingAhead(worldAt(capture, connection.id, capture.end))
    const faultsOf: FaultsOf = {
      clientToServer: faultsByUnit(connection.faults, 'clientToServer'),
      serverToClient: faultsByUnit(connection.faults, 'serverToClient'),
    }
    for (let index = 0; index < connection.rowCount; index++) {
      const { lane, kind, span, completed } = connection.row(index)
      if (!isUnitKind(kind)) continue
      const place = { lane, kind, ...span, complete: true, time: timeAt(capture, completed) }
      yield found(world, faultsOf, place, () => doneSubject(world, index))
    }
    for (const row of openRows(world)) {
      if (row.kind !== 'unit') continue
      const { lane, kind, start, end } = row.unit
      const { time } = capture.head(arrivalOf(world, row))
      const place = { lane, kind, start, end, complete: false, time }
      yield found(world, faultsOf, place, () => openSubject(world, row))
    }
  }
}

/** The notes of a session; `at`: the byte a note is about. */
export function noteLines(capture: CaptureReader): object[] {
  return capture.connections.flatMap((connection) => notesOf(capture, connection))
}

function timeAt(capture: CaptureReader, { record, bytes }: Cursor): Time {
  return capture.head(bytes > 0 ? record : record - 1).time
}

type Place = Omit<FoundUnit, 'connection' | 'faults'>

function found(world: World, faultsOf: FaultsOf, place: Place, subject: Decoded['subject']): Decoded {
  const { connection, cursor, dialect, connectionKey } = world
  const { lane, start, end } = place
  const unit: FoundUnit = { connection: connection.id, ...place, faults: faultsOf[lane](start, end) }
  return {
    unit,
    subject,
    line: (fields) => {
      const bytes = connection.readGate(lane, cursor, start, Math.min(end, start + headBytes))
      return unitLine(dialect, unit, bytes, fields ? unitFields(world, lane, start) : null, connectionKey)
    },
  }
}
