// The text that a unit is a part of, as the tree of JSON it is, in lines.
import { concat } from '../bytes/concat.ts'
import { jsonRows, readJson } from '../bytes/json.ts'
import { decodeUtf8 } from '../bytes/utf8.ts'
import type { TextView } from '../capture/view.ts'
import type { ConsoleLine } from '../ipc/contract.ts'
import { counted, dim, faultLine, plain } from './transcript.ts'

/** How much of a text there is; null for one that is there whole, in one frame. */
export function partsSay({ parts, ended, more, why }: TextView): string | null {
  const frames = counted(parts.length, 'frame')
  if (why !== null) return `The text goes on, but ${why}.`
  if (more) return `The first ${counted(sizeOf(parts), 'byte')} are read; there is more of it.`
  if (!ended) return `The text has not ended: ${frames} of it so far.`
  return parts.length > 1 ? `One text of ${frames}.` : null
}

function sizeOf(parts: TextView['parts']): number {
  return parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** The tree, at most `most` of its rows, and where the text stops being JSON. */
export function jsonLines(text: TextView, most: number): ConsoleLine[] {
  const tree = readJson(decodeUtf8(concat(...text.parts.map(({ bytes }) => bytes))))
  const says = partsSay(text)
  const rows = jsonRows(tree, () => true)
  const left = rows.length - most
  return [
    ...(says ? [dim(says)] : []),
    ...rows
      .slice(0, most)
      .map(({ depth, name, value }) => plain(`${'  '.repeat(depth)}${name === null ? '' : `${name}: `}${value}`)),
    ...(left > 0 ? [dim(`${counted(left, 'value')} more`)] : []),
    ...(tree.broken ? [faultLine(tree.broken.says)] : []),
  ]
}
