// A capture that is written down again, piece by piece.
import { describe, expect, it } from 'vitest'
import { concat } from '../../../shared/bytes/concat.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import { piecesOfLog } from '../../../shared/capture/logPieces.ts'
import { createMemoryStore } from '../../../shared/capture/memoryStore.ts'
import type { LogEntry } from '../../../shared/capture/record.ts'
import { hex } from './logs.ts'
import { openCapture } from './opened.ts'
import { topologyOf } from './topology.ts'

const stamp = { time: 1_700_000_000_000, connection: 1 }
const client = { ...stamp, lane: 'clientToServer' } as const
const server = { ...stamp, lane: 'serverToClient' } as const
const opened: LogEntry = { kind: 'open', ...stamp, topology: topologyOf(1), dialect: 'rfc6455', unseen: {} }
const bytes = hex('81 02 68 69')

function written(entries: readonly LogEntry[]) {
  const store = createMemoryStore()
  const capture = createCapture(store)
  for (const entry of entries) capture.append(entry)
  return { capture, file: store.read(0, store.size) }
}

describe('a recording written down again', () => {
  it.each<[string, readonly LogEntry[]]>([
    [
      'what passed at once',
      [
        { kind: 'passed', ...server, bytes },
        { kind: 'passed', ...client, bytes: hex('8180 01020304') },
      ],
    ],
    [
      'what was held, and then passed',
      [
        { kind: 'sent', ...server, bytes },
        { kind: 'sent', ...server, bytes },
        { kind: 'delivered', ...server, bytes },
        { kind: 'delivered', ...server, bytes },
        { kind: 'passed', ...server, bytes },
      ],
    ],
    [
      'what was dropped, and passed behind it',
      [
        { kind: 'sent', ...server, bytes },
        { kind: 'edit', ...server, at: 0, remove: 4, insert: new Uint8Array(0), label: 'dropped' },
        { kind: 'passed', ...server, bytes },
      ],
    ],
    [
      'what waited while something was put in before it',
      [
        { kind: 'edit', ...server, at: 0, remove: 0, insert: hex('8900'), label: 'inserted' },
        { kind: 'sent', ...server, bytes },
        { kind: 'delivered', ...server, bytes: hex('8900 8102') },
      ],
    ],
    [
      'what came later than it was sent',
      [
        { kind: 'sent', ...server, bytes },
        { kind: 'delivered', ...server, time: stamp.time + 1, bytes },
      ],
    ],
  ])('is the same file, with %s', (_, entries) => {
    const { capture, file } = written([opened, ...entries])
    const again = concat(...piecesOfLog(capture, []))
    expect(Buffer.from(again).equals(Buffer.from(file))).toBe(true)
    const store = createMemoryStore(again)
    const read = openCapture(store)
    if (!read.ok) throw new Error(read.error)
    const all = (one: typeof capture) => Array.from({ length: one.length }, (_, index) => one.record(index))
    expect(all(read.value)).toEqual(all(capture))
  })
})
