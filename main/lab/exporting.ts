// Writes a session, or a part of it, to a file for others: `export` in the terminal, the console and the window.
import { basename } from 'node:path'
import type { Progress } from '../../shared/bytes/steps.ts'
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { type Capture, createCapture } from '../../shared/capture/capture.ts'
import { createMatcher, type Matcher } from '../../shared/capture/matcher.ts'
import { doneSubject } from '../../shared/capture/rowSubjects.ts'
import { worldAt, worldReadingAhead } from '../../shared/capture/viewsUnits.ts'
import { parseExpression } from '../../shared/commands/expressionGrammar.ts'
import { type ExportFormat, formatOf } from '../../shared/export/formats.ts'
import { harFile } from '../../shared/export/harFile.ts'
import { sessionPage } from '../../shared/export/page.ts'
import { emitPart, type Part } from '../../shared/export/part.ts'
import { parseRedaction } from '../../shared/export/redaction.ts'
import { type Prepared, prepareRedaction } from '../../shared/export/redactUnits.ts'
import { noteLines, unitsOfCapture } from '../../shared/export/units.ts'
import type { Exporting } from '../../shared/ipc/contract.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { createScratchStore } from '../store/openedStore.ts'
import { isSameFile, type Pieces, piecesOf, saveRecordingAs, writeWhole } from '../store/sessions.ts'
import { GivenUp, inTurns } from '../store/turns.ts'
import { type Recording, type Work, work } from './recording.ts'

/** What is wanted, as the command has it. */
export interface ExportWish {
  /** The file to write; absolute. */
  readonly to: string
  /** Told by the name's end when left out. */
  readonly format?: ExportFormat | undefined
  readonly connection?: number | undefined
  /** An expression: only what matches. */
  readonly filter?: string | undefined
  /** `header:NAME,NAME` or `/PATTERN/FLAGS`. */
  readonly redact: readonly string[]
}

export interface Exported {
  readonly path: string
  /** What is not in the file, and what is different in it, as sentences. */
  readonly notes: readonly string[]
}

export type Source = Pick<Recording, 'capture' | 'path' | 'saveAs' | 'loading'>

/** What an export is doing. */
export type ExportStage = Exporting['stage']

export interface ExportOptions {
  /** Aborting it gives the export up. */
  readonly signal?: AbortSignal
  onProgress?(stage: ExportStage, progress: Progress): void
}

/**
 * Writes the file, in slices, so that others have their turns; what was at its place stays until the new one is whole. The
 * file of the session is never replaced.
 */
export async function exportSession(
  source: Source,
  wish: ExportWish,
  options: ExportOptions = {},
): Promise<Result<Exported>> {
  try {
    return await exportInStages(source, wish, (stage) =>
      work({ signal: options.signal, onProgress: (progress) => options.onProgress?.(stage, progress) }),
    )
  } catch (error) {
    if (error instanceof GivenUp) return failure('The export was given up: no file was written.')
    throw error
  }
}

type Begin = (stage: ExportStage) => Work

async function exportInStages(source: Source, wish: ExportWish, begin: Begin): Promise<Result<Exported>> {
  if (source.loading) return failure(`${source.path} is still being read: export it when all of it is there.`)
  const format = formatOf(wish.to, wish.format)
  if (!format.ok) return format
  if (isSameFile(source.path, wish.to)) {
    return failure(`${wish.to} is the file of this session: choose another name.`)
  }
  const part = await partOf(source.capture, wish, begin)
  if (!part.ok) return part
  const { connection, matcher, redaction } = part.value
  // Who reads lines or a page wants what matches where it was; what is opened again as a session has to be one.
  const picks = redaction === null && (format.value === 'jsonl' || format.value === 'html')
  const copied: Part = picks ? { ...part.value, matcher: null } : part.value
  const isWhole = connection === null && copied.matcher === null && redaction === null
  const title = redaction === null ? basename(source.path) : 'A redacted session'
  const how = { title, matcher: picks ? matcher : null }
  if (isWhole) return write({ ...source, ...how, notes: [] }, format.value, wish.to, begin('writing'))
  return onCopy(source, copied, begin, (copy, notes) =>
    write({ ...copy, ...how, notes }, format.value, wish.to, begin('writing')),
  )
}

async function partOf(
  capture: Capture,
  { connection, filter, redact }: ExportWish,
  begin: Begin,
): Promise<Result<Part>> {
  if (connection !== undefined && !capture.connections.some(({ id }) => id === connection)) {
    return failure(`There is no connection ${connection} in the session.`)
  }
  const expression = filter === undefined ? null : parseExpression(filter)
  if (expression && !expression.ok) return failure(`--filter: ${expression.error}`)
  const redaction = redact.length === 0 ? success(null) : await preparedFrom(capture, redact, begin('looking'))
  if (!redaction.ok) return redaction
  const matcher = expression && createMatcher(expression.value)
  return success({ connection: connection ?? null, matcher, redaction: redaction.value })
}

async function preparedFrom(
  capture: Capture,
  redact: readonly string[],
  { progress, turns }: Work,
): Promise<Result<Prepared>> {
  const redaction = parseRedaction(redact)
  if (!redaction.ok) return failure(`--redact ${redaction.error}.`)
  return inTurns(prepareRedaction(capture, redaction.value, progress), turns)
}

/** Does `work` with a session of that part only, which is gone afterwards. */
async function onCopy(
  source: Source,
  part: Part,
  begin: Begin,
  then: (copy: Source, notes: readonly string[]) => Promise<Result<Exported>>,
): Promise<Result<Exported>> {
  const troubles: string[] = []
  const scratch = createScratchStore(source.path, (sentence) => troubles.push(sentence))
  if (!scratch.ok) return scratch
  try {
    const capture = createCapture(scratch.value)
    const { progress, turns } = begin('picking')
    const notes = await inTurns(emitPart(source.capture, part, capture.append, progress), turns)
    if (capture.connections.length === 0) return failure('Nothing in the session matches: no file was written.')
    const saveAs: Source['saveAs'] = (path, { progress, turns } = work()) =>
      saveRecordingAs(source.path, piecesOf(scratch.value, progress), path, turns)
    return await then({ capture, path: source.path, saveAs, loading: null }, [...notes, ...troubles])
  } finally {
    scratch.value.close()
  }
}

interface Writing extends Source {
  readonly title: string
  /** Only the units that match. */
  readonly matcher: Matcher | null
  readonly notes: readonly string[]
}

async function write(what: Writing, format: ExportFormat, to: string, own: Work): Promise<Result<Exported>> {
  const { progress, turns } = own
  const { capture, saveAs, notes, matcher } = what
  const written = (saved: Result<string>, more: readonly string[] = []): Result<Exported> =>
    saved.ok ? success({ path: saved.value, notes: [...notes, ...more] }) : saved
  switch (format) {
    case 'pcapng':
      return written(await saveAs(to, own))
    case 'har': {
      const har = harFile(capture, progress)
      return har.ok ? written(await writeWhole(to, encoded(har.value.text), turns), har.value.notes) : har
    }
    case 'jsonl':
      return written(await writeWhole(to, encoded(jsonLines(capture, matcher, progress)), turns))
    case 'html': {
      const more: string[] = []
      const leftOut = (sentence: string) => more.push(sentence)
      const page = sessionPage(capture, { ...what, notices: notes, shows: rowPicker(what), leftOut }, progress)
      return written(await writeWhole(to, encoded(page), turns), more)
    }
    default:
      return unreachable(format)
  }
}

function* encoded(texts: Iterable<string>): Pieces {
  for (const text of texts) yield Buffer.from(text)
}

/** As `decode --fields` prints them; nothing for a unit that does not match. */
function* jsonLines(capture: Capture, matcher: Matcher | null, progress: Progress): Iterable<string> {
  progress.of = capture.connections.reduce((sum, { rowCount }) => sum + rowCount, 0)
  for (const unit of unitsOfCapture(capture)) {
    progress.done += 1
    const isShown = matcher === null || matcher.matches(unit.subject()) === true
    yield isShown ? `${JSON.stringify(unit.line(true))}\n` : ''
  }
  for (const line of noteLines(capture)) yield `${JSON.stringify(line)}\n`
}

function rowPicker({ capture, matcher }: Writing): (connection: number, row: number) => boolean {
  if (matcher === null) return () => true
  const worlds = new Map(
    capture.connections.map(({ id }) => [id, worldReadingAhead(worldAt(capture, id, capture.end))] as const),
  )
  return (connection, row) => matcher.matches(doneSubject(worlds.get(connection)!, row)) === true
}
