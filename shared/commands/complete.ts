// What could come next on a line that is being typed.
import type { Arg, Source } from './args.ts'
import { findName } from './grammar.ts'
import { type CommandName, commandNamed, commandsOn } from './registry.ts'
import { splitWords, type Word } from './words.ts'

export interface Completion {
  /** Where the text to be replaced begins. It ends where the line does. */
  readonly from: number
  readonly options: readonly string[]
}

/** What only the host knows: numbers of runs, breakpoints, connections. */
export type Sources = Readonly<Record<Exclude<Source, 'command'>, readonly string[]>>

/** Completes the command's name, then options, their values and arguments with a known set of values. */
export function completeLine(line: string, sources: Sources): Completion {
  const found = findName(line)
  const typingName = !found || found.end === line.length
  return typingName ? completeName(line) : completeRest(found.name, found.end, line, sources)
}

function completeName(line: string): Completion {
  const start = line.length - line.trimStart().length
  const typed = line.slice(start).replaceAll(/\s+/g, ' ')
  return { from: start, options: commandsOn('console').filter((name) => name.startsWith(typed)) }
}

function completeRest(name: CommandName, end: number, line: string, sources: Sources): Completion {
  const split = splitWords(line.slice(end))
  if (!split.ok) return { from: line.length, options: [] }
  const open = /\s$/.test(line) ? undefined : split.value.at(-1)
  const before = open ? split.value.slice(0, -1) : split.value
  const typed = open?.text ?? ''
  const options = candidates(name, before, typed, sources).filter((option) => option.startsWith(typed))
  return { from: open ? end + open.start : line.length, options }
}

function candidates(name: CommandName, before: readonly Word[], typed: string, sources: Sources): readonly string[] {
  const command = commandNamed(name)
  const options = Object.entries(command.options).filter(([, option]) => option.only !== 'cli')
  const pending = options.find(([key, option]) => option.hint !== '' && before.at(-1)?.text === `--${key}`)
  if (pending) return values(pending[1], sources)
  const unused = options.map(([key]) => `--${key}`).filter((option) => !before.some((word) => word.text === option))
  if (typed.startsWith('-')) return unused
  const arg = Object.values(command.args)[positionsUsed(before, options)]
  const known = arg ? values(arg, sources) : []
  return known.length > 0 || arg ? known : unused
}

function positionsUsed(before: readonly Word[], options: readonly (readonly [string, Arg<unknown>])[]): number {
  const taken = (word: Word) => options.find(([key]) => word.text === `--${key}`)
  return before.filter((word, index) => {
    const previous = before[index - 1]
    const isValue = previous !== undefined && taken(previous)?.[1].hint
    return !taken(word) && !isValue
  }).length
}

function values(arg: Arg<unknown>, sources: Sources): readonly string[] {
  if (arg.source === 'command') return commandsOn('console')
  return arg.source ? sources[arg.source] : (arg.choices ?? [])
}
