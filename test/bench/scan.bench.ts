import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { loadSubject, measurePairs, median, secondsOf } from './measure.ts'
import { mediansOf, ratiosOf, reportRatio, section, short } from './report.ts'
import { clientFrame, readsOf } from './traffic.ts'
import { createWsReceiver } from './wsReceiver.ts'

const subject = await loadSubject()
const dialect = subject.dialectById('rfc6455')

/** Reads that hold `frames` frames. */
interface Load {
  readonly reads: readonly Buffer[]
  readonly frames: number
}

/** Payload sizes, and how many frames of each make a round of some tenths of a second. */
const sizes = [
  { name: '16 B', size: 16, frames: 300_000 },
  { name: '1 KiB', size: 1024, frames: 50_000 },
  { name: '64 KiB', size: 65536, frames: 1000 },
]

/** Frames a second. */
function rate({ frames }: Load, work: () => number): number {
  let found = 0
  const seconds = secondsOf(() => {
    found = work()
  })
  expect(found).toBe(frames)
  return frames / seconds
}

function scan({ reads }: Load): number {
  const scanner = subject.laneScannerAfter(dialect, 'clientToServer', {
    kind: 'request',
    end: 0,
    bytes: new Uint8Array(),
  })
  let found = 0
  for (const read of reads) {
    scanner.push(read, () => {
      found++
    })
  }
  return found
}

function receive({ reads }: Load): number {
  const { defaultLimits: limits } = subject
  const receiver = subject.createReceiver({
    dialect,
    role: 'server',
    limits,
    keepsPayloads: true,
    goesOn: false,
    secure: false,
  })
  receiver.stage = 'header'
  let found = 0
  for (const read of reads) {
    subject.feed(receiver, read, ({ kind }) => {
      if (kind === 'message') found++
    })
  }
  return found
}

/** `ws` delivers within `write`. */
async function receiveByWs(load: Load): Promise<number> {
  const receiver = createWsReceiver()
  let found = 0
  receiver.on('message', () => {
    found++
  })
  const result = rate(load, () => {
    for (const read of load.reads) receiver.write(read)
    return found
  })
  receiver.end()
  await once(receiver, 'finish')
  return result
}

function speed(size: number) {
  return (rates: readonly number[]) => {
    const frames = median(rates)
    return `${short(frames)} frames/s, ${short((frames * size) / 1e6)} MB/s`
  }
}

describe('frames against the receiver of ws', () => {
  section(
    'Scanning and receiving frames',
    'Masked binary RFC 6455 frames in reads of 64 KiB. *Scan* finds where frames begin and end, as the index of a ' +
      'recording needs it, and never touches a payload; *receive* judges, unmasks and delivers every message. Both ' +
      'against the `Receiver` of `ws`, which has no way to only scan: it unmasks and delivers too. MB/s count all ' +
      'bytes of the lane.',
  )

  it.each(sizes)('scans and receives frames of $name', async ({ name, size, frames }) => {
    const frame = clientFrame(size)
    const load = { reads: readsOf(frame, frames), frames }
    const wsLoad = { reads: readsOf(frame, frames), frames } // its own, because ws changes them
    const peer = () => receiveByWs(wsLoad)
    const format = speed(frame.length)

    const scanned = await measurePairs({ warmUps: 2, rounds: 5, ours: () => rate(load, () => scan(load)), peer })
    const aim = size === 16 ? ({ atLeast: 2 } as const) : undefined
    reportRatio({ name: `scan, ${name}`, ...mediansOf(scanned, format) }, ratiosOf(scanned), aim)

    const received = await measurePairs({ warmUps: 2, rounds: 5, ours: () => rate(load, () => receive(load)), peer })
    reportRatio({ name: `receive, ${name}`, ...mediansOf(received, format) }, ratiosOf(received))
  })
})
