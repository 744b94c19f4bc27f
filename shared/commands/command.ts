// The shape of a row of the command table.
import type { Result } from '../ipc/result.ts'
import type { Arg } from './args.ts'

export type Surface =
  | 'window' // a button, a menu entry or a key, and the palette
  | 'console' // a line typed in the window's console or in `wirestep lab`
  | 'cli' // a subcommand of `wirestep`

export type Group = 'Sessions' | 'Stepping' | 'Ends' | 'Gate' | 'Breakpoints' | 'Looking' | 'Window' | 'Terminal'

/** The groups in the order in which help, palette and docs show them. */
export const groups: readonly Group[] = [
  'Stepping',
  'Ends',
  'Gate',
  'Breakpoints',
  'Sessions',
  'Looking',
  'Window',
  'Terminal',
]

/** Arguments or options by name. Positional arguments come in the order of their keys. */
export type Args = Readonly<Record<string, Arg<unknown>>>

export interface Command {
  /** What buttons, menus and the palette call it. */
  readonly title: string
  /** One sentence. */
  readonly help: string
  readonly group: Group
  /** Default key, written as on a key cap: `Shift+F11`. */
  readonly key?: string
  readonly surfaces: readonly Surface[]
  readonly args: Args
  readonly options: Args
  /** Whole lines that work. */
  readonly examples: readonly string[]
}

type ValuesOf<A extends Args> = {
  readonly [K in keyof A]: A[K] extends { read(...given: never[]): Result<infer T> } ? T | AbsentOf<A[K]> : never
}
type AbsentOf<A> = A extends { readonly absent: { readonly value: infer T } | null } ? T : never

/** Everything a command was given, by name: arguments and options alike. */
export type ArgsOf<C extends Command> = ValuesOf<C['args']> & ValuesOf<C['options']>
