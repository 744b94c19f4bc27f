// The table under the ladders: a row for everything that is counted.
import { type Lane, lanes, roles, senderOf } from '../bytes/lanes.ts'
import type { Column } from './compare.ts'
import { firstByteBehindHead, type Measures, measure, tripsText } from './measures.ts'
import type { ComparedFact } from './types.ts'

interface FactRow {
  readonly name: string
  readonly says: string
  value(measures: Measures, column: Column): string
}

const rows: readonly FactRow[] = [
  {
    name: 'bytes on the wire',
    says: 'Both lanes, all phases.',
    value: ({ bytes }) => `${bytes}`,
  },
  {
    name: 'bytes of proof',
    says: 'What stands between the heads and the first message to prove that both ends took part.',
    value: ({ proof }) => `${proof}`,
  },
  ...roles.map((role) => ({
    name: `the ${role} may send after`,
    says: `How long it takes until the ${role} may send its first message.`,
    value: ({ crossings }: Measures) => tripsText(crossings[role]),
  })),
  {
    name: 'masked',
    says: 'Frames whose bytes on the wire are not what was said.',
    value: ({ maskedFrames, keyBytes }) =>
      maskedFrames === 0
        ? 'nothing'
        : `${maskedFrames} ${maskedFrames === 1 ? 'frame' : 'frames'}, ${keyBytes} B of keys`,
  },
  {
    name: 'HTTP to a proxy',
    says: 'Bytes that what knows HTTP and no WebSocket reads as a request or a response.',
    value: ({ http, bytes }) => `${http} of ${bytes} B`,
  },
  ...lanes.map((lane) => ({
    name: `first byte behind the ${senderOf(lane)}’s head`,
    says: 'What an HTTP parser that reads on meets first, and whether it could begin another message of HTTP. By chance: with another seed it is another byte, which could or could not.',
    value: (_: Measures, column: Column) => firstByte(column, lane),
  })),
]

/** A byte of chance says nothing more: the next run has another. */
function firstByte(column: Column, lane: Lane): string {
  const byte = firstByteBehindHead(column, lane)
  if (!byte) return 'none'
  if (byte.byChance) return `${byte.hex} by chance`
  const kind = lane === 'clientToServer' ? 'request' : 'response'
  return `${byte.hex}, ${byte.couldBeginHead ? `could begin a ${kind}` : `begins no ${kind}`}`
}

export function factsOf(columns: readonly Column[]): readonly ComparedFact[] {
  const measured = columns.map((column) => [measure(column), column] as const)
  return rows.map(({ name, says, value }) => {
    const values = measured.map(([measures, column]) => value(measures, column))
    return { name, says, values, differs: new Set(values).size > 1 }
  })
}
