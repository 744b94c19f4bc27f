// How each condition of the expression language is written: its name, an = that may be left out, and a value.
import { parseHex } from '../bytes/hex.ts'
import { laneWords, type Role } from '../bytes/lanes.ts'
import { compilePattern } from '../bytes/pattern.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import type { StateName } from '../endpoint/types.ts'
import { type FaultCode, faults } from '../faults/catalogue.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import type { Comparison, Condition } from './expression.ts'
import type { Reader, Token } from './expressionTokens.ts'
import { nearest } from './nearest.ts'

type Named = Exclude<Condition['kind'], 'pattern'>
type KindName = Extract<Condition, { kind: 'kind' }>['unit']

const kinds: Readonly<Record<KindName, true>> = {
  request: true,
  response: true,
  frame: true,
  challenge: true,
  junk: true,
  fin: true,
  reset: true,
  dropped: true,
}

const opcodes: Readonly<Record<OpcodeName, true>> = {
  continuation: true,
  text: true,
  binary: true,
  close: true,
  ping: true,
  pong: true,
  hello: true,
}

const stateNames: Readonly<Record<StateName, true>> = {
  IDLE: true,
  AWAITING_REQUEST: true,
  AWAITING_RESPONSE: true,
  AWAITING_SERVER_HELLO: true,
  AWAITING_CLIENT_HELLO: true,
  AWAITING_CHALLENGE: true,
  AWAITING_KEY3: true,
  REQUEST_RECEIVED: true,
  OPEN: true,
  CLOSE_SENT: true,
  CLOSE_RECEIVED: true,
  CLOSE_CROSSED: true,
  CLOSE_DONE: true,
  CLOSED: true,
  FAILED: true,
}

const roleWords: Readonly<Record<Role, true>> = { client: true, server: true }

/** What is read behind a condition's name. */
const readers: Readonly<Record<Named, (reader: Reader, name: Token) => Result<Condition>>> = {
  lane: (reader, name) => oneOf(reader, name, laneWords, (word) => ({ kind: 'lane', lane: laneWords[word]! })),
  kind: (reader, name) => oneOf(reader, name, kinds, (unit) => ({ kind: 'kind', unit })),
  opcode: readOpcode,
  size: (reader, name) =>
    readAmount(reader, name, readBytes, (comparison, bytes) => ({ kind: 'size', comparison, bytes })),
  time: (reader, name) =>
    readAmount(reader, name, readTime, (comparison, milliseconds) => ({ kind: 'time', comparison, milliseconds })),
  text: readContains,
  bytes: readHexWords,
  fault: readFault,
  state: readState,
  connection: (reader, name) => readNumber(reader, name, (connection) => ({ kind: 'connection', connection })),
}

export const conditionNames = Object.keys(readers) as readonly Named[]

/** Reads one condition; the reader stands behind it then. */
export function readCondition(reader: Reader): Result<Condition> {
  const token = reader.peek()
  if (token.kind === 'text') return readText(reader.take())
  if (token.kind === 'pattern') return readPattern(reader.take())
  if (token.kind === 'word' && isNamed(token.text)) return readers[token.text](reader, reader.take())
  return failure(`${named(token)} is no condition: ${suggestion(token)}`)
}

function isNamed(word: string): word is Named {
  return Object.hasOwn(readers, word)
}

function suggestion({ kind, text }: Token): string {
  if (kind !== 'word') return `write one such as opcode text, size >= 126 or "hello".`
  const close = nearest(text, conditionNames)
  if (close) return `did you mean ${close}?`
  return `${conditionNames.join(', ')} are, "${text}" in quotes looks for that text.`
}

/** The token and its place, to begin a sentence with. */
function named({ kind, text, column }: Token): string {
  return kind === 'end' ? `The end, at column ${column},` : `"${text}" at column ${column}`
}

/** The word behind a name, and behind the = in between if there is one. */
function valueAfter(reader: Reader, { text: name }: Token): Result<Token> {
  if (reader.peek().kind === 'comparison') {
    const { text, column } = reader.take()
    if (text !== '=')
      return failure(`Only size and time are compared with ${text} (column ${column}): write ${name} and a value.`)
  }
  const token = reader.peek()
  return token.kind === 'word' ? success(reader.take()) : failure(`${named(token)} stands where ${name} wants a value.`)
}

function oneOf<Name extends string>(
  reader: Reader,
  name: Token,
  known: Readonly<Record<Name, unknown>>,
  make: (value: Name) => Condition,
): Result<Condition> {
  const value = valueAfter(reader, name)
  if (!value.ok) return value
  const { text } = value.value
  if (Object.hasOwn(known, text)) return success(make(text as Name))
  return failure(`${named(value.value)} is no ${name.text}: ${Object.keys(known).join(', ')} are.`)
}

/** By name, or by number where the dialect may have no name for it. */
function readOpcode(reader: Reader, name: Token): Result<Condition> {
  const value = valueAfter(reader, name)
  if (!value.ok) return value
  const { text } = value.value
  if (Object.hasOwn(opcodes, text)) return success({ kind: 'opcode', opcode: text as OpcodeName })
  const opcode = /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN
  // A hixie frame is of the type that its first byte says; later ones have four bits for the opcode.
  if (opcode >= 0 && opcode <= 255) return success({ kind: 'opcode', opcode })
  return failure(`${named(value.value)} is no opcode: ${Object.keys(opcodes).join(', ')} and 0 to 255 are.`)
}

function readAmount(
  reader: Reader,
  { text: name }: Token,
  read: (text: string) => number,
  make: (comparison: Comparison, amount: number) => Condition,
): Result<Condition> {
  const comparison = reader.take()
  if (comparison.kind !== 'comparison')
    return failure(
      `${named(comparison)} stands where ${name} wants a comparison, such as ${name} >= ${examples[name]}.`,
    )
  const value = reader.take()
  const amount = value.kind === 'word' ? read(value.text) : Number.NaN
  if (Number.isNaN(amount)) return failure(`${named(value)} is no ${name}: write ${examples[name]}.`)
  return success(make(comparison.text as Comparison, amount))
}

const examples: Readonly<Record<string, string>> = {
  size: '126, in whole bytes',
  time: '1.5s, 250ms or 2m since the start',
}

function readBytes(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(size) ? size : Number.NaN
}

const millisecondsOf: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, '': 1000 }

function readTime(text: string): number {
  const [, amount, unit] = /^(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|)$/.exec(text) ?? []
  return amount === undefined ? Number.NaN : Number(amount) * millisecondsOf[unit!]!
}

function readContains(reader: Reader, name: Token): Result<Condition> {
  const verb = reader.take()
  if (verb.kind !== 'word' || verb.text !== 'contains')
    return failure(
      `${named(verb)} stands where contains should: write text contains "hello". Column ${name.column} began it.`,
    )
  const value = reader.take()
  if (value.kind === 'text') return readText(value)
  return failure(`${named(value)} has to be in quotes: write text contains "hello".`)
}

function readText({ text: escaped, column }: Token): Result<Condition> {
  if (escaped === '') return failure(`The empty text at column ${column} is in every unit: give it a character.`)
  try {
    return success({ kind: 'text', text: JSON.parse(`"${escaped}"`) as string })
  } catch {
    return failure(
      `The text "${escaped}" at column ${column} has an escape that is not known: use \\" \\\\ \\n \\r \\t or \\u0041.`,
    )
  }
}

function readPattern({ text: source, flags, column }: Token): Result<Condition> {
  const pattern = compilePattern(source, flags)
  if (pattern.ok) return success({ kind: 'pattern', source, flags })
  return failure(`The pattern /${source}/ at column ${column} ${pattern.error}.`)
}

/** Pairs of digits in any number of words: `bytes 81 7e`. */
function readHexWords(reader: Reader): Result<Condition> {
  if (reader.peek().kind === 'comparison' && reader.peek().text === '=') reader.take()
  let digits = ''
  while (reader.peek().kind === 'word' && /^([0-9a-f]{2})+$/i.test(reader.peek().text)) digits += reader.take().text
  const bytes = parseHex(digits)
  if (bytes.ok && bytes.value.length > 0) return success({ kind: 'bytes', bytes: bytes.value })
  return failure(`${named(reader.peek())} is no byte in hex: write two digits for each, such as bytes 81 7e.`)
}

/** `fault` alone is any fault. */
function readFault(reader: Reader, name: Token): Result<Condition> {
  const token = reader.peek()
  const isValue = token.kind === 'comparison' || (token.kind === 'word' && !endsFault(token.text))
  if (!isValue) return success({ kind: 'fault', fault: 'any' })
  const known = { any: true, ...faults }
  const value = valueAfter(reader, name)
  if (!value.ok) return value
  const { text } = value.value
  if (Object.hasOwn(known, text)) return success({ kind: 'fault', fault: text as FaultCode | 'any' })
  const close = nearest(text, Object.keys(known))
  return failure(
    `${named(value.value)} is no fault: ${close ? `did you mean ${close}?` : 'docs/faults.md lists them.'}`,
  )
}

function endsFault(word: string): boolean {
  return word === 'and' || word === 'or' || word === 'not' || isNamed(word)
}

function readState(reader: Reader, name: Token): Result<Condition> {
  const value = valueAfter(reader, name)
  if (!value.ok) return value
  const [role = '', state = '', ...rest] = value.value.text.split(':')
  if (rest.length > 0 || !Object.hasOwn(roleWords, role))
    return failure(`${named(value.value)} is no end and state: write one such as state client:OPEN.`)
  if (Object.hasOwn(stateNames, state)) return success({ kind: 'state', end: role as Role, state: state as StateName })
  return failure(`"${state}" at column ${value.value.column} is no state: ${Object.keys(stateNames).join(', ')} are.`)
}

function readNumber(reader: Reader, name: Token, make: (value: number) => Condition): Result<Condition> {
  const value = valueAfter(reader, name)
  if (!value.ok) return value
  const number = readBytes(value.value.text)
  return Number.isNaN(number)
    ? failure(`${named(value.value)} is no number of a ${name.text}: write ${name.text} 1.`)
    : success(make(number))
}
