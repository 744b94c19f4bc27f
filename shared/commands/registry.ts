// The one table of everything a person can do. Buttons, menus, keys, palette, console, CLI and docs are made from it.
// Its rows are in table/, a file for each group.

import type { Arg } from './args.ts'
import type { ArgsOf, Command, Surface } from './command.ts'
import { breakpoints } from './table/breakpoints.ts'
import { ends } from './table/ends.ts'
import { gate } from './table/gate.ts'
import { looking } from './table/looking.ts'
import { sessions } from './table/sessions.ts'
import { stepping } from './table/stepping.ts'
import { terminal } from './table/terminal.ts'
import { window as windowCommands } from './table/window.ts'

export const commands = {
  ...stepping,
  ...ends,
  ...gate,
  ...breakpoints,
  ...sessions,
  ...looking,
  ...windowCommands,
  ...terminal,
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof commands

/** Names of the commands that one surface has. */
export type CommandOn<S extends Surface> = {
  [N in CommandName]: S extends (typeof commands)[N]['surfaces'][number] ? N : never
}[CommandName]

/** Commands that are a dialog in the window, which asks there for what they want. */
export const dialogCommands = [
  'palette',
  'keys',
  'replay',
  'export',
  'paste',
] as const satisfies readonly CommandOn<'window'>[]
export type DialogCommand = (typeof dialogCommands)[number]

export function isDialogCommand(name: CommandName): name is DialogCommand {
  return dialogCommands.some((dialog) => dialog === name)
}

/** A command with everything it was given. */
export type Call<N extends CommandName = CommandName> = {
  readonly [K in N]: { readonly name: K; readonly args: ArgsOf<(typeof commands)[K]> }
}[N]

export const commandNames = Object.keys(commands) as readonly CommandName[]

/** The row of a command, without the exact types of its arguments. */
export function commandNamed(name: CommandName): Command {
  return commands[name]
}

export function commandsOn<S extends Surface>(surface: S): readonly CommandOn<S>[] {
  return commandNames.filter((name): name is CommandOn<S> => commandNamed(name).surfaces.includes(surface))
}

/** How the command is written: `step unit [COUNT] [--lane client|server]`. */
export function usage(name: CommandName, surface: Surface): string {
  const command = commandNamed(name)
  const isHere = ([, arg]: [string, Arg<unknown>]) =>
    arg.only === undefined || (arg.only === 'cli') === (surface === 'cli')
  const args = Object.entries(command.args)
    .filter(isHere)
    .map(([, arg]) => (arg.absent ? `[${arg.hint}]` : arg.hint))
  const options = Object.entries(command.options)
    .filter(isHere)
    .map(([option, arg]) => optionUsage(option, arg.hint, arg.absent !== null, arg.repeats === true))
  return [name, ...args, ...options].join(' ')
}

function optionUsage(name: string, hint: string, optional: boolean, repeats: boolean): string {
  const written = hint === '' ? `--${name}` : `--${name} ${hint}`
  return optional ? `[${written}]${repeats ? '...' : ''}` : written
}
