// What a replay tells people, line by line.

import { laneName } from '../bytes/lanes.ts'
import { unreachable } from '../bytes/unreachable.ts'
import { faultSentence } from '../faults/catalogue.ts'
import type { ReplayEvent, ReplayReport, ReplayRow } from '../replay/types.ts'
import { counted } from './transcript.ts'

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

/** `server → client  text "hello": differs from byte 1 on: …` */
export function rowText({ lane, name, recorded, replayed, difference }: ReplayRow): string {
  return `${laneName(lane)}  ${name} ${(recorded ?? replayed)!.preview}: ${difference}`
}

/** `as recorded: 4 things the server said`. */
export function replayOutcome({
  role,
  differences,
  compared,
}: Pick<ReplayReport, 'role' | 'differences' | 'compared'>) {
  const said = `${counted(compared, 'thing')} the ${role === 'client' ? 'server' : 'client'} said`
  return differences === 0
    ? `as recorded: ${said}`
    : `${counted(differences, 'difference')} from the recording, in ${said}`
}
