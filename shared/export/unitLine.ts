// One unit as `wirestep decode` prints it, and as an export to JSON lines has it.
import type { Field } from '../bytes/field.ts'
import type { Lane } from '../bytes/lanes.ts'
import type { Subject } from '../capture/matcher.ts'
import type { Time } from '../capture/record.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { Fault } from '../faults/fault.ts'
import { emptyFrameHeader, type Framing, framingOf, longestHeader, readFrameHeader } from '../framing/header.ts'
import { opcodeName } from '../framing/opcodes.ts'
import type { UnitKind } from '../framing/unit.ts'

export interface FoundUnit {
  readonly connection: number
  readonly lane: Lane
  readonly kind: UnitKind
  readonly start: number
  readonly end: number
  /** When its last byte came; null for bytes without a time. */
  readonly time: Time | null
  /** False when the bytes end inside it. */
  readonly complete: boolean
  readonly faults: readonly FaultCode[]
}

/** A unit, and its line, which is only made when it is printed. */
export interface Decoded {
  readonly unit: FoundUnit
  line(fields: boolean): object
  /** As a filter asks about it. */
  subject(): Subject
}

/** Bytes a line needs of its unit, at least. */
export const headBytes = longestHeader

/** The line as an object. `bytes` are the unit's first, `headBytes` of them when there are so many. */
export function unitLine(
  dialect: Dialect,
  unit: FoundUnit,
  bytes: Uint8Array,
  fields: readonly Field[] | null,
  connectionKey: Uint8Array | null = null,
): object {
  const { connection, lane, kind, start, end, time, complete, faults } = unit
  return {
    connection,
    lane,
    dialect: dialect.id,
    kind,
    start,
    end,
    time,
    ...(complete ? {} : { complete }),
    ...(kind === 'frame'
      ? frameFacts(framingOf(dialect, lane, connectionKey), bytes, complete ? end - start : null)
      : {}),
    faults,
    ...(fields && { fields }),
  }
}

/** Nothing while the header is not all there. `opcodeName` is null for an opcode the dialect reserves. */
function frameFacts(framing: Framing, bytes: Uint8Array, size: number | null): object {
  const header = emptyFrameHeader()
  if (readFrameHeader(bytes, 0, bytes.length, framing, header) > 0) return {}
  const { opcode, final, payloadLength, lengthForm, lengthUnusable } = header
  const name = opcodeName(framing.dialect, opcode) ?? null
  if (framing.dialect.framing === 'sentinel') {
    const textSize = size && size - 2 // between the type and the FF byte
    const length = lengthForm === 'terminated' ? textSize : lengthUnusable ? null : payloadLength
    return { type: bytes[0], opcodeName: name, payloadLength: length }
  }
  return { opcode, opcodeName: name, fin: final, payloadLength: lengthUnusable ? null : payloadLength }
}

/** Hands out the faults of a lane to its units, which have to come in lane order. */
export function faultsByUnit(
  faults: readonly Fault[],
  lane: Lane,
): (start: number, end: number) => readonly FaultCode[] {
  const sorted = faults.filter((fault) => fault.lane === lane).sort((a, b) => a.span.start - b.span.start)
  let next = 0
  return (_start, end) => {
    const from = next
    while (next < sorted.length && belongsBefore(sorted[next]!, end)) next++
    return [...new Set(sorted.slice(from, next).map(({ code }) => code))]
  }
}

function belongsBefore({ span }: Fault, end: number): boolean {
  return span.start < end
}
