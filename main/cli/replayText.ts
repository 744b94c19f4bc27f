// What a replay tells, as JSON lines and side by side.
import { laneName } from '../../shared/bytes/lanes.ts'
import type { ReplayCell, ReplayEvent, ReplayRow } from '../../shared/replay/types.ts'
import { eventJson } from './events.ts'

export function replayEventJson(event: ReplayEvent): object {
  if (event.kind === 'fault') return eventJson(event)
  const { kind, ...rest } = event
  return { event: kind, ...rest }
}

export function rowJson({ lane, name, recorded, replayed, difference }: ReplayRow): object {
  const cells = { recorded: recorded && cellJson(recorded), replayed: replayed && cellJson(replayed) }
  const differs = difference === null ? {} : { difference }
  return { event: difference === null ? 'same' : 'difference', lane, name, ...cells, ...differs }
}

function cellJson({ cursor: _, ...cell }: ReplayCell): object {
  return cell
}

const width = 34

/** Two columns, the recording first, and what differs behind them. */
export function sideBySide({ lane, name, recorded, replayed, difference }: ReplayRow): string {
  const what = `${difference === null ? ' ' : '*'} ${laneName(lane)}  ${name}`.padEnd(38)
  const line = `${what} ${cellText(recorded)} | ${cellText(replayed)}`
  return difference === null ? line.trimEnd() : `${line}  ${difference}`
}

function cellText(cell: ReplayCell | null): string {
  const text = cell ? [...cell.preview] : ['-']
  const cut = text.length > width ? [...text.slice(0, width - 1), '…'] : text
  return cut.join('').padEnd(width)
}
