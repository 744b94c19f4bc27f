// What came of a lane so far, by kind: a replay waits until as much has come as had come in the recording.

import type { IndexRow } from '../capture/types.ts'
import type { Dialect } from '../dialects/dialect.ts'

/** Messages, pings, pongs, close frames, and frames that are none of these. */
export type AnswerKind = 'message' | 'ping' | 'pong' | 'close' | 'other frame'

export type Tally = Readonly<Record<AnswerKind, number>>

export const emptyTally: Tally = { message: 0, ping: 0, pong: 0, close: 0, 'other frame': 0 }

const kinds = Object.keys(emptyTally) as readonly AnswerKind[]

/** A message counts with its last frame; the Hello of a handshake does not. */
export function counted(tally: Tally, row: IndexRow, dialect: Dialect): Tally {
  const kind = row.kind === 'frame' && row.final ? answerKind(dialect.opcodes[row.opcode]) : null
  return kind === null ? tally : { ...tally, [kind]: tally[kind] + 1 }
}

function answerKind(name: Dialect['opcodes'][number] | undefined): AnswerKind | null {
  switch (name) {
    case 'text':
    case 'binary':
    case 'continuation':
      return 'message'
    case 'ping':
    case 'pong':
    case 'close':
      return name
    case 'hello':
      return null
    case undefined:
      return 'other frame'
  }
}

/** What of `owed` has not come; null when all has. */
export function missingOf(owed: Tally, came: Tally): Tally | null {
  const missing = Object.fromEntries(kinds.map((kind) => [kind, Math.max(0, owed[kind] - came[kind])])) as Tally
  return kinds.some((kind) => missing[kind] > 0) ? missing : null
}

export function added(one: Tally, other: Tally): Tally {
  return Object.fromEntries(kinds.map((kind) => [kind, one[kind] + other[kind]])) as Tally
}

/** `2 messages and 1 pong`. */
export function tallyText(tally: Tally): string {
  const parts = kinds.filter((kind) => tally[kind] > 0).map((kind) => `${tally[kind]} ${plural(kind, tally[kind])}`)
  return parts.join(' and ')
}

function plural(kind: AnswerKind, count: number): string {
  return kind === 'close' ? `close ${count === 1 ? 'frame' : 'frames'}` : `${kind}${count === 1 ? '' : 's'}`
}
