// Regular expressions that people type, in RE2's syntax: no look-around and no back references, and in return the work
// grows with the text and never with its powers, so that no pattern can hang the window.
import { RE2JS, RE2JSException } from 're2js'
import { failure, type Result, success } from '../ipc/result.ts'
import type { Span } from './span.ts'

export interface Pattern {
  test(text: string): boolean
  /** The first match at or after `from`, in UTF-16 units; null when there is none. */
  find(text: string, from: number): Span | null
}

/** Longest source, in UTF-16 units: the work per character of text grows with it. */
export const longestPattern = 500

const flagValues: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
  u: 0, // characters are code points always
}

/** A failure's text goes on from the pattern's name: `cannot be used: missing closing )`. */
export function compilePattern(source: string, flags: string): Result<Pattern> {
  const unknown = [...flags].find((flag) => !Object.hasOwn(flagValues, flag))
  if (unknown !== undefined) return failure(`has the flag "${unknown}", which is not known: i, m, s and u are`)
  if (source.length > longestPattern) return failure(`is longer than ${longestPattern} characters`)
  try {
    return success(
      patternOf(
        RE2JS.compile(
          source,
          [...flags].reduce((all, flag) => all | flagValues[flag]!, 0),
        ),
      ),
    )
  } catch (error) {
    if (error instanceof RE2JSException) return failure(`cannot be used: ${plainWords(error)}`)
    throw error
  }
}

function patternOf(compiled: RE2JS): Pattern {
  return {
    test: (text) => compiled.matcher(text).find(),
    find(text, from) {
      const matcher = compiled.matcher(text)
      return from <= text.length && matcher.find(from) ? { start: matcher.start(), end: matcher.end() } : null
    },
  }
}

function plainWords({ message }: Error): string {
  return message.replace(/^error parsing regexp: /, '').replaceAll('`', '')
}
