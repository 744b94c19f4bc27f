// Hex dumps, read: rows of an offset, bytes and perhaps the same bytes as text.
import { failure, type Result, success } from '../ipc/result.ts'

/** Adds the bytes of an even number of hex digits. */
export function readPairs(digits: string, bytes: number[]): void {
  for (let i = 0; i < digits.length; i += 2) bytes.push(Number.parseInt(digits.slice(i, i + 2), 16))
}

export interface DumpLine {
  readonly number: number
  readonly offset: number
  readonly bytes: readonly number[]
  /** `marked`: a colon or a text column in bars leaves no doubt. `spaced`: two spaces after the offset. */
  readonly form: 'marked' | 'spaced' | 'bare'
}

/** The bytes of a dump; null when the text is not one. */
export function parseDump(lines: readonly string[]): Result<Uint8Array> | null {
  const rows: DumpLine[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    if (line.trim() === '*' && rows.length > 0) return squeezed(index + 1)
    const row = dumpLine(line, index + 1)
    if (!row) return rows[0]?.form === 'marked' ? noRow(index + 1) : null
    rows.push(row)
  }
  if (rows.length === 0 || (rows.length === 1 && !standsAlone(rows[0]!))) return null
  return joinRows(rows)
}

function noRow(number: number): Result<Uint8Array> {
  return failure(
    `Line ${number} is no row of a dump, as those before it are: an offset, bytes of two hex digits, the text.`,
  )
}

function squeezed(number: number): Result<Uint8Array> {
  return failure(`Line ${number} is "*": the dump leaves repeated lines out. Make it again with "hexdump -v" or "xxd".`)
}

/**
 * An offset of at least four digits, then byte groups, then perhaps the same bytes as text. The text column begins at
 * ` |` in hexdump's form, at two spaces after a colon's (xxd) and at three spaces elsewhere (Wireshark).
 */
export function dumpLine(line: string, number: number): DumpLine | null {
  const match = /^\s*(?:0x)?([0-9A-Fa-f]{4,16})(:?)(\s+|$)(.*)$/.exec(line)
  if (!match) return null
  const [, offset, colon, gap, rest] = match
  const column = rest!.replace(/(?:^|\s+)\|.*$/, '')
  const groups = column.split(colon ? /\s{2,}/ : /\s{3,}/, 1)[0]!.trim()
  if (!/^(?:(?:[0-9A-Fa-f]{2})+(?:\s+|$))*$/.test(groups)) return null
  const bytes: number[] = []
  readPairs(groups.replace(/\s+/g, ''), bytes)
  const form = colon || column !== rest ? 'marked' : gap!.length > 1 ? 'spaced' : 'bare'
  return { number, offset: Number.parseInt(offset!, 16), bytes, form }
}

/** One line alone, if not marked, is a dump only if it begins one: `84050000 48` is five bytes. */
function standsAlone({ offset, bytes, form }: DumpLine): boolean {
  return form === 'marked' || (form === 'spaced' && offset === 0 && bytes.length > 0)
}

/** Offsets that do not add up mean that lines are missing or, when nothing else marks a dump, that it is plain hex. */
export function joinRows(rows: readonly DumpLine[]): Result<Uint8Array> | null {
  const first = rows[0]!
  const bytes: number[] = []
  for (const [index, row] of rows.entries()) {
    const due = first.offset + bytes.length
    if (row.offset !== due) return index === 1 && row.form !== 'marked' ? null : missingLines(row, due)
    for (const byte of row.bytes) bytes.push(byte)
  }
  return success(Uint8Array.from(bytes))
}

function missingLines(row: DumpLine, due: number): Result<Uint8Array> {
  const at = `0x${row.offset.toString(16)}`
  return failure(`Line ${row.number} begins at offset ${at} where 0x${due.toString(16)} was due: lines are missing.`)
}
