// The live side of a lab run: what a person can do to its connections, each thing settled before it answers, and all
// of it recorded.
//
// Arrivals are written down when the wire is quiet, one record a lane, so that a run with a seed gives the same log
// however the operating system cut the bytes on their way.
//
// A run that shares history with another is rebuilt by repeating that history first: see repeat.ts.
import { type Lane, lanes, type Role } from '../../shared/bytes/lanes.ts'
import type { EditLabel, LogRecord, RecordOf, Time } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { limitsOf } from '../../shared/endpoint/limits.ts'
import type { Action, EndpointConfig, StateName } from '../../shared/endpoint/types.ts'
import { type Result, success } from '../../shared/ipc/result.ts'
import { type GateListener, holdLimit } from '../net/gate.ts'
import { createHoldBuffer } from '../net/holdBuffer.ts'
import { type Log, recordGate } from '../net/recorder.ts'
import { type Arrivals, type LaneArrivals, type Repeat, repeatHistory } from './repeat.ts'
import type { Tap } from './tapLive.ts'
import { buildTopology, type LabConnection, type LabTopology } from './topology.ts'

/** What a lab connection is made from; the addresses come with its sockets. */
export type LabSetup = Omit<RecordOf<'open'>, 'topology'> & {
  readonly dialect: DialectId
  readonly url: string
  readonly seed: number
}

export interface LiveOptions {
  readonly setup: LabSetup
  /** Records after those that open the connections; they are to be repeated first. */
  readonly history: Iterable<LogRecord>
  readonly log: Log
  readonly now: () => Time
}

/** The connections of a run that sockets stand behind. */
export interface Live {
  /** What can be done to a connection now; null when it is over, or never was. */
  connection(id: number): LiveConnection | null
  /** Nothing can come any more. */
  readonly over: boolean
  /** What a tap can do beyond that; null for a lab. */
  readonly tap: Tap | null
  close(): Promise<void>
}

/** One of them. Everything is settled before it answers. */
export interface LiveConnection {
  /** Does what the application at an end asks for; fails with the endpoint's sentence when it cannot be done now. */
  act(role: Role, action: Action): Promise<Result<void>>
  /** Lets `count` held bytes of the lane through. */
  release(lane: Lane, count: number): Promise<Result<void>>
  /** Lets the held end of the lane through. */
  releaseEnd(lane: Lane): Promise<Result<void>>
  /** At gate-stream offset `at`, within the held bytes. */
  edit(lane: Lane, at: number, remove: number, insert: Uint8Array, label: EditLabel): Promise<Result<void>>
}

/** Both ends are ours, and so is what they know. */
export interface LabLive extends Live {
  connection(id: number): LabLiveConnection | null
}

export interface LabLiveConnection extends LiveConnection {
  stateOf(role: Role): StateName
}

/** Connects the ends, repeats the history and goes on from there. Fails with a sentence, and then leaves nothing open. */
export async function goLive({ setup, history, log, now }: LiveOptions): Promise<Result<LabLive>> {
  const arrivals = new Map<number, LaneArrivals>()
  const said: Said[] = []
  const repeat: Repeat = { arrivals, released: new Uint8Array(0), done: false }
  const built = await buildTopology({
    dialect: dialectById(setup.dialect),
    config: configOf(setup),
    seed: setup.seed,
    via: setup.via ?? [],
    connection: setup.connection,
    // What was said in the history is in the log already.
    say: (connection, text) => repeat.done && said.push({ connection, text }),
    listener: (connection) => {
      const waiting = { clientToServer: noArrivals(), serverToClient: noArrivals() }
      arrivals.set(connection, waiting)
      return labListener(waiting, repeat, recordGate(log, connection, now))
    },
    // While history is repeated nothing waits for room: how much a full lane had taken is for the record to say.
    limit: () => (repeat.done ? holdLimit : Number.POSITIVE_INFINITY),
  })
  if (!built.ok) return built
  for (const [leg, { id, addresses }] of built.value.connections.entries())
    log({ ...setup, connection: id, topology: addresses, ...(setup.via && { leg }) })
  const repeated = await repeatHistory(built.value, repeat, history, log)
  if (!repeated.ok) {
    await built.value.close()
    return repeated
  }
  const live = createLive(built.value, arrivals, said, log, now)
  repeat.done = true
  return success(live)
}

function configOf(setup: LabSetup): EndpointConfig {
  const { url, subprotocols, compress, profile, flaw } = setup
  const base = { url, origin: 'http://example.com', limits: limitsOf(profile) }
  return {
    ...base,
    ...(subprotocols && { subprotocols }),
    ...(compress && { compress }),
    ...(profile && { profile }),
    ...(flaw && { flaw }),
  }
}

function noArrivals(): Arrivals {
  return { bytes: createHoldBuffer(), end: null }
}

/** Arrivals are only noted; the rest goes into the log at once, unless the log has it already. */
function labListener(arrivals: LaneArrivals, repeat: Repeat, recorder: GateListener): GateListener {
  return {
    arrived: (lane, bytes) => arrivals[lane].bytes.push(bytes),
    arrivedEnd: (lane, how) => {
      arrivals[lane].end = how
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
  { connections, endpoints, settle, close }: LabTopology,
  arrivals: ReadonlyMap<number, LaneArrivals>,
  said: Said[],
  log: LiveOptions['log'],
  now: () => Time,
): LabLive {
  const writeAll = () => {
    for (const [connection, waiting] of arrivals) writeArrivals(waiting, log, () => ({ time: now(), connection }))
    for (const { connection, text } of said.splice(0)) log({ kind: 'note', time: now(), connection, text })
  }
  const settled = async (): Promise<Result<void>> => {
    const result = await settle()
    writeAll()
    return result
  }
  writeAll()
  const handles = new Map(
    connections.map((one) => {
      const logAction: LogAction = (end, action) =>
        log({ kind: 'action', time: now(), connection: endpoints[end].connection, end, action })
      return [one.id, handleOf(one, endpoints, logAction, settled)]
    }),
  )
  return {
    connection: (id) => handles.get(id) ?? null,
    get over() {
      return connections.every(({ gate }) => lanes.every((lane) => gate.lanes[lane].releasedEnd !== null))
    },
    tap: null,
    close,
  }
}

/** What a node said, and has not been written down yet. */
interface Said {
  readonly connection: number
  readonly text: string
}

type LogAction = (end: Role, action: Action) => void

function handleOf(
  { gate }: LabConnection,
  endpoints: LabTopology['endpoints'],
  logAction: LogAction,
  settled: () => Promise<Result<void>>,
): LabLiveConnection {
  return {
    stateOf: (role) => endpoints[role].socket.state.name,
    act: async (role, action) => {
      const done = endpoints[role].socket.act(action)
      if (!done.ok) return done
      logAction(role, action)
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
  }
}

interface Stamp {
  readonly time: Time
  readonly connection: number
}

/** Writes down what came to a gate since the last time. */
function writeArrivals(arrivals: LaneArrivals, log: LiveOptions['log'], stamp: () => Stamp): void {
  for (const lane of lanes) {
    const { bytes, end } = arrivals[lane]
    if (bytes.length > 0) log({ kind: 'sent', ...stamp(), lane, bytes: Buffer.concat(bytes.take(bytes.length)) })
    if (end !== null) log({ kind: 'sentEnd', ...stamp(), lane, how: end })
    arrivals[lane].end = null
  }
}
