import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSubject } from './measure.ts'
import { reportFigure, section } from './report.ts'
import { newStore, scratchFolder } from './scratch.ts'
import { clientFrame, openRecord, readsOf, requestHead, responseHead } from './traffic.ts'

const subject = await loadSubject()
const frame = clientFrame(16)
const folder = await scratchFolder()

/** Milliseconds. */
const firstTime = Date.UTC(2026, 10, 26)
const betweenReads = 0.0213

/** Bytes that JavaScript holds on to, with its garbage collected. */
function bytesInUse(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc')
  globalThis.gc()
  globalThis.gc() // what the first one finalised is only gone after a second
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Bytes of memory a recording of these reads takes, by frame, its store included. */
async function bytesPerFrame(name: string, reads: readonly Uint8Array[], frames: number): Promise<number> {
  const before = bytesInUse()
  const store = await newStore(join(folder, `${name}.pcapng`))
  const capture = subject.createCapture(store)
  let time = firstTime
  const pass = (bytes: Uint8Array, lane: 'clientToServer' | 'serverToClient') => {
    time += betweenReads
    capture.append({ kind: 'passed', time, connection: 1, lane, bytes })
  }
  capture.append(openRecord)
  pass(requestHead, 'clientToServer')
  pass(responseHead, 'serverToClient')
  for (const read of reads) pass(read, 'clientToServer')
  store.flush()
  const after = bytesInUse()
  expect(capture.connection(1).rowCount).toBe(frames + 2)
  // The same frame again and again has the same key, which is said once.
  expect(capture.connection(1).faults.map(({ code }) => code)).toEqual(['mask.repeated'])
  store.close()
  return (after - before) / frames
}

describe('memory of a recording', () => {
  section(
    'Memory a frame',
    'What a recording keeps in memory of every frame while its bytes go to a file: heap and array buffers after a ' +
      'garbage collection, with the recording less without it, over the number of frames. Masked binary frames of ' +
      '16 bytes, from the client; every read is a record of what was sent and one of what was delivered.',
  )

  it('is counted for frames that come many in a read', async () => {
    const frames = 1_000_000
    const figure = await bytesPerFrame('many', readsOf(frame, frames), frames)
    reportFigure('1,000,000 frames in reads of 64 KiB', figure, 'bytes', { atMost: 48 })
  })

  it('is counted for frames that come one in a read', async () => {
    const frames = 200_000
    const figure = await bytesPerFrame('one', Array(frames).fill(frame), frames)
    reportFigure('200,000 frames, one in a read', figure, 'bytes', { atMost: 48 })
  })
})
