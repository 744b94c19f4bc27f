// What a command can be given, as values: one description yields parsing, help, completion and the CLI's options.

import { parseHex } from '../bytes/hex.ts'
import { type Lane, laneWords, type Role } from '../bytes/lanes.ts'
import type { Cursor } from '../capture/record.ts'
import type { DialectId } from '../dialects/dialect.ts'
import { dialectIds, isDialectId } from '../dialects/registry.ts'
import { type DeflateOptions, parseDeflateOptions } from '../extensions/perMessageDeflate.ts'
import { type IntermediaryKind, intermediaryKinds } from '../intermediaries/intermediary.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import type { PortRange } from '../profile/policy.ts'
import { type ProfileId, profileIds } from '../profile/prototype2010.ts'

/** A word as given, and its place among all words given, so that repeated options keep their order. */
export interface Given {
  readonly text: string
  readonly at: number
}

/** Completions that only the host can know. */
export type Source = 'run' | 'breakpoint' | 'connection' | 'command'

/** One argument or option whose value is a `T`. */
export interface Arg<T> {
  /** How the value is written in usage lines: `N`, `client|server`. Empty for a flag. */
  readonly hint: string
  readonly says: string
  /** What it is when it was not given; null when it has to be given. */
  readonly absent: { readonly value: T } | null
  /** `words`: takes all that follows, joined by spaces. `raw`: the same, as typed, quotes and all. */
  readonly rest?: 'words' | 'raw'
  readonly repeats?: true
  readonly choices?: readonly string[]
  readonly source?: Source
  /** The one surface that has it: the terminal's `wirestep`, or the console in the window. */
  readonly only?: 'cli' | 'console'
  /** A failure's text goes on from the argument's name: `has to be a whole number, not "x"`. */
  read(words: readonly Given[]): Result<T>
}

type Reader<T> = (text: string) => Result<T>

function required<T>(hint: string, says: string, reader: Reader<T>): Arg<T> {
  return { hint, says, absent: null, read: (words) => reader(words[0]?.text ?? '') }
}

function wanted(what: string, text: string) {
  return failure(`has to be ${what}, not "${text}"`)
}

/** The same argument, but it may be left out. */
export function optional<T>(arg: Arg<T>): Arg<T | undefined> {
  return { ...arg, absent: { value: undefined } }
}

/** The same argument, with a value for when it is left out. */
export function otherwise<T>(arg: Arg<T>, value: T): Arg<T> {
  return { ...arg, absent: { value } }
}

/** The same option, any number of times; each value with its place among all words given. */
export function repeated<T>(arg: Arg<T>): Arg<readonly { readonly at: number; readonly value: T }[]> {
  return {
    ...arg,
    absent: { value: [] },
    repeats: true,
    read: (words) => {
      const values: { at: number; value: T }[] = []
      for (const word of words) {
        const result = arg.read([word])
        if (!result.ok) return result
        values.push({ at: word.at, value: result.value })
      }
      return success(values)
    },
  }
}

export function inTerminal<T>(arg: Arg<T>): Arg<T> {
  return { ...arg, only: 'cli' }
}

export function inConsole<T>(arg: Arg<T>): Arg<T> {
  return { ...arg, only: 'console' }
}

export function completedBy<T>(source: Source, arg: Arg<T>): Arg<T> {
  return { ...arg, source }
}

/** A whole number in [least, most]. */
export function count(hint: string, says: string, least: number, most: number): Arg<number> {
  return required(hint, says, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? success(value) : wanted(`a whole number from ${least} to ${most}`, text)
  })
}

/** A byte offset: decimal, or hexadecimal with 0x. */
export function offset(says: string): Arg<number> {
  return required('OFFSET', says, (text) => {
    const value = /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN
    return Number.isSafeInteger(value) ? success(value) : wanted('a byte offset such as 166 or 0xa6', text)
  })
}

/** Ports, from the first to the last of them, or a single one. */
export function portRange(says: string): Arg<PortRange> {
  return required('FROM-TO', says, (text) => {
    const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
    const range = found && { from: Number(found[1]), to: Number(found[2] ?? found[1]) }
    const isGood = range !== null && range.from >= 1 && range.from <= range.to && range.to <= 65_535
    return isGood ? success(range) : wanted('ports such as 4502-4534, or one port', text)
  })
}

export function choice<const C extends readonly string[]>(says: string, choices: C): Arg<C[number]> {
  const arg = required<C[number]>(choices.join('|'), says, (text) =>
    choices.includes(text) ? success(text) : wanted(`one of ${choices.join(', ')}`, text),
  )
  return { ...arg, choices }
}

export function end(says: string): Arg<Role> {
  return choice(says, ['client', 'server'])
}

/** A lane, by who sends on it or by its full name. */
export function lane(says: string): Arg<Lane> {
  const arg = required('client|server', says, (text) => {
    const found = Object.hasOwn(laneWords, text) ? laneWords[text] : undefined
    return found ? success(found) : wanted('client or server (who sends), clientToServer or serverToClient', text)
  })
  return { ...arg, choices: Object.keys(laneWords) }
}

export function dialect(says: string): Arg<DialectId> {
  return { ...choice(says, dialectIds), hint: 'ID' }
}

/** A dialect, or `auto` for the one that the request tells. */
export function dialectOrAuto(says: string): Arg<DialectId | 'auto'> {
  return { ...choice(says, [...dialectIds, 'auto']), hint: 'ID|auto' }
}

/** From `least` to `most` dialects, each once, with commas between. All of them when left out. */
export function dialectList(says: string, least: number, most: number): Arg<readonly DialectId[]> {
  const arg = required<readonly DialectId[]>('ID,ID,...', says, (text) => {
    const ids = text.split(',').map((id) => id.trim())
    const unknown = ids.find((id) => !isDialectId(id))
    if (unknown !== undefined) return wanted(`of ${dialectIds.join(', ')}`, unknown)
    const twice = ids.find((id, index) => ids.indexOf(id) < index)
    if (twice !== undefined) return failure(`has ${twice} twice: name each once`)
    if (ids.length >= least && ids.length <= most) return success(ids.filter(isDialectId))
    return failure(`has ${ids.length}: a comparison wants ${least} to ${most} dialects`)
  })
  return { ...arg, absent: { value: dialectIds.slice(-most) } }
}

/** `RECORD` or `RECORD:BYTES`. */
export function position(says: string): Arg<Cursor> {
  return required('RECORD[:BYTES]', says, (text) => {
    const match = /^(\d{1,15})(?::(\d{1,15}))?$/.exec(text)
    return match
      ? success({ record: Number(match[1]), bytes: Number(match[2] ?? 0) })
      : wanted('RECORD or RECORD:BYTES, such as 12 or 12:5', text)
  })
}

const speedWanted = 'a speed from 0.1 to 1000, such as 0.5 or 2x, or max'

/** Times real time; `Infinity` for `max`. */
export function speed(says: string): Arg<number> {
  const arg = required('SPEED', says, (text) => {
    if (text === 'max') return success(Number.POSITIVE_INFINITY)
    const value = /^\d*\.?\d+x?$/i.test(text) ? Number.parseFloat(text) : Number.NaN
    return value >= 0.1 && value <= 1000 ? success(value) : wanted(speedWanted, text)
  })
  return { ...arg, choices: ['0.1', '0.25', '0.5', '1', '2', '10', '100', 'max'] }
}

/** Bytes as hex digits, separators and pasted dumps included. */
export function hex(says: string): Arg<Uint8Array> {
  return required('HEX', says, (text) => {
    const bytes = parseHex(text)
    return bytes.ok ? bytes : failure(`is not hex: ${bytes.error.replace(/\.$/, '')}`)
  })
}

/** Any one word. */
export function word(hint: string, says: string): Arg<string> {
  return required(hint, says, (text) => (text === '' ? wanted('something', text) : success(text)))
}

/** One word of a certain form; `what` names it in the refusal. */
export function formed(hint: string, says: string, form: RegExp, what: string): Arg<string> {
  return required(hint, says, (given) => (form.test(given) ? success(given) : wanted(what, given)))
}

/** Any one word, the empty one too. */
export function text(hint: string, says: string): Arg<string> {
  return required(hint, says, success)
}

/** All words that follow. */
export function words(hint: string, says: string): Arg<string> {
  return { ...text(hint, says), rest: 'words' }
}

/** All that follows, as typed. */
export function raw(hint: string, says: string): Arg<string> {
  return { ...text(hint, says), rest: 'raw' }
}

/** Hex bytes in any number of words. */
export function hexWords(says: string): Arg<Uint8Array> {
  return { ...hex(says), rest: 'words' }
}

/** Parameters of permessage-deflate, or `on` for none: an end that compresses. */
export function compression(says: string): Arg<DeflateOptions> {
  const arg = required<DeflateOptions>('on|PARAMS', says, (text) => parseDeflateOptions(text === 'on' ? '' : text))
  return {
    ...arg,
    choices: ['on', 'server_no_context_takeover', 'client_no_context_takeover', 'server_max_window_bits=10'],
  }
}

/** Nodes between the ends, from the client on, with commas between. */
export function via(says: string, most = 4): Arg<readonly IntermediaryKind[]> {
  const arg = required<readonly IntermediaryKind[]>('NODE,NODE,...', says, (text) => {
    const kinds = text.split(',').map((kind) => kind.trim())
    const unknown = kinds.find((kind) => !isKind(kind))
    if (unknown !== undefined) return wanted(`of ${intermediaryKinds.join(', ')}`, unknown)
    return kinds.length <= most ? success(kinds.filter(isKind)) : wanted(`at most ${most} nodes`, text)
  })
  return { ...arg, choices: intermediaryKinds }
}

function isKind(text: string): text is IntermediaryKind {
  return intermediaryKinds.some((kind) => kind === text)
}

export function profile(says: string): Arg<ProfileId> {
  return { ...choice(says, profileIds), hint: 'PROFILE' }
}

export function flag(says: string): Arg<boolean> {
  return { hint: '', says, absent: { value: false }, read: () => success(true) }
}
