// `wirestep survive`: every dialect behind every intermediary, as a table, and where each breaks.
import type { Call } from '../../shared/commands/registry.ts'
import { breakSentence, outcomeWords, type Survival } from '../../shared/intermediaries/survival.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { survive as surviveOne } from '../lab/survive.ts'
import { createWorkspace } from '../lab/workspace.ts'
import { paddedLines } from './compareTable.ts'
import { CliError, createOutput, interruptedCode, type Terminal } from './terminal.ts'

type Args = Call<'survive'>['args']

export async function survive({ dialects, via, seed, json }: Args, terminal: Terminal): Promise<number> {
  const output = createOutput(terminal.stdout)
  const workspace = createWorkspace({
    dataFolder: dataFolder(terminal.env),
    onChange: () => {},
    onError: (sentence) => terminal.stderr.write(`${sentence}\n`),
  })
  const all: Survival[] = []
  try {
    for (const dialect of dialects) {
      for (const kind of via) {
        if (terminal.interrupted.aborted) return interruptedCode
        const survival = await surviveOne(workspace, dialect, kind, seed)
        if (!survival.ok) throw new CliError(survival.error)
        all.push(survival.value)
        if (json) await output.line(JSON.stringify(survival.value))
      }
    }
    if (!json) for (const line of survivalLines(all, { dialects, via })) await output.line(line)
    return 0
  } finally {
    await workspace.shutdown()
  }
}

/** The table, and a sentence for each that does not get through. */
export function survivalLines(
  all: readonly Survival[],
  { dialects, via }: Pick<Args, 'dialects' | 'via'>,
): readonly string[] {
  const cell = (dialect: string, kind: string) => {
    const found = all.find((one) => one.dialect === dialect && one.via === kind)
    return found ? outcomeWords[found.outcome] : ''
  }
  const table = [['', ...via], ...dialects.map((dialect) => [dialect, ...via.map((kind) => cell(dialect, kind))])]
  const sentences = all.flatMap((one) => breakSentence(one) ?? [])
  return [...paddedLines(table), '', ...sentences]
}
