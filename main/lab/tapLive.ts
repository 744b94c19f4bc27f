// The live side of a tap: connections of other people's programs, which come and go, each with a gate whose lanes are
// driven by themselves. What happens is written down as it happens; a step is over when what it let through is written.
import { type Lane, lanes, receiverOf } from '../../shared/bytes/lanes.ts'
import type { Address, Topology } from '../../shared/capture/record.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import type { Breakpoint } from '../../shared/commands/expression.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import type { GateView, LaneMode, Shaping, TapView } from '../../shared/ipc/live.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { Clock } from '../net/clock.ts'
import { type Gate, type GateListener, joinListeners, type LaneGate } from '../net/gate.ts'
import { type Allowance, createLaneDriver, type LaneDriver } from '../net/laneDriver.ts'
import { type Log, recordGate, recordRefusal, recordTls } from '../net/recorder.ts'
import { type Relay, type Relayed, type RelayOptions, startRelay } from '../net/relay.ts'
import type { RelayTls } from '../net/tls/interpose.ts'
import { type Change, type KeptInStep, keepInStep } from './inStep.ts'
import type { Live, LiveConnection } from './live.ts'
import { allowanceFor } from './tapUnits.ts'

/** What a tap needs of the run it belongs to. */
export interface TapHost {
  readonly capture: CaptureReader
  readonly log: Log
  /** Whether units have to be looked at before they go on: a breakpoint is switched on. */
  readonly watching: boolean
  /** The breakpoint that the lane's next unit meets at the end of the log. */
  holds(connection: number, lane: Lane): Breakpoint | null
  /** A breakpoint held a running lane. */
  stopped(connection: number, lane: Lane, breakpoint: Breakpoint): void
  /** Something that is not in the log changed: who waits for the server, which lanes run. */
  changed(): void
}

export interface TapSetup
  extends Pick<RelayOptions, 'listen' | 'upstream' | 'profile' | 'maxConnections' | 'onProblem'> {
  readonly tls: RelayTls | null
  /** The upstream as it was given; null for an HTTP proxy. */
  readonly url: string | null
  /** Null: each connection's request tells. */
  readonly dialect: DialectId | null
  /** What the lanes of new connections do. */
  readonly mode: LaneMode
  readonly clock: Clock
  /** The server behind it, where it is ours: it is closed with the tap. */
  readonly server?: { close(): Promise<void> }
  /** What is not as one would expect of where it listens, in a sentence. */
  readonly warning?: string
}

/** What can be done to a tap beyond what every live connection can. */
export interface Tap {
  view(): TapView
  /** Accepted, while the server is being dialled. */
  readonly dialling: ReadonlyMap<number, Address>
  /** How the lanes of a connection are let through; null when it is over. */
  gatesOf(connection: number): Readonly<Record<Lane, GateView>> | null
  /** Lets lanes run, or holds them: of a connection, or of all that are open and of those to come. */
  setMode(connection: number | 'all', on: readonly Lane[], mode: LaneMode): Result<void>
  /** Lets the connection's lanes go on that a breakpoint stopped; answers whether there were any. */
  resume(connection: number): boolean
  shape(connection: number, lane: Lane, change: Partial<Shaping>): Result<void>
  /** Puts bytes on a running lane as soon as a unit ends; behind its end they come to nothing, and it fails. */
  inject(connection: number, lane: Lane, bytes: Uint8Array): Result<void>
  /** Breakpoints were added, switched or taken away. */
  reconsider(): void
  /** Accepts no more connections; those that are open go on. */
  stopListening(): Result<void>
}

export interface TapLive extends Live {
  readonly tap: Tap
  /** To be called once, before anything else happens. */
  attach(host: TapHost): void
  /** Lets a client of ours come; settles when its first bytes are at the gate. What it says in the end is noted. */
  invite(client: (at: Address) => Promise<string>): Promise<void>
}

interface TapState {
  readonly setup: TapSetup
  readonly modes: Record<Lane, LaneMode>
  readonly dialling: Map<number, Address>
  readonly open: Map<number, Tapped>
  host: TapHost | null
  relay: Relay | null
  listening: boolean
  closed: boolean
  last: number
  /** Called whenever bytes come to the gate. */
  onArrival: () => void
}

/** One connection that is open. */
interface Tapped {
  readonly id: number
  readonly gate: Gate
  readonly lanes: Readonly<Record<Lane, TappedLane>>
}

interface TappedLane {
  readonly driver: LaneDriver
  readonly inStep: KeptInStep
  /** What is to be put in when a unit ends. */
  readonly injections: Uint8Array[]
  /** Where a breakpoint held: going on from there does not hold again. */
  heldAt: number | null
  stopped: boolean
}

/** Listens. Fails with a sentence when that is not possible. */
export async function startTap(setup: TapSetup): Promise<Result<TapLive>> {
  const { mode } = setup
  const state: TapState = {
    ...{ setup, modes: { clientToServer: mode, serverToClient: mode }, dialling: new Map(), open: new Map() },
    ...{ host: null, relay: null, listening: true, closed: false, last: 0, onArrival: () => {} },
  }
  const { listen, upstream, tls, profile, maxConnections, onProblem } = setup
  const accepted = (client: Address) => accept(state, client)
  const relay = await startRelay({
    ...{ listen, upstream, tls, onProblem, mode: 'held', accepted },
    ...(profile && { profile }),
    ...(maxConnections && { maxConnections }),
  })
  if (!relay.ok) return relay
  state.relay = relay.value
  return success({
    connection: (id) => handleOf(state.open.get(id)),
    get over() {
      return !state.listening && state.open.size === 0 && state.dialling.size === 0
    },
    tap: tapOf(state),
    attach: (host) => {
      state.host = host
    },
    invite: (client) => invite(state, client(relay.value.address)),
    close: async () => {
      state.listening = false
      state.closed = true
      await relay.value.close()
      await setup.server?.close()
    },
  })
}

/** The client may find nobody at home: then what it says is all there is. */
function invite(state: TapState, client: Promise<string>): Promise<void> {
  const arrived = new Promise<void>((resolve) => {
    state.onArrival = resolve
  })
  return Promise.race([arrived, client.then((text) => noteFirst(state, text))])
}

function noteFirst(state: TapState, text: string): void {
  const { capture, log } = hostOf(state)
  const [first] = capture.connections
  if (first && !state.closed) log({ kind: 'note', time: state.setup.clock.now(), connection: first.id, text })
}

// Connections come and go

function hostOf({ host }: TapState): TapHost {
  if (host === null) throw new Error('a tap that belongs to no run has traffic')
  return host
}

function accept(state: TapState, client: Address): Relayed {
  state.last += 1
  const id = state.last
  const { log, changed } = hostOf(state)
  const now = state.setup.clock.now
  const opened = (topology: Topology) => {
    const { dialect } = state.setup
    return { kind: 'open' as const, time: now(), connection: id, topology, ...(dialect && { dialect }) }
  }
  state.dialling.set(id, client)
  changed()
  const note = (text: string) => log({ kind: 'note', time: now(), connection: id, text })
  return {
    opened: (topology) => {
      state.dialling.delete(id)
      log(opened(topology))
      return joinListeners([recordGate(log, id, now), driving(state, id)])
    },
    secured: (facts) => recordTls(log, id, now, facts),
    joined: (gate) => join(state, id, gate),
    noted: note,
    failed: note,
    refused: (topology, says) => {
      state.dialling.delete(id)
      recordRefusal(log, opened(topology), says)
    },
  }
}

/** Told behind the recorder, so that what is looked at is in the log. */
function driving(state: TapState, id: number): GateListener {
  const driver = (lane: Lane) => state.open.get(id)?.lanes[lane].driver
  return {
    arrived: (lane, bytes) => {
      state.open.get(id)?.lanes[lane].inStep.goOn()
      driver(lane)?.arrived(bytes.length)
      state.onArrival()
    },
    arrivedEnd: (lane) => driver(lane)?.arrived(0),
    released() {},
    releasedEnd() {},
    edited() {},
  }
}

function join(state: TapState, id: number, gate: Gate): void {
  const lane = (on: Lane): TappedLane => {
    const driver = createLaneDriver(gate.lanes[on], state.setup.clock)
    return { driver, inStep: inStepOn(on), injections: [], heldAt: null, stopped: false }
  }
  const { capture, log } = hostOf(state)
  const note = (text: string) => log({ kind: 'note', time: state.setup.clock.now(), connection: id, text })
  const inStepOn = (on: Lane) =>
    keepInStep({
      capture,
      connection: id,
      lane: on,
      gate: gate.lanes[on],
      note,
      changed: () => lookSoon(state, tapped, on),
    })
  const tapped: Tapped = {
    ...{ id, gate },
    lanes: { clientToServer: lane('clientToServer'), serverToClient: lane('serverToClient') },
  }
  state.open.set(id, tapped)
  for (const on of lanes) {
    look(state, tapped, on)
    tapped.lanes[on].driver.setMode(state.modes[on])
  }
  void gate.closed.then(() => {
    for (const on of lanes) tapped.lanes[on].driver.stop()
    state.open.delete(id)
    hostOf(state).changed()
  })
}

// Units are looked at while there is a reason to

function look(state: TapState, tapped: Tapped, lane: Lane): void {
  const { driver, injections, inStep } = tapped.lanes[lane]
  const isNeeded = injections.length > 0 || hostOf(state).watching || inStep.active
  driver.look(isNeeded ? () => beforeNext(state, tapped, lane) : null)
}

/** What of a lane may go on, once what is to be put in before it is in and no breakpoint holds it. */
function beforeNext(state: TapState, tapped: Tapped, lane: Lane): Allowance {
  const { id, gate } = tapped
  const own = tapped.lanes[lane]
  const { capture, watching, holds, stopped } = hostOf(state)
  const { released, full } = gate.lanes[lane]
  if (own.injections.length > 0) putIn(state, tapped, lane)
  const next = allowanceFor(capture, id, lane, (watching || own.inStep.active) && !full)
  if (!next.atBoundary || next.allow === 'wait' || own.heldAt === released) return next.allow
  const breakpoint = holds(id, lane)
  if (breakpoint === null) return next.allow
  own.heldAt = released
  own.stopped = true
  stopped(id, lane, breakpoint)
  return 'hold'
}

/** When the lane is between two units: puts everything in that waits for that, and stops looking for its sake. */
function putIn(state: TapState, tapped: Tapped, lane: Lane): void {
  const { id, gate } = tapped
  const { injections } = tapped.lanes[lane]
  const { capture, log } = hostOf(state)
  const { released } = gate.lanes[lane]
  if (released > capture.connection(id).boundaryAt(lane, capture.end)) return
  const insert = new Uint8Array(Buffer.concat(injections.splice(0)))
  lookSoon(state, tapped, lane)
  const asked: Change = { at: released, remove: 0, insert, label: 'inserted' }
  const change = tapped.lanes[lane].inStep.before(asked)
  if (!change.ok) log({ kind: 'note', time: state.setup.clock.now(), connection: id, text: change.error })
  makeChange(gate.lanes[lane], change.ok ? change.value : asked)
}

/** Not from inside the look: it is about to be answered. */
function lookSoon(state: TapState, tapped: Tapped, lane: Lane): void {
  queueMicrotask(() => {
    if (state.open.has(tapped.id)) look(state, tapped, lane)
  })
}

function makeChange(gate: LaneGate, { at, remove, insert, label }: Change): void {
  gate.edit(at, remove, insert, label)
}

// What a person can do

function handleOf(tapped: Tapped | undefined): LiveConnection | null {
  if (!tapped) return null
  const { gate } = tapped
  const unlessDead = async (lane: Lane, work: () => Result<void> | void): Promise<Result<void>> => {
    const { dead } = gate.lanes[lane]
    if (dead) return failure(goneSentence(lane))
    return work() ?? success(undefined)
  }
  return {
    act: async () =>
      failure('The ends of this connection are other programs: inject puts bytes between them, as if an end had.'),
    release: (lane, count) => unlessDead(lane, () => gate.lanes[lane].release(count)),
    releaseEnd: (lane) => unlessDead(lane, () => gate.lanes[lane].releaseEnd()),
    edit: (lane, at, remove, insert, label) =>
      unlessDead(lane, () => {
        const change = tapped.lanes[lane].inStep.before({ at, remove, insert, label })
        if (!change.ok) return change
        makeChange(gate.lanes[lane], change.value)
        tapped.lanes[lane].driver.goOn()
        return undefined
      }),
  }
}

function goneSentence(lane: Lane): string {
  return `The ${receiverOf(lane)} is gone, it broke the connection off: nothing can get to it any more.`
}

function tapOf(state: TapState): Tap {
  const tappedOr = <T>(id: number, work: (tapped: Tapped) => Result<T>): Result<T> => {
    const tapped = state.open.get(id)
    return tapped ? work(tapped) : failure(`Connection ${id} is over: its lanes carry nothing any more.`)
  }
  return {
    view: () => viewOf(state),
    dialling: state.dialling,
    gatesOf: (id) => {
      const tapped = state.open.get(id)
      return tapped ? gatesOf(tapped) : null
    },
    setMode: (id, on, mode) => {
      if (id === 'all') return success(setEverywhere(state, on, mode))
      return tappedOr(id, (tapped) => success(setModes(tapped, on, mode)))
    },
    resume: (id) => {
      const tapped = state.open.get(id)
      const stopped = tapped ? lanes.filter((lane) => tapped.lanes[lane].stopped) : []
      if (tapped) setModes(tapped, stopped, 'running')
      return stopped.length > 0
    },
    shape: (id, lane, change) =>
      tappedOr(id, ({ lanes: { [lane]: own } }) => success(own.driver.shape({ ...own.driver.shaping, ...change }))),
    inject: (id, lane, bytes) => tappedOr(id, (tapped) => inject(state, tapped, lane, bytes)),
    reconsider: () => {
      for (const tapped of state.open.values()) for (const lane of lanes) look(state, tapped, lane)
    },
    stopListening: () => stopListening(state),
  }
}

function viewOf({ setup, relay, listening, modes }: TapState): TapView {
  const insecure = setup.tls?.dial?.insecure ?? false
  const { url: upstream, warning } = setup
  const at = listening && relay ? relay.address : null
  return { listening: at, upstream, insecure, modes: { ...modes }, ...(warning && { warning }) }
}

function gatesOf({ lanes: own }: Tapped): Readonly<Record<Lane, GateView>> {
  const view = ({ driver, stopped }: TappedLane): GateView => ({ mode: driver.mode, stopped, ...driver.shaping })
  return { clientToServer: view(own.clientToServer), serverToClient: view(own.serverToClient) }
}

function setModes(tapped: Tapped, on: readonly Lane[], mode: LaneMode): void {
  for (const lane of on) {
    tapped.lanes[lane].stopped = false
    tapped.lanes[lane].driver.setMode(mode)
  }
}

function setEverywhere(state: TapState, on: readonly Lane[], mode: LaneMode): void {
  for (const lane of on) state.modes[lane] = mode
  for (const tapped of state.open.values()) setModes(tapped, on, mode)
}

function inject(state: TapState, tapped: Tapped, lane: Lane, bytes: Uint8Array): Result<void> {
  const { dead, releasedEnd } = tapped.gate.lanes[lane]
  if (dead || releasedEnd !== null) return failure(goneSentence(lane))
  const { injections, driver } = tapped.lanes[lane]
  injections.push(bytes)
  look(state, tapped, lane)
  if (injections.length > 0) driver.goOn()
  return success(undefined)
}

function stopListening(state: TapState): Result<void> {
  if (!state.listening) return failure('The tap does not listen any more: start another one.')
  state.listening = false
  state.relay?.stopListening()
  hostOf(state).changed()
  return success(undefined)
}
