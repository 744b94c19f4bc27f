// `--record FILE` of serve and connect: a new file, or one sentence why not.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Capture, createCapture } from '../../shared/capture/capture.ts'
import { createFileStore } from '../store/fileStore.ts'
import { CliError } from './terminal.ts'

export interface Recording {
  readonly capture: Capture
  /** Writes what is not written yet. */
  close(): void
}

/** Starts a recording. What goes wrong later is told through `onTrouble`; the recording goes on in memory. */
export function startRecording(path: string, onTrouble: (sentence: string) => void): Recording {
  refuseExisting(path)
  const store = createFileStore(resolve(path), { onTrouble })
  if (!store.ok) throw new CliError(store.error)
  return { capture: createCapture(store.value), close: store.value.close }
}

/** A recording never takes another file's place. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new CliError(`${path} exists already: choose another name for the recording.`)
}
