// The replays of the window and its console: one at a time, from a run that is shown, into a run of its own.
import { resolve } from 'node:path'
import { laneTo } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import type { ArgsOf } from '../../shared/commands/command.ts'
import type { commands } from '../../shared/commands/registry.ts'
import { replayEventText, replayOutcome, rowText } from '../../shared/commands/replayText.ts'
import { dim, faultLine, plain } from '../../shared/commands/transcript.ts'
import type { ConsoleLine } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { type Script, scriptOf } from '../../shared/replay/script.ts'
import type { ReplayReport, ReplayRow } from '../../shared/replay/types.ts'
import type { Run, Workspace } from '../lab/types.ts'
import { acceptWishes, insecureSentence, type TlsTerms, tlsTerms } from '../net/tls/terms.ts'
import { replayAt, replayTo, rowsOfReplay } from '../replay/replay.ts'

export type ReplayArgs = Omit<ArgsOf<(typeof commands)['replay']>, 'file' | 'diff' | 'json'>

export interface Replays {
  /** What the replay that goes on now is at, in words; null while there is none. */
  readonly doing: string | null
  /** The last one that came to its end. */
  readonly last: ReplayReport | null
  /** The rows of the last one, when it is the run; else none. */
  rows(run: number): readonly ReplayRow[]
  /** Settles when it is over. The run stays the current one; the replay is a run beside it. */
  replay(run: Run, args: ReplayArgs): Promise<Result<ReplayReport>>
  stop(): Result<void>
}

/** Rows kept of the last replay, and how many that are the same before the rest is kept for differing ones. */
const mostRows = 100_000
const mostSame = 80_000

interface Reported {
  readonly report: ReplayReport
  readonly rows: readonly ReplayRow[]
}

/** `dataFolder` has the authority that certifies the server where it speaks TLS. */
export function createReplays(workspace: Workspace, dataFolder: string, onChange: () => void): Replays {
  let current: { readonly stop: AbortController; doing: string } | null = null
  let last: Reported | null = null

  async function replay(run: Run, args: ReplayArgs): Promise<Result<ReplayReport>> {
    if (current) return failure('A replay is going on already: stop replay ends it.')
    const script = scriptFor(run, args)
    if (!script.ok) return script
    const stop = new AbortController()
    const events: string[] = []
    const tell = (doing: string) => {
      current = { stop, doing }
      onChange()
    }
    tell('')
    try {
      const playing = { events, tell, dataFolder, signal: stop.signal }
      const written = await workspace.openWritten({
        ...{ title: `Replay of ${run.view().title}`, name: 'replay' },
        ...(args.record !== undefined && { record: resolve(args.record) }),
        write: (capture) => play(script.value, args, { capture, ...playing }),
      })
      if (!written.ok) return written
      last = await reportOf(script.value, run, written.value, events)
      return success(last.report)
    } finally {
      current = null
      onChange()
    }
  }

  return {
    get doing() {
      return current?.doing ?? null
    },
    get last() {
      return last?.report ?? null
    },
    rows: (run) => (last?.report.replayed.run === run ? last.rows : []),
    replay,
    stop() {
      if (!current) return failure('No replay is going on.')
      current.stop.abort()
      return success(undefined)
    },
  }
}

/** The end that is not named by `--to` or `--listen` is the one that is played. */
function scriptFor(run: Run, { to, listen, connection }: ReplayArgs): Result<Script> {
  if ((to === undefined) === (listen === undefined))
    return failure('A replay wants --to URL or --listen N, and one of them only.')
  const id = connection ?? run.view().connection
  if (!run.capture.connections.some((one) => one.id === id)) return failure(`There is no connection ${id} to replay.`)
  return scriptOf(run.capture, id, to === undefined ? 'server' : 'client')
}

interface Playing {
  readonly capture: Capture
  readonly events: string[]
  readonly signal: AbortSignal
  readonly dataFolder: string
  tell(doing: string): void
}

async function play(
  script: Script,
  { to, listen, host, speed, timeout, ...args }: ReplayArgs,
  { capture, events, signal, dataFolder, tell }: Playing,
): Promise<Result<void>> {
  const keepMasks = args['keep-masks']
  const options = { script, capture, keepMasks, speed, timeout, signal }
  const onEvent = (event: Parameters<typeof replayEventText>[0]) => events.push(replayEventText(event))
  const terms = replayTerms(args, { dataFolder, onProblem: (sentence) => events.push(sentence) })
  if (!terms.ok) return terms
  if (to !== undefined) {
    if (args.insecure) events.push(insecureSentence)
    tell(`playing the client to ${to}`)
    return orStopped(await replayTo(to, { ...options, onEvent, tls: terms.value.dial }), capture, signal)
  }
  const played = await replayAt(
    { host, port: listen! },
    {
      ...options,
      tls: terms.value.accept,
      onEvent: (event) => [onEvent(event), tell('playing the server to a client')],
    },
    (url) => tell(`waiting for a client on ${url}`),
  )
  return orStopped(played, capture, signal)
}

/** `accept` is null where clients are plain. */
function replayTerms(
  { tls, cert, key, insecure, ca }: Pick<ReplayArgs, 'tls' | 'cert' | 'key' | 'insecure' | 'ca'>,
  told: Parameters<typeof tlsTerms>[1],
): Result<Pick<TlsTerms, 'dial'> & { readonly accept: TlsTerms['accept'] | null }> {
  const wishes = acceptWishes({ tls, cert: cert && resolve(cert), key: key && resolve(key) })
  if (!wishes.ok) return wishes
  const terms = tlsTerms({ ...wishes.value, insecure, ca: ca && resolve(ca) }, told)
  return terms.ok ? success({ ...terms.value, accept: wishes.value && terms.value.accept }) : terms
}

function orStopped(played: Result<void>, capture: CaptureReader, signal: AbortSignal): Result<void> {
  if (!played.ok || !signal.aborted) return played
  return failure(`The replay was stopped${capture.length === 0 ? ' before a client came' : ''}.`)
}

/** In turns, so that a long session keeps nobody waiting. */
async function reportOf(script: Script, from: Run, to: Run, events: readonly string[]): Promise<Reported> {
  const rows: ReplayRow[] = []
  let [all, differences, compared] = [0, 0, 0]
  for (const row of rowsOfReplay(script, to.capture)) {
    all += 1
    if (row.difference !== null) differences += 1
    if (row.lane === laneTo(script.role)) compared += 1
    if (rows.length < (row.difference === null ? mostSame : mostRows)) rows.push(row)
    if (all % 500 === 0) await new Promise(setImmediate)
  }
  const recorded = { run: from.id, connection: script.connection.id }
  const replayed = { run: to.id, connection: 1 }
  const counts = { rows: rows.length, left: all - rows.length, differences, compared }
  return { report: { recorded, replayed, role: script.role, events, ...counts }, rows }
}

/** Differing rows that the console prints at most. */
const mostPrinted = 50

export function replayLines(report: ReplayReport, rows: readonly ReplayRow[]): readonly ConsoleLine[] {
  const differing = rows.filter(({ difference }) => difference !== null)
  const more = report.differences - Math.min(differing.length, mostPrinted)
  return [
    ...report.events.map(plain),
    ...differing.slice(0, mostPrinted).map((row) => faultLine(rowText(row))),
    ...(more > 0 ? [dim(`and ${more} more`)] : []),
    report.differences === 0 ? { tone: 'ok', text: replayOutcome(report) } : plain(replayOutcome(report)),
    dim(`run ${report.replayed.run} holds the replay`),
  ]
}
