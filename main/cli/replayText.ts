// What a replay tells, as JSON lines and as lines for people.
import { unreachable } from '../../shared/bytes/unreachable.ts'
import { laneArrow } from '../../shared/commands/transcript.ts'
import { faultSentence } from '../../shared/faults/catalogue.ts'
import type { ReplayCell, ReplayRow } from '../../shared/replay/types.ts'
import type { ReplayEvent } from '../replay/play.ts'
import { eventJson } from './events.ts'

export function replayEventJson(event: ReplayEvent): object {
  if (event.kind === 'fault') return eventJson(event)
  const { kind, ...rest } = event
  return { event: kind, ...rest }
}

export function replayEventText(event: ReplayEvent): string {
  switch (event.kind) {
    case 'open':
      return 'open'
    case 'refused':
      return 'refused: the connection was not opened'
    case 'late':
      return `late: waited ${event.milliseconds} ms for ${event.missing}; --timeout MS waits longer`
    case 'cut':
      return 'cut off: the other end was gone before everything was sent'
    case 'fault':
      return `fault: ${faultSentence(event.fault.code, event.fault.found)}`
    default:
      return unreachable(event)
  }
}

export function rowJson({ difference, ...row }: ReplayRow): object {
  return { event: difference === null ? 'same' : 'difference', ...row, ...(difference !== null && { difference }) }
}

/** `server → client  text "hello": differs from byte 1 on: …` */
export function rowText({ lane, name, recorded, replayed, difference }: ReplayRow): string {
  return `${laneArrow(lane)}  ${name} ${(recorded ?? replayed)!.preview}: ${difference}`
}

const width = 34

/** Two columns, the recording first, and what differs behind them. */
export function sideBySide({ lane, name, recorded, replayed, difference }: ReplayRow): string {
  const what = `${difference === null ? ' ' : '*'} ${laneArrow(lane)}  ${name}`.padEnd(38)
  const line = `${what} ${cellText(recorded)} | ${cellText(replayed)}`
  return difference === null ? line.trimEnd() : `${line}  ${difference}`
}

function cellText(cell: ReplayCell | null): string {
  const text = cell ? [...cell.preview] : ['-']
  const cut = text.length > width ? [...text.slice(0, width - 1), '…'] : text
  return cut.join('').padEnd(width)
}
