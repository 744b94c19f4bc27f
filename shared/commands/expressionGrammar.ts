// The one language in which units are asked for: `lane client and (opcode text or size >= 126) and not /hel+o/i`.
// Conditions side by side mean "and". What each condition is written like is in expressionConditions.ts.
import { failure, type Result, success } from '../ipc/result.ts'
import type { Expression } from './expression.ts'
import { readCondition } from './expressionConditions.ts'
import { type Reader, type Token, tokensOf } from './expressionTokens.ts'

/** Longest expression, in UTF-16 units, and deepest nesting of parentheses and nots. */
export const longestExpression = 10_000
const deepest = 100

/** Reads an expression. A failure is one sentence on what is wrong and where. */
export function parseExpression(text: string): Result<Expression> {
  if (text.length > longestExpression) return failure(`An expression has at most ${longestExpression} characters.`)
  const tokens = tokensOf(text)
  if (!tokens.ok) return tokens
  const reader = readerOf(tokens.value)
  if (reader.peek().kind === 'end') return failure('Say what to look for, such as opcode text or "hello".')
  const expression = readEither(reader, 0)
  if (!expression.ok || reader.peek().kind === 'end') return expression
  return failure(`The ) at column ${reader.peek().column} closes nothing: take it out, or add a ( before it.`)
}

function readerOf(tokens: readonly Token[]): Reader {
  let at = 0
  return {
    peek: () => tokens[at]!,
    take: () => tokens[at < tokens.length - 1 ? at++ : at]!,
  }
}

function isWord(reader: Reader, word: 'and' | 'or' | 'not'): boolean {
  const token = reader.peek()
  return token.kind === 'word' && token.text === word
}

function readEither(reader: Reader, depth: number): Result<Expression> {
  return readParts(
    reader,
    'or',
    () => isWord(reader, 'or'),
    () => readBoth(reader, depth),
  )
}

function readBoth(reader: Reader, depth: number): Result<Expression> {
  const goesOn = () => reader.peek().kind !== 'end' && reader.peek().kind !== ')' && !isWord(reader, 'or')
  return readParts(reader, 'and', goesOn, () => readNegation(reader, depth))
}

function readParts(
  reader: Reader,
  joint: 'and' | 'or',
  goesOn: () => boolean,
  readPart: () => Result<Expression>,
): Result<Expression> {
  const parts: Expression[] = []
  do {
    if (parts.length > 0 && isWord(reader, joint)) reader.take()
    const part = readPart()
    if (!part.ok) return part
    parts.push(part.value)
  } while (goesOn())
  return success(parts.length === 1 ? parts[0]! : { kind: joint, parts })
}

function readNegation(reader: Reader, depth: number): Result<Expression> {
  if (depth > deepest) return failure(`Column ${reader.peek().column} is nested more than ${deepest} deep.`)
  if (isWord(reader, 'not')) {
    reader.take()
    const part = readNegation(reader, depth + 1)
    return part.ok ? success({ kind: 'not', part: part.value }) : part
  }
  return reader.peek().kind === '(' ? readGroup(reader, depth) : readCondition(reader)
}

function readGroup(reader: Reader, depth: number): Result<Expression> {
  const { column } = reader.take()
  const inner = readEither(reader, depth + 1)
  if (!inner.ok) return inner
  if (reader.peek().kind === ')') {
    reader.take()
    return inner
  }
  return failure(`The ( at column ${column} is never closed: add a ).`)
}
