// Recordings with many frames, one in a read.
import { createFileStore } from '../../../main/store/fileStore.ts'
import type { Lane } from '../../../shared/bytes/lanes.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { clientFrame, openRecord, requestHead, responseHead, serverFrame } from '../../bench/traffic.ts'
import { must } from './labs.ts'

/** Writes a recording of `frames` frames, from both ends in turn, behind a handshake. */
export function writeLongSession(path: string, frames: number): void {
  const store = must(
    createFileStore(path, {
      onTrouble: (sentence) => {
        throw new Error(sentence)
      },
    }),
  )
  const capture = createCapture(store)
  capture.append(openRecord)
  const pass = (bytes: Uint8Array, lane: Lane) => {
    for (const kind of ['sent', 'delivered'] as const) capture.append({ kind, time: 0, connection: 1, lane, bytes })
  }
  pass(requestHead, 'clientToServer')
  pass(responseHead, 'serverToClient')
  const [fromClient, fromServer] = [clientFrame(16), serverFrame(16)]
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame % 2 === 0) pass(fromClient, 'clientToServer')
    else pass(fromServer, 'serverToClient')
  }
  store.close()
}
