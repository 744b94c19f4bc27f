// A run's log with the file under it.
import { rmSync } from 'node:fs'
import { type Capture, createCapture, openCapture } from '../../shared/capture/capture.ts'
import { importCapture, isImportable } from '../../shared/capture/importCapture.ts'
import type { Time } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { createFileStore } from '../store/fileStore.ts'
import { createScratchStore, type OpenedStore, openPlainStore } from '../store/openedStore.ts'
import { createRecording, saveRecordingAs } from '../store/sessions.ts'

export interface Recording {
  readonly capture: Capture
  readonly path: string
  /** The person saved it, or opened it from a file. */
  readonly saved: boolean
  /** What went wrong with the file since, as sentences. */
  readonly troubles: readonly string[]
  /** What is worth knowing of how it was made from a file of another tool, as sentences. */
  readonly notes: readonly string[]
  /** Copies it, with everything recorded so far; answers the path. */
  saveAs(path: string): Result<string>
  close(): void
  /** Closes it and removes the file: nothing came of it. */
  discard(): void
}

export interface RecordingOptions {
  readonly dataFolder: string
  /** What its file is called after, before the time: a dialect, `tap`. */
  readonly name: string
  readonly now: Time
  onTrouble(sentence: string): void
}

/** Starts one in a file of its own. Trouble with the disk is told, and memory is used. */
export function startRecording({ dataFolder, name, now, onTrouble }: RecordingOptions): Recording {
  const troubles = createTroubles(onTrouble)
  const store = createRecording(dataFolder, name, now, troubles.tell)
  return recordingOver(store, createCapture(store), troubles.all, false)
}

/** Starts one in the file the person named, which must not exist yet. */
export function recordTo(path: string, onTrouble: (sentence: string) => void): Result<Recording> {
  const troubles = createTroubles(onTrouble)
  const store = createFileStore(path, { onTrouble: troubles.tell })
  return store.ok ? success(recordingOver(store.value, createCapture(store.value), troubles.all, true)) : store
}

/** Opens a file for looking at: a recording of ours, or what another tool saved. Either may be compressed with gzip. */
export function openRecording(path: string): Result<Recording> {
  const opened = openPlainStore(path)
  if (!opened.ok) return opened
  const store = opened.value
  const capture = openCapture(store)
  if (capture.ok && capture.value.connections.length > 0) return success(recordingOver(store, capture.value, [], true))
  const imported = isImportable(store) ? importFrom(store) : null
  if (imported?.ok) return imported
  if (capture.ok) return success(recordingOver(store, capture.value, [], true))
  store.close()
  return failure(`${path}: ${imported?.error ?? capture.error}`)
}

/** What another tool saved, made into a recording in a file that lasts as long as it is looked at. */
function importFrom(source: OpenedStore): Result<Recording> {
  const troubles: string[] = []
  const target = createScratchStore(source.path, (sentence) => troubles.push(sentence))
  if (!target.ok) return target
  const imported = importCapture(source, target.value)
  if (!imported.ok) {
    target.value.close()
    return imported
  }
  source.close()
  const { capture, problems, notes } = imported.value
  troubles.push(...problems)
  return success(recordingOver(target.value, capture, troubles, true, notes))
}

function createTroubles(onTrouble: (sentence: string) => void) {
  const all: string[] = []
  const tell = (sentence: string) => {
    all.push(sentence)
    onTrouble(sentence)
  }
  return { all, tell }
}

function recordingOver(
  store: OpenedStore,
  capture: Capture,
  troubles: readonly string[],
  initiallySaved: boolean,
  notes: readonly string[] = [],
): Recording {
  let saved = initiallySaved
  return {
    capture,
    path: store.path,
    troubles,
    notes,
    get saved() {
      return saved
    },
    saveAs: (path) => {
      const copied = saveRecordingAs(store, path)
      saved ||= copied.ok
      return copied
    },
    close: () => store.close(),
    discard: () => {
      store.close()
      rmSync(store.path, { force: true })
    },
  }
}
