// One live lab connection: what a person can do to it, each thing settled before it answers, and all of it recorded.
//
// Arrivals are written down when the wire is quiet, one record a lane, so that a run with a seed gives the same log
// however the operating system cut the bytes on their way.
//
// A connection that shares history with another is rebuilt: the recorded actions, releases and edits are done again in
// order over new sockets, and whatever the ends send must be what the record says, byte for byte.
import { type Lane, lanes, type Role, senderOf } from '../../shared/bytes/lanes.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import type { EditLabel, LogRecord, StreamEnd, Time } from '../../shared/capture/record.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import type { Action, EndpointConfig, StateName } from '../../shared/endpoint/types.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type GateListener, holdLimit } from '../net/gate.ts'
import { createHoldBuffer, type HoldBuffer } from '../net/holdBuffer.ts'
import { recordGate } from '../net/recorder.ts'
import { buildTopology, type LabTopology } from './topology.ts'

/** What a lab connection is made from; the addresses come with its sockets. */
export type LabSetup = Omit<Extract<LogRecord, { kind: 'open' }>, 'topology'> & {
  readonly url: string
  readonly seed: number
}

export interface LiveOptions {
  readonly setup: LabSetup
  /** Records after the `open` one that are to be repeated first. */
  readonly history: Iterable<LogRecord>
  readonly log: (record: LogRecord) => void
  readonly now: () => Time
}

export interface Live {
  stateOf(role: Role): StateName
  /** Does what the application at an end asks for; fails with the endpoint's sentence when it cannot be done now. */
  act(role: Role, action: Action): Promise<Result<void>>
  /** Lets `count` held bytes of the lane through. */
  release(lane: Lane, count: number): Promise<Result<void>>
  /** Lets the held end of the lane through. */
  releaseEnd(lane: Lane): Promise<Result<void>>
  /** At gate-stream offset `at`, within the held bytes. */
  edit(lane: Lane, at: number, remove: number, insert: Uint8Array, label: EditLabel): Promise<Result<void>>
  close(): Promise<void>
}

/** What came to the gate and is not in the log yet. */
interface Arrivals {
  readonly bytes: HoldBuffer
  end: StreamEnd | null
}

/** Connects two ends, repeats the history and goes on from there. Fails with a sentence, and then leaves nothing open. */
export async function goLive({ setup, history, log, now }: LiveOptions): Promise<Result<Live>> {
  const arrivals = { clientToServer: noArrivals(), serverToClient: noArrivals() }
  const repeat: Repeat = { arrivals, released: empty, done: false }
  const built = await buildTopology({
    dialect: dialectById(setup.dialect),
    config: configOf(setup),
    seed: setup.seed,
    listener: labListener(repeat, recordGate(log, setup.connection, now)),
    // While history is repeated nothing waits for room: how much a full lane had taken is for the record to say.
    limit: () => (repeat.done ? holdLimit : Number.POSITIVE_INFINITY),
  })
  if (!built.ok) return built
  log({ ...setup, topology: built.value.addresses })
  const repeated = await repeatHistory(built.value, repeat, history, log)
  if (!repeated.ok) {
    await built.value.close()
    return repeated
  }
  const live = createLive(built.value, arrivals, log, () => ({ time: now(), connection: setup.connection }))
  repeat.done = true
  return success(live)
}

function configOf(setup: LabSetup): EndpointConfig {
  const config = { url: setup.url, origin: 'http://example.com', limits: defaultLimits }
  return setup.subprotocols ? { ...config, subprotocols: setup.subprotocols } : config
}

function noArrivals(): Arrivals {
  return { bytes: createHoldBuffer(), end: null }
}

/** Arrivals are only noted; the rest goes into the log at once, unless the log has it already. */
function labListener(repeat: Repeat, recorder: GateListener): GateListener {
  return {
    arrived: (lane, bytes) => repeat.arrivals[lane].bytes.push(bytes),
    arrivedEnd: (lane, how) => {
      repeat.arrivals[lane].end = how
    },
    released: (lane, bytes) => {
      if (repeat.done) recorder.released(lane, bytes)
      else repeat.released = bytes
    },
    releasedEnd: (lane, how) => {
      if (repeat.done) recorder.releasedEnd(lane, how)
    },
    edited: (lane, at, remove, insert, label) => {
      if (repeat.done) recorder.edited(lane, at, remove, insert, label)
    },
  }
}

function createLive(
  { gate, ends, settle, close }: LabTopology,
  arrivals: Readonly<Record<Lane, Arrivals>>,
  log: LiveOptions['log'],
  stamp: () => { time: Time; connection: number },
): Live {
  function writeArrivals(): void {
    for (const lane of lanes) {
      const { bytes, end } = arrivals[lane]
      if (bytes.length > 0) log({ kind: 'sent', ...stamp(), lane, bytes: Buffer.concat(bytes.take(bytes.length)) })
      if (end !== null) log({ kind: 'sentEnd', ...stamp(), lane, how: end })
      arrivals[lane].end = null
    }
  }

  async function settled(): Promise<Result<void>> {
    const result = await settle()
    writeArrivals()
    return result
  }

  writeArrivals()
  return {
    stateOf: (role) => ends[role].state.name,
    act: async (role, action) => {
      const done = ends[role].act(action)
      if (!done.ok) return done
      log({ kind: 'action', ...stamp(), end: role, action })
      return settled()
    },
    release: (lane, count) => {
      gate.lanes[lane].release(count)
      return settled()
    },
    releaseEnd: (lane) => {
      gate.lanes[lane].releaseEnd()
      return settled()
    },
    edit: (lane, at, remove, insert, label) => {
      gate.lanes[lane].edit(at, remove, insert, label)
      return settled()
    },
    close,
  }
}

interface Repeat {
  readonly arrivals: Readonly<Record<Lane, Arrivals>>
  /** What the gate let through last. */
  released: Uint8Array
  done: boolean
}

const empty = new Uint8Array(0)

async function repeatHistory(
  topology: LabTopology,
  repeat: Repeat,
  history: Iterable<LogRecord>,
  log: (record: LogRecord) => void,
): Promise<Result<void>> {
  let index = 1
  for (const record of history) {
    const problem = repeatRecord(topology, repeat, record)
    if (problem !== null) return failure(`Record ${index} cannot be repeated: ${problem}.`)
    const settled = await topology.settle()
    if (!settled.ok) return settled
    log(record)
    index += 1
  }
  return success(undefined)
}

/** Does again what the record says was done. Answers what differs, or null. */
function repeatRecord({ gate, ends }: LabTopology, repeat: Repeat, record: LogRecord): string | null {
  switch (record.kind) {
    case 'open':
      return 'it opens another connection'
    case 'note':
      return null
    case 'action': {
      const done = ends[record.end].act(record.action)
      return done.ok ? null : `the ${record.end} refuses: ${done.error}`
    }
    case 'sent':
      return differenceFrom(
        record.bytes,
        takeUpTo(repeat.arrivals[record.lane].bytes, record.bytes.length),
        record.lane,
      )
    case 'sentEnd': {
      const { end } = repeat.arrivals[record.lane]
      repeat.arrivals[record.lane].end = null
      return end === record.how ? null : `the ${senderOf(record.lane)} does not end its stream there`
    }
    case 'delivered': {
      const lane = gate.lanes[record.lane]
      if (lane.held < record.bytes.length) return 'the gate does not hold that many bytes there'
      lane.release(record.bytes.length)
      return differenceFrom(record.bytes, repeat.released, record.lane)
    }
    case 'deliveredEnd': {
      const lane = gate.lanes[record.lane]
      if (lane.held > 0 || lane.arrivedEnd !== record.how) return 'the gate does not hold the end of the stream there'
      lane.releaseEnd()
      return null
    }
    case 'edit': {
      const lane = gate.lanes[record.lane]
      if (!isHeld(lane, record.at, record.remove)) return 'the gate does not hold the bytes that were changed there'
      lane.edit(record.at, record.remove, record.insert, record.label)
      return null
    }
    default:
      return unreachable(record)
  }
}

function isHeld(lane: { released: number; held: number }, at: number, length: number): boolean {
  return at >= lane.released && at + length <= lane.released + lane.held
}

function takeUpTo(buffer: HoldBuffer, count: number): Uint8Array {
  return Buffer.concat(buffer.take(Math.min(count, buffer.length)))
}

function differenceFrom(recorded: Uint8Array, now: Uint8Array, lane: Lane): string | null {
  return Buffer.compare(recorded, now) === 0 ? null : `the ${senderOf(lane)} sends other bytes now than were recorded`
}
