// Cuts an expression into tokens.
import { failure, type Result, success } from '../ipc/result.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'pattern' | 'comparison' | '(' | ')' | 'end'
  /** As typed: of a text what is between its quotes, of a pattern what is between its slashes. */
  readonly text: string
  /** What stands behind a pattern's last slash. */
  readonly flags: string
  /** Where it begins, counted from 1. */
  readonly column: number
}

/** Reads tokens one after the other. */
export interface Reader {
  /** The current token. */
  peek(): Token
  /** Answers the current token and goes on to the next; the last one stays. */
  take(): Token
}

// A slash in [brackets] does not end a pattern, as in JavaScript.
const shapes = [
  ['text', /"((?:[^"\\]|\\.)*)"/y],
  ['pattern', /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y],
  ['comparison', /(>=|<=|!=|=|<|>)/y],
  ['(', /(\()/y],
  [')', /(\))/y],
  ['word', /([^\s()"/<>=!]+)/y],
] as const

/** All tokens, and one for the end. A failure is a sentence that names the column. */
export function tokensOf(text: string): Result<readonly Token[]> {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at = skipSpace(text, at)
    if (at === text.length) return success([...tokens, { kind: 'end', text: '', flags: '', column: at + 1 }])
    const found = tokenAt(text, at)
    if (found === null) return failure(unreadable(text, at))
    tokens.push(found.token)
    at = found.next
  }
}

function skipSpace(text: string, from: number): number {
  const gap = /\s*/y
  gap.lastIndex = from
  return from + (gap.exec(text)?.[0].length ?? 0)
}

function tokenAt(text: string, at: number): { readonly token: Token; readonly next: number } | null {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at
    const match = shape.exec(text)
    if (match)
      return { token: { kind, text: match[1]!, flags: match[2] ?? '', column: at + 1 }, next: at + match[0].length }
  }
  return null
}

function unreadable(text: string, at: number): string {
  const where = `at column ${at + 1}`
  if (text[at] === '"') return `The quote ${where} is never closed: add " where the text ends.`
  if (text[at] === '/') return `The pattern ${where} is never closed: add / where it ends, and write \\/ inside it.`
  return `"${text[at]}" ${where} means nothing here: "not" is written as a word.`
}
