// `wirestep conform`: the cases against a server or a client, and what came of them. Exit code 0: none failed.
import { writeFileSync } from 'node:fs'
import type { Call } from '../../shared/commands/registry.ts'
import type { ConformCase } from '../../shared/conform/case.ts'
import { chooseCases } from '../../shared/conform/cases.ts'
import type { Result } from '../../shared/ipc/result.ts'
import { junit, resultJson, resultLines, totals } from '../conform/report.ts'
import { type CaseResult, type RunOptions, testClient, testServer } from '../conform/run.ts'
import { openSessions } from '../conform/sessions.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { fileError } from '../store/fileErrors.ts'
import { CliError, createTeller, interruptedCode, type Terminal } from './terminal.ts'

type Args = Call<'conform'>['args']

export async function conform(args: Args, terminal: Terminal): Promise<number> {
  if ((args.server === undefined) === (args['client-port'] === undefined)) {
    throw new CliError('conform wants --server URL or --client-port N, and one of them only.')
  }
  const cases = orRefuse(chooseCases(args.cases, args.server === undefined ? 'client' : 'server'))
  // Said before the cases run, which may take minutes.
  if (args.junit !== undefined) writeReport(args.junit, [])
  const results: CaseResult[] = []
  const gone = new AbortController()
  const teller = createTeller(terminal.stdout, () => gone.abort())
  const tell = (line: string) => terminal.stderr.write(`${line}\n`)
  const sessions = orRefuse(openSessions(args.sessions, dataFolder(terminal.env), tell))
  const ran = await run(
    args,
    cases,
    {
      sessions,
      effort: { messages: args.messages, bytes: Number.POSITIVE_INFINITY },
      timeout: args.timeout,
      signal: AbortSignal.any([gone.signal, terminal.interrupted]),
      onResult(result) {
        results.push(result)
        if (args.json) teller.say(JSON.stringify(resultJson(result)))
        else for (const line of resultLines(result)) teller.say(line)
      },
    },
    (line) => (args.json ? tell(line) : teller.say(line)),
  )
  sessions.close()
  if (!args.json && results.length > 0) for (const line of totals(results)) teller.say(line)
  await teller.done()
  if (args.junit !== undefined) writeReport(args.junit, results)
  if (!ran.ok) throw new CliError(ran.error)
  if (terminal.interrupted.aborted) return interruptedCode
  return results.some(({ outcome }) => outcome.verdict === 'fail') ? 1 : 0
}

function run(
  args: Args,
  cases: readonly ConformCase[],
  options: Omit<RunOptions, 'cases'>,
  say: (line: string) => void,
): Promise<Result<void>> {
  if (args.server !== undefined) return testServer(args.server, { ...options, cases })
  const waiting = (port: number) =>
    say(`waiting for a client that echoes, ${cases.length} times, on ws://127.0.0.1:${port}/`)
  return testClient(args['client-port']!, { ...options, cases }, waiting)
}

function writeReport(path: string, results: readonly CaseResult[]): void {
  try {
    writeFileSync(path, junit(results))
  } catch (error) {
    throw new CliError(fileError('write to', path, error))
  }
}

function orRefuse<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new CliError(result.error)
}
