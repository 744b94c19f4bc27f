import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { GateListener } from '../../main/net/gate.ts'
import type { Lane } from '../../shared/bytes/lanes.ts'
import type { Address, Topology } from '../../shared/capture/record.ts'
import { loadSubject, measurePairs, median, type Pair, quantile } from './measure.ts'
import { type Aim, mediansOf, reportRatio, section, short } from './report.ts'
import { newStore, scratchFolder } from './scratch.ts'
import { clientFrame, openRecord, readSize, requestHead, responseHead, serverFrame } from './traffic.ts'

const subject = await loadSubject()
const folder = await scratchFolder()
const host = '127.0.0.1'
const mebibyte = 1024 * 1024
const plainSize = 256 * mebibyte
const recordedSize = 96 * mebibyte
const smallSize = 2 * mebibyte

interface LaneTraffic {
  readonly head: Uint8Array
  readonly block: Uint8Array
}
type Traffic = Readonly<Record<Lane, LaneTraffic>>

/** Binary frames of `payload` bytes, `count` in a block, which is written at once. */
const frames = (payload: number, count: number): Traffic => ({
  clientToServer: { head: requestHead, block: repeated(clientFrame(payload), count) },
  serverToClient: { head: responseHead, block: repeated(serverFrame(payload), count) },
})
const repeated = (frame: Uint8Array, count: number) => Buffer.alloc(frame.length * count, frame)

/** Every block is one frame, and one write of about 64 KiB. */
const large = frames(readSize - 8, 1)
const smallInBlock = 2500
/** Every block is 2,500 frames, and one write of about 64 KiB. */
const small = frames(16, smallInBlock)
const single = frames(16, 1)
const trips = 5000

let ends: ChildProcess
let upstream: Address

beforeAll(async () => {
  ends = fork(join(import.meta.dirname, 'relayEnds.mjs'), { execArgv: [], serialization: 'advanced' })
  const [{ port }] = (await once(ends, 'message')) as [{ port: number }]
  upstream = { host, port }
})

afterAll(async () => {
  const gone = once(ends, 'exit')
  ends.disconnect()
  await gone
})

interface Passage {
  /** Bytes a second, both lanes together. */
  readonly rate: number
  /** Processor time of the process in the middle, in seconds a GiB. */
  readonly effort: number
}

/** What is done with a port that leads to the server. */
type Work<T> = (port: number) => Promise<T>

/** Sends blocks of about `size` bytes in all each way at once. */
function passing(size: number, lanes = large): Work<Passage> {
  return async (port) => {
    const before = process.cpuUsage()
    const writes = size / readSize
    const { seconds } = await told<{ seconds: number }>({ port, lanes, writes })
    const { user, system } = process.cpuUsage(before)
    return { rate: (2 * size) / seconds, effort: (user + system) / 1e6 / ((2 * size) / (1024 * mebibyte)) }
  }
}

/** Sends single frames of 16 bytes there and back, one at a time; answers the microseconds of each. */
const travelling: Work<readonly number[]> = async (port) =>
  (await told<{ microseconds: number[] }>({ port, lanes: single, trips })).microseconds

async function told<T>(message: object): Promise<T> {
  const done = once(ends, 'message')
  ends.send(message)
  const [answer] = (await done) as [T]
  return answer
}

async function throughRelay<T>(work: Work<T>, opened?: (topology: Topology) => GateListener): Promise<T> {
  const relay = await subject.startRelay({
    listen: { host, port: 0 },
    upstream,
    mode: 'running',
    onProblem: (sentence) => {
      throw new Error(sentence)
    },
    ...(opened ? { accepted: () => ({ opened }) } : {}),
  })
  if (!relay.ok) throw new Error(relay.error)
  const done = await work(relay.value.address.port)
  await relay.value.close()
  return done
}

/** `messages` of the lanes together, when there have to be so many in the recording. */
async function throughRecordingRelay<T>(work: Work<T>, messages?: number): Promise<T> {
  const path = join(folder, 'relayed.pcapng')
  const store = await newStore(path)
  const capture = subject.createCapture(store)
  const done = await throughRelay(work, (topology) => {
    capture.append({ ...openRecord, topology })
    return subject.recordGate(capture.append, openRecord.connection, () => performance.timeOrigin + performance.now())
  })
  store.close()
  expect(capture.connection(openRecord.connection).messageCount).toBe(messages)
  await rm(path)
  return done
}

async function throughPipe<T>(work: Work<T>): Promise<T> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (accepted) => {
    const dialled = connect({ ...upstream, allowHalfOpen: true, noDelay: true })
    accepted.pipe(dialled)
    dialled.pipe(accepted)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const done = await work((server.address() as AddressInfo).port)
  const closed = once(server, 'close')
  server.close()
  await closed
  return done
}

/** What an intercepting proxy does: it takes messages from one WebSocket and sends them on another. */
async function throughWs<T>(work: Work<T>): Promise<T> {
  const server = new WebSocketServer({ port: 0, host, perMessageDeflate: false })
  server.on('connection', (accepted) => {
    const dialled = new WebSocket(`ws://${host}:${upstream.port}/chat`, { perMessageDeflate: false })
    accepted.pause()
    dialled.on('open', () => accepted.resume())
    for (const [from, to] of [
      [accepted, dialled],
      [dialled, accepted],
    ] as const) {
      from.on('message', (data, binary) => sendOn(from, to, data as Buffer, binary))
      from.on('error', () => {})
      from.on('close', () => to.terminate())
    }
  })
  await once(server, 'listening')
  const done = await work((server.address() as AddressInfo).port)
  const closed = once(server, 'close')
  server.close()
  await closed
  return done
}

/** With back-pressure, as ours: at most a mebibyte waits. */
function sendOn(from: WebSocket, to: WebSocket, data: Buffer, binary: boolean): void {
  to.send(data, { binary }, () => {
    if (from.isPaused && to.bufferedAmount < mebibyte) from.resume()
  })
  if (to.bufferedAmount > mebibyte) from.pause()
}

function report(name: string, pairs: readonly Pair<Passage>[], aim?: Aim): void {
  const format = (side: readonly Passage[]) =>
    `${short(median(side.map(({ rate }) => rate)) / mebibyte)} MiB/s, ` +
    `${short(median(side.map(({ effort }) => effort)))} s of CPU a GiB`
  const ratios = pairs.map(({ ours, peer }) => ours.rate / peer.rate)
  reportRatio({ name, ...mediansOf(pairs, format) }, ratios, aim)
}

/** Added to a trip by what it goes through: the rest is in the direct one beside it. */
async function reportTrips(
  name: string,
  ours: () => Promise<readonly number[]>,
  peer: () => Promise<readonly number[]>,
) {
  const pairs = await measurePairs({ warmUps: 1, rounds: 5, ours, peer })
  const direct = await travelling(upstream.port)
  for (const share of [0.5, 0.99]) {
    const added = (trip: readonly number[]) => Math.max(0, quantile(trip, share) - quantile(direct, share))
    const format = (side: readonly (readonly number[])[]) => `${short(median(side.map(added)))} µs`
    const ratios = pairs.map(({ ours: own, peer: other }) => quantile(own, share) / quantile(other, share))
    reportRatio({ name: `${name}, p${share * 100} added`, ...mediansOf(pairs, format) }, ratios)
  }
}

const contest = { warmUps: 1, rounds: 5 }

describe('the tap', () => {
  section(
    'Tap: throughput and latency',
    'Both ends are in a process of their own and speak RFC 6455 through what stands between them: our relay in running ' +
      'mode, two sockets joined by `pipe` both ways, or a tap built as intercepting proxies are, which takes messages ' +
      'from a WebSocket of `ws` and sends them on another. Throughput is of both lanes together, written in blocks of ' +
      'about 64 KiB; CPU is that of the process in the middle. The recording tap writes every byte to a file, and ' +
      'indexes its frames, which is what the window shows; the peers write nothing. Latency is of single ' +
      'frames of 16 bytes there and back, one at a time: what stands between is given less the same without it, and the ' +
      'ratio is of whole trips.',
  )

  it('passes large frames on', async () => {
    const peer = () => throughPipe(passing(plainSize))
    report(
      'tap against pipe, 64 KiB frames',
      await measurePairs({ ...contest, ours: () => throughRelay(passing(plainSize)), peer }),
      { atLeast: 0.8 },
    )
  })

  it('passes large frames on while recording them to a file', async () => {
    const ours = () => throughRecordingRelay(passing(recordedSize), (2 * recordedSize) / readSize)
    const pipe = () => throughPipe(passing(recordedSize))
    report('recording tap against pipe, 64 KiB frames', await measurePairs({ ...contest, ours, peer: pipe }), {
      atLeast: 0.8,
    })
    const ws = () => throughWs(passing(recordedSize))
    report('recording tap against ws tap, 64 KiB frames', await measurePairs({ ...contest, ours, peer: ws }))
  })

  it('passes small frames on, and records them', async () => {
    const messages = (2 * smallSize * smallInBlock) / readSize
    const peer = () => throughWs(passing(smallSize, small))
    const bare = () => throughRelay(passing(smallSize, small))
    const recording = () => throughRecordingRelay(passing(smallSize, small), messages)
    report('tap against ws tap, 16 B frames', await measurePairs({ ...contest, ours: bare, peer }), { atLeast: 2 })
    report('recording tap against ws tap, 16 B frames', await measurePairs({ ...contest, ours: recording, peer }), {
      atLeast: 2,
    })
  })

  it('adds little to a trip', async () => {
    await reportTrips(
      'tap against pipe',
      () => throughRelay(travelling),
      () => throughPipe(travelling),
    )
    const recording = () => throughRecordingRelay(travelling, 2 * trips)
    await reportTrips('recording tap against ws tap', recording, () => throughWs(travelling))
  })
})
