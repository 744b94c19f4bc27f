// The window's side of the contract: the newest snapshots, the selection, and the one way to do something: a command.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { DialogCommand } from '../../shared/commands/registry.ts'
import type { AppView, CommandAnswer, ConsoleLine, Push, RunView, Settings } from '../../shared/ipc/contract.ts'
import type { Result } from '../../shared/ipc/result.ts'
import type { LinkedBridge, LinkState } from '../bridge/link.ts'
import { type ComparisonState, firstComparison } from './comparison.ts'
import { createHighlight, type Highlight } from './highlight.ts'
import { keepEqual } from './keepEqual.ts'
import { firstReplay, type ReplayState } from './replay.ts'
import { cursorMoved, followCursor, type Selection } from './selection.ts'
import { askTogether } from './together.ts'
import { createTranscript, type Transcript } from './transcript.ts'

export type Tab = 'lab' | 'live' | 'compare' | 'samples' | 'sessions'
/** What the Compare tab shows: a scenario in several dialects, or all dialects behind what stands in between. */
export type Comparing = 'scenario' | 'survival'
export type BottomTab = 'console' | 'connections' | 'messages' | 'states' | 'faults' | 'breakpoints' | 'segments'
/** The dialog that is open: one that a command is, or one of its own. */
export type Overlay = DialogCommand | 'find' | 'open' | 'keylog' | 'save' | 'rewrite' | null

export interface World {
  readonly link: LinkState
  readonly app: AppView | null
  readonly run: RunView | null
  readonly selection: Selection | null
  readonly tab: Tab
  readonly comparing: Comparing
  readonly comparison: ComparisonState
  readonly replay: ReplayState
  readonly bottom: BottomTab
  readonly overlay: Overlay
  /** How often the find bar was asked for: also when it is open already. */
  readonly findAsked: number
  /** Why the last command was refused, until the next one. */
  readonly refusal: string | null
  /** A line to be finished in the console. */
  readonly draft: string | null
  /** Bytes as text, for the dialog that opens them. */
  readonly pasted: string
  /** What screen readers are told. */
  readonly announced: string
}

export type Outcome = Result<CommandAnswer>

export interface SendHow {
  /** Nothing of it shows in the console. */
  readonly quiet?: true
  /** Who sends it shows the refusal, so the window does not. */
  readonly own?: true
}

export interface Session {
  readonly bridge: LinkedBridge
  /** Asks what the panes show; see together.ts. */
  readonly ask: LinkedBridge['request']
  readonly world: StoreApi<World>
  readonly highlight: Highlight
  readonly transcript: Transcript
  /** Sends a command line. It and its answer show in the console; once it settles the world is as the command left it. */
  send(line: string, how?: SendHow): Promise<Outcome>
  select(selection: Omit<Selection, 'follows'>): void
  show(change: Partial<Pick<World, 'tab' | 'comparing' | 'bottom' | 'overlay' | 'refusal' | 'draft' | 'pasted'>>): void
  settle(settings: Partial<Settings>): Promise<void>
}

const nothing: World = {
  link: 'connecting',
  app: null,
  run: null,
  selection: null,
  tab: 'lab',
  comparing: 'scenario',
  comparison: firstComparison,
  replay: firstReplay,
  bottom: 'console',
  overlay: null,
  findAsked: 0,
  refusal: null,
  draft: null,
  pasted: '',
  announced: '',
}

/** The world after a snapshot of the current run. An older snapshot of the same run changes nothing. */
export function withRun(world: World, snapshot: RunView | null): World {
  const before = world.run
  if (snapshot === null) return { ...world, run: null, selection: null }
  if (before && before.id === snapshot.id && snapshot.version < before.version) return world
  const run = keepEqual(before, snapshot)
  const moved = cursorMoved(before, run)
  if (run.noted && (before?.id !== run.id || !before.noted))
    return { ...world, run, selection: { ...run.noted, span: null, follows: true } }
  const { selection: now } = world
  const follows = (moved && !staysPicked(before, run, now)) || now?.follows
  const selection = follows ? followCursor(before, run, now) : now
  return { ...world, run, selection }
}

/** Live traffic moves the cursor by itself: what the person picked on the connection that is shown stays picked. */
function staysPicked(before: RunView | null, run: RunView, selection: Selection | null): boolean {
  const isSame = before?.id === run.id && before.connection === run.connection
  return run.tap !== null && isSame && selection !== null && !selection.follows
}

export function withApp(world: World, app: AppView): World {
  return withRun({ ...world, app }, app.current)
}

export function createSession(bridge: LinkedBridge): Session {
  const world = createStore<World>(() => nothing)
  const highlight = createHighlight()
  const transcript = createTranscript()

  function take(push: Push) {
    if (push.kind === 'lines') transcript.add({ kind: 'output', lines: push.lines })
    else if (push.kind === 'app') world.setState((now) => withApp(now, push.app))
    else if (push.kind === 'survival')
      world.setState((now) => (now.app ? { app: { ...now.app, survival: push.survival } } : {}))
    else if (push.kind === 'run') world.setState((now) => withRun(now, push.run))
  }

  async function load() {
    const result = await bridge.request('app', {})
    if (result.ok) world.setState((now) => withApp(now, result.value))
    else world.setState({ refusal: result.error })
  }

  async function send(line: string, how: SendHow = {}): Promise<Outcome> {
    if (!how.quiet) transcript.add({ kind: 'echo', line })
    const result = await bridge.request('command', { line })
    if (result.ok) world.setState((now) => withRun(now, result.value.run))
    const lines: readonly ConsoleLine[] = result.ok ? result.value.lines : [{ tone: 'fault', text: result.error }]
    if (!how.quiet && lines.length > 0) transcript.add({ kind: 'output', lines })
    const announced = lines.map((one) => one.text).join('. ')
    world.setState({ refusal: result.ok || how.own ? null : result.error, ...(how.quiet ? {} : { announced }) })
    return result
  }

  bridge.subscribe(take)
  bridge.watchLink((link) => {
    world.setState({ link })
    if (link === 'up') void load()
  })
  return {
    bridge,
    ask: askTogether(bridge.request),
    world,
    highlight,
    transcript,
    send,
    select: (selection) => world.setState({ selection: { ...selection, follows: false } }),
    show: (change) => world.setState(change),
    async settle(settings) {
      const result = await bridge.request('settings', settings)
      if (!result.ok) return world.setState({ refusal: result.error })
      world.setState((now) => (now.app ? { app: { ...now.app, settings: result.value } } : {}))
    },
  }
}
