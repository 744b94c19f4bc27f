// A session as one page to hand in or to share: the ladder, then every unit with its bytes, fields and faults. It needs
// nothing else, runs no script, and its policy forbids both.
import { shorten } from '../bytes/ascii.ts'
import { laneName, senderOf } from '../bytes/lanes.ts'
import { newProgress, type Progress } from '../bytes/steps.ts'
import { formatAddress } from '../capture/addresses.ts'
import { notesOf } from '../capture/notedPlace.ts'
import { isUnitKind } from '../capture/subjects.ts'
import type { CaptureReader, ConnectionCapture } from '../capture/types.ts'
import type { LadderRow } from '../capture/view.ts'
import { ladderRows } from '../capture/views.ts'
import { dialectById } from '../dialects/registry.ts'
import { text } from './html.ts'
import { pagePolicy, pageStyle } from './pageStyle.ts'
import { anchorOf, unitSection } from './pageUnit.ts'

/** Rows of the ladder a page has of all connections together, and connections, at most. */
export const mostPageRows = 1_000
export const mostPageConnections = 50

export interface PageOptions {
  readonly title: string
  /** What has been left out or blanked already, as sentences. */
  readonly notices: readonly string[]
  /** Whether a complete row of the index is shown. */
  shows(connection: number, row: number): boolean
  /** Told, as one sentence, what the page has no room for; the page says it too. */
  leftOut?(sentence: string): void
}

/** The page, in pieces, of which many are empty: then only something was looked at. */
export function* sessionPage(
  capture: CaptureReader,
  options: PageOptions,
  progress = newProgress(),
): Generator<string, void> {
  const plan = yield* planOf(capture, options, progress)
  for (const notice of plan.notices) options.leftOut?.(notice)
  const notices = [...options.notices, ...plan.notices, ...capture.problems]
  yield `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${text(options.title)}</title><style>${pageStyle}</style></head><body><main>
<h1>${text(options.title)}</h1>
<p class="dim">A WebSocket session recorded by Wirestep${capture.length > 0 ? `, begun ${text(dateOf(capture))}` : ''}. A row of the ladder leads to its bytes.</p>
${notices.map((notice) => `<p class="notice">${text(notice)}</p>`).join('')}\n`
  for (const { connection, rows } of plan.connections) yield* connectionPart(capture, connection, rows)
  yield '</main></body></html>\n'
}

function dateOf(capture: CaptureReader): string {
  return `${new Date(capture.head(0).time).toISOString().replace('T', ' ').slice(0, 23)} UTC`
}

interface Plan {
  readonly connections: { readonly connection: ConnectionCapture; readonly rows: readonly number[] }[]
  readonly notices: readonly string[]
}

/** Which rows are shown, in order, as long as there is room. */
function* planOf(capture: CaptureReader, { shows }: PageOptions, progress: Progress): Generator<string, Plan> {
  let room = mostPageRows
  let missing = 0
  const seen = capture.connections.slice(0, mostPageConnections)
  const connections: { readonly connection: ConnectionCapture; readonly rows: readonly number[] }[] = []
  progress.of = seen.reduce((sum, { rowCount }) => sum + rowCount, 0)
  for (const connection of seen) {
    const rows: number[] = []
    for (let row = 0; row < connection.rowCount; row++) {
      progress.done += 1
      yield ''
      if (!shows(connection.id, row)) continue
      if (room > 0) rows.push(row)
      else missing += 1
      room -= 1
    }
    connections.push({ connection, rows })
  }
  const unseen = capture.connections.length - connections.length
  const hint = 'export a part, with --connection or --filter, to see them.'
  return {
    connections,
    notices: [
      ...(missing > 0 ? [`The page shows the first ${mostPageRows} rows; ${missing} more were left out: ${hint}`] : []),
      ...(unseen > 0 ? [`${unseen} more connections were left out: ${hint}`] : []),
    ],
  }
}

function* connectionPart(
  capture: CaptureReader,
  connection: ConnectionCapture,
  rows: readonly number[],
): Iterable<string> {
  const shown = rows.flatMap((row) => ladderRows(capture, connection.id, capture.end, row, 1).rows)
  yield `<section aria-labelledby="c${connection.id}"><h2 id="c${connection.id}">Connection ${connection.id}</h2>
${factsOf(capture, connection)}
<nav aria-label="Ladder of connection ${connection.id}"><ol class="ladder">`
  for (const row of shown) yield ladderLine(capture, row)
  yield '</ol></nav>\n'
  for (const row of shown) if (isUnitKind(row.kind)) yield unitSection(capture, row)
  yield '</section>\n'
}

function factsOf(capture: CaptureReader, connection: ConnectionCapture): string {
  const { topology, url } = connection.opened
  const { name, document } = dialectById(connection.dialect.id)
  const facts: readonly (readonly [string, string])[] = [
    ['Dialect', [...new Set([name, document])].join(', ')],
    ['Client', formatAddress(topology.client)],
    ['Server', formatAddress(topology.server)],
    ...(url === undefined ? [] : ([['URL', url]] as const)),
    [
      'At the end',
      `client ${connection.stateAt('client', capture.end)}, server ${connection.stateAt('server', capture.end)}`,
    ],
    ['Faults', String(connection.faults.length)],
    ...notesOf(capture, connection).map(({ text }) => ['Note', shorten(text, 2_000)] as const),
  ]
  return `<dl>${facts.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>`
}

function ladderLine(capture: CaptureReader, row: LadderRow): string {
  const cells = `<span class="dim mono">${text(sinceStart(capture, row))}</span><span class="of-${senderOf(row.lane)}">${laneName(row.lane)}</span>
<span${row.fault ? ' class="fault"' : ''}>${text(row.label)}${row.fault ? ' \u26a0' : ''}${row.edited ? ` (${row.edited})` : ''}</span><span class="dim">${text(row.preview)}</span>`
  const target = isUnitKind(row.kind) ? ` href="#${anchorOf(row)}"` : ''
  return `<li><a${target}>${cells}</a></li>\n`
}

function sinceStart(capture: CaptureReader, { time }: LadderRow): string {
  return `${((time - capture.head(0).time) / 1000).toFixed(3)} s`
}
