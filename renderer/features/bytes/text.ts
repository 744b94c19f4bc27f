// Text of a unit, and which bytes its characters are.
import type { Span } from '../../../shared/bytes/span.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes of UTF-8 in front of a character, given as its place in the text as `withMarks` shows it. */
export function bytesBefore(text: string, shown: number): number {
  let index = 0
  for (let left = shown; left > 0 && index < text.length; index++) left -= text[index] === '\n' ? 2 : 1
  return encoder.encode(text.slice(0, index)).length
}

/** The text in three parts: before, inside and after a span of its bytes. A cut character shows as U+FFFD. */
export function splitBySpan(bytes: Uint8Array, at: number, span: Span | null): readonly [string, string, string] {
  if (!span || span.end <= at || span.start >= at + bytes.length) return [decoder.decode(bytes), '', '']
  const from = Math.max(0, span.start - at)
  const to = Math.min(bytes.length, span.end - at)
  return [
    decoder.decode(bytes.subarray(0, from)),
    decoder.decode(bytes.subarray(from, to)),
    decoder.decode(bytes.subarray(to)),
  ]
}

/** Line ends made visible, kept as line ends. */
export function withMarks(text: string): string {
  return text.replaceAll('\r', '¬').replaceAll('\n', '¶\n')
}
