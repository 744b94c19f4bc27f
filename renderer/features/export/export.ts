// What the export dialog asks for, as the line one would type.
import { quoteWord } from '../../../shared/commands/words.ts'
import { type ExportFormat, exportFormats } from '../../../shared/export/formats.ts'

export interface ExportDraft {
  readonly format: ExportFormat
  readonly scope: 'session' | 'connection'
  /** An expression; empty: everything. */
  readonly filter: string
  /** Names of header fields, with commas between; empty: none. */
  readonly headers: string
  /** A regular expression, with or without slashes; empty: none. */
  readonly pattern: string
  readonly path: string
}

/** What each format is for. */
export const formatWords: Readonly<Record<ExportFormat, { readonly label: string; readonly says: string }>> = {
  html: {
    label: 'Page',
    says: 'One HTML file to hand in or share: the ladder, every byte and what it means. Opens offline.',
  },
  pcapng: { label: 'pcapng', says: 'The recording, for Wirestep and Wireshark.' },
  har: { label: 'HAR', says: 'For browsers and other tools, with every byte kept for Wirestep.' },
  jsonl: { label: 'JSON lines', says: 'A line for each unit with its fields, as decode prints them.' },
}

/** The same path, with the ending of another format where it has one of these endings. */
export function withEnding(path: string, format: ExportFormat): string {
  const known = new RegExp(`\\.(?:${exportFormats.join('|')})$`, 'i')
  return known.test(path) ? path.replace(known, `.${format}`) : path
}

/** The line that exports what the draft says, of the connection shown where it says so. */
export function exportLine(draft: ExportDraft, connection: number): string {
  const { format, scope, path } = draft
  const [filter, pattern, headers] = [draft.filter, draft.pattern, draft.headers].map((typed) => typed.trim())
  return [
    `export --to ${quoteWord(path.trim())} --format ${format}`,
    ...(scope === 'connection' ? [`--connection ${connection}`] : []),
    ...(filter ? [`--filter ${quoteWord(filter)}`] : []),
    ...(headers ? [`--redact ${quoteWord(`header:${headers}`)}`] : []),
    ...(pattern ? [`--redact ${quoteWord(/^\/.+\/[a-z]*$/s.test(pattern) ? pattern : `/${pattern}/`)}`] : []),
  ].join(' ')
}
