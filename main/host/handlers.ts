// What every command of the console does. A command without a handler does not compile.
import { resolve } from 'node:path'
import { laneFrom } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import { type PastedSession, recordsOfPasted, unseenOf } from '../../shared/capture/pastedSession.ts'
import type { ArgsOf } from '../../shared/commands/command.ts'
import { nearest } from '../../shared/commands/nearest.ts'
import { type CommandOn, type commands, commandsOn } from '../../shared/commands/registry.ts'
import type { ScenarioCall } from '../../shared/commands/scenario.ts'
import { survivalLines } from '../../shared/commands/survivalText.ts'
import {
  breakpointLines,
  dialectLines,
  dim,
  helpLines,
  openedLines,
  plain,
  profileLines,
  runLines,
  sessionLines,
  standingLines,
  tapLines,
} from '../../shared/commands/transcript.ts'
import { dialectById } from '../../shared/dialects/registry.ts'
import type { AppView, ConsoleLine, RunView, Settings } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import type { ProfileId } from '../../shared/profile/prototype2010.ts'
import { noConnection } from '../lab/runCore.ts'
import { openSurvival } from '../lab/survive.ts'
import type { Moved, Run, Workspace } from '../lab/types.ts'
import { systemClock } from '../net/clock.ts'
import { wishOf } from './actions.ts'
import { injectionOf, payloadOf } from './injections.ts'
import { likeUnit } from './likeUnit.ts'
import { movedLines } from './moves.ts'
import type { Policies } from './policies.ts'
import { type ReplayArgs, type Replays, replayLines } from './replays.ts'
import type { Samples } from './samples.ts'
import { showLines } from './show.ts'
import type { Survivals } from './survivals.ts'

export interface HandlerContext {
  readonly workspace: Workspace
  readonly replays: Replays
  app(): AppView
  changeSettings(change: Partial<Settings>): Result<Settings>
  /** Puts a run's file, or a copy of it, on the list of recent sessions. */
  remember(run: RunView, path: string): void
  readonly samples: Samples
  readonly policies: Policies
  readonly survivals: Survivals
}

type Lines = Promise<Result<readonly ConsoleLine[]>> | Result<readonly ConsoleLine[]>
type Name = CommandOn<'console'>
type Handlers = { readonly [N in Name]: (args: ArgsOf<(typeof commands)[N]>, context: HandlerContext) => Lines }

type Move = (run: Run) => Promise<Result<Moved>>

const noRun = failure('No run is open: lab starts one, open FILE opens a saved session.')

const noConnectionYet = failure('No connection has come yet: point a client at the tap.')

function hasConnection(run: Run): boolean {
  return run.view().connection !== noConnection
}

function withRun(context: HandlerContext, work: (run: Run) => Lines): Lines {
  const run = context.workspace.current
  return run ? work(run) : noRun
}

/** Moves the current run and says what happened on the wire. */
function moving(context: HandlerContext, move: Move): Lines {
  return withRun(context, async (run) => {
    const moved = await move(run)
    return moved.ok ? success(movedLines(run, moved.value)) : moved
  })
}

/** Makes an end of the current run do what the command asks of it. */
function wishing(call: ScenarioCall, context: HandlerContext): Lines {
  const wish = wishOf(call)
  return wish.ok ? moving(context, (run) => run.act(wish.value.role, wish.value.action)) : wish
}

/** Does something to the current run that answers nothing worth saying; says `lines` then. */
function telling<T>(
  context: HandlerContext,
  work: (run: Run) => Promise<Result<T>>,
  lines: (run: Run, value: T) => readonly ConsoleLine[],
) {
  return withRun(context, async (run) => {
    const result = await work(run)
    return result.ok ? success(lines(run, result.value)) : result
  })
}

/** Switches something of live traffic, and says how it is now. */
function switching(context: HandlerContext, work: Move): Lines {
  return telling(context, work, (run) => tapLines(run.view()))
}

async function opening(opened: Promise<Result<Run>>): Promise<Result<readonly ConsoleLine[]>> {
  const run = await opened
  return run.ok ? success(openedLines(run.value.view())) : run
}

export const handlers: Handlers = {
  'step unit': ({ count, lane }, context) =>
    moving(context, (run) => run.step('unit', { count, ...(lane && { lane }) })),
  'step field': ({ count, lane }, context) =>
    moving(context, (run) => run.step('field', { count, ...(lane && { lane }) })),
  'step byte': ({ count, lane }, context) =>
    moving(context, (run) => run.step('byte', { count, ...(lane && { lane }) })),
  'step all': ({ count, lane }, context) => moving(context, (run) => run.step('all', { count, ...(lane && { lane }) })),
  back: ({ count, by }, context) => moving(context, (run) => run.back(count, by)),
  goto: ({ position }, context) => moving(context, (run) => run.goto(position)),
  start: (_, context) => moving(context, (run) => run.start()),
  end: (_, context) => moving(context, (run) => run.endOfLog()),
  run: (_, context) => moving(context, (run) => run.run()),
  pause: (_, context) => moving(context, (run) => run.pause()),
  play: ({ speed }, context) => moving(context, (run) => run.play(speed)),
  speed: ({ speed }, context) =>
    telling(
      context,
      (run) => run.setSpeed(speed),
      (run) => standingLines(run.view()),
    ),
  fork: (_, context) => moving(context, (run) => run.fork()),
  send: (args, context) => wishing({ name: 'send', args }, context),
  ping: (args, context) => wishing({ name: 'ping', args }, context),
  pong: (args, context) => wishing({ name: 'pong', args }, context),
  close: (args, context) => wishing({ name: 'close', args }, context),
  'end client': (args, context) => wishing({ name: 'end client', args }, context),
  'end server': (args, context) => wishing({ name: 'end server', args }, context),
  edit: ({ lane, offset, remove, insert }, context) =>
    remove === 0 && !insert
      ? failure('This edit changes nothing: give --remove N, --insert HEX, or both.')
      : moving(context, (run) => run.edit(lane, offset, remove, insert ?? new Uint8Array())),
  insert: ({ lane, offset, bytes }, context) => moving(context, (run) => run.insert(lane, offset, bytes)),
  duplicate: ({ lane, offset }, context) => moving(context, (run) => run.duplicate(lane, offset)),
  drop: ({ lane, offset }, context) => moving(context, (run) => run.drop(lane, offset)),
  inject: (args, context) =>
    withRun(context, (run) => {
      const injection = injectionOf(args, dialectById(run.view().dialect))
      return injection.ok ? moving(context, () => run.inject(laneFrom(args.end), injection.value)) : injection
    }),
  rewrite: ({ lane, offset, type, data, 'keep-header': keepHeader }, context) => {
    const payload = payloadOf(type, data)
    return payload.ok ? moving(context, (run) => run.rewrite(lane, offset, payload.value, keepHeader)) : payload
  },
  hold: ({ lane, all }, context) => switching(context, (run) => run.setMode(lane ?? null, 'held', all)),
  pass: ({ lane, all }, context) => switching(context, (run) => run.setMode(lane ?? null, 'running', all)),
  delay: ({ lane, milliseconds }, context) => switching(context, (run) => run.shape(lane, { delay: milliseconds })),
  throttle: ({ lane, rate }, context) =>
    switching(context, (run) => run.shape(lane, { rate: rate === 0 ? null : rate })),
  segment: ({ lane, how }, context) =>
    switching(context, (run) => run.shape(lane, { segments: how === 'off' ? 'asArrived' : how })),
  'break add': ({ condition }, context) => addBreakpoint(context, () => success(condition)),
  'break here': ({ lane, offset }, context) =>
    addBreakpoint(context, (run) => (hasConnection(run) ? likeUnit(run, lane, offset) : noConnectionYet)),
  'break list': (_, context) => withRun(context, (run) => success(breakpointLines(run.view().breakpoints))),
  'break remove': ({ breakpoint }, context) =>
    telling(context, (run) => run.removeBreakpoint(breakpoint), listBreakpoints),
  'break toggle': ({ breakpoint }, context) =>
    telling(context, (run) => run.toggleBreakpoint(breakpoint), listBreakpoints),
  lab: ({ dialect, url, compress, seed, via, profile, flaw }, { workspace, app }) =>
    opening(
      workspace.openLab({
        ...{ dialect, ...profileFrom(profile, app()) },
        ...(url !== undefined && { url }),
        ...(via && { via }),
        ...(compress && { compress }),
        ...(flaw && { flaw }),
        ...(seed !== undefined && { seed }),
      }),
    ),
  tap: (
    { listen, upstream, host, dialect, hold, record, insecure, ca, keylog, profile, ...args },
    { workspace, app },
  ) =>
    opening(
      workspace.openTap({
        maxConnections: args['max-connections'],
        ...profileFrom(profile, app()),
        ...{ listen: { host, port: listen }, dialect, mode: hold ? 'held' : 'running' },
        ...{ insecure, ca: ca && resolve(ca), keylog: keylog && resolve(keylog) },
        ...(upstream !== undefined && { upstream }),
        ...(record !== undefined && { record: resolve(record) }),
      }),
    ),
  sample: ({ sample, dialect }, { samples }) => opening(samples.start(sample, dialect)),
  survive: async (wishes, { survivals }) => {
    const view = await survivals.start(wishes)
    return view.ok ? success(survivalLines(view.value).map(plain)) : view
  },
  'stop survival': (_, { survivals }) => {
    const stopped = survivals.stop()
    return stopped.ok ? success([dim('the runs stop behind the one that goes on')]) : stopped
  },
  survival: (wish, { workspace }) => opening(openSurvival(workspace, wish)),
  policy: (args, { policies }) => opening(policies.start(args)),
  'stop listening': (_, context) => switching(context, (run) => run.stopListening()),
  replay: ({ file, ...args }, context) => replaying(file, args, context),
  'stop replay': (_, { replays }) => {
    const stopped = replays.stop()
    return stopped.ok ? success([dim('the replay is stopped')]) : stopped
  },
  note: ({ text }, context) =>
    telling(
      context,
      (run) => run.note(text),
      () => [dim('noted')],
    ),
  save: ({ path }, context) =>
    telling(
      context,
      (run) => run.saveAs(resolve(path)),
      (run, saved) => {
        context.remember(run.view(), saved)
        return [plain(`saved as ${saved}`)]
      },
    ),
  export: ({ to, redact, format, connection, filter }, context) =>
    telling(
      context,
      (run) =>
        run.exportTo({ ...{ to: resolve(to), format, connection, filter }, redact: redact.map(({ value }) => value) }),
      (_, { path, notes }) => [plain(`exported to ${path}`), ...notes.map(dim)],
    ),
  open: ({ path, keylog, dialect }, { workspace }) =>
    opening(
      workspace.openFile(resolve(path), {
        ...(keylog !== undefined && { keylog: resolve(keylog) }),
        ...(dialect !== undefined && { naming: { all: dialect } }),
      }),
    ),
  'read as': ({ dialect }, { workspace }) => opening(workspace.readAs(dialect)),
  paste: ({ client, server, dialect, open, ...known }, { workspace }) =>
    opening(
      openPasted(workspace, {
        ...(client !== undefined && { client }),
        ...(server !== undefined && { server }),
        ...{ dialect, unseen: open ? unseenOf(known) : null },
      }),
    ),
  cancel: (_, { workspace }) => {
    const cancelled = workspace.cancelOpening()
    return cancelled.ok ? success([dim('cancelled')]) : cancelled
  },
  sessions: (_, context) => success(sessionLines(context.app().recent)),
  runs: (_, context) => success(runLines(context.app())),
  use: ({ run }, { workspace }) => {
    const selected = workspace.select(run)
    return selected.ok ? success(standingLines(selected.value.view())) : selected
  },
  'close-run': ({ run }, context) => closeRun(context, run),
  connection: ({ connection }, context) =>
    telling(
      context,
      (run) => run.selectConnection(connection),
      (run) => standingLines(run.view()),
    ),
  show: ({ what, lane, offset }, context) =>
    withRun(context, (run) => (hasConnection(run) ? showLines(run, what, lane, offset) : noConnectionYet)),
  filter: ({ expression }, context) =>
    telling(
      context,
      (run) => run.filter(expression ?? null),
      (run) => [dim(filterSentence(run.view().filter))],
    ),
  dialects: (_, context) => success(dialectLines(context.app().dialects)),
  help: ({ command }) => help(command),
  profile: ({ profile }, context) => {
    const changed = context.changeSettings({ profile: profile === 'none' ? null : profile })
    return changed.ok ? success(profileLines(changed.value.profile)) : changed
  },
  theme: ({ theme }, context) => {
    const changed = context.changeSettings({ theme })
    return changed.ok ? success([dim(`theme ${changed.value.theme}`)]) : changed
  },
}

/** A recording of its own, which is shown at once. */
async function openPasted(workspace: Workspace, session: PastedSession): Promise<Result<Run>> {
  const records = recordsOfPasted(session, systemClock.now())
  if (!records.ok) return records
  const write = async ({ append }: Capture) => {
    for (const record of records.value) append(record)
    return success(undefined)
  }
  const run = await workspace.openWritten({ title: 'Pasted bytes', name: 'pasted', write })
  return run.ok ? workspace.select(run.value.id) : run
}

/** As the command says, else as is set for new runs. */
function profileFrom(given: ProfileId | undefined, { settings }: AppView): { readonly profile?: ProfileId } {
  const profile = given ?? settings.profile
  return profile === null ? {} : { profile }
}

/** Replays the file, or the run that is shown. */
async function replaying(
  file: string | undefined,
  args: ReplayArgs,
  context: HandlerContext,
): Promise<Result<readonly ConsoleLine[]>> {
  const opened = file === undefined ? null : await context.workspace.openFile(resolve(file))
  if (opened && !opened.ok) return opened
  return withRun(context, async (run) => {
    const report = await context.replays.replay(run, args)
    return report.ok ? success(replayLines(report.value, context.replays.rows(report.value.replayed.run))) : report
  })
}

function addBreakpoint(context: HandlerContext, condition: (run: Run) => Result<string>): Lines {
  return withRun(context, async (run) => {
    const text = condition(run)
    const added = text.ok ? await run.addBreakpoint(text.value) : text
    return added.ok ? success(breakpointLines(run.view().breakpoints.filter(({ id }) => id === added.value))) : added
  })
}

function filterSentence(filter: RunView['filter']): string {
  return filter ? `the ladder shows only ${filter.text}; filter alone shows all again` : 'the ladder shows all units'
}

function listBreakpoints(run: Run): readonly ConsoleLine[] {
  return breakpointLines(run.view().breakpoints)
}

function closeRun({ workspace, app }: HandlerContext, run: number | undefined): Lines {
  const id = run ?? workspace.current?.id
  if (id === undefined) return noRun
  return workspace.closeRun(id).then((closed) => (closed.ok ? success(runLines(app())) : closed))
}

function help(command: string | undefined): Result<readonly ConsoleLine[]> {
  if (command === undefined) return success(helpLines(null))
  const names = commandsOn('console')
  const name = names.find((known) => known === command)
  if (name) return success(helpLines(name))
  const close = nearest(command, names)
  return failure(`There is no command ${command}: ${close ? `did you mean ${close}?` : 'type help for the list.'}`)
}
