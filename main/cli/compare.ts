// `wirestep compare`: the same scenario in several dialects, side by side.
import { readFile } from 'node:fs/promises'
import type { Call } from '../../shared/commands/registry.ts'
import { defaultScenario } from '../../shared/commands/scenario.ts'
import { compareScenario } from '../host/compareScenario.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { createWorkspace } from '../lab/workspace.ts'
import { fileError } from '../store/fileErrors.ts'
import { comparisonLines } from './compareTable.ts'
import { CliError, createOutput, interruptedCode, readAll, type Terminal } from './terminal.ts'

type Args = Call<'compare'>['args']

export async function compare({ dialects, script, seed, json }: Args, terminal: Terminal): Promise<number> {
  const lines = script === undefined ? defaultScenario : await readScript(script, terminal)
  const output = createOutput(terminal.stdout)
  const workspace = createWorkspace({
    dataFolder: dataFolder(terminal.env),
    onChange: () => {},
    onError: (sentence) => terminal.stderr.write(`${sentence}\n`),
  })
  try {
    const comparison = await compareScenario(workspace, { dialects, seed, lines }, terminal.interrupted)
    if (terminal.interrupted.aborted) return interruptedCode
    if (!comparison.ok) throw new CliError(comparison.error)
    const printed = json
      ? [JSON.stringify(comparison.value)]
      : comparisonLines(comparison.value, terminal.stdout.columns ?? Number.POSITIVE_INFINITY)
    for (const line of printed) await output.line(line)
    return 0
  } finally {
    await workspace.shutdown()
  }
}

async function readScript(path: string, { stdin }: Terminal): Promise<readonly string[]> {
  const text = await (path === '-' ? readAll(stdin) : readFile(path, 'utf8')).catch((error) => {
    throw new CliError(fileError('read', path, error))
  })
  return text.split(/\r?\n/)
}
