// The units of a capture as an expression asks about them.
import { decodeLatin1 } from '../bytes/ascii.ts'
import type { Lane } from '../bytes/lanes.ts'
import { type Span, spanLength } from '../bytes/span.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import { type Content, type Placed, type Subject, searchedBytes } from './matcher.ts'
import { frameContent, messageContent } from './messageContent.ts'
import type { StreamEnd, Time } from './record.ts'
import type { IndexRow } from './types.ts'
import { linkedUnit, type MessageStart } from './viewsFragments.ts'
import { payloadSpan } from './viewsMessages.ts'
import { type LaneUnit, opcodeNameOf, readUnit, type World } from './viewsUnits.ts'

/** What is known of a subject besides its bytes. */
export interface Circumstances extends Pick<Subject, 'reaches'> {
  readonly time: Time
  faults(): readonly FaultCode[]
}

/** A unit of the gate stream. */
export function unitSubject(world: World, unit: LaneUnit, circumstances: Circumstances): Subject {
  const { lane, kind, known } = unit
  return {
    ...{ connection: world.connection.id, lane, kind, faults: circumstances.faults, reaches: circumstances.reaches },
    opcode: kind === 'frame' && unit.opcode < 0 ? null : unit.opcode,
    opcodeName: opcodeNameOf(world, unit),
    get size() {
      return known ? spanLength(contentSpan(world, unit)) : null
    },
    time: sinceStart(world, circumstances.time),
    wire: () => ({ bytes: readUnit(world, unit, searchedBytes), at: unit.start }),
    content: once(() => contentOf(world, unit)),
  }
}

/** The end of a stream, or bytes dropped at the gate: there is nothing in it to look through. */
export function bareSubject(
  world: World,
  lane: Lane,
  kind: StreamEnd | 'dropped',
  span: Span,
  circumstances: Circumstances,
): Subject {
  const nothing: Placed = { bytes: new Uint8Array(0), at: span.start }
  return {
    ...{ connection: world.connection.id, lane, kind, faults: circumstances.faults, reaches: circumstances.reaches },
    ...{ opcode: -1, opcodeName: undefined, size: spanLength(span), time: sinceStart(world, circumstances.time) },
    wire: () => nothing,
    content: () => ({ ...nothing, text: '', within: null }),
  }
}

export function isUnitKind(kind: IndexRow['kind']): kind is LaneUnit['kind'] {
  return kind !== 'fin' && kind !== 'reset' && kind !== 'dropped'
}

function sinceStart({ capture }: World, time: Time): number {
  return time - capture.head(0).time
}

function contentSpan(world: World, unit: LaneUnit): Span {
  return unit.kind === 'frame' ? payloadSpan(world, unit.lane, unit) : unit
}

/** The beginning of what a person would read: payloads as UTF-8, heads and junk as Latin-1. */
function contentOf(world: World, unit: LaneUnit): Content {
  if (unit.kind !== 'frame') {
    const bytes = readUnit(world, unit, searchedBytes)
    return { bytes, at: unit.start, text: decodeLatin1(bytes), within: null }
  }
  const linked = { unit, message: messageOf(world, unit) }
  const beginsMore = linked.message?.start === unit.start && !unit.final
  const { bytes, deflated } = beginsMore
    ? messageContent(world, unit.lane, linked.message!, searchedBytes)
    : frameContent(world, linked, searchedBytes)
  const span = contentSpan(world, unit)
  return { bytes, at: span.start, text: decodeUtf8(bytes), within: deflated || beginsMore ? span : null }
}

/** A frame that begins a message tells by itself; for the others, those before it are gone through. */
function messageOf(world: World, unit: LaneUnit): MessageStart | null {
  const name = opcodeNameOf(world, unit)
  if (name === 'text' || name === 'binary') return { type: name, start: unit.start }
  return name === 'continuation' ? (linkedUnit(world, unit.lane, unit.start)?.message ?? null) : null
}

/** Makes it when it is first asked for, and keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
