// Cuts a typed line into words. Single quotes keep everything; double quotes know escapes; outside quotes a
// backslash is itself, so that paths of every system can be typed.
import { failure, type Result, success } from '../ipc/result.ts'

export interface Word {
  readonly text: string
  /** Where it stands in the line: [start, end). */
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

interface Piece {
  readonly text: string
  readonly next: number
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

/** The next word at or after `from`; null when only white space is left. Fails on an open quote or unknown escape. */
export function nextWord(line: string, from: number): Result<Word | null> {
  const start = skipSpace(line, from)
  if (start >= line.length) return success(null)
  let at = start
  let text = ''
  let quoted = false
  while (at < line.length && !isSpace(line[at])) {
    const quote = line[at] === '"' || line[at] === "'"
    const piece = quote ? readQuoted(line, at) : success(readBare(line, at))
    if (!piece.ok) return piece
    text += piece.value.text
    at = piece.value.next
    quoted ||= quote
  }
  return success({ text, start, end: at, quoted })
}

/** All words of a line. */
export function splitWords(line: string): Result<readonly Word[]> {
  const found: Word[] = []
  for (let at = 0; ; ) {
    const word = nextWord(line, at)
    if (!word.ok) return word
    if (word.value === null) return success(found)
    found.push(word.value)
    at = word.value.end
  }
}

/** The word as it would have to be typed to be read as it is. */
export function quoteWord(text: string): string {
  if (/^[^\s"']+$/.test(text) && !text.startsWith('--')) return text
  if (!text.includes("'")) return `'${text}'`
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

export function skipSpace(line: string, from: number): number {
  let at = from
  while (at < line.length && isSpace(line[at])) at++
  return at
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character)
}

function readBare(line: string, from: number): Piece {
  let at = from
  while (at < line.length && !/[\s"']/.test(line[at] ?? '')) at++
  return { text: line.slice(from, at), next: at }
}

function readQuoted(line: string, from: number): Result<Piece> {
  const quote = line[from]
  let text = ''
  for (let at = from + 1; at < line.length; ) {
    if (line[at] === quote) return success({ text, next: at + 1 })
    const piece =
      quote === '"' && line[at] === '\\' ? readEscape(line, at) : success({ text: line[at] ?? '', next: at + 1 })
    if (!piece.ok) return piece
    text += piece.value.text
    at = piece.value.next
  }
  return failure(`The quote ${quote} at column ${from + 1} is never closed: add ${quote} where the text ends.`)
}

function readEscape(line: string, at: number): Result<Piece> {
  const kind = line[at + 1] ?? ''
  const plain = Object.hasOwn(escapes, kind) ? escapes[kind] : undefined
  if (plain !== undefined) return success({ text: plain, next: at + 2 })
  const code = /^\\(?:x([0-9a-f]{2})|u\{([0-9a-f]{1,6})\})/i.exec(line.slice(at, at + 11))
  const point = Number.parseInt(code?.[1] ?? code?.[2] ?? '', 16)
  if (code && point <= 0x10ffff) return success({ text: String.fromCodePoint(point), next: at + code[0].length })
  return failure(
    `\\${kind} at column ${at + 1} is not an escape: \\n \\r \\t \\0 \\" \\' \\\\ \\xHH and \\u{H} are, and single quotes keep a backslash as it is.`,
  )
}
