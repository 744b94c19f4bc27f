// What a tap does so that the receiver of a compressed lane stays in step with it when a person changes what is held there.
import { type Lane, senderOf } from '../../shared/bytes/lanes.ts'
import {
  type ChangedFrames,
  createRecompressor,
  nextRecompressed,
  type Recompressor,
} from '../../shared/capture/recompress.ts'
import type { EditLabel } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import { linkedUnit, linkedUnits } from '../../shared/capture/viewsFragments.ts'
import { agreedOf, compressionOf } from '../../shared/capture/viewsInflated.ts'
import { readUnit, type World, worldAt } from '../../shared/capture/viewsUnits.ts'
import { emptyFrameHeader, framingOf, readFrameHeader } from '../../shared/framing/header.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import type { LaneGate } from '../net/gate.ts'

/** As `LaneGate.edit` takes it. */
export interface Change {
  readonly at: number
  readonly remove: number
  readonly insert: Uint8Array
  readonly label: EditLabel
}

export interface KeptInStep {
  /** What the lane carries is deflated again: its units have to be whole before they go on. */
  readonly active: boolean
  /** To be asked before a change, which is answered as it is to be made then. A failure when it must not be made. */
  before(change: Change): Result<Change>
  /** To be called when bytes came to the gate. */
  goOn(): void
}

export interface KeepOptions {
  readonly capture: CaptureReader
  readonly connection: number
  readonly lane: Lane
  readonly gate: LaneGate
  readonly note: (text: string) => void
  /** `active` is another. */
  readonly changed: () => void
}

/** Does nothing until a change touches something compressed. */
export function keepInStep({ capture, connection, lane, gate, note, changed }: KeepOptions): KeptInStep {
  let own: Recompressor | null = null
  const worldNow = () => worldAt(capture, connection, capture.end)

  function become(next: Recompressor | null, says: string): void {
    own = next
    note(says)
    changed()
  }

  function goOn(): void {
    while (own) {
      const step = nextRecompressed(worldNow(), own)
      if (!step) return
      if (step.kind === 'replace') gate.edit(step.at, step.remove, step.insert, 'recompressed')
      else if (step.kind === 'missed') note(step.says)
      else become(null, step.says)
    }
  }

  return {
    get active() {
      return own !== null
    },
    before(change) {
      if (own) own.same = 0
      const frames = own ? null : changedFrames(worldNow(), lane, change)
      if (!frames) return success(change)
      const made = createRecompressor(worldNow(), lane, frames)
      if (!made.ok) return made
      if (made.value === null) return success(change)
      become(made.value, begunSays(lane, frames.end))
      goOn()
      return success(change.label === 'duplicated' ? copyAt(worldNow(), lane, frames.start) : change)
    },
    goOn,
  }
}

function begunSays(lane: Lane, at: number): string {
  const who = senderOf(lane)
  return `From byte ${at} on what the ${who} compressed is compressed again, each frame by itself: it may refer to what was changed at the gate.`
}

/** What a change does to compressed frames; null for nothing. */
function changedFrames(world: World, lane: Lane, { at, remove, insert, label }: Change): ChangedFrames | null {
  if (label === 'duplicated') {
    const copied = linkedUnit(world, lane, at - insert.length)!
    const { start } = copied.unit
    return compressionOf(world, copied) && { start, end: start, whole: true }
  }
  const touched = linkedUnits(world, lane, at, at + Math.max(1, remove)).filter(
    ({ unit }) => remove > 0 || unit.start < at,
  )
  const [first] = touched.filter((each) => compressionOf(world, each) !== null)
  if (!first) return bringsCompressed(world, lane, insert) ? { start: at, end: at, whole: true } : null
  const { end } = touched.at(-1)!.unit
  return { start: first.unit.start, end, whole: at <= first.unit.start && at + remove >= end }
}

/** Whether bytes that are put in are, or begin with, frames of which one is marked as compressed. */
function bringsCompressed(world: World, lane: Lane, bytes: Uint8Array): boolean {
  if (agreedOf(world, lane).compression === null) return false
  const header = emptyFrameHeader()
  const framing = framingOf(world.dialect, lane, world.connectionKey)
  for (let at = 0; at < bytes.length; at += header.headerLength + header.payloadLength) {
    if (readFrameHeader(bytes, at, bytes.length, framing, header) !== 0) return false
    if ((header.reserved & 0b100) !== 0) return true
  }
  return false
}

/** The unit that begins at `start` once more, behind it. */
function copyAt(world: World, lane: Lane, start: number): Change {
  const { unit } = linkedUnit(world, lane, start)!
  return { at: unit.end, remove: 0, insert: readUnit(world, unit, unit.end - start), label: 'duplicated' }
}
