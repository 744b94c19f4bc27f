import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSubject, measurePairs, median } from './measure.ts'
import { type Aim, mediansOf, ratiosOf, reportFigure, reportRatio, section, short } from './report.ts'
import { newStore, scratchFolder } from './scratch.ts'
import { ourWire, type Wire, wsWire } from './wires.ts'

const subject = await loadSubject()
const folder = await scratchFolder()
const { dialects, dialectById } = subject
const rfc6455 = dialectById('rfc6455')

/** What is counted on a wire, a second. */
interface Task {
  readonly name: string
  readonly unit: string
  rate(wire: Wire): Promise<number>
}

/** Connections that are opened and ended one after the other. */
const handshakes: Task = { name: 'handshakes', unit: 'handshakes/s', rate: (wire) => handshakeRate(wire, 400) }

/** Sizes of messages, how many of each make a round of some tenths of a second, and how many are under way at once. */
const echoes: readonly Task[] = [
  { name: '16 B', size: 16, messages: 5000, underWay: 64 },
  { name: '1 KiB', size: 1024, messages: 3000, underWay: 64 },
  { name: '64 KiB', size: 65536, messages: 200, underWay: 16 },
  { name: '1 MiB', size: 1024 * 1024, messages: 12, underWay: 4 },
].map(({ name, ...load }) => ({ name: `echo, ${name}`, unit: 'messages/s', rate: (wire) => echoRate(wire, load) }))

const tasks = [handshakes, ...echoes]

async function handshakeRate(wire: Wire, count: number): Promise<number> {
  const from = performance.now()
  for (let made = 0; made < count; made++) {
    const line = await wire.connect(() => {})
    await line.end()
  }
  return count / ((performance.now() - from) / 1000)
}

interface Load {
  readonly size: number
  readonly messages: number
  readonly underWay: number
}

/** Every answer lets the next message go. */
async function echoRate(wire: Wire, { size, messages, underWay }: Load): Promise<number> {
  const text = 'x'.repeat(size)
  let answers = 0
  let bytes = 0
  let finish: () => void
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const line = await wire.connect((length) => {
    bytes += length
    answers += 1
    if (answers + underWay <= messages) line.send(text)
    if (answers === messages) finish()
  })
  const from = performance.now()
  for (let sent = 0; sent < underWay; sent++) line.send(text)
  await finished
  const seconds = (performance.now() - from) / 1000
  expect(bytes).toBe(messages * size)
  await line.end()
  return messages / seconds
}

/** The rate on a wire that is there for this measurement alone. */
async function rateOn(wire: Wire, task: Task): Promise<number> {
  const rate = await task.rate(wire)
  await wire.close()
  return rate
}

async function rateRecording(task: Task): Promise<number> {
  const path = join(folder, 'echoed.pcapng')
  const store = await newStore(path)
  const rate = await rateOn(await ourWire(rfc6455, subject.createCapture(store)), task)
  store.close()
  await rm(path)
  return rate
}

async function againstWs(name: string, task: Task, ours: () => Promise<number>, aim: Aim): Promise<void> {
  const peer = async () => rateOn(await wsWire(), task)
  const pairs = await measurePairs({ warmUps: 3, rounds: 5, ours, peer })
  const format = (rates: readonly number[]) => `${short(median(rates))} ${task.unit}`
  reportRatio({ name, ...mediansOf(pairs, format) }, ratiosOf(pairs), aim)
}

describe('both ends against those of ws', () => {
  beforeAll(() =>
    section(
      'Handshakes and echoes, RFC 6455',
      'Client and server in one process, over sockets of the loopback, against client and server of `ws`. A handshake ' +
        'is a connection that is opened and ended again by a FIN of the client, one after the other. Echoes are text messages of ASCII ' +
        'that a server sends back, some under way at once. What is received stays bytes, here and there. Masks of `ws` ' +
        'are native code: `bufferutil` is installed beside it. That is a hundredth of an echo of 64 KiB: our masks take ' +
        'twice as long. ' +
        'In the recording rows the server writes every byte that crosses its sockets to a file and indexes its frames; ' +
        '`ws` beside it writes nothing.',
    ),
  )

  it.each(tasks)('$name', async (task) => {
    const plain = async () => rateOn(await ourWire(rfc6455), task)
    await againstWs(task.name, task, plain, { atLeast: 1 })
    await againstWs(`${task.name}, recording`, task, () => rateRecording(task), { atLeast: 0.7 })
  })
})

describe('every dialect', () => {
  beforeAll(() =>
    section(
      'Handshakes and echoes, dialect by dialect',
      'The same of our own client and server, without a recording, in every dialect: what its handshake and masking cost.',
    ),
  )

  it.each(dialects)('$id', async (dialect) => {
    for (const task of tasks) {
      const rates: number[] = []
      for (let round = 0; round < 3; round++) rates.push(await rateOn(await ourWire(dialect), task))
      reportFigure(`${dialect.id}: ${task.name}`, median(rates), task.unit)
    }
  })
})
