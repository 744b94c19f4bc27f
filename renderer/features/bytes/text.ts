// Text of a unit, and which bytes its characters are.
import { concat } from '../../../shared/bytes/concat.ts'
import type { Span } from '../../../shared/bytes/span.ts'
import type { Layer } from '../../../shared/capture/view.ts'
import { wireIndex } from './cells.ts'

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

/** Bytes as the text they are, a character that is cut at their end left out; null where they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/** The text that is in parts; null where they are none. */
export function joinedText(parts: readonly Layer[]): string | null {
  return textOf(concat(...parts.map(({ bytes }) => bytes)))
}

/** The bytes of the lane that characters [start, end) of a text in parts are made of: a span for each part they are in. */
export function placesOfText(parts: readonly Layer[], text: string, start: number, end: number): readonly Span[] {
  const from = encoder.encode(text.slice(0, start)).length
  const to = from + Math.max(1, encoder.encode(text.slice(start, end)).length)
  let before = 0
  return parts.flatMap(({ at, bytes: { length }, reach }) => {
    const [first, last] = [Math.max(0, from - before), Math.min(length, to - before) - 1]
    before += length
    const place = (index: number) => at + (reach ? wireIndex(reach, index) : index)
    return first <= last ? [{ start: place(first), end: place(last) + 1 }] : []
  })
}
