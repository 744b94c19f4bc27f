// One live lab connection: what a person can do to it, each thing settled before it answers, and all of it recorded.
//
// Arrivals are written down when the wire is quiet, one record a lane, so that a run with a seed gives the same log
// however the operating system cut the bytes on their way.
//
// A connection that shares history with another is rebuilt by repeating that history first: see repeat.ts.
import { type Lane, lanes, type Role } from '../../shared/bytes/lanes.ts'
import type { EditLabel, LogRecord, RecordOf, Time } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { defaultLimits } from '../../shared/endpoint/limits.ts'
import type { Action, EndpointConfig, StateName } from '../../shared/endpoint/types.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { type GateListener, holdLimit } from '../net/gate.ts'
import { createHoldBuffer } from '../net/holdBuffer.ts'
import { recordGate } from '../net/recorder.ts'
import { type Arrivals, type Repeat, repeatHistory } from './repeat.ts'
import { buildTopology, type LabTopology } from './topology.ts'

/** What a lab connection is made from; the addresses come with its sockets. */
export type LabSetup = Omit<RecordOf<'open'>, 'topology'> & {
  readonly dialect: DialectId
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

/** Connects two ends, repeats the history and goes on from there. Fails with a sentence, and then leaves nothing open. */
export async function goLive({ setup, history, log, now }: LiveOptions): Promise<Result<Live>> {
  const arrivals = { clientToServer: noArrivals(), serverToClient: noArrivals() }
  const repeat: Repeat = { arrivals, released: new Uint8Array(0), done: false }
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
  const { url, subprotocols, compress } = setup
  const base = { url, origin: 'http://example.com', limits: defaultLimits }
  return { ...base, ...(subprotocols && { subprotocols }), ...(compress && { compress }) }
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
  stamp: () => Stamp,
): Live {
  const settled = async (): Promise<Result<void>> => {
    const result = await settle()
    writeArrivals(arrivals, log, stamp)
    return result
  }
  writeArrivals(arrivals, log, stamp)
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

interface Stamp {
  readonly time: Time
  readonly connection: number
}

/** Writes down what came to the gate since the last time. */
function writeArrivals(arrivals: Readonly<Record<Lane, Arrivals>>, log: LiveOptions['log'], stamp: () => Stamp): void {
  for (const lane of lanes) {
    const { bytes, end } = arrivals[lane]
    if (bytes.length > 0) log({ kind: 'sent', ...stamp(), lane, bytes: Buffer.concat(bytes.take(bytes.length)) })
    if (end !== null) log({ kind: 'sentEnd', ...stamp(), lane, how: end })
    arrivals[lane].end = null
  }
}
