// The language breakpoints are typed in: `lane=client opcode=text size>=126 /hel+o/i`. Several conditions mean "and".
// Text only: what a condition matches is decided where the capture is.
import { type Lane, laneWords, type Role, senderOf } from '../bytes/lanes.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import type { StateName } from '../endpoint/types.ts'
import { type FaultCode, faults } from '../faults/catalogue.ts'
import type { UnitKind } from '../framing/unit.ts'
import { failure, type Result, success } from '../ipc/result.ts'
import type { BreakCondition } from './breakpoint.ts'

const kinds: Readonly<Record<UnitKind, true>> = { request: true, response: true, frame: true, junk: true }

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

/** Flags that change what a pattern matches; `g` and `y` only move a search along. */
const patternFlags = /^[imsu]*$/

/** One condition as typed: a quoted text, a /pattern/flags (a slash in [brackets] does not end it), or a word. */
const token = /\s*(?:"((?:[^"\\]|\\.)*)"|\/((?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+)\/([a-z]*)|([^\s"/]\S*))(?=\s|$)/y

/**
 * Reads a breakpoint's condition. The error names the word that is wrong and what was expected.
 *
 * `lane=client|server` (who sends), `kind=`, `opcode=`, `size>=N`, `size<=N`, `size=N` (payload bytes), `"text"` and
 * `/pattern/flags` (in the payload), `fault=any|CODE`, `state=client:OPEN`.
 */
export function parseCondition(text: string): Result<BreakCondition> {
  let condition: BreakCondition = {}
  let at = 0
  while (text.slice(at).trim() !== '') {
    token.lastIndex = at
    const match = token.exec(text)
    if (match === null)
      return failure(`The condition cannot be read from "${text.slice(at).trim()}": a quote or / is not closed.`)
    const part = readToken(match)
    if (!part.ok) return part
    const merged = merge(condition, part.value, match[0].trim())
    if (!merged.ok) return merged
    condition = merged.value
    at = token.lastIndex
  }
  if (at === 0) return failure('A breakpoint needs a condition, such as opcode=text or lane=client.')
  return success(condition)
}

/** The condition as it would be typed; `parseCondition` reads it back to an equal value. */
export function formatCondition(condition: BreakCondition): string {
  const { lane, kind, opcode, size, text, pattern, fault, state } = condition
  const parts = [
    lane && `lane=${senderOf(lane)}`,
    kind && `kind=${kind}`,
    opcode && `opcode=${opcode}`,
    ...formatSize(size ?? {}),
    text !== undefined && JSON.stringify(text),
    pattern && `/${pattern.source}/${pattern.flags}`,
    fault && `fault=${fault}`,
    state && `state=${state.end}:${state.name}`,
  ]
  return parts.filter(Boolean).join(' ')
}

function formatSize({ least, most }: NonNullable<BreakCondition['size']>): string[] {
  if (least !== undefined && least === most) return [`size=${least}`]
  return [...(least === undefined ? [] : [`size>=${least}`]), ...(most === undefined ? [] : [`size<=${most}`])]
}

function readToken([, text, source, flags, word]: RegExpExecArray): Result<BreakCondition> {
  if (text !== undefined) return readText(text)
  if (source !== undefined) return readPattern(source, flags ?? '')
  return readWord(word ?? '')
}

function readText(escaped: string): Result<BreakCondition> {
  if (escaped === '') return failure('An empty text "" is in every payload: give it at least one character.')
  try {
    return success({ text: JSON.parse(`"${escaped}"`) as string })
  } catch {
    return failure(`The text "${escaped}" has an escape that is not known: use \\" \\\\ \\n \\r \\t or \\u0041.`)
  }
}

function readPattern(source: string, flags: string): Result<BreakCondition> {
  if (!patternFlags.test(flags)) return failure(`The flags "${flags}" of /${source}/ are not known: i, m, s and u are.`)
  try {
    new RegExp(source, flags)
    return success({ pattern: { source, flags } })
  } catch (error) {
    return failure(`The pattern /${source}/ cannot be used: ${(error as Error).message}.`)
  }
}

function readWord(word: string): Result<BreakCondition> {
  const match = /^(\w+)(>=|<=|=)(.*)$/.exec(word)
  if (match === null) return failure(`"${word}" is no condition: write name=value, "text" or /pattern/.`)
  const [, name = '', operator = '', value = ''] = match
  if (name === 'size') return readSize(operator, value)
  if (operator !== '=') return failure(`Only size can be compared with ${operator}: write ${name}=${value}.`)
  return readNamed(name, value)
}

function readSize(operator: string, value: string): Result<BreakCondition> {
  const size = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(size))
    return failure(`size wants a whole number of bytes, not "${value}".`)
  return success({ size: { ...(operator !== '<=' && { least: size }), ...(operator !== '>=' && { most: size }) } })
}

function readNamed(name: string, value: string): Result<BreakCondition> {
  switch (name) {
    case 'lane':
      return oneOf(name, value, laneWords, (word) => ({ lane: laneWords[word] as Lane }))
    case 'kind':
      return oneOf(name, value, kinds, (kind) => ({ kind }))
    case 'opcode':
      return oneOf(name, value, opcodes, (opcode) => ({ opcode }))
    case 'fault':
      return oneOf(name, value, { any: true, ...faults }, (fault) => ({ fault: fault as FaultCode | 'any' }))
    case 'state':
      return readState(value)
    default:
      return failure(`"${name}" is no condition: lane, kind, opcode, size, fault and state are.`)
  }
}

function readState(value: string): Result<BreakCondition> {
  const [role = '', name = '', ...rest] = value.split(':')
  if (rest.length > 0 || !Object.hasOwn(roleWords, role)) {
    return failure(`state wants an end and a state, such as state=client:OPEN, not "${value}".`)
  }
  return oneOf('state', name, stateNames, (known) => ({ state: { end: role as Role, name: known } }))
}

function oneOf<Name extends string>(
  condition: string,
  value: string,
  known: Readonly<Record<Name, unknown>>,
  make: (name: Name) => BreakCondition,
): Result<BreakCondition> {
  if (Object.hasOwn(known, value)) return success(make(value as Name))
  return failure(`"${value}" is no ${condition}: ${Object.keys(known).join(', ')} are.`)
}

/** Both conditions together; each may be given once, but size once from below and once from above. */
function merge(one: BreakCondition, other: BreakCondition, word: string): Result<BreakCondition> {
  const twice = failure(`"${word}" says again what an earlier condition said: give each condition once.`)
  if (one.size && other.size) {
    const again = Object.keys(other.size).some((bound) => Object.hasOwn(one.size ?? {}, bound))
    return again ? twice : ordered({ ...one, size: { ...one.size, ...other.size } })
  }
  return Object.keys(other).some((key) => Object.hasOwn(one, key)) ? twice : success({ ...one, ...other })
}

function ordered(condition: BreakCondition): Result<BreakCondition> {
  const { least = 0, most = Number.POSITIVE_INFINITY } = condition.size ?? {}
  return least <= most ? success(condition) : failure(`No size is at least ${least} and at most ${most}.`)
}
