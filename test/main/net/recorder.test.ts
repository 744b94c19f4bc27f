import { describe, expect, it } from 'vitest'
import { recordSocket } from '../../../main/net/recorder.ts'
import type { LogEntry } from '../../../shared/capture/record.ts'

function listened() {
  const lines: string[] = []
  let time = 0
  const log = (entry: LogEntry) => {
    const what = 'bytes' in entry ? `${entry.bytes.length}` : 'how' in entry ? entry.how : ''
    lines.push(`${entry.kind} ${'lane' in entry ? entry.lane : ''} ${what}`)
  }
  return { lines, listener: recordSocket(log, 1, () => ++time, 'client') }
}

const bytes = (length: number) => new Uint8Array(length)

describe('what is recorded at a socket', () => {
  it('has what is written in one go as one record, no longer than a record can be', async () => {
    const { lines, listener } = listened()
    for (const length of [2, 16, 100]) listener.written(bytes(length))
    expect(lines).toEqual([])
    await Promise.resolve()
    listener.written(bytes(5))
    await Promise.resolve()
    for (const length of [10, 32_768, 20_000, 12_768, 1]) listener.written(bytes(length))
    await Promise.resolve()
    expect(lines).toEqual([118, 5, 10, 32_768, 32_768, 1].map((length) => `passed serverToClient ${length}`))
  })

  it('has everything in the order it crossed, and how each half ended', () => {
    const { lines, listener } = listened()
    listener.read(bytes(3))
    listener.written(bytes(4))
    listener.read(bytes(5))
    listener.written(bytes(6))
    listener.writtenEnd('fin')
    listener.readEnd('reset')
    expect(lines).toEqual([
      'passed clientToServer 3',
      'passed serverToClient 4',
      'passed clientToServer 5',
      'passed serverToClient 6',
      'sentEnd serverToClient fin',
      'deliveredEnd serverToClient fin',
      'sentEnd clientToServer reset',
      'deliveredEnd clientToServer reset',
    ])
  })
})
