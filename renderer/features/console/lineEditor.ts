// The line being typed: a value, and what each key makes of it. The terminal only draws it.

export interface Line {
  readonly text: string
  /** In UTF-16 units from the start of the text. */
  readonly caret: number
  /** How far back in the history, 0 for the line being typed. */
  readonly back: number
  /** The line being typed, while an older one is shown. */
  readonly kept: string
}

export type Keystroke =
  | { readonly kind: 'changed'; readonly line: Line }
  | { readonly kind: 'enter'; readonly text: string }
  | { readonly kind: 'complete' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'clear' }

export const emptyLine: Line = { text: '', caret: 0, back: 0, kept: '' }

export function lineWith(text: string): Line {
  return { ...emptyLine, text, caret: text.length }
}

/** Replaces what stands between two places, and puts the caret behind it. */
export function replaceIn(line: Line, from: number, to: number, text: string): Line {
  const caret = from + text.length
  return { ...line, text: line.text.slice(0, from) + text + line.text.slice(to), caret }
}

function characterBefore({ text, caret }: Line): number {
  const low = text.charCodeAt(caret - 1)
  return caret - (low >= 0xdc00 && low <= 0xdfff && caret > 1 ? 2 : 1)
}

function characterAfter({ text, caret }: Line): number {
  return caret + ((text.codePointAt(caret) ?? 0) > 0xffff ? 2 : 1)
}

function wordBefore({ text, caret }: Line): number {
  return caret - (/\S*\s*$/.exec(text.slice(0, caret))?.[0].length ?? 0)
}

function recall(line: Line, history: readonly string[], by: number): Line {
  const back = Math.max(0, Math.min(history.length, line.back + by))
  const kept = line.back === 0 ? line.text : line.kept
  const text = back === 0 ? kept : (history[history.length - back] ?? '')
  return { text, caret: text.length, back, kept }
}

function edited(line: Line, data: string, history: readonly string[]): Line | null {
  const { text, caret } = line
  switch (data) {
    case '\x1b[D':
      return { ...line, caret: Math.max(0, characterBefore(line)) }
    case '\x1b[C':
      return { ...line, caret: Math.min(text.length, characterAfter(line)) }
    case '\x1b[H':
    case '\x01':
      return { ...line, caret: 0 }
    case '\x1b[F':
    case '\x05':
      return { ...line, caret: text.length }
    case '\x1b[A':
      return recall(line, history, 1)
    case '\x1b[B':
      return recall(line, history, -1)
    case '\x7f':
    case '\b':
      return caret === 0 ? line : replaceIn(line, characterBefore(line), caret, '')
    case '\x1b[3~':
      return replaceIn(line, caret, Math.min(text.length, characterAfter(line)), '')
    case '\x17':
      return replaceIn(line, wordBefore(line), caret, '')
    case '\x15':
      return replaceIn(line, 0, caret, '')
    default:
      return null
  }
}

/** What typed or pasted data does to the line. Control sequences that mean nothing here change nothing. */
export function keystroke(line: Line, data: string, history: readonly string[]): Keystroke {
  if (data === '\r') return { kind: 'enter', text: line.text }
  if (data === '\t') return { kind: 'complete' }
  if (data === '\x03') return { kind: 'cancel' }
  if (data === '\x0c') return { kind: 'clear' }
  const change = edited(line, data, history)
  if (change) return { kind: 'changed', line: change }
  if (data.startsWith('\x1b')) return { kind: 'changed', line }
  // A paste of several lines becomes one: nothing runs before Enter is pressed.
  const typed = data.replaceAll(/[\r\n]+/g, ' ').replaceAll(/\p{Cc}/gu, '')
  return { kind: 'changed', line: replaceIn(line, line.caret, line.caret, typed) }
}

/** What all options begin with. */
export function commonStart(options: readonly string[]): string {
  const [first = ''] = options
  let length = first.length
  for (const option of options) while (!option.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
