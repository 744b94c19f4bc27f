// The command line, made from the command table: commander parses words, the table's own readers judge them.
import { Command, CommanderError, Option } from 'commander'
import type { Arg, Given } from '../../shared/commands/args.ts'
import { readArguments } from '../../shared/commands/grammar.ts'
import { type Call, type CommandOn, commandNamed, commandsOn } from '../../shared/commands/registry.ts'
import { version } from '../../shared/version.ts'
import { ca } from './ca.ts'
import { compare } from './compare.ts'
import { conform } from './conform.ts'
import { connect } from './connect.ts'
import { decode } from './decode.ts'
import { dialects } from './dialects.ts'
import { exportFile } from './export.ts'
import { lab } from './lab.ts'
import { open } from './open.ts'
import { pages } from './pages.ts'
import { policy } from './policy.ts'
import { replay } from './replay.ts'
import { serve } from './serve.ts'
import { survive } from './survive.ts'
import { tap } from './tap.ts'
import { CliError, type Terminal } from './terminal.ts'
import { openWindow } from './window.ts'

type Name = CommandOn<'cli'>
type Actions = { readonly [N in Name]: (args: Call<N>['args'], terminal: Terminal) => Promise<number> }

const actions: Actions = {
  lab,
  open,
  serve,
  connect,
  tap,
  ca,
  compare,
  replay,
  conform,
  decode,
  dialects,
  pages,
  policy,
  survive,
  export: exportFile,
}

/** What a failure ends with, where 1 means something else: as with diff, 1 is a difference. */
const failureCodes: Readonly<Record<string, number>> = { replay: 2 }

/** Runs `wirestep` with these words; answers the exit code. Every failure is one sentence on standard error. */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<number> {
  const failed = failureCodes[words[0] ?? ''] ?? 1
  try {
    return words.length === 0 ? await openWindow(terminal, null) : await parseAndRun(words, terminal)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : failed
    if (!(error instanceof CliError)) throw error
    if (error.message !== '') terminal.stderr.write(`${error.message}\n`)
    return failed
  }
}

async function parseAndRun(words: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0
  const program = new Command('wirestep')
    .description('A step debugger for the WebSocket wire. Without a command it opens the window.')
    .version(version)
    .helpCommand('help [command]', 'Tells what a command takes.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(asSentence(text)),
    })
  for (const name of commandsOn('cli')) {
    program.addCommand(
      subcommand(name, async (given) => {
        code = await perform(name, given, terminal)
      }).copyInheritedSettings(program),
    )
  }
  await program.parseAsync(words, { from: 'user' })
  return code
}

async function perform<N extends Name>(name: N, given: Map<string, Given[]>, terminal: Terminal): Promise<number> {
  const call = readArguments(name, given, 'cli')
  if (!call.ok) throw new CliError(call.error)
  return (actions[name] as (args: Call<N>['args'], terminal: Terminal) => Promise<number>)(call.value.args, terminal)
}

function subcommand(name: Name, run: (given: Map<string, Given[]>) => Promise<void>): Command {
  const { help, args, options, examples } = commandNamed(name)
  const given = new Map<string, Given[]>()
  const take = (key: string, text: string) => given.set(key, [...(given.get(key) ?? []), { text, at: countOf(given) }])
  const command = new Command(name).description(help)
  for (const [key, arg] of Object.entries(args)) {
    command.argument(arg.absent ? `[${key}]` : `<${key}>`, arg.says)
    if (arg.absent) command.addOption(asOption(key, arg, take).hideHelp(!arg.choices))
  }
  for (const [key, arg] of Object.entries(options)) {
    if (arg.only !== 'console') command.addOption(asOption(key, arg, take))
  }
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  wirestep ${line}`).join('\n')}`)
  return command.action(async (...all: unknown[]) => {
    Object.keys(args).forEach((key, index) => {
      if (typeof all[index] === 'string') take(key, all[index])
    })
    await run(given)
  })
}

function asOption(key: string, arg: Arg<unknown>, take: (key: string, text: string) => void): Option {
  const known = arg.choices && !arg.hint.includes('|') ? ` (${arg.choices.join(', ')})` : ''
  const option = new Option(arg.hint === '' ? `--${key}` : `--${key} <${arg.hint}>`, arg.says + known)
  // Commander calls this for a flag too, with no value.
  return option.argParser((text: string | null) => take(key, text ?? ''))
}

function countOf(given: ReadonlyMap<string, readonly Given[]>): number {
  return [...given.values()].reduce((sum, values) => sum + values.length, 0)
}

/** Commander writes `error: unknown option '--x'` and a suggestion on a line of its own. */
function asSentence(text: string): string {
  const [first = '', ...more] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n')
  const sentence = first.charAt(0).toUpperCase() + first.slice(1)
  const hint = more.map((line) => ` ${line.replace(/^\((.*)\)$/, '$1')}`).join('')
  return `${sentence.replace(/\.$/, '')}.${hint}\n`
}
