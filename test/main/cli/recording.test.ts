import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { recorded } from '../../../main/cli/recording.ts'
import type { Terminal } from '../../../main/cli/terminal.ts'
import { topologyOf } from '../../shared/capture/topology.ts'
import { disk } from '../store/fullDisk.ts'
import { openTerminal } from './fakeTerminal.ts'

vi.mock('node:fs', async (original) => (await import('../store/fullDisk.ts')).fsOfDisk(original))

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
