// Sessions opened as a whole, for tests of what is in them.
import { type Capture, openLog } from '../../../shared/capture/capture.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import { type Known, openSession } from '../../../shared/capture/opening.ts'
import type { ByteStore } from '../../../shared/capture/record.ts'
import { failure, type Result, success } from '../../../shared/ipc/result.ts'

/** A recording of ours, read to its end. */
export function openCapture(store: ByteStore): Result<Capture> {
  const opened = openLog(store)
  if (!opened.ok) return opened
  while (opened.value.reader.next());
  return success(opened.value.capture)
}

export interface Opened {
  readonly capture: Capture
  readonly problems: readonly string[]
  readonly notes: readonly string[]
}

/** A file of any kind, read to its end. */
export function openFile(file: Uint8Array, known: Known = {}): Result<Opened> {
  const opening = openSession(createMemoryStore(file), () => success(createMemoryStore()), known)
  if (!opening.ok) return opening
  const { value } = opening
  while (value.next());
  const refusal = value.refusal()
  if (refusal !== null) return failure(refusal)
  return success({ capture: value.capture, problems: value.capture.problems, notes: value.notes() })
}
