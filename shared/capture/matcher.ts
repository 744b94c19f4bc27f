// Whether a unit is what an expression asks for, and where in its bytes that shows. The same answer for filters,
// searches and breakpoints. Work is bounded: of a unit at most `searchedBytes` are looked through for texts, patterns
// and bytes, and patterns take time linear in that.
import type { Lane, Role } from '../bytes/lanes.ts'
import { compilePattern, type Pattern } from '../bytes/pattern.ts'
import type { Span } from '../bytes/span.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { encodeUtf8 } from '../bytes/utf8.ts'
import type { Comparison, Condition, Expression } from '../commands/expression.ts'
import type { OpcodeName } from '../dialects/dialect.ts'
import type { StateName } from '../endpoint/types.ts'
import type { FaultCode } from '../faults/catalogue.ts'
import type { IndexRow } from './types.ts'

/** Bytes of a unit that texts, patterns and bytes are looked for in. */
export const searchedBytes = 65_536

/** What is asked about. What is costly to know is a function. */
export interface Subject {
  readonly connection: number
  readonly lane: Lane
  readonly kind: IndexRow['kind']
  /** Of a frame; -1 for anything else, null while the header has not arrived. */
  readonly opcode: number | null
  readonly opcodeName: OpcodeName | undefined
  /** Payload bytes of a frame, all bytes of a head or junk; null while not known. */
  readonly size: number | null
  /** Milliseconds since the session's first record; null for bytes without a time. */
  readonly time: number | null
  /** At most `searchedBytes` of it, as on the wire. */
  wire(): Placed
  /** At most `searchedBytes` of what it carries. */
  content(): Content
  faults(): readonly FaultCode[]
  /** Whether delivering it brings the end to the state. */
  reaches(end: Role, state: StateName): boolean
}

export interface Placed {
  readonly bytes: Uint8Array
  /** Offset of the first byte in the gate stream. */
  readonly at: number
}

/** An unmasked and inflated payload, for the first frame of a message all of the message; or the whole head. */
export interface Content extends Placed {
  readonly text: string
  /** Where it is when its bytes are not those of the gate stream one by one: inflated, or joined. Null when they are. */
  readonly within: Span | null
}

export interface Matcher {
  /** Null when that cannot be told before more of the unit arrives. */
  matches(subject: Subject): boolean | null
  /** Where the texts, patterns and bytes it asks for are: at most `mostHits`, in order of the conditions. */
  hits(subject: Subject): readonly Span[]
}

/** Places marked in one unit, at most. */
export const mostHits = 100

type Test = (subject: Subject) => boolean | null
type Finder = (subject: Subject) => Iterable<Span>

/** Prepares an expression, which the grammar has read, for asking it of many units. */
export function createMatcher(expression: Expression): Matcher {
  const finders: Finder[] = []
  const matches = testOf(expression, finders)
  return { matches, hits: (subject) => hitsOf(finders, subject) }
}

function hitsOf(finders: readonly Finder[], subject: Subject): Span[] {
  const hits: Span[] = []
  for (const find of finders) {
    for (const hit of find(subject)) {
      if (hits.length === mostHits) return hits
      hits.push(hit)
    }
  }
  return hits
}

/** `finders` gets what shows where the conditions hold; what a `not` is about has no place. */
function testOf(expression: Expression, finders: Finder[]): Test {
  switch (expression.kind) {
    case 'and':
      return every(expression.parts.map((part) => testOf(part, finders)))
    case 'or': {
      const none = every(expression.parts.map((part) => not(testOf(part, finders))))
      return not(none)
    }
    case 'not':
      return not(testOf(expression.part, []))
    default:
      return conditionTest(expression, finders)
  }
}

function not(test: Test): Test {
  return (subject) => {
    const holds = test(subject)
    return holds === null ? null : !holds
  }
}

/** False as soon as one is, else unknown if one is. */
function every(tests: readonly Test[]): Test {
  return (subject) => {
    let all: boolean | null = true
    for (const test of tests) {
      const holds = test(subject)
      if (holds === false) return false
      if (holds === null) all = null
    }
    return all
  }
}

function conditionTest(condition: Condition, finders: Finder[]): Test {
  switch (condition.kind) {
    case 'lane':
      return ({ lane }) => lane === condition.lane
    case 'kind':
      return ({ kind }) => kind === condition.unit
    case 'connection':
      return ({ connection }) => connection === condition.connection
    case 'opcode':
      return ({ opcode, opcodeName }) =>
        opcode === null ? null : (typeof condition.opcode === 'number' ? opcode : opcodeName) === condition.opcode
    case 'size':
      return ({ size, kind }) =>
        isEnd(kind) ? false : size === null ? null : compare(size, condition.comparison, condition.bytes)
    case 'time':
      return ({ time }) => time !== null && compare(time, condition.comparison, condition.milliseconds)
    case 'fault':
      return (subject) =>
        condition.fault === 'any' ? subject.faults().length > 0 : subject.faults().includes(condition.fault)
    case 'state':
      return (subject) => subject.reaches(condition.end, condition.state)
    case 'text':
    case 'pattern':
    case 'bytes':
      return placedTest(condition, finders)
    default:
      return unreachable(condition)
  }
}

function isEnd(kind: Subject['kind']): boolean {
  return kind === 'fin' || kind === 'reset'
}

function compare(value: number, comparison: Comparison, other: number): boolean {
  switch (comparison) {
    case '=':
      return value === other
    case '!=':
      return value !== other
    case '<':
      return value < other
    case '<=':
      return value <= other
    case '>':
      return value > other
    case '>=':
      return value >= other
    default:
      return unreachable(comparison)
  }
}

/** The conditions on content: what they look for can be shown. */
function placedTest(condition: Extract<Condition, { kind: 'text' | 'pattern' | 'bytes' }>, finders: Finder[]): Test {
  switch (condition.kind) {
    case 'text': {
      const { text } = condition
      finders.push((subject) => textHits(subject, (content, from) => textAt(content, text, from)))
      return (subject) => subject.content().text.includes(text)
    }
    case 'pattern': {
      const pattern = patternOf(condition)
      finders.push((subject) => textHits(subject, pattern.find))
      return (subject) => pattern.test(subject.content().text)
    }
    case 'bytes': {
      const { bytes } = condition
      finders.push((subject) => byteHits(subject, bytes))
      return (subject) =>
        indexOf(subject.wire().bytes, bytes, 0) >= 0 || indexOf(subject.content().bytes, bytes, 0) >= 0
    }
    default:
      return unreachable(condition)
  }
}

function patternOf({ source, flags }: Extract<Condition, { kind: 'pattern' }>): Pattern {
  const pattern = compilePattern(source, flags)
  if (!pattern.ok) throw new Error(`a pattern the grammar has read ${pattern.error}`)
  return pattern.value
}

function textAt(content: string, text: string, from: number): Span | null {
  const start = content.indexOf(text, from)
  return start < 0 ? null : { start, end: start + text.length }
}

/** Bytes that are no characters read as U+FFFD and then the places of characters say nothing of bytes: no hits. */
function* textHits(subject: Subject, find: (text: string, from: number) => Span | null): Iterable<Span> {
  const { text, bytes, at, within } = subject.content()
  if (within !== null) {
    if (find(text, 0) !== null) yield within
    return
  }
  const widths = subject.kind === 'frame' ? encodeUtf8 : (part: string) => part
  if (widths(text).length !== bytes.length) return
  let done = { characters: 0, bytes: at }
  const reach = (characters: number) => {
    done = { characters, bytes: done.bytes + widths(text.slice(done.characters, characters)).length }
    return done.bytes
  }
  for (let hit = find(text, 0); hit !== null; hit = find(text, Math.max(hit.end, hit.start + 1))) {
    const start = reach(hit.start)
    if (hit.end > hit.start) yield { start, end: reach(hit.end) }
  }
}

/** As on the wire, and where a mask hides it there, in what it carries: the offsets are the same. */
function* byteHits(subject: Subject, needle: Uint8Array): Iterable<Span> {
  const { within, ...content } = subject.content()
  for (const { bytes, at } of within === null ? [subject.wire(), content] : [subject.wire()]) {
    let found = false
    for (let index = indexOf(bytes, needle, 0); index >= 0; index = indexOf(bytes, needle, index + needle.length)) {
      found = true
      yield { start: at + index, end: at + index + needle.length }
    }
    if (found) return
  }
  if (within !== null && indexOf(content.bytes, needle, 0) >= 0) yield within
}

function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const first = needle[0]!
  const last = bytes.length - needle.length
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1
    while (same < needle.length && bytes[at + same] === needle[same]) same += 1
    if (same === needle.length) return at
  }
  return -1
}
