// The units of bytes that came without a session: one lane, judged as its receiver would with nothing else known.

import { decodeLatin1 } from '../../shared/bytes/ascii.ts'
import { type Lane, receiverOf } from '../../shared/bytes/lanes.ts'
import { decodeUtf8 } from '../../shared/bytes/utf8.ts'
import { type Placed, type Subject, searchedBytes } from '../../shared/capture/matcher.ts'
import type { Dialect } from '../../shared/dialects/dialect.ts'
import { describeUnit } from '../../shared/endpoint/describe.ts'
import {
  emptyContext,
  type HandshakeContext,
  type HandshakeUnits,
  readContext,
} from '../../shared/endpoint/describeContext.ts'
import { type Detection, detectionSentence } from '../../shared/endpoint/detect.ts'
import { scanUnits } from '../../shared/endpoint/laneScanner.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import { createReceiver, feed } from '../../shared/endpoint/receiver.ts'
import { type Decoded, type FoundUnit, faultsByUnit, headBytes, unitLine } from '../../shared/export/unitLine.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import { emptyFrameHeader, framingOf, payloadMask, readFrameHeader } from '../../shared/framing/header.ts'
import { applyMask } from '../../shared/framing/mask.ts'
import { opcodeName } from '../../shared/framing/opcodes.ts'
import type { Unit } from '../../shared/framing/unit.ts'

export interface LoneBytes {
  readonly dialect: Dialect
  /** What told the dialect; null when it was stated. */
  readonly detection: Detection | null
  readonly lane: Lane
  /** The handshake is over: frames from the first byte on. */
  readonly open: boolean
  readonly bytes: Uint8Array
}

/** Every unit in lane order; the last may be unfinished. */
export function* unitsOfBytes(input: LoneBytes): Iterable<Decoded> {
  const { dialect, detection, lane, open, bytes } = input
  const faultsOf = faultsByUnit(judge(input), lane)
  const units = scanUnits(dialect, lane, bytes, open ? { open: true, after: handshakeDone } : { open: true })
  const context = open ? emptyContext : contextOf(input, units)
  const whole = unitsThatAreWhole(input)
  let continues: 'text' | 'binary' | undefined
  for (const [index, unit] of units.entries()) {
    const { kind, start, end } = unit
    const name = unit.opcode === undefined ? undefined : opcodeName(dialect, unit.opcode)
    if (name === 'text' || name === 'binary') continues = name
    const found = {
      connection: 1,
      lane,
      kind,
      start,
      end,
      time: null,
      complete: index < whole,
      faults: faultsOf(start, end),
    }
    const own = bytes.subarray(start, end)
    const goesOn = name === 'continuation' && continues ? { continues } : {}
    yield {
      unit: found,
      subject: () => subjectOf(dialect, found, own, unit.opcode),
      line: (fields) => {
        const input = { dialect, lane, kind, bytes: own, start, end: found.complete ? end : null, context, ...goesOn }
        const line = unitLine(dialect, found, own.subarray(0, headBytes), fields ? describeUnit(input).fields : null)
        return start === 0 && detection ? { ...line, told: detectionSentence(detection) } : line
      },
    }
  }
}

function subjectOf(dialect: Dialect, unit: FoundUnit, bytes: Uint8Array, opcode: number | undefined): Subject {
  const { lane, kind, start, complete, faults } = unit
  const payload = kind === 'frame' ? payloadOf(dialect, lane, bytes) : { bytes, at: 0 }
  return {
    ...{ connection: unit.connection, lane, kind, time: null, faults: () => faults, reaches: () => false },
    opcode: opcode ?? (kind === 'frame' ? null : -1),
    opcodeName: opcode === undefined ? undefined : (opcodeName(dialect, opcode) ?? undefined),
    size: complete ? payload.bytes.length : null,
    wire: () => ({ bytes: bytes.subarray(0, searchedBytes), at: start }),
    content: () => {
      const read = payload.bytes.subarray(0, searchedBytes)
      const text = kind === 'frame' ? decodeUtf8(read) : decodeLatin1(read)
      return { bytes: read, at: start + payload.at, text, within: null }
    },
  }
}

/** Unmasked, and where in the frame it begins; nothing while the header is not whole. */
function payloadOf(dialect: Dialect, lane: Lane, frame: Uint8Array): Placed {
  const header = emptyFrameHeader()
  const framing = framingOf(dialect, lane)
  if (readFrameHeader(frame, 0, frame.length, framing, header) > 0) return { bytes: frame.subarray(0, 0), at: 0 }
  const at = header.headerLength
  const mask = payloadMask(frame, 0, framing, header)
  return { bytes: mask ? applyMask(frame.subarray(at), mask) : frame.subarray(at), at }
}

/** A lane of which only the handshake has passed, for a scanner that begins behind it. */
const handshakeDone = { kind: 'challenge', end: 0, bytes: new Uint8Array() } as const

function unitsThatAreWhole({ dialect, lane, open, bytes }: LoneBytes): number {
  return scanUnits(dialect, lane, bytes, open ? { after: handshakeDone } : {}).length
}

function judge({ dialect, lane, open, bytes }: LoneBytes): readonly Fault[] {
  const receiver = createReceiver({
    dialect,
    role: receiverOf(lane),
    limits: defaultLimits,
    keepsPayloads: false,
    goesOn: true,
    secure: null,
  })
  if (open) receiver.stage = 'header'
  const faults: Fault[] = []
  feed(receiver, bytes, (item) => {
    if (item.kind === 'faults') faults.push(...item.faults)
  })
  return faults
}

/** What this lane says of the handshake; the other lane is not known. */
function contextOf({ dialect, lane, bytes }: LoneBytes, units: readonly Unit[]): HandshakeContext {
  const placed = (unit: Unit | undefined) =>
    unit ? { bytes: bytes.subarray(unit.start, unit.end), start: unit.start } : null
  const isHello = (unit: Unit) => unit.opcode !== undefined && opcodeName(dialect, unit.opcode) === 'hello'
  const own: HandshakeUnits = {
    request: placed(units.find(({ kind }) => kind === 'request')),
    response: placed(units.find(({ kind }) => kind === 'response')),
    clientChallenge: lane === 'clientToServer' ? placed(units.find(({ kind }) => kind === 'challenge')) : null,
    serverHello: lane === 'serverToClient' ? placed(units.find(isHello)) : null,
  }
  return readContext(dialect, own)
}
