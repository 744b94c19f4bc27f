import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rm, stat } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GateListener } from '../../main/net/gate.ts'
import type { Address, Topology } from '../../shared/capture/record.ts'
import { loadSubject, measurePairs, median, type Pair } from './measure.ts'
import { type Aim, mediansOf, reportRatio, section, short } from './report.ts'
import { newStore, scratchFolder } from './scratch.ts'
import { clientFrame, openRecord, readSize, requestHead, responseHead, serverFrame } from './traffic.ts'

const subject = await loadSubject()
const folder = await scratchFolder()
const host = '127.0.0.1'
const mebibyte = 1024 * 1024
const plainSize = 512 * mebibyte
const recordedSize = 96 * mebibyte

/** Every block is one binary frame, and one write of 64 KiB. */
const lanes = {
  clientToServer: { head: requestHead, block: clientFrame(readSize - 8) },
  serverToClient: { head: responseHead, block: serverFrame(readSize - 4) },
}

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

/** Sends `size` bytes each way at once through what listens on `port`. */
async function passThrough(port: number, size: number): Promise<Passage> {
  const before = process.cpuUsage()
  const done = once(ends, 'message')
  ends.send({ port, lanes, writes: size / readSize })
  const [{ seconds }] = (await done) as [{ seconds: number }]
  const { user, system } = process.cpuUsage(before)
  return { rate: (2 * size) / seconds, effort: (user + system) / 1e6 / ((2 * size) / (1024 * mebibyte)) }
}

async function throughRelay(size: number, opened?: (topology: Topology) => GateListener): Promise<Passage> {
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
  const passage = await passThrough(relay.value.address.port, size)
  await relay.value.close()
  return passage
}

async function throughRecordingRelay(size: number): Promise<Passage> {
  const path = join(folder, 'relayed.pcapng')
  const store = await newStore(path)
  const capture = subject.createCapture(store)
  const passage = await throughRelay(size, (topology) => {
    capture.append({ ...openRecord, topology })
    return subject.recordGate(capture.append, openRecord.connection, () => performance.timeOrigin + performance.now())
  })
  store.close()
  // Both lanes, each as it was sent and as it was delivered.
  expect((await stat(path)).size).toBeGreaterThan(4 * size)
  expect(capture.connection(openRecord.connection).messageCount).toBe((2 * size) / readSize)
  await rm(path)
  return passage
}

async function throughPipe(size: number): Promise<Passage> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (accepted) => {
    const dialled = connect({ ...upstream, allowHalfOpen: true, noDelay: true })
    accepted.pipe(dialled)
    dialled.pipe(accepted)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const passage = await passThrough((server.address() as AddressInfo).port, size)
  const closed = once(server, 'close')
  server.close()
  await closed
  return passage
}

function report(name: string, pairs: readonly Pair<Passage>[], aim: Aim): void {
  const format = (side: readonly Passage[]) =>
    `${short(median(side.map(({ rate }) => rate)) / mebibyte)} MiB/s, ` +
    `${short(median(side.map(({ effort }) => effort)))} s of CPU a GiB`
  const ratios = pairs.map(({ ours, peer }) => ours.rate / peer.rate)
  reportRatio({ name, ...mediansOf(pairs, format) }, ratios, aim)
}

describe('the relay against a bare pipe', () => {
  section(
    'Relay throughput',
    'Both ends write blocks of 64 KiB at once, in a process of their own, through the relay in running mode, against ' +
      'the same through two sockets joined by `pipe` both ways. Throughput is of both lanes together; CPU is that of ' +
      'the process in the middle. The recording relay writes every byte twice, as sent and as delivered, and indexes ' +
      'its frames; the pipe beside it writes nothing.',
  )

  it('passes bytes on', async () => {
    const peer = () => throughPipe(plainSize)
    const pairs = await measurePairs({ warmUps: 1, rounds: 5, ours: () => throughRelay(plainSize), peer })
    report('relay, 512 MiB each way', pairs, { atLeast: 0.8 })
  })

  it('passes bytes on while recording them to a file', async () => {
    const peer = () => throughPipe(recordedSize)
    const ours = () => throughRecordingRelay(recordedSize)
    report('recording relay, 96 MiB each way', await measurePairs({ warmUps: 1, rounds: 5, ours, peer }), {
      atLeast: 0.8,
    })
  })
})
