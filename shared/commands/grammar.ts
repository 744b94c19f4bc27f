// Reads lines of the console: the command's name, its options anywhere, its arguments in order.
// The CLI reads its options through the same `readArguments`.
import { failure, type Result, success } from '../ipc/result.ts'
import type { Arg, Given } from './args.ts'
import type { Args, Surface } from './command.ts'
import { nearest } from './nearest.ts'
import {
  type Call,
  type CommandName,
  type CommandOn,
  commandNamed,
  commandNames,
  commandsOn,
  usage,
} from './registry.ts'
import { splitWords, type Word } from './words.ts'

/** What was given to a command so far, by the name of the argument or option. */
export type GivenByName = ReadonlyMap<string, readonly Given[]>

/** Reads one line. A failure is a sentence that names the word and what was expected. */
export function parseLine(line: string): Result<Call<CommandOn<'console'>>> {
  const name = findName(line)
  if (!name) return unknownCommand(line.trim().split(/\s+/))
  const given = gather(name.name, line, name.end)
  return given.ok ? readArguments(name.name, given.value, 'console') : given
}

/** Turns given words into the command's typed arguments; used by the console and by the CLI alike. */
export function readArguments<N extends CommandName>(name: N, given: GivenByName, surface: Surface): Result<Call<N>> {
  const command = commandNamed(name)
  const values: Record<string, unknown> = {}
  for (const [key, arg] of [...Object.entries(command.args), ...Object.entries(command.options)]) {
    const value = readOne(given.get(key), arg)
    if (!value.ok) return explain(name, label(command.args, key), value.error, surface)
    values[key] = value.value
  }
  // The values were read by this command's own row, which is what Call<N> is computed from.
  return success({ name, args: values } as unknown as Call<N>)
}

function readOne(words: readonly Given[] | undefined, arg: Arg<unknown>): Result<unknown> {
  if (words) return words.length > 1 && !arg.repeats ? failure('was given twice') : arg.read(words)
  return arg.absent ? success(arg.absent.value) : failure('is missing')
}

function explain(name: CommandName, argument: string, problem: string, surface: Surface) {
  return failure(`${name}: ${argument} ${problem}. Usage: ${usage(name, surface)}`)
}

function label(args: Args, key: string): string {
  return key in args ? key : `--${key}`
}

/** The longest command name the line begins with, and where it ends. */
export function findName(line: string): { readonly name: CommandOn<'console'>; readonly end: number } | null {
  const typed = commandsOn('console')
    .map((name) => ({ name, match: new RegExp(`^\\s*${name.replace(' ', '\\s+')}(?=\\s|$)`).exec(line) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => b.name.length - a.name.length)[0]
  return typed?.match ? { name: typed.name, end: typed.match[0].length } : null
}

function unknownCommand([first = '', second = '']: readonly string[]) {
  if (first === '') return failure('There is no command here: type help for the list.')
  const two = `${first} ${second}`.trim()
  const longer = commandsOn('console').filter((name) => name.startsWith(`${first} `))
  if (longer.length > 0) return failure(`${first} needs one more word: ${longer.join(', ')}.`)
  const elsewhere = commandNames.find((name) => name === first)
  if (elsewhere) return failure(`${first} is not for the console: ${whereElse(elsewhere)}.`)
  const close =
    nearest(two, commandsOn('console')) ?? nearest(first, commandsOn('console')) ?? nearestByFirstWord(first)
  return failure(`There is no command ${first}: ${close ? `did you mean ${close}?` : 'type help for the list.'}`)
}

function nearestByFirstWord(word: string): string | undefined {
  const first = (name: string) => name.split(' ')[0] ?? name
  const close = nearest(word, commandsOn('console').map(first))
  return commandsOn('console').find((name) => first(name) === close)
}

function whereElse(name: CommandName): string {
  const { surfaces, key } = commandNamed(name)
  return surfaces.includes('cli') ? `run wirestep ${name} in a terminal` : `it is a key of the window, ${key}`
}

/** Sorts what follows the name into arguments and options. */
function gather(name: CommandName, line: string, from: number): Result<GivenByName> {
  const { args } = commandNamed(name)
  const raw = Object.keys(args).find((key) => args[key]?.rest === 'raw')
  if (raw !== undefined) return success(rawGiven(raw, line.slice(from).trim()))
  const words = splitWords(line.slice(from))
  return words.ok ? sortWords(name, words.value) : words
}

function rawGiven(key: string, text: string): GivenByName {
  return new Map(text === '' ? [] : [[key, [{ text, at: 0 }]]])
}

function sortWords(name: CommandName, words: readonly Word[]): Result<GivenByName> {
  const { args } = commandNamed(name)
  const given = new Map<string, Given[]>()
  const positions = Object.keys(args).filter((key) => args[key]?.only !== 'cli')
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const key = positions.find((position) => args[position]?.rest || !given.has(position))
    const option = optionIn(name, word)
    if (option && (option.arg || !(key && args[key]?.rest))) {
      const value = optionValue(name, option, words[at + 1])
      if (!value.ok) return value
      add(given, option.key, { text: value.value, at })
      if (option.inline === undefined && option.arg?.hint !== '') at++
    } else if (key === undefined) {
      return failure(`${name}: "${word.text}" is one word too many. Usage: ${usage(name, 'console')}`)
    } else if (given.has(key)) {
      given.set(key, [{ text: `${given.get(key)?.[0]?.text} ${word.text}`, at }])
    } else {
      add(given, key, { text: word.text, at })
    }
  }
  return success(given)
}

function add(given: Map<string, Given[]>, key: string, value: Given): void {
  given.set(key, [...(given.get(key) ?? []), value])
}

interface OptionWord {
  readonly key: string
  /** Undefined when the command has no such option. */
  readonly arg: Arg<unknown> | undefined
  /** The value in `--key=value`. */
  readonly inline: string | undefined
}

/** Arguments can be given as options of their names too: `lab --dialect rfc6455`. */
function optionIn(name: CommandName, word: Word): OptionWord | null {
  const match = word.quoted && !word.text.includes('=') ? null : /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word.text)
  if (!match) return null
  const key = match[1] ?? ''
  const { args, options } = commandNamed(name)
  const arg = Object.hasOwn(options, key) ? options[key] : Object.hasOwn(args, key) ? args[key] : undefined
  return { key, arg: arg?.only === 'cli' ? undefined : arg, inline: match[2] }
}

function optionValue(name: CommandName, option: OptionWord, next: Word | undefined): Result<string> {
  if (!option.arg) return failure(unknownOption(name, option.key))
  if (option.arg.hint === '') {
    return option.inline === undefined ? success('') : failure(`${name}: --${option.key} takes no value.`)
  }
  const value = option.inline ?? next?.text
  return value === undefined
    ? failure(`${name}: --${option.key} needs a value: ${option.arg.says}. Usage: ${usage(name, 'console')}`)
    : success(value)
}

function unknownOption(name: CommandName, key: string): string {
  const known = Object.entries(commandNamed(name).options).filter(([, arg]) => arg.only !== 'cli')
  const close = nearest(
    key,
    known.map(([option]) => option),
  )
  const hint = close ? ` Did you mean --${close}?` : ''
  return `${name}: there is no option --${key}.${hint} Usage: ${usage(name, 'console')}`
}
