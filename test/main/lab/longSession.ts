// Recordings with many frames, one in a read.
import { createFileStore } from '../../../main/store/fileStore.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { recordLongSession } from '../../bench/longSession.ts'
import { must } from './labs.ts'

/** Writes a recording of `frames` frames, from both ends in turn, behind a handshake. */
export function writeLongSession(path: string, frames: number): void {
  const onTrouble = (sentence: string) => {
    throw new Error(sentence)
  }
  recordLongSession({ createCapture }, must(createFileStore(path, { onTrouble })), frames)
}
