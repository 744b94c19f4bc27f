// `wirestep replay`: a recorded end against the living one. Exit code 0: it went as recorded; 1: something differs; 2: it
// could not be played.
import { laneTo, type Role } from '../../shared/bytes/lanes.ts'
import type { Capture } from '../../shared/capture/capture.ts'
import type { CaptureReader } from '../../shared/capture/types.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { replayEventText, replayOutcome, rowText } from '../../shared/commands/replayText.ts'
import type { Result } from '../../shared/ipc/result.ts'
import { type Script, scriptOf } from '../../shared/replay/script.ts'
import type { ReplayEvent } from '../../shared/replay/types.ts'
import { openRecording } from '../lab/recording.ts'
import type { TlsFacts } from '../net/tls/facts.ts'
import { type ReplayOptions, replayAt, replayTo, rowsOfReplay } from '../replay/replay.ts'
import { recordedAnyway } from './recording.ts'
import { replayEventJson, rowJson, sideBySide } from './replayText.ts'
import { CliError, createTeller, interruptedCode, type Teller, type Terminal } from './terminal.ts'
import { acceptTerms, termsOf, tlsJson, tlsText } from './tls.ts'

type Args = Call<'replay'>['args']

export async function replay(args: Args, terminal: Terminal): Promise<number> {
  if ((args.to === undefined) === (args.listen === undefined)) {
    throw new CliError('replay wants --to URL or --listen N, and one of them only.')
  }
  const file = args.file
  if (file === undefined) throw new CliError('replay wants the FILE of a session.')
  const recording = orRefuse(await openRecording(file))
  try {
    for (const sentence of [...recording.capture.problems, ...recording.troubles, ...recording.notes])
      terminal.stderr.write(`${file}: ${sentence}\n`)
    const role: Role = args.to === undefined ? 'server' : 'client'
    const script = orRefuse(
      scriptOf(recording.capture, chosenConnection(recording.capture, file, args.connection), role),
    )
    return await recordedAnyway(args.record, terminal, (capture) => replayRecorded(script, args, terminal, capture))
  } finally {
    recording.close()
  }
}

/** The one there is, or the one that was named. */
function chosenConnection({ connections }: CaptureReader, file: string, connection: number | undefined): number {
  const ids = connections.map(({ id }) => id)
  const [only] = ids
  if (only === undefined) throw new CliError(`${file} holds no connection to replay.`)
  if (connection === undefined && ids.length === 1) return only
  if (connection !== undefined && ids.includes(connection)) return connection
  const some = ids.length > 10 ? `${ids.slice(0, 10).join(', ')}, …` : ids.join(', ')
  const what = connection === undefined ? `${ids.length} connections` : `no connection ${connection}`
  throw new CliError(`${file} has ${what}: name one with --connection N, of ${some}.`)
}

async function replayRecorded(script: Script, args: Args, terminal: Terminal, capture: Capture): Promise<number> {
  const unread = new AbortController()
  const teller = createTeller(terminal.stdout, () => unread.abort())
  const signal = AbortSignal.any([terminal.interrupted, unread.signal])
  const ran = await run(script, capture, args, { terminal, teller, signal })
  if (ran.ok && !signal.aborted) return tellDifferences(script, capture, args, teller)
  await teller.done()
  if (!ran.ok) throw new CliError(ran.error)
  return interruptedCode
}

interface Told {
  readonly terminal: Terminal
  readonly teller: Teller
  readonly signal: AbortSignal
}

function run(script: Script, capture: Capture, args: Args, { terminal, teller, signal }: Told): Promise<Result<void>> {
  const { to, listen, host, speed, timeout, json } = args
  const onEvent = (event: ReplayEvent) =>
    teller.say(json ? JSON.stringify(replayEventJson(event)) : replayEventText(event))
  const options: ReplayOptions = { script, capture, keepMasks: args['keep-masks'], speed, timeout, signal, onEvent }
  const onSecured = (facts: TlsFacts) => teller.say(json ? JSON.stringify(tlsJson(facts)) : tlsText(facts))
  if (to !== undefined) return replayTo(to, { ...options, tls: termsOf(args, terminal).dial, onSecured })
  const tls = acceptTerms(args, terminal)
  return replayAt({ host, port: listen! }, { ...options, tls, onSecured }, (url, address) => {
    teller.say(json ? JSON.stringify({ event: 'listening', ...address, url }) : `waiting for a client on ${url}`)
  })
}

async function tellDifferences(script: Script, replayed: Capture, args: Args, teller: Teller): Promise<number> {
  let [compared, differences] = [0, 0]
  for (const row of rowsOfReplay(script, replayed)) {
    if (row.lane === laneTo(script.role)) compared += 1
    if (row.difference !== null) differences += 1
    if (row.difference === null && !args.diff) continue
    if (args.json) teller.say(JSON.stringify(rowJson(row)))
    else teller.say(args.diff ? sideBySide(row) : rowText(row))
  }
  const { role } = script
  if (args.json) teller.say(JSON.stringify({ event: 'done', same: differences === 0, differences, compared }))
  else teller.say(replayOutcome({ role, differences, compared }))
  await teller.done()
  return differences === 0 ? 0 : 1
}

function orRefuse<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new CliError(result.error)
}
