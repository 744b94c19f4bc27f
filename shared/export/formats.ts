// The formats that a session is written in, told by the end of a file's name.
import { failure, type Result, success } from '../ipc/result.ts'

export const exportFormats = ['pcapng', 'har', 'jsonl', 'html'] as const
export type ExportFormat = (typeof exportFormats)[number]

const endings: Readonly<Record<string, ExportFormat>> = {
  pcapng: 'pcapng',
  har: 'har',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  html: 'html',
  htm: 'html',
}

/** What the name asks for, unless something else is asked for. */
export function formatOf(path: string, asked: ExportFormat | undefined): Result<ExportFormat> {
  if (asked !== undefined) return success(asked)
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  const format = Object.hasOwn(endings, ending) ? endings[ending] : undefined
  return format
    ? success(format)
    : failure(`The name ${path} does not tell the format: end it in .pcapng, .har, .jsonl or .html, or say --format.`)
}
