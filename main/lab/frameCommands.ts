// Putting frames among those of the ends, and giving held ones another payload.
import { randomBytes } from 'node:crypto'
import type { Lane } from '../../shared/bytes/lanes.ts'
import { forgeFrame, injectionPlace, rewriteFrame } from '../../shared/capture/forge.ts'
import { linkedUnit } from '../../shared/capture/viewsFragments.ts'
import { compressionOf } from '../../shared/capture/viewsInflated.ts'
import { worldAt } from '../../shared/capture/viewsUnits.ts'
import type { OpcodeName } from '../../shared/dialects/dialect.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type HeldUnit, heldUnit } from './edits.ts'
import type { LiveConnection } from './live.ts'
import type { RunCore } from './runCore.ts'
import { onFound } from './turns.ts'
import type { Run } from './types.ts'

/** What is to be put in: bytes as they are, or a frame of the connection's dialect. */
export type Injection =
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  | { readonly kind: 'frame'; readonly opcode: OpcodeName; readonly payload: Uint8Array; readonly masked: boolean }

interface Placed {
  readonly bytes: Uint8Array
  /** Gate-stream offset; null: as soon as the unit under way is through. */
  readonly at: number | null
}

type FrameCommands = Pick<Run, 'inject' | 'rewrite'>

export function frameCommands(core: RunCore): FrameCommands {
  return {
    inject: (lane, injection) =>
      onFound(
        core,
        () => placed(core, lane, injection),
        (live, found) => putIn(core, live, lane, found),
        (other) => other.inject(lane, injection),
      ),
    rewrite: (lane, offset, payload, keepHeader) =>
      onFound(
        core,
        () => rewritten(core, lane, offset, payload, keepHeader),
        (live, { start, end, bytes }) => live.edit(lane, start, end - start, bytes, 'edited'),
        (other) => other.rewrite(lane, offset, payload, keepHeader),
      ),
  }
}

function placed(core: RunCore, lane: Lane, injection: Injection): Result<Placed> {
  const { capture, connection, cursor } = core
  if (capture.connection(connection).deliveredEndAt(lane, cursor) !== null) {
    return failure('The end of that stream was delivered already: nothing can come after it.')
  }
  const world = worldAt(capture, connection, cursor)
  const at = injectionPlace(world, lane, injection.kind === 'frame')
  if (!at.ok) return at
  if (at.value === null && !isRunning(core, lane)) {
    return failure('The unit under way has not arrived whole, and what is put in has to come behind it.')
  }
  const bytes =
    injection.kind === 'raw'
      ? success(injection.bytes)
      : forgeFrame(world, lane, { ...injection, mask: injection.masked ? new Uint8Array(randomBytes(4)) : null })
  return bytes.ok ? success({ bytes: bytes.value, at: at.value }) : bytes
}

function isRunning({ live, connection }: RunCore, lane: Lane): boolean {
  return live?.tap?.gatesOf(connection)?.[lane].mode === 'running'
}

/** A running lane takes it in by itself, between two units; on a held one it waits with the rest. */
function putIn(core: RunCore, live: LiveConnection, lane: Lane, { bytes, at }: Placed): Promise<Result<void>> {
  const { connection } = core
  if (isRunning(core, lane)) return Promise.resolve(core.live!.tap!.inject(connection, lane, bytes))
  return live.edit(lane, at!, 0, bytes, 'inserted')
}

function rewritten(
  core: RunCore,
  lane: Lane,
  offset: number,
  payload: Uint8Array,
  keepHeader: boolean,
): Result<HeldUnit> {
  const unit = heldUnit(core, lane, offset)
  if (!unit.ok) return unit
  if (unit.value.kind !== 'frame')
    return failure('That unit is no frame, so it has no payload: edit its bytes instead.')
  const world = worldAt(core.capture, core.connection, core.cursor)
  const compression = compressionOf(world, linkedUnit(world, lane, unit.value.start)!)
  const bytes = rewriteFrame(world, lane, unit.value.bytes, payload, keepHeader, compression)
  return bytes.ok ? success({ ...unit.value, bytes: bytes.value }) : bytes
}
