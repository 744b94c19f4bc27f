// A run's log with the file under it.
import { readFileSync, rmSync } from 'node:fs'
import { newProgress, type Progress } from '../../shared/bytes/steps.ts'
import { type Capture, createCapture } from '../../shared/capture/capture.ts'
import { piecesOfLog } from '../../shared/capture/logPieces.ts'
import type { Known } from '../../shared/capture/opening.ts'
import type { Time } from '../../shared/capture/record.ts'
import type { Loading } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from '../store/fileErrors.ts'
import { createFileStore, type FileStore } from '../store/fileStore.ts'
import { openPlainStore } from '../store/openedStore.ts'
import { createRecording, type Pieces, piecesOf, saveRecordingAs } from '../store/sessions.ts'
import { createTurns, type TurnOptions, type Turns } from '../store/turns.ts'
import { beginReading, type Reading } from './reading.ts'

/** How far work is, and the turns of others meanwhile. */
export interface Work {
  readonly progress: Progress
  readonly turns: Turns
}

export function work(options: TurnOptions = {}): Work {
  const progress = newProgress()
  return { progress, turns: createTurns(progress, options) }
}

export interface Recording {
  readonly capture: Capture
  readonly path: string
  /** Bytes of it that are in no file: after `close`, those that are lost. */
  readonly unwritten: number
  /** The person saved it, or opened it from a file. */
  readonly saved: boolean
  /** It was captured by another tool. */
  readonly isForeign: boolean
  /** What went wrong with the file since, as sentences. */
  readonly troubles: readonly string[]
  /** What is worth knowing of how it was made from a file of another tool, as sentences. */
  readonly notes: readonly string[]
  /** How much of its file was read; null when nothing more will be. */
  readonly loading: Loading | null
  /** Settles when nothing more of its file will be read. */
  readonly loaded: Promise<void>
  /** Called whenever more of its file was read. */
  onLoading: (() => void) | null
  /** Reads no more of its file; what was read stays. */
  stopLoading(): void
  /** Copies it, with everything recorded so far; answers the path. */
  saveAs(path: string, work?: Work): Promise<Result<string>>
  /** Writes what is not in its file yet, for who opens that now. */
  flush(): void
  close(): void
  /** Closes it and removes the file: nothing came of it. */
  discard(): void
}

export interface RecordingOptions {
  readonly folder: string
  /** What its file is called after, before the time: a dialect, `tap`. */
  readonly name: string
  readonly now: Time
  onTrouble(sentence: string): void
}

/** Starts one in a file of its own. Trouble with the disk is told, and memory is used. */
export function startRecording({ folder, name, now, onTrouble }: RecordingOptions): Recording {
  const troubles = createTroubles(onTrouble)
  return recordingIn(createRecording(folder, name, now, troubles.tell), troubles.all, false)
}

/** Starts one in the file the person named, which must not exist yet. */
export function recordTo(path: string, onTrouble: (sentence: string) => void): Result<Recording> {
  const troubles = createTroubles(onTrouble)
  const store = createFileStore(path, { onTrouble: troubles.tell })
  return store.ok ? success(recordingIn(store.value, troubles.all, true)) : store
}

function createTroubles(onTrouble: (sentence: string) => void) {
  const all: string[] = []
  const tell = (sentence: string) => {
    all.push(sentence)
    onTrouble(sentence)
  }
  return { all, tell }
}

function recordingIn(store: FileStore, troubles: readonly string[], isNamed: boolean): Recording {
  const { path, flush, close } = store
  let saved = isNamed
  return {
    ...{ capture: createCapture(store), path, isForeign: false, troubles, notes: [] },
    ...{ loading: null, loaded: Promise.resolve(), onLoading: null, stopLoading() {} },
    get saved() {
      return saved
    },
    get unwritten() {
      return store.unwritten
    },
    async saveAs(target, { progress, turns } = work()) {
      const copied = await saveRecordingAs(path, piecesOf(store, progress), target, turns)
      saved ||= copied.ok
      return copied
    },
    flush,
    close,
    discard() {
      close()
      rmSync(path, { force: true })
    },
  }
}

export interface OpenOptions extends Known {
  /** Aborting it gives the opening up, while it is not known yet whether there is anything to show. */
  readonly signal?: AbortSignal
  /** Told how much was read while it is not known yet whether there is anything to show. */
  onProgress?(loading: Loading): void
}

/** The keys in the key log at `path`; none where none was given. Fails with a sentence. */
export function readKeyLog(path: string | undefined): Result<Pick<OpenOptions, 'keys'>> {
  if (path === undefined) return success({})
  try {
    return success({ keys: readFileSync(path) })
  } catch (error) {
    return failure(fileError('read', path, error))
  }
}

/**
 * Opens a file for looking at: a recording of ours, or what another tool saved. Either may be compressed with gzip.
 * Settles when there is something to look at, or all was read; the rest of a long file is read while others have their
 * turns.
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Result<Recording>> {
  const store = openPlainStore(path)
  if (!store.ok) return store
  const reading = await beginReading(store.value, options)
  return reading.ok ? success(recordingOf(reading.value)) : reading
}

function recordingOf(reading: Reading): Recording {
  const { store, opening, troubles } = reading
  const recording: Recording = {
    ...{ path: store.path, saved: true, unwritten: 0, troubles, loaded: reading.readOn(() => recording.onLoading?.()) },
    ...{ onLoading: null, stopLoading: reading.stop, flush() {}, close: reading.close, discard: reading.close },
    get capture() {
      return opening.capture
    },
    get isForeign() {
      return opening.isForeign
    },
    get notes() {
      return opening.notes()
    },
    get loading() {
      return reading.loading()
    },
    saveAs: async (target, { progress, turns } = work()) =>
      (opening.isForeign || reading.scratch) && reading.loading()
        ? failure(`${store.path} is still being read: save it when all of it is there.`)
        : saveRecordingAs(store.path, piecesToSave(reading, progress), target, turns),
  }
  return recording
}

/** What is in packets of others is written down as a recording of ours. */
function piecesToSave({ store, scratch, opening }: Reading, progress: Progress): Pieces {
  return opening.isForeign
    ? piecesOfLog(opening.capture, opening.secrets, progress)
    : piecesOf(scratch ?? store, progress)
}
