// A run's log with the file under it.
import { rmSync } from 'node:fs'
import { type Capture, createCapture, openCapture } from '../../shared/capture/capture.ts'
import type { Time } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { createFileStore, type FileStore, openFileStore } from '../store/fileStore.ts'
import { createRecording, saveRecordingAs } from '../store/sessions.ts'

export interface Recording {
  readonly capture: Capture
  readonly path: string
  /** The person saved it, or opened it from a file. */
  readonly saved: boolean
  /** What went wrong with the file since, as sentences. */
  readonly troubles: readonly string[]
  /** Copies it, with everything recorded so far; answers the path. */
  saveAs(path: string): Result<string>
  close(): void
  /** Closes it and removes the file: nothing came of it. */
  discard(): void
}

export interface RecordingOptions {
  readonly dataFolder: string
  readonly dialect: DialectId
  readonly now: Time
  onTrouble(sentence: string): void
}

/** Starts one in a file of its own. Trouble with the disk is told, and memory is used. */
export function startRecording({ dataFolder, dialect, now, onTrouble }: RecordingOptions): Recording {
  const troubles = createTroubles(onTrouble)
  const store = createRecording(dataFolder, dialect, now, troubles.tell)
  return recordingOver(store, createCapture(store), troubles.all, false)
}

/** Starts one in the file the person named, which must not exist yet. */
export function recordTo(path: string, onTrouble: (sentence: string) => void): Result<Recording> {
  const troubles = createTroubles(onTrouble)
  const store = createFileStore(path, { onTrouble: troubles.tell })
  return store.ok ? success(recordingOver(store.value, createCapture(store.value), troubles.all, true)) : store
}

/** Opens a file for looking at. */
export function openRecording(path: string): Result<Recording> {
  const store = openFileStore(path)
  if (!store.ok) return store
  const capture = openCapture(store.value)
  if (capture.ok) return success(recordingOver(store.value, capture.value, [], true))
  store.value.close()
  return failure(`${path}: ${capture.error}`)
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
  store: FileStore,
  capture: Capture,
  troubles: readonly string[],
  initiallySaved: boolean,
): Recording {
  let saved = initiallySaved
  return {
    capture,
    path: store.path,
    troubles,
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
