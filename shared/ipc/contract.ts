// The contract between main and renderer: two kinds of message, and nothing else crosses.
//   request(method, payload) -> Result    the renderer asks; the host validates, answers, always settles
//   push(event)                           the host tells; snapshots are small whatever the session's length
import type { Lane, Role } from '../bytes/lanes.ts'
import type { Cursor, Time } from '../capture/record.ts'
import type { Match } from '../capture/search.ts'
import type {
  BytesView,
  ConnectionView,
  FaultView,
  LadderRow,
  MessageView,
  SegmentView,
  TextView,
  TimelineMark,
  TransitionView,
  UnitView,
} from '../capture/view.ts'
import type { Breakpoint } from '../commands/expression.ts'
import type { Comparison } from '../compare/types.ts'
import type { Dialect, DialectId } from '../dialects/dialect.ts'
import type { DraftEvent, DraftRequest } from '../draft/transport.ts'
import type { StateTable } from '../endpoint/types.ts'
import type { IntermediaryKind } from '../intermediaries/intermediary.ts'
import type { SurvivalView } from '../intermediaries/survival.ts'
import type { ProfileId } from '../profile/prototype2010.ts'
import type { ReplayReport, ReplayRow } from '../replay/types.ts'
import type { ServedSample } from '../samples/names.ts'
import type { ConnectionRow, GateView, TapView } from './live.ts'
import type { Result } from './result.ts'

export interface RunView {
  readonly id: number
  /** Grows with every change; what was fetched under an older version is stale. */
  readonly version: number
  readonly title: string
  /** `live`: a tap between other people's programs. */
  readonly source: 'lab' | 'file' | 'live'
  readonly dialect: DialectId
  /** Sockets are up and the gate can release more. */
  readonly live: boolean
  /** `running`: releasing or playing; `paused`: waiting for the person; `ended`: nothing more can come. */
  readonly activity: 'running' | 'paused' | 'ended'
  /** Why it last stopped, when not by the person: `breakpoint 1: opcode text`. */
  readonly stoppedBy: string | null
  readonly cursor: Cursor
  /** The end of the log. */
  readonly end: Cursor
  readonly atEnd: boolean
  /** Ladder rows as of the cursor that are wholly delivered, and those in the whole log. */
  readonly rowsDone: number
  readonly rowsTotal: number
  readonly startTime: Time
  /** Milliseconds from the first record to the cursor, and to the end. */
  readonly elapsed: number
  readonly duration: number
  /** Place of the cursor on the timeline, 0 to 1. */
  readonly at: number
  readonly speed: number
  /** All of them while they are few (up to 32), else only the one that is shown; `connections` lists the rest. */
  readonly connections: readonly ConnectionView[]
  /** How many there are, those included whose server is not reached yet. */
  readonly connectionCount: number
  /** What stands between the ends of a lab run, from the client on; then the connections are its legs, in that order. */
  readonly via: readonly IntermediaryKind[]
  /** What a node said last as of the cursor; null when none did. */
  readonly said: { readonly node: string; readonly says: string } | null
  /** The connection the views show; -1 before a tap has one. */
  readonly connection: number
  /** It does not tell what it is, or not for sure: `read as` names its dialect. */
  readonly canBeNamed: boolean
  /** How its lanes are let through; null when it is over, or all is held always. */
  readonly gates: Readonly<Record<Lane, GateView>> | null
  /** Where a tap listens; null for other runs. */
  readonly tap: TapView | null
  /** What the next step would let through; null when nothing is held. */
  readonly next: { readonly lane: Lane; readonly label: string; readonly held: number } | null
  readonly breakpoints: readonly Breakpoint[]
  /** What the ladder shows only, and how many complete rows were searched for it; null when it shows all. */
  readonly filter: { readonly text: string; readonly searched: number; readonly of: number } | null
  readonly faultCount: number
  readonly messageCount: number
  readonly segmentCount: number
  readonly forkOf: { readonly run: number; readonly cursor: Cursor } | null
  /** File the session is recorded to. */
  readonly path: string
  /** True when the person saved it or opened it from a file of their own. */
  readonly saved: boolean
  /** How much of its file was read, in bytes, while it is; what was read is there already. */
  readonly loading?: Loading
  /** How far the export of it is, while one goes on. */
  readonly exporting?: Exporting
  /** The byte a file was recorded to show: where it is opened. */
  readonly noted?: { readonly lane: Lane; readonly offset: number }
  /** What is missing or unusual, in plain sentences: a cut file, an address that is not loopback. */
  readonly warnings: readonly string[]
  /** What was put right or passed over when its file was read, in plain sentences. */
  readonly notes: readonly string[]
}

export interface Exporting {
  /** The file that is written. */
  readonly path: string
  /** Looking for what is to be blanked, picking what is wanted, writing the file. */
  readonly stage: 'looking' | 'picking' | 'writing'
  readonly done: number
  /** 0: not known yet. */
  readonly of: number
}

export interface Loading {
  readonly bytes: number
  readonly of: number
}

/** What a file is asked for: to be opened, to be written, to be read as a key log. */
export const filePurposes = ['open', 'save', 'keylog'] as const
export type FilePurpose = (typeof filePurposes)[number]

export interface RecentSession {
  readonly path: string
  readonly title: string
  /** Of the connection that was shown last; null for a socket policy exchange. */
  readonly dialect: DialectId | null
  readonly time: Time
  readonly size: number
}

export interface Settings {
  readonly theme: 'dark' | 'light' | 'system'
  /** What new runs keep to; null: everything their dialect has. */
  readonly profile: ProfileId | null
  /** Sizes of the panes, by layout name; percentages. */
  readonly layout: Readonly<Record<string, readonly number[]>>
}

export interface AppView {
  readonly version: string
  readonly host: 'desktop' | 'browser' | 'terminal'
  readonly runs: readonly {
    readonly id: number
    readonly title: string
    readonly source: RunView['source']
    readonly live: boolean
    /** The run it was forked from. */
    readonly forkOf: number | null
  }[]
  readonly current: RunView | null
  /** The file that is being opened, before there is anything of it to show. */
  readonly opening: (Loading & { readonly path: string }) | null
  /** What the replay that goes on now is at, in words; null while there is none. */
  readonly replaying: string | null
  readonly recent: readonly RecentSession[]
  readonly settings: Settings
  readonly dialects: readonly DialectView[]
  /** The sample that is running; null when none is. */
  readonly sample: SampleView | null
  /** What the last runs behind intermediaries have come to; null before there were any. */
  readonly survival: SurvivalView | null
}

/** A service with a tap before it, which is the run of this number. */
export interface SampleView {
  readonly name: ServedSample
  readonly dialect: DialectId
  readonly run: number
  /** Where its clients connect: the tap. */
  readonly url: string
}

export interface DialectView {
  readonly id: DialectId
  readonly name: string
  readonly document: string
  readonly date: string
  readonly says: string
  readonly pings: boolean
  readonly binary: boolean
  /** What a close frame carries; `none`: there is no close frame. */
  readonly closeBody: Dialect['closeBody']
  readonly tables: Readonly<Record<Role, StateTable>>
}

/** One line for the console. `tone` picks the colour; the text is complete without it. */
export interface ConsoleLine {
  readonly tone: 'plain' | 'dim' | 'client' | 'server' | 'fault' | 'ok' | 'heading'
  readonly text: string
}

/** What a command left behind. A push may come before the answer or after it, so the answer brings the run itself. */
export interface CommandAnswer {
  readonly lines: readonly ConsoleLine[]
  readonly run: RunView | null
}

export interface Page {
  readonly from: number
  readonly count: number
}

export interface FindAnswer extends Match {
  /** What is wrong with the expression, as a sentence. */
  readonly problem: string | null
  /** Complete rows that were searched, and all there are. */
  readonly searched: number
  readonly of: number
}

/** A question as a value, which is judged where it is answered. */
export interface Question {
  readonly method: string
  readonly payload: unknown
}

/** Every question the renderer can ask. Views are of the current run, as of its cursor, for its connection. */
export interface Requests {
  app: { payload: Record<string, never>; answer: AppView }
  /** Several questions in one message; each has an answer of its own, in their order. */
  together: { payload: { questions: readonly Question[] }; answer: { answers: readonly Result<unknown>[] } }
  /** A line as typed in the console; every button and key sends one too. */
  command: { payload: { line: string }; answer: CommandAnswer }
  complete: { payload: { line: string }; answer: { from: number; options: readonly string[] } }
  rows: { payload: { run: number } & Page; answer: { total: number; rows: readonly LadderRow[] } }
  /** The rows that the run's filter shows, as far as was searched; none without a filter. */
  matches: { payload: { run: number } & Page; answer: { total: number; rows: readonly LadderRow[] } }
  /** Match number `place` of an expression, from 0; the search for it goes on while it is asked about. */
  find: { payload: { run: number; expression: string; place: number }; answer: FindAnswer }
  bytes: { payload: { run: number; lane: Lane } & Page; answer: BytesView }
  /** The unit that holds `offset`; null when the lane has no byte there. */
  unit: { payload: { run: number; lane: Lane; offset: number }; answer: UnitView | null }
  /** The text that the unit which holds `offset` is, or is a part of; null where there is none. */
  text: { payload: { run: number; lane: Lane; offset: number }; answer: TextView | null }
  messages: { payload: { run: number } & Page; answer: { total: number; rows: readonly MessageView[] } }
  faults: { payload: { run: number } & Page; answer: { total: number; rows: readonly FaultView[] } }
  segments: { payload: { run: number } & Page; answer: { total: number; rows: readonly SegmentView[] } }
  transitions: { payload: { run: number } & Page; answer: { total: number; rows: readonly TransitionView[] } }
  /** Runs the scenario in each dialect, which takes a second or so; the runs of the comparison before are closed. */
  compare: {
    payload: { dialects: readonly DialectId[]; seed: number; lines: readonly string[] }
    answer: Comparison
  }
  /** The last replay that came to its end; null before there was one. */
  replayed: { payload: Record<string, never>; answer: ReplayReport | null }
  /** Rows of that replay, which run `replay` holds; none of one that is no longer the last. */
  replayRows: { payload: { replay: number } & Page; answer: { rows: readonly ReplayRow[] } }
  /** All connections of the run, as of the end of its log. */
  connections: { payload: { run: number } & Page; answer: { total: number; rows: readonly ConnectionRow[] } }
  timeline: { payload: { run: number }; answer: { marks: readonly TimelineMark[] } }
  /** Shows the system's open or save dialog; the browser host answers null, and the window asks for a path itself. */
  pickFile: { payload: { purpose: FilePurpose }; answer: { path: string | null } }
  settings: { payload: Partial<Settings>; answer: Settings }
  /** Connects for a `WebSocketDraft` of the page, which numbers its sockets; what comes of it is pushed. */
  draftOpen: { payload: { socket: number } & DraftRequest; answer: null }
  /** `size`: bytes of the message, text as UTF-8. */
  draftSend: { payload: { socket: number; data: string | Uint8Array; size: number }; answer: null }
  draftClose: { payload: { socket: number; code?: number | undefined; reason?: string | undefined }; answer: null }
  draftAbort: { payload: { socket: number }; answer: null }
  /** So many bytes of messages were dealt with: there is room for as many more. */
  draftTook: { payload: { socket: number; size: number }; answer: null }
}

export type Method = keyof Requests
export type Payload<M extends Method> = Requests[M]['payload']
export type Answer<M extends Method> = Requests[M]['answer']

/**
 * What the host tells without being asked: `run` at every change of the current run, `survival` when one of the runs behind
 * intermediaries begins or ends, `app` when the rest changed, and to the one page whose socket it is, `draft`.
 */
export type Push =
  | { readonly kind: 'app'; readonly app: AppView }
  | { readonly kind: 'run'; readonly run: RunView | null }
  | { readonly kind: 'lines'; readonly lines: readonly ConsoleLine[] }
  | { readonly kind: 'survival'; readonly survival: SurvivalView }
  | { readonly kind: 'draft'; readonly socket: number; readonly event: DraftEvent }

/** What the preload script puts on `window`, and what the web transport offers too. */
export interface Bridge {
  request<M extends Method>(method: M, payload: Payload<M>): Promise<Result<Answer<M>>>
  /** Returns its undo. */
  subscribe(listener: (push: Push) => void): () => void
}
