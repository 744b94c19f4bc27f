// `wirestep survive`: every dialect behind every intermediary, as a table, and where each breaks.
import type { Call } from '../../shared/commands/registry.ts'
import { survivalLines } from '../../shared/commands/survivalText.ts'
import type { Survival } from '../../shared/intermediaries/survival.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { surviveEach } from '../lab/survive.ts'
import { createWorkspace } from '../lab/workspace.ts'
import { CliError, createOutput, interruptedCode, type Terminal } from './terminal.ts'

type Args = Call<'survive'>['args']

export async function survive({ dialects, via, seed, json }: Args, terminal: Terminal): Promise<number> {
  const output = createOutput(terminal.stdout)
  const workspace = createWorkspace({
    dataFolder: dataFolder(terminal.env),
    onChange: () => {},
    onError: (sentence) => terminal.stderr.write(`${sentence}\n`),
  })
  const done: Survival[] = []
  try {
    for await (const survival of surviveEach(workspace, { dialects, via, seed })) {
      if (terminal.interrupted.aborted) return interruptedCode
      if (!survival.ok) throw new CliError(survival.error)
      done.push(survival.value)
      if (json) await output.line(JSON.stringify(survival.value))
    }
    if (!json) for (const line of survivalLines({ dialects, via, done })) await output.line(line)
    return 0
  } finally {
    await workspace.shutdown()
  }
}
