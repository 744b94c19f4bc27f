// A run's commands. What they do to the cursor is in runCore.ts and walk.ts, what they do to the wire in live.ts.
import { newProgress, type Progress } from '../../shared/bytes/steps.ts'
import { notedPlace } from '../../shared/capture/notedPlace.ts'
import { type Cursor, compareCursors } from '../../shared/capture/record.ts'
import { matchAt, matchingLadderRows } from '../../shared/capture/search.ts'
import type { FindAnswer } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { createBreakpoints } from './breakpoints.ts'
import { connectionRows } from './connectionRows.ts'
import { checkEdit, heldUnit, labelOf } from './edits.ts'
import { type Exported, type ExportStage, type ExportWish, exportSession } from './exporting.ts'
import { createFilter } from './filter.ts'
import { frameCommands } from './frameCommands.ts'
import { createNotifier } from './notifier.ts'
import { createQueue } from './queue.ts'
import { append, atEnd, lacksConnection, noConnection, type RunCore, stepBack, stepOn, stopMotion } from './runCore.ts'
import { runView } from './runView.ts'
import { runTap, tapCommands, tapHost } from './tapCommands.ts'
import type { TapHost } from './tapLive.ts'
import { aside, command, fork, inTurn, onFound, onWire, onward, playOn, runOn, setSpeed } from './turns.ts'
import type { Moved, Run } from './types.ts'
import { checkCursor } from './walk.ts'

export interface RunParts
  extends Pick<RunCore, 'id' | 'title' | 'source' | 'recording' | 'live' | 'forkOf' | 'clock' | 'forkAt' | 'abandon'> {
  readonly breakpoints: RunCore['breakpoints']['all']
  /** The connection that is shown first; else the one a file is about, else the first. */
  readonly connection?: number
  /** Called when something in the run changed. */
  tell(): void
  /** Binds the tap of a live run to the run. */
  attach?(host: TapHost): void
}

/** A run whose cursor is at the end of its log, or at the byte that a file is about. */
export function createRun(parts: RunParts): Run {
  const core = createCore(parts, () => run)
  parts.attach?.(tapHost(core))
  if (core.recording.loading) followLoading(core)
  else showNoted(core)
  const run: Run = {
    id: core.id,
    capture: core.capture,
    view: () => runView(core),
    place: () => ({ connection: core.connection, cursor: core.cursor }),
    ...movement(core),
    ...wireCommands(core),
    ...breakpointCommands(core),
    ...filtering(core),
    ...sessionCommands(core),
    ...frameCommands(core),
    ...tapCommands(core),
  }
  return run
}

function createCore({ tell, breakpoints, ...parts }: RunParts, self: () => Run): RunCore {
  const { capture } = parts.recording
  const notifier = createNotifier(tell)
  return {
    ...parts,
    self,
    capture,
    breakpoints: createBreakpoints(breakpoints, () => parts.live?.tap?.reconsider()),
    filter: createFilter(capture, () => notifier.changed('soon')),
    finder: createFilter(capture, () => notifier.changed('soon')),
    notifier,
    queue: createQueue(),
    noted: null,
    cursor: capture.end,
    connection: parts.connection ?? capture.connections[0]?.id ?? noConnection,
    speed: 1,
    stoppedBy: null,
    heldAt: null,
    motion: null,
    exporting: null,
    closed: false,
  }
}

/** Goes to the byte that a file is about. */
function showNoted(core: RunCore): void {
  core.noted = core.source === 'file' ? notedPlace(core.capture) : null
  if (!core.noted) return
  core.cursor = core.noted.cursor
  core.connection = core.noted.connection
}

/** Who stands at the end of what was read stays there while more is read, and goes to what the file is about then. */
function followLoading(core: RunCore): void {
  const { capture, recording, notifier } = core
  let end = capture.end
  const isAtEnd = () => compareCursors(core.cursor, end) === 0
  recording.onLoading = () => {
    if (isAtEnd()) core.cursor = capture.end
    end = capture.end
    notifier.changed('soon')
  }
  void recording.loaded.then(() => {
    if (core.closed) return
    if (isAtEnd()) showNoted(core)
    notifier.changed('now')
  })
}

type Movement = Pick<Run, 'step' | 'back' | 'goto' | 'start' | 'endOfLog' | 'run' | 'pause' | 'play' | 'setSpeed'>

function movement(core: RunCore): Movement {
  return {
    step: (granularity, { count = 1, lane } = {}) =>
      onward(
        core,
        () => stepOn(core, granularity, count, lane),
        (other) => other.step(granularity, lane ? { count, lane } : { count }),
      ),
    back: (count = 1, granularity = 'unit') =>
      command(core, () => {
        const lacking = lacksConnection(core)
        if (lacking !== null) return failure(lacking)
        stepBack(core, count, granularity)
        return success(undefined)
      }),
    goto: (cursor) => command(core, () => moveTo(core, cursor)),
    start: () => command(core, () => moveTo(core, { record: 0, bytes: 0 })),
    endOfLog: () => command(core, () => moveTo(core, core.capture.end)),
    run: () => (core.live?.tap ? runTap(core) : runOn(core)),
    pause: () => command(core, () => success(undefined)),
    play: (speed = core.speed) => playOn(core, speed),
    setSpeed: (speed) => aside(core, () => setSpeed(core, speed)),
  }
}

function moveTo(core: RunCore, cursor: Cursor): Result<void> {
  const checked = checkCursor(core.capture, cursor)
  if (!checked.ok) return checked
  core.cursor = checked.value
  return success(undefined)
}

type WireCommands = Pick<Run, 'act' | 'edit' | 'insert' | 'duplicate' | 'drop' | 'fork'>

function wireCommands(core: RunCore): WireCommands {
  const edit: Run['edit'] = (lane, at, remove, insert) =>
    onWire(
      core,
      () => checkEdit(core, lane, at, remove, insert),
      (live) => live.edit(lane, at, remove, insert, labelOf(remove, insert)),
      (other) => other.edit(lane, at, remove, insert),
    )
  return {
    act: (role, action) =>
      onWire(
        core,
        () => success(undefined),
        (live) => live.act(role, action),
        (other) => other.act(role, action),
      ),
    edit,
    insert: (lane, at, bytes) => edit(lane, at, 0, bytes),
    duplicate: (lane, offset) =>
      onFound(
        core,
        () => heldUnit(core, lane, offset),
        (live, { end, bytes }) => live.edit(lane, end, 0, bytes, 'duplicated'),
        (other) => other.duplicate(lane, offset),
      ),
    drop: (lane, offset) =>
      onFound(
        core,
        () => heldUnit(core, lane, offset),
        (live, { start, bytes }) => live.edit(lane, start, bytes.length, new Uint8Array(0), 'dropped'),
        (other) => other.drop(lane, offset),
      ),
    fork: (cursor) => inTurn(core, () => forkFrom(core, cursor ?? core.cursor)),
  }
}

function forkFrom(core: RunCore, cursor: Cursor): Result<Moved> | Promise<Result<Moved>> {
  const checked = checkCursor(core.capture, cursor)
  return checked.ok ? fork(core, checked.value) : checked
}

type BreakpointCommands = Pick<Run, 'addBreakpoint' | 'removeBreakpoint' | 'toggleBreakpoint'>

function breakpointCommands(core: RunCore): BreakpointCommands {
  return {
    addBreakpoint: (condition) => inTurn(core, () => core.breakpoints.add(condition)),
    removeBreakpoint: (id) => inTurn(core, () => core.breakpoints.remove(id)),
    toggleBreakpoint: (id) => inTurn(core, () => core.breakpoints.toggle(id)),
  }
}

function filtering(core: RunCore): Pick<Run, 'filter' | 'matches' | 'find'> {
  return {
    find: (expression, place) => find(core, expression, place),
    filter: (expression) => inTurn(core, () => core.filter.set(expression)),
    matches: (from, count) => {
      const search = core.connection === noConnection ? null : core.filter.search(core.connection)
      return search ? matchingLadderRows(core.capture, core.cursor, search, from, count) : { total: 0, rows: [] }
    },
  }
}

const nothingFound = { problem: null, total: 0, row: null, hits: [], searched: 0, of: 0 }

function find({ capture, cursor, connection, finder }: RunCore, expression: string, place: number): FindAnswer {
  if (connection === noConnection) return nothingFound
  const set = finder.view(connection)?.text === expression ? success(undefined) : finder.set(expression)
  if (!set.ok) return { ...nothingFound, problem: set.error }
  const { searched, of } = finder.view(connection)!
  return { problem: null, searched, of, ...matchAt(capture, cursor, finder.search(connection)!, place) }
}

type SessionCommands = Pick<
  Run,
  'note' | 'saveAs' | 'exportTo' | 'cancelExport' | 'selectConnection' | 'connections' | 'close'
>

function sessionCommands(core: RunCore): SessionCommands {
  return {
    note: (text) => aside(core, () => note(core, text)),
    saveAs: (path) => inTurn(core, () => core.recording.saveAs(path)),
    // What a file holds stays as it is: commands go on meanwhile.
    exportTo: (wish) => (core.live === null ? exportTo(core, wish) : inTurn(core, () => exportTo(core, wish))),
    cancelExport: () => {
      if (core.exporting === null) return false
      core.exporting.stop.abort()
      return true
    },
    selectConnection: (connection) => aside(core, () => selectConnection(core, connection)),
    connections: (from, count) => connectionRows(core.capture, core.live, from, count),
    close: () => close(core),
  }
}

async function exportTo(core: RunCore, wish: ExportWish): Promise<Result<Exported>> {
  if (core.closed) return failure('This run is closed; open its recording to export it.')
  if (core.exporting) return failure(`${core.exporting.path} is still being written: cancel gives it up.`)
  const stop = new AbortController()
  const tell = (stage: ExportStage, { done, of }: Progress) => {
    core.exporting = { path: wish.to, stage, done, of, stop }
    core.notifier.changed('soon')
  }
  tell('writing', newProgress())
  try {
    return await exportSession(core.recording, wish, { signal: stop.signal, onProgress: tell })
  } finally {
    core.exporting = null
    core.notifier.changed('now')
  }
}

/** Notes are part of the log, and so are only written at its end. */
function note(core: RunCore, text: string): Result<void> {
  if (core.live === null) return failure('A session from a file is not written to; fork it to add notes.')
  if (!atEnd(core)) return failure('Notes are written at the end of the log: go to the end, or fork here.')
  const lacking = lacksConnection(core)
  if (lacking !== null) return failure(lacking)
  append(core, { kind: 'note', time: core.clock.now(), connection: core.connection, text })
  return success(undefined)
}

function selectConnection(core: RunCore, connection: number): Result<void> {
  const ids = core.capture.connections.map(({ id }) => id)
  if (ids.length === 0) return failure('There is no connection yet: point a client at the tap.')
  if (!ids.includes(connection)) {
    return failure(
      `There is no connection ${connection}: this session has ${ids.length === 1 ? `only ${ids[0]}` : `${ids[0]} to ${ids.at(-1)}`}.`,
    )
  }
  core.connection = connection
  return success(undefined)
}

async function close(core: RunCore): Promise<void> {
  stopMotion(core)
  core.exporting?.stop.abort()
  await core.queue(async () => {
    if (core.closed) return
    core.closed = true
    core.notifier.stop()
    core.filter.stop()
    core.finder.stop()
    await core.live?.close()
    // A tap that no connection came to leaves no file.
    if (core.capture.length === 0) core.recording.discard()
    else core.recording.close()
  })
}
