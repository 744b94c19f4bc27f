import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { recorded } from '../../../main/cli/recording.ts'
import type { Terminal } from '../../../main/cli/terminal.ts'
import { topologyOf } from '../../shared/capture/topology.ts'
import { openTerminal } from './fakeTerminal.ts'

/** Bytes that still fit on the disk. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }))
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  return {
    ...fs,
    writeSync(file: number, data: Uint8Array, offset: number, length: number, position: number): number {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      const count = fs.writeSync(file, data, offset, Math.min(length, disk.room), position)
      disk.room -= count
      return count
    },
  }
})

beforeEach(() => {
  disk.room = Number.POSITIVE_INFINITY
})

const record = () => join(mkdtempSync(join(tmpdir(), 'wirestep-record-')), 'one.pcapng')

/** A program that records one message. */
function recordOne(path: string, terminal: Terminal): Promise<string> {
  return recorded(path, terminal, async (capture) => {
    const stamp = { time: 1_700_000_000_000, connection: 1 }
    capture!.append({ kind: 'open', ...stamp, topology: topologyOf(1), dialect: 'rfc6455' })
    capture!.append({ kind: 'passed', ...stamp, lane: 'clientToServer', bytes: new Uint8Array(4000) })
    return 'done'
  })
}

describe('--record FILE', () => {
  it('ends well when all of the session is in the file', async () => {
    expect(await recordOne(record(), openTerminal().terminal)).toBe('done')
  })

  it('is a failure that says how much the file lacks, when it could not be written to the end', async () => {
    const whole = record()
    await recordOne(whole, openTerminal().terminal)
    const [path, session] = [record(), openTerminal()]
    disk.room = 1000
    const lack = `${path} lacks the last ${statSync(whole).size - 1000} bytes of the session`
    await expect(recordOne(path, session.terminal)).rejects.toThrow(lack)
    expect(session.err()).toContain(`Could not record to ${path}: the disk is full`)
    expect(statSync(path).size).toBe(1000)
  })
})
