// What the host and the command line get to hold: a run, and the workspace that keeps the runs.
import type { Lane, Role } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { Address, Cursor } from '../../shared/capture/record.ts'
import type { Granularity } from '../../shared/capture/stepping.ts'
import type { CaptureReader, Naming } from '../../shared/capture/types.ts'
import type { LadderRow } from '../../shared/capture/view.ts'
import type { ListPage } from '../../shared/capture/viewsPage.ts'
import type { DialectId } from '../../shared/dialects/dialect.ts'
import type { Action } from '../../shared/endpoint/types.ts'
import type { DeflateOptions } from '../../shared/extensions/perMessageDeflate.ts'
import type { IntermediaryKind } from '../../shared/intermediaries/intermediary.ts'
import type { FindAnswer, RunView } from '../../shared/ipc/contract.ts'
import type { ConnectionRow, LaneMode, Shaping } from '../../shared/ipc/live.ts'
import type { Result } from '../../shared/ipc/result.ts'
import type { FlawId } from '../../shared/profile/flaws.ts'
import type { ProfileId } from '../../shared/profile/prototype2010.ts'
import type { Clock } from '../net/clock.ts'
import type { TlsWishes } from '../net/tls/terms.ts'
import type { Exported, ExportWish } from './exporting.ts'
import type { Injection } from './frameCommands.ts'

/** What a command did to a run. */
export interface Moved {
  /** The run it happened in: a new one when the command had to fork. */
  readonly run: Run
  /** The cursor before and after. What happened in between is the log from one to the other. */
  readonly from: Cursor
  readonly to: Cursor
}

/**
 * One live or opened session. Commands are done one after the other in the order they were given, and settle when
 * the wire is quiet again. What changes the wire at an earlier cursor happens in a fork: see `Moved.run`.
 */
export interface Run {
  readonly id: number
  readonly capture: CaptureReader
  view(): RunView
  /** What the views are of: a part of `view`, at no cost. */
  place(): Pick<RunView, 'connection' | 'cursor'>
  /** Moves on by `count` (1): through the record first, and behind its end by letting held bytes through. */
  step(granularity: Granularity, options?: { readonly count?: number; readonly lane?: Lane }): Promise<Result<Moved>>
  /** Moves the cursor back by `count` units (1), or by something smaller. */
  back(count?: number, granularity?: Exclude<Granularity, 'all'>): Promise<Result<Moved>>
  goto(cursor: Cursor): Promise<Result<Moved>>
  start(): Promise<Result<Moved>>
  endOfLog(): Promise<Result<Moved>>
  /** Lets unit after unit through until nothing is held, a breakpoint matches, or `pause`. Settles when it stopped. */
  run(): Promise<Result<Moved>>
  /** Stops `run` and `play`. Settles when they have. */
  pause(): Promise<Result<Moved>>
  /** Moves the cursor through the record in recorded time * `speed`; `Infinity`: one unit a frame. Settles at the end. */
  play(speed?: number): Promise<Result<Moved>>
  /** Sets the speed of `play`, also while it plays. */
  setSpeed(speed: number): Promise<Result<Moved>>
  act(role: Role, action: Action): Promise<Result<Moved>>
  /** At gate-stream offset `at`, inside what is held: takes `remove` bytes away and puts `insert` there. */
  edit(lane: Lane, at: number, remove: number, insert: Uint8Array): Promise<Result<Moved>>
  insert(lane: Lane, at: number, bytes: Uint8Array): Promise<Result<Moved>>
  /** The held unit that holds `offset`, once more behind itself. */
  duplicate(lane: Lane, offset: number): Promise<Result<Moved>>
  /** Takes the held unit that holds `offset` away. */
  drop(lane: Lane, offset: number): Promise<Result<Moved>>
  /** Puts bytes or a frame of the connection's dialect between two units of the lane, as if its sender had sent it. */
  inject(lane: Lane, injection: Injection): Promise<Result<Moved>>
  /** Gives the held frame that holds `offset` another payload; its header is made to fit unless it is to be kept. */
  rewrite(lane: Lane, offset: number, payload: Uint8Array, keepHeader: boolean): Promise<Result<Moved>>
  note(text: string): Promise<Result<Moved>>
  /** A new run that shares the log up to `cursor` (the current one), and is the current run from then on. */
  fork(cursor?: Cursor): Promise<Result<Moved>>
  /** Adds a breakpoint from its condition as typed; answers its number. */
  addBreakpoint(condition: string): Promise<Result<number>>
  removeBreakpoint(id: number): Promise<Result<void>>
  toggleBreakpoint(id: number): Promise<Result<void>>
  /** Shows only the rows that match an expression as typed; null shows all. Searching goes on behind it. */
  filter(expression: string | null): Promise<Result<void>>
  /** Rows of the ladder that the filter shows, as of the cursor. */
  matches(from: number, count: number): ListPage<LadderRow>
  /** Match number `place` of an expression as typed, as of the cursor. Searching goes on behind it. */
  find(expression: string, place: number): FindAnswer
  /** Copies the recording to `path`; answers the path it has. */
  saveAs(path: string): Promise<Result<string>>
  /** Writes it, or a part of it, to a file for others. */
  exportTo(wish: ExportWish): Promise<Result<Exported>>
  /** Gives up the export that goes on; false when none does. */
  cancelExport(): boolean
  selectConnection(connection: number): Promise<Result<Moved>>
  /** Connections `from` to `from + count`, as of the end of the log. */
  connections(from: number, count: number): ListPage<ConnectionRow>
  /** Of live traffic: holds a lane (both when null) or lets it run. `all`: of every connection, and of those to come. */
  setMode(lane: Lane | null, mode: LaneMode, all: boolean): Promise<Result<Moved>>
  /** Of live traffic: changes how a lane (both when null) lets bytes through while it runs. */
  shape(lane: Lane | null, change: Partial<Shaping>): Promise<Result<Moved>>
  /** Accepts no more connections; those that are open go on. */
  stopListening(): Promise<Result<Moved>>
  /** Ends the sockets and the recording. */
  close(): Promise<void>
}

export interface LabOptions {
  readonly dialect: DialectId
  /** 0 to 2^32 - 1. Random when left out. */
  readonly seed?: number
  /** What the client asks for; `ws://127.0.0.1:4502/demo` when left out. */
  readonly url?: string
  readonly subprotocols?: readonly string[]
  /** Both ends compress; neither when left out. */
  readonly compress?: DeflateOptions
  /** What stands between the ends, from the client on. */
  readonly via?: readonly IntermediaryKind[]
  /** Both ends keep to what the prototype of 2010 could do. */
  readonly profile?: ProfileId
  /** What the client does wrong on purpose. */
  readonly flaw?: FlawId
  /** Leaves the current run as it is. */
  readonly aside?: true
  /** File to record to; one in the data folder when left out. */
  readonly record?: string
}

export interface TapRunOptions extends TlsWishes {
  /** Port 0 takes a free one. */
  readonly listen: Address
  /** The URL of the server; left out: the port is an HTTP proxy, and clients ask for theirs. */
  readonly upstream?: string
  readonly dialect: DialectId | 'auto'
  /** What the lanes of new connections do. */
  readonly mode: LaneMode
  /** Keeps to what the prototype of 2010 could do. */
  readonly profile?: ProfileId
  /** Connections at once; the next client is reset. 1,024 when left out. */
  readonly maxConnections?: number
  /** The server behind it, in place of `upstream`, where it is no WebSocket server and has no URL. */
  readonly behind?: Address
  /** A client of ours, which comes as soon as it listens. What it says in the end is noted with the first connection. */
  readonly client?: (at: Address) => Promise<string>
  /** What is not as one would expect of where it listens, in a sentence. */
  readonly warning?: string
  /** What the run is called; after its server when left out. */
  readonly title?: string
  /** The server behind it, where it is ours: it is closed with the run. */
  readonly server?: { close(): Promise<void> }
  /** File to record to; one in the data folder when left out. */
  readonly record?: string
}

export interface WorkspaceOptions {
  /** Recordings go to `recordings` in it, and the authority that TLS clients are shown is kept in it. */
  readonly dataFolder: string
  readonly clock?: Clock
  /** Something in the current run or in the list of runs changed. At most every 16 ms while a run is running. */
  onChange(change: 'run' | 'runs'): void
  /** Something went wrong that no command asked about, as one sentence: the disk is full. */
  onError(sentence: string): void
}

/** A session that somebody else than a run writes. */
export interface WrittenOptions {
  readonly title: string
  /** What its file in the data folder is called after. */
  readonly name: string
  /** File to record to instead. */
  readonly record?: string
  /** Writes all of it. When it fails, or has written nothing, there is no run. */
  write(capture: Capture): Promise<Result<void>>
}

/** What a person says of a file. */
export interface KnownOfFile {
  /** The path of a key log. */
  readonly keylog?: string
  readonly naming?: Naming
}

export interface Workspace {
  readonly runs: readonly Run[]
  readonly current: Run | null
  openLab(options: LabOptions): Promise<Result<Run>>
  /** Listens, and shows what passes. Fails with a sentence when it cannot listen there. */
  openTap(options: TapRunOptions): Promise<Result<Run>>
  /** Lets a session be written, and opens it when it is whole, beside the current run. */
  openWritten(options: WrittenOptions): Promise<Result<Run>>
  /** The file that is being opened, before there is anything to show, and how much of it was read, in bytes. */
  readonly opening: { readonly path: string; readonly bytes: number; readonly of: number } | null
  /** Settles when there is something to look at. The rest of a long file is read behind it: `RunView.loading`. */
  openFile(path: string, known?: KnownOfFile): Promise<Result<Run>>
  /** Opens the file of the current run once more, with the connection that is shown read as a dialect that it does not tell. */
  readAs(dialect: DialectId): Promise<Result<Run>>
  /** Gives up the file that is being opened, or reads no more of the one that is shown. */
  cancelOpening(): Result<void>
  select(id: number): Result<Run>
  /** Closes a run and removes its recording: nothing came of it. */
  discardRun(id: number): Promise<Result<void>>
  /** Closes a run; the one opened last of those left is the current one then. */
  closeRun(id: number): Promise<Result<void>>
  /** Writes what is recorded and not in its file yet. */
  flush(): void
  /** Closes every run and flushes every recording. */
  shutdown(): Promise<void>
}
