// The runs that are open: started, opened from files, forked from one another, closed.
import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import { formatAddress } from '../../shared/capture/addresses.ts'
import type { Known } from '../../shared/capture/opening.ts'
import type { Cursor } from '../../shared/capture/record.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import { compressionObjection } from '../../shared/extensions/perMessageDeflate.ts'
import { parseUrl } from '../../shared/handshake/urls.ts'
import type { Loading } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { flawObjection } from '../../shared/profile/flaws.ts'
import { connectionRefusal, planRefusal, tapPlan } from '../../shared/profile/prototype2010.ts'
import { type Place, placeOf } from '../net/client.ts'
import { systemClock } from '../net/clock.ts'
import { relayTls, tlsTerms } from '../net/tls/terms.ts'
import { historyUpTo, setupOf } from './fork.ts'
import { goLive, type LabSetup, type Live } from './live.ts'
import { objectionToNaming } from './naming.ts'
import { openRecording, type Recording, readKeyLog, recordTo, startRecording } from './recording.ts'
import { createRun, type RunParts } from './run.ts'
import { startTap } from './tapLive.ts'
import type {
  KnownOfFile,
  LabOptions,
  Run,
  TapRunOptions,
  Workspace,
  WorkspaceOptions,
  WrittenOptions,
} from './types.ts'

/** What a client of the lab is told to ask for; the ports really used are nobody's business. */
const labUrl = 'ws://127.0.0.1:4502/demo'

interface Desk {
  readonly options: WorkspaceOptions
  readonly clock: RunParts['clock']
  runs: readonly Run[]
  current: Run | null
  lastId: number
  readonly recordings: WeakMap<Run, Recording>
  /** The runs that are files, and what was said of them. */
  readonly files: WeakMap<Run, KnownOfFile & { readonly path: string }>
  /** The file that is being opened, before there is anything to show. */
  opening: { readonly path: string; readonly loading: Loading; readonly stop: AbortController } | null
}

/** A workspace without runs. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const desk: Desk = {
    options,
    clock: options.clock ?? systemClock,
    runs: [],
    current: null,
    lastId: 0,
    recordings: new WeakMap(),
    files: new WeakMap(),
    opening: null,
  }
  return {
    get runs() {
      return desk.runs
    },
    get current() {
      return desk.current
    },
    openLab: (lab) => openLab(desk, lab),
    openTap: (tap) => openTap(desk, tap),
    openWritten: (options) => openWritten(desk, options),
    get opening() {
      return desk.opening && { path: desk.opening.path, ...desk.opening.loading }
    },
    openFile: (path, known) => openFile(desk, path, known),
    readAs: (dialect) => readAs(desk, dialect),
    cancelOpening: () => cancelOpening(desk),
    select: (id) => select(desk, id),
    closeRun: (id) => closeRun(desk, id),
    discardRun: (id) => discardRun(desk, id),
    flush: () => flush(desk),
    shutdown: async () => {
      const { runs, opening } = desk
      opening?.stop.abort()
      desk.runs = []
      desk.current = null
      await Promise.all(runs.map((run) => run.close()))
    },
  }
}

/** A new connection, paused before the first byte of its request. */
async function openLab(desk: Desk, lab: LabOptions): Promise<Result<Run>> {
  const dialect = dialectById(lab.dialect)
  const url = labUrlOf(desk, lab)
  if (!url.ok) return url
  const objection = flawObjection(lab.flaw, dialect) ?? compressionObjection(lab.compress, dialect)
  if (objection !== null) return failure(objection)
  const seed = lab.seed ?? randomBytes(4).readUInt32LE()
  const setup: LabSetup = {
    kind: 'open',
    time: desk.clock.now(),
    connection: 1,
    dialect: lab.dialect,
    url: url.value,
    seed,
    inProcess: true,
    ...(lab.subprotocols?.length ? { subprotocols: lab.subprotocols } : {}),
    ...(lab.compress && { compress: lab.compress }),
    ...(lab.profile && { profile: lab.profile }),
    ...(lab.flaw && { flaw: lab.flaw }),
    ...(lab.via?.length ? { via: lab.via } : {}),
  }
  const recording = record(desk, lab.dialect, lab.record)
  if (!recording.ok) return recording
  const live = await connectLab(desk, setup, recording.value)
  if (!live.ok) return live
  const kept = [lab.profile, lab.flaw].map((one) => (one ? `, ${one}` : '')).join('')
  const title = `${dialect.name}, seed ${seed}${kept}${lab.via?.length ? `, via ${lab.via.join(', ')}` : ''}`
  const parts = { title, source: 'lab', recording: recording.value, live: live.value } as const
  return success(add(desk, parts, lab.aside))
}

/** What the client is to ask for, if the profile has nothing against it or against one connection more. */
function labUrlOf({ runs }: Desk, { url = labUrl, profile }: LabOptions): Result<string> {
  const open = runs.filter(
    ({ capture, view }) => capture.connections[0]?.opened.profile === profile && view().live,
  ).length
  const refused = planRefusal(profile, { urls: [url] }) ?? connectionRefusal(profile, open)
  if (refused !== null) return failure(refused)
  const parsed = parseUrl(url)
  if (!parsed.ok) return parsed
  if (parsed.value.secure) return failure(`The lab shows bytes in the clear, so "${url}" will not do: write ws://.`)
  return success(url)
}

async function connectLab(desk: Desk, setup: LabSetup, recording: Recording): Promise<Result<Live>> {
  const live = await goLive({ setup, history: [], log: recording.capture.append, now: desk.clock.now })
  const opened = live.ok ? await live.value.connection(setup.connection)!.act('client', { kind: 'open' }) : live
  if (live.ok && opened.ok) return live
  if (live.ok) await live.value.close()
  recording.discard()
  return opened.ok ? live : opened
}

/** A port that listens for other people's clients, each of which is relayed to their server. */
async function openTap(desk: Desk, options: TapRunOptions): Promise<Result<Run>> {
  const refused = planRefusal(options.profile, tapPlan(options.listen.port, options.upstream))
  if (refused !== null) return failure(refused)
  const upstream = upstreamOf(options)
  if (!upstream.ok) return upstream
  const { dataFolder, onError: onProblem } = desk.options
  const terms = tlsTerms(options, { dataFolder, onProblem })
  if (!terms.ok) return terms
  const { listen, mode, dialect } = options
  const live = await startTap({
    ...{ listen, mode, clock: desk.clock, upstream: upstream.value, url: urlBehind(options), onProblem },
    ...(options.warning && { warning: options.warning }),
    ...(options.server && { server: options.server }),
    dialect: dialect === 'auto' ? null : dialect,
    tls: relayTls(upstream.value, terms.value),
    ...(options.profile && { profile: options.profile }),
    ...(options.maxConnections && { maxConnections: options.maxConnections }),
  })
  if (!live.ok) return live
  const recording = record(desk, 'tap', options.record)
  if (!recording.ok) {
    await live.value.close()
    return recording
  }
  const title = options.title ?? `Tap for ${options.upstream ?? 'clients of an HTTP proxy'}`
  const { attach, invite } = live.value
  const run = add(desk, { title, source: 'live', recording: recording.value, live: live.value, attach })
  if (options.client) await invite(options.client)
  return success(run)
}

function upstreamOf({ behind, upstream }: TapRunOptions): Result<Place | 'asked'> {
  if (behind) return success({ ...behind, secure: false })
  return upstream === undefined ? success('asked') : placeOf(upstream)
}

function urlBehind({ behind, upstream }: TapRunOptions): string | null {
  return behind ? `tcp://${formatAddress(behind)}` : (upstream ?? null)
}

async function openWritten(desk: Desk, { title, name, record: path, write }: WrittenOptions): Promise<Result<Run>> {
  const recording = record(desk, name, path)
  if (!recording.ok) return recording
  const written = await write(recording.value.capture)
  if (written.ok && recording.value.capture.length > 0)
    return success(add(desk, { title, source: 'file', recording: recording.value, live: null }, true))
  recording.value.discard()
  return written.ok ? failure('Nothing came of it: there is no session to show.') : written
}

/** Starts one in the file at `path`, else in a file called after `name`. */
function record(desk: Desk, name: string, path?: string): Result<Recording> {
  const { dataFolder, onError } = desk.options
  if (path !== undefined) return recordTo(path, onError)
  return success(
    startRecording({ folder: join(dataFolder, 'recordings'), name, now: desk.clock.now(), onTrouble: onError }),
  )
}

/** A session from a file, to be looked at. */
function flush({ runs, recordings }: Desk): void {
  for (const run of runs) recordings.get(run)?.flush()
}

async function openFile(desk: Desk, path: string, known: KnownOfFile = {}): Promise<Result<Run>> {
  const keys = readKeyLog(known.keylog)
  if (!keys.ok) return keys
  // It may be what a run of ours records: then all of it is to be seen.
  flush(desk)
  const recording = await reportedOpening(desk, path, { ...keys.value, naming: known.naming ?? {} })
  if (!recording.ok) return recording
  if (recording.value.capture.connections.length === 0) {
    recording.value.close()
    return failure(`${path} holds no connection: there is nothing to show.`)
  }
  const run = add(desk, { title: basename(path), source: 'file', recording: recording.value, live: null })
  desk.files.set(run, { ...known, path })
  return success(run)
}

async function readAs(desk: Desk, dialect: DialectId): Promise<Result<Run>> {
  const { current } = desk
  const file = current && desk.files.get(current)
  if (!file) return failure('Only connections of a file that was opened can be read as another dialect.')
  const { connection } = current.place()
  const wrong = objectionToNaming(current.capture.connection(connection), desk.recordings.get(current)!, dialect)
  if (wrong !== null) return failure(wrong)
  const { path, keylog, naming } = file
  const some = new Map([...(naming?.some ?? []), [connection, dialect]])
  const run = await openFile(desk, path, { ...(keylog !== undefined && { keylog }), naming: { ...naming, some } })
  if (!run.ok) return run
  await closeRun(desk, current.id)
  await run.value.selectConnection(connection)
  return run
}

/** While it is not known yet whether there is anything to show, it is told how far that is, and can be cancelled. */
async function reportedOpening(desk: Desk, path: string, known: Known): Promise<Result<Recording>> {
  const stop = new AbortController()
  const tell = (loading: Loading) => {
    desk.opening = { path, loading, stop }
    desk.options.onChange('runs')
  }
  const recording = await openRecording(path, { ...known, signal: stop.signal, onProgress: tell })
  if (desk.opening?.stop === stop) {
    desk.opening = null
    desk.options.onChange('runs')
  }
  return recording
}

/** Gives up the file that is being opened, or reads no more of the one that is shown. */
function cancelOpening({ opening, current, recordings }: Desk): Result<void> {
  const recording = current && recordings.get(current)
  if (opening) opening.stop.abort()
  else if (recording?.loading) recording.stopLoading()
  else if (!current?.cancelExport()) return failure('No file is being opened or exported.')
  return success(undefined)
}

/** A new run that shares the log up to the cursor, with both ends rebuilt. The one it comes from stays as it is. */
async function forkAt(desk: Desk, from: Run, cursor: Cursor): Promise<Result<Run>> {
  const setup = setupOf(from.capture)
  if (!setup.ok) return setup
  const recording = record(desk, setup.value.dialect)
  if (!recording.ok) return recording
  const history = historyUpTo(from.capture, cursor)
  const live = await goLive({ setup: setup.value, history, log: recording.value.capture.append, now: desk.clock.now })
  if (!live.ok) {
    recording.value.discard()
    return live
  }
  const { title, breakpoints, connection } = from.view()
  const forkOf = { run: from.id, cursor }
  const parts = { title: forkTitle(title), source: 'lab', recording: recording.value, live: live.value } as const
  return success(add(desk, { ...parts, breakpoints, connection, forkOf }))
}

async function abandon(desk: Desk, fork: Run, from: Run): Promise<void> {
  await discardRun(desk, fork.id)
  select(desk, from.id)
}

function forkTitle(title: string): string {
  return title.endsWith(' (fork)') ? title : `${title} (fork)`
}

type NewRun = Pick<RunParts, 'title' | 'source' | 'recording' | 'live'> &
  Partial<Pick<RunParts, 'attach' | 'breakpoints' | 'connection' | 'forkOf'>>

/** The new run is the current one from now on, unless it is to stand aside. */
function add(desk: Desk, parts: NewRun, aside = false): Run {
  desk.lastId += 1
  const run: Run = createRun({
    breakpoints: [],
    forkOf: null,
    ...parts,
    id: desk.lastId,
    clock: desk.clock,
    tell: () => {
      if (desk.current === run) desk.options.onChange('run')
    },
    forkAt: (from, cursor) => forkAt(desk, from, cursor),
    abandon: (fork, from) => abandon(desk, fork, from),
  })
  desk.recordings.set(run, parts.recording)
  desk.runs = [...desk.runs, run]
  if (!aside) desk.current = run
  desk.options.onChange('runs')
  return run
}

function select(desk: Desk, id: number): Result<Run> {
  const run = desk.runs.find((candidate) => candidate.id === id)
  if (run === undefined) return failure(noSuchRun(id))
  desk.current = run
  desk.options.onChange('runs')
  return success(run)
}

async function closeRun(desk: Desk, id: number): Promise<Result<void>> {
  const run = desk.runs.find((candidate) => candidate.id === id)
  if (run === undefined) return failure(noSuchRun(id))
  desk.runs = desk.runs.filter((candidate) => candidate !== run)
  if (desk.current === run) desk.current = desk.runs.at(-1) ?? null
  desk.options.onChange('runs')
  await run.close()
  return success(undefined)
}

async function discardRun(desk: Desk, id: number): Promise<Result<void>> {
  const run = desk.runs.find((candidate) => candidate.id === id)
  const closed = await closeRun(desk, id)
  if (run) desk.recordings.get(run)?.discard()
  return closed
}

function noSuchRun(id: number): string {
  return `There is no run ${id}; list the runs to see their numbers.`
}
