// A run's log with the file under it.
import { rmSync } from 'node:fs'
import { type Capture, createCapture, openCapture } from '../../shared/capture/capture.ts'
import type { Time } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
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
  /** A file the person named; else one with a name of its own in the data folder. */
  readonly path?: string
  onTrouble(sentence: string): void
}

/** Starts one. Only a file the person named can fail; else trouble with the disk is told and memory is used. */
export function startRecording({ dataFolder, dialect, now, path, onTrouble }: RecordingOptions): Result<Recording> {
  const troubles: string[] = []
  const tell = (sentence: string) => {
    troubles.push(sentence)
    onTrouble(sentence)
  }
  if (path === undefined) {
    const store = createRecording(dataFolder, dialect, now, tell)
    return success(recordingOver(store, createCapture(store), troubles, false))
  }
  const store = createFileStore(path, { onTrouble: tell })
  return store.ok ? success(recordingOver(store.value, createCapture(store.value), troubles, true)) : store
}

/** Opens a file for looking at. */
export function openRecording(path: string): Result<Recording> {
  const store = openFileStore(path)
  if (!store.ok) return store
  const capture = openCapture(store.value)
  if (capture.ok) return success(recordingOver(store.value, capture.value, [], true))
  store.value.close()
  return capture
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
