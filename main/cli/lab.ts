// `wirestep lab`: the console of the window in any terminal; a prompt for a person, or a script.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface, type Interface } from 'node:readline/promises'
import { completeLine } from '../../shared/commands/complete.ts'
import type { Call } from '../../shared/commands/registry.ts'
import { openedLines } from '../../shared/commands/transcript.ts'
import type { ConsoleLine } from '../../shared/ipc/contract.ts'
import { dataFolder } from '../host/dataFolder.ts'
import { type Host, sources } from '../host/host.ts'
import { openHost } from '../host/open.ts'
import { fileError } from '../store/fileErrors.ts'
import { CliError, createOutput, interruptedCode, type Output, readAll, type Terminal } from './terminal.ts'

export async function lab(
  { dialect, url, compress, via, profile, flaw, seed, script, record }: Call<'lab'>['args'],
  terminal: Terminal,
): Promise<number> {
  const asks = script === undefined && terminal.stdin.isTTY === true
  const lines = asks ? null : await readScript(script, terminal)
  const output = createOutput(terminal.stdout)
  const host = openHost({ kind: 'terminal', folder: dataFolder(terminal.env), pickFile: async () => null })
  host.subscribe((push) => {
    if (push.kind === 'lines') for (const { text } of push.lines) terminal.stderr.write(`${text}\n`)
  })
  try {
    const run = await host.workspace.openLab({
      dialect,
      ...(url !== undefined && { url }),
      ...(via && { via }),
      ...(compress && { compress }),
      ...(profile && { profile }),
      ...(flaw && { flaw }),
      ...(seed !== undefined && { seed }),
      ...(record !== undefined && { record: resolve(record) }),
    })
    if (!run.ok) throw new CliError(run.error)
    await print(output, openedLines(run.value.view()))
    return lines === null ? await converse(host, terminal, output) : await follow(host, lines, terminal, output)
  } finally {
    await host.workspace.shutdown()
  }
}

async function readScript(script: string | undefined, { stdin }: Terminal): Promise<readonly string[]> {
  const text =
    script === undefined || script === '-'
      ? await readAll(stdin)
      : await readFile(script, 'utf8').catch(unreadable(script))
  return text.split(/\r?\n/)
}

function unreadable(path: string): (error: unknown) => never {
  return (error) => {
    throw new CliError(fileError('read', path, error))
  }
}

/** Does the lines one after the other, and stops at the first that fails. Blank lines and `#` lines are for people. */
async function follow(
  host: Host,
  lines: readonly string[],
  { interrupted }: Terminal,
  output: Output,
): Promise<number> {
  for (const [index, line] of lines.entries()) {
    if (interrupted.aborted) return interruptedCode
    if (/^\s*(#|$)/.test(line)) continue
    if (leaves(line)) break
    const done = await host.perform(line)
    if (!done.ok) throw new CliError(`Line ${index + 1}: ${done.error}`)
    await print(output, done.value)
  }
  return interrupted.aborted ? interruptedCode : 0
}

/** Prompts until the end of input or Ctrl+C. A failing line is told, and the next one asked for. */
async function converse(host: Host, terminal: Terminal, output: Output): Promise<number> {
  const history = join(dataFolder(terminal.env), 'history')
  const prompt = createInterface({
    input: terminal.stdin,
    output: terminal.stdout,
    prompt: 'wirestep › ',
    history: readHistory(history),
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(host, line),
  })
  prompt.on('history', (lines) => writeHistory(history, lines))
  terminal.interrupted.addEventListener('abort', () => prompt.close())
  prompt.prompt()
  for await (const line of prompt) {
    await answer(host, line, output, prompt)
    prompt.prompt()
  }
  return 0
}

async function answer(host: Host, line: string, output: Output, prompt: Interface): Promise<void> {
  if (line.trim() === '') return
  if (leaves(line)) return prompt.close()
  const done = await host.perform(line)
  await print(output, done.ok ? done.value : [{ tone: 'fault', text: done.error }])
}

function leaves(line: string): boolean {
  return /^\s*(exit|quit)\s*$/.test(line)
}

function completions(host: Host, line: string): [string[], string] {
  const { from, options } = completeLine(line, sources(host.workspace))
  return [options.map((option) => `${option} `), line.slice(from)]
}

function readHistory(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean)
  } catch {
    return [] // nothing was typed here before
  }
}

function writeHistory(path: string, lines: readonly string[]): void {
  mkdirSync(resolve(path, '..'), { recursive: true })
  writeFileSync(path, lines.join('\n'))
}

async function print(output: Output, lines: readonly ConsoleLine[]): Promise<void> {
  for (const { text } of lines) await output.line(text)
}
