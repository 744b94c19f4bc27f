// Answers the contract: one wrapper validates every request, answers it, and turns what goes wrong into a sentence.
// Both transports call `handle`; neither knows what a request means.
import { completeLine, type Sources } from '../../shared/commands/complete.ts'
import { parseLine } from '../../shared/commands/grammar.ts'
import type { Call, CommandOn } from '../../shared/commands/registry.ts'
import { faultLine } from '../../shared/commands/transcript.ts'
import type { Comparison } from '../../shared/compare/types.ts'
import type {
  Answer,
  AppView,
  ConsoleLine,
  FilePurpose,
  Method,
  Payload,
  Push,
  Question,
  RecentSession,
  RunView,
  Settings,
} from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { checkRequest, type DraftMethod, isDraftRequest, type Request } from '../../shared/ipc/schemas.ts'
import type { Workspace, WorkspaceOptions } from '../lab/types.ts'
import { compareScenario } from './compareScenario.ts'
import { dialectViews } from './dialectViews.ts'
import { createDraftSockets, type DraftSockets } from './draftSockets.ts'
import { type HandlerContext, handlers } from './handlers.ts'
import { createPolicies } from './policies.ts'
import { createReplays } from './replays.ts'
import { createSamples } from './samples.ts'
import { createSurvivals } from './survivals.ts'
import { answerView, isViewQuestion, type ViewMethod } from './viewAnswers.ts'

/** What the host keeps between starts. */
export interface Memory {
  settings(): Settings
  change(change: Partial<Settings>): Result<Settings>
  /** Newest first. */
  recent(): readonly RecentSession[]
  remember(session: RecentSession): Result<void>
}

export interface HostOptions {
  readonly kind: AppView['host']
  /** Settings, recordings and the authority of the user live here. */
  readonly folder: string
  readonly version: string
  readonly memory: Memory
  openWorkspace(events: Pick<WorkspaceOptions, 'onChange' | 'onError'>): Workspace
  /** Shows the system's file dialog; null where there is none or it was cancelled. */
  pickFile(purpose: FilePurpose): Promise<string | null>
}

export interface Host {
  readonly workspace: Workspace
  /** Answers any request, of any shape, and never rejects. One of a page may be about the page's sockets. */
  handle(method: unknown, payload: unknown, sockets?: DraftSockets): Promise<Result<unknown>>
  /** Answers a page and tells it what there is to tell. */
  connect(page: PageOptions): PageLink
  /** Does what a line of the console says. */
  perform(line: string): Promise<Result<readonly ConsoleLine[]>>
  /** Returns its undo. */
  subscribe(listener: (push: Push) => void): () => void
  /** Prints to the console; what is told before anyone listens is told to the first who does. */
  tell(lines: readonly ConsoleLine[]): void
  app(): AppView
}

export interface PageOptions {
  /** Where the page comes from: its sockets say so. */
  readonly origin: string
  tell(push: Push): void
}

export interface PageLink {
  /** As `Host.handle`. */
  handle(method: unknown, payload: unknown): Promise<Result<unknown>>
  /** The page is another one from now on: the sockets of the one before are broken off. */
  renew(): void
  /** The page is gone, and its sockets with it. */
  close(): void
}

type OtherMethod = Exclude<Method, ViewMethod | DraftMethod>
type OtherRequest = Extract<Request, { readonly method: OtherMethod }>
type Answers = {
  readonly [M in OtherMethod]: (payload: Payload<M>) => Promise<Result<Answer<M>>> | Result<Answer<M>>
}

export function createHost({ kind, folder, version, memory, openWorkspace, pickFile }: HostOptions): Host {
  const listeners = new Set<(push: Push) => void>()
  const untold: ConsoleLine[] = []
  /** What was last remembered of the dialect, by path. */
  const remembered = new Map<string, RecentSession['dialect']>()
  const compared: number[] = []
  const workspace = openWorkspace({
    onChange: (change) => {
      const run = shownRun()
      if (run) rememberNews(run)
      push({ kind: 'run', run })
      if (change === 'runs') push({ kind: 'app', app: app() })
    },
    onError: (sentence) => tell([faultLine(sentence)]),
  })
  const replays = createReplays(workspace, folder, () => push({ kind: 'app', app: app() }))
  const samples = createSamples(workspace, {
    onChange: () => push({ kind: 'app', app: app() }),
    onProblem: (sentence) => tell([faultLine(sentence)]),
  })
  const survivals = createSurvivals(workspace, (survival) => push({ kind: 'survival', survival }))
  const context: HandlerContext = {
    workspace,
    replays,
    samples,
    survivals,
    policies: createPolicies(workspace, (sentence) => tell([faultLine(sentence)])),
    app,
    changeSettings,
    remember: (run, path) => {
      remember(run, path)
      push({ kind: 'app', app: app() })
    },
  }
  const answers: Answers = {
    app: () => success(app()),
    command: async ({ line }) => {
      const lines = await perform(line)
      return lines.ok ? success({ lines: lines.value, run: shownRun() }) : lines
    },
    together: async ({ questions }) => success({ answers: await Promise.all(questions.map(answerOne)) }),
    complete: ({ line }) => success(completeLine(line, sources(workspace))),
    compare,
    replayed: () => success(replays.last),
    replayRows: ({ replay, from, count }) => success({ rows: replays.rows(replay).slice(from, from + count) }),
    pickFile: async ({ purpose }) => success({ path: await pickFile(purpose) }),
    settings: changeSettings,
  }

  /** The current run as the windows show it. What they show is in its file by then, whatever becomes of this process. */
  function shownRun(): RunView | null {
    workspace.flush()
    return workspace.current?.view() ?? null
  }

  /** One of several: a message of them holds no other. */
  function answerOne({ method, payload }: Question): Promise<Result<unknown>> | Result<unknown> {
    if (method === 'together') return failure('Questions that are asked together cannot hold others.')
    return handle(method, payload)
  }

  function push(event: Push): void {
    for (const listener of listeners) listener(event)
  }

  function tell(lines: readonly ConsoleLine[]): void {
    if (listeners.size === 0) untold.push(...lines)
    else push({ kind: 'lines', lines })
  }

  function subscribe(listener: (push: Push) => void): () => void {
    listeners.add(listener)
    if (untold.length > 0) tell(untold.splice(0))
    return () => listeners.delete(listener)
  }

  /** A tap learns its dialect from the first request. */
  function rememberNews(run: RunView): void {
    if (run.end.record === 0 || remembered.get(run.path) === spokenIn(run)) return
    remember(run, run.path)
    remembered.set(run.path, spokenIn(run))
  }

  function remember(run: RunView, path: string): void {
    const { title, startTime } = run
    const kept = memory.remember({ path, title, dialect: spokenIn(run), time: startTime, size: 0 })
    if (!kept.ok) tell([faultLine(kept.error)])
  }

  function app(): AppView {
    const runs = workspace.runs.map((run) => {
      const { id, title, source, live, forkOf } = run.view()
      return { id, title, source, live, forkOf: forkOf?.run ?? null }
    })
    const current = workspace.current?.view() ?? null
    const { settings, recent } = memory
    const { opening } = workspace
    return {
      version,
      host: kind,
      runs,
      current,
      opening,
      replaying: replays.doing,
      recent: recent(),
      settings: settings(),
      dialects: dialectViews,
      sample: samples.current,
      survival: survivals.view,
    }
  }

  function changeSettings(change: Partial<Settings>): Result<Settings> {
    const changed = memory.change(change)
    if (changed.ok) push({ kind: 'app', app: app() })
    return changed
  }

  /** One comparison at a time has its runs open. */
  async function compare(options: Payload<'compare'>): Promise<Result<Comparison>> {
    await Promise.all(compared.splice(0).map((run) => workspace.closeRun(run)))
    const comparison = await compareScenario(workspace, options)
    if (comparison.ok) compared.push(...comparison.value.columns.map(({ run }) => run))
    return comparison
  }

  async function perform(line: string): Promise<Result<readonly ConsoleLine[]>> {
    const call = parseLine(line)
    return call.ok ? dispatch(call.value, context) : call
  }

  function connect({ origin, tell }: PageOptions): PageLink {
    const sockets = createDraftSockets(origin, tell)
    const undo = subscribe(tell)
    const close = () => {
      undo()
      sockets.abortAll()
    }
    return { handle: (method, payload) => handle(method, payload, sockets), renew: sockets.abortAll, close }
  }

  async function handle(method: unknown, payload: unknown, sockets?: DraftSockets): Promise<Result<unknown>> {
    try {
      const checked = checkRequest(method, payload)
      return checked.ok ? await answer(checked.value, sockets) : checked
    } catch (error) {
      return failure(bugSentence(error))
    }
  }

  async function answer(request: Request, sockets?: DraftSockets): Promise<Result<unknown>> {
    if (isViewQuestion(request)) return answerView(workspace, request)
    if (isDraftRequest(request)) return sockets?.answer(request) ?? failure('Only a page has sockets.')
    const { method, payload } = request as OtherRequest
    // The payload was judged by this method's own schema.
    return (answers[method] as (payload: unknown) => Promise<Result<unknown>> | Result<unknown>)(payload)
  }

  return {
    workspace,
    handle,
    connect,
    perform,
    subscribe,
    tell,
    app,
  }
}

function dispatch<N extends CommandOn<'console'>>({ name, args }: Call<N>, context: HandlerContext) {
  return (handlers[name] as (given: typeof args, context: HandlerContext) => ReturnType<(typeof handlers)[N]>)(
    args,
    context,
  )
}

export function sources({ runs, current }: Workspace): Sources {
  const view = current?.view()
  return {
    run: runs.map(({ id }) => String(id)),
    breakpoint: (view?.breakpoints ?? []).map(({ id }) => String(id)),
    connection: (view?.connections ?? []).map(({ id }) => String(id)),
  }
}

function bugSentence(error: unknown): string {
  const what = error instanceof Error ? error.message : String(error)
  return `Wirestep failed while answering this (${what}). The session is still recorded; please report what you did.`
}

function spokenIn({ connections, connection, dialect }: RunView): RecentSession['dialect'] {
  return connections.find(({ id }) => id === connection)?.policy ? null : dialect
}
