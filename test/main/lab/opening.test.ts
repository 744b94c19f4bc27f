import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecording } from '../../../main/lab/recording.ts'
import type { RunView } from '../../../shared/ipc/contract.ts'
import { must, openWorkspace } from './labs.ts'
import { writeLongSession } from './longSession.ts'

// Longer than what is read before anything is shown, and so than what one turn reads.
const frames = 120_000
const folder = mkdtempSync(join(tmpdir(), 'wirestep-opening-'))
afterAll(() => rmSync(folder, { recursive: true }))
const long = join(folder, 'long.pcapng')
beforeAll(() => writeLongSession(long, frames))

/** Settles once the current run of the workspace is as asked for. */
function watched() {
  let seen: () => void = () => {}
  const workspace = openWorkspace({ dataFolder: folder, onChange: () => seen() })
  const until = (holds: (view: RunView) => boolean) =>
    new Promise<RunView>((resolve) => {
      seen = () => {
        const view = workspace.current?.view()
        if (view && holds(view)) resolve(view)
      }
      seen()
    })
  return { workspace, until }
}

describe('a long session', () => {
  it('is there to be looked at before all of it is read, says how much is, and goes on to the end', async () => {
    const { workspace, until } = watched()
    const run = must(await workspace.openFile(long))
    const early = run.view()
    expect(early.loading).toEqual({ bytes: expect.any(Number), of: readFileSync(long).length })
    expect(early.loading!.bytes).toBeLessThan(early.loading!.of)
    expect(early.rowsTotal).toBeGreaterThan(1000)
    expect(early.rowsTotal).toBeLessThan(frames)
    expect([early.atEnd, early.activity]).toEqual([true, 'paused'])
    const late = await until((view) => view.loading === undefined)
    expect([late.rowsTotal, late.rowsDone, late.atEnd, late.activity]).toEqual([frames + 2, frames + 2, true, 'ended'])
    expect(late.warnings).toEqual([])
    await workspace.shutdown()
  })

  it('lets other things be done while it is read, and leaves a cursor that was moved where it is', async () => {
    const { workspace, until } = watched()
    const run = must(await workspace.openFile(long))
    must(await run.goto({ record: 100, bytes: 0 }))
    expect(run.view().loading).toBeDefined()
    must(await run.step('unit'))
    const { cursor } = run.view()
    const late = await until((view) => view.loading === undefined)
    expect([late.cursor, late.rowsTotal]).toEqual([cursor, frames + 2])
    await workspace.shutdown()
  })

  it('is not taken to end where reading is, neither for a step nor for a fork', async () => {
    const { workspace } = watched()
    const run = must(await workspace.openFile(long))
    expect(await run.step('unit')).toEqual({
      ok: false,
      error: 'The file is still being read: what comes next is not there yet.',
    })
    expect(workspace.runs).toHaveLength(1)
    await workspace.shutdown()
  })

  it('is read no further when that is cancelled, and says what is missing', async () => {
    const { workspace, until } = watched()
    must(await workspace.openFile(long))
    must(workspace.cancelOpening())
    const view = await until(({ loading }) => loading === undefined)
    expect(view.rowsTotal).toBeLessThan(frames)
    expect(view.warnings).toEqual([
      expect.stringMatching(
        /^Opening it was stopped: \d+ of \d+ bytes were read, and what comes after is not shown\.$/,
      ),
    ])
    expect(workspace.cancelOpening()).toEqual({ ok: false, error: 'No file is being opened or exported.' })
    await workspace.shutdown()
  })

  it('is read no further when its run is closed', async () => {
    const recording = must(await openRecording(long))
    recording.close()
    await recording.loaded
    expect(recording.loading).toBe(null)
    expect(recording.capture.connection(1).rowCount).toBeLessThan(frames)
  })

  it('packed with gzip is unpacked while it is read, and is the same', async () => {
    const packed = join(folder, 'long.pcapng.gz')
    await pipeline(createReadStream(long), createGzip({ level: 1 }), createWriteStream(packed))
    const recording = must(await openRecording(packed))
    await recording.loaded
    expect(recording.capture.connection(1).rowCount).toBe(frames + 2)
    expect([recording.troubles, recording.capture.problems]).toEqual([[], []])
    const saved = must(await recording.saveAs(join(folder, 'unpacked.pcapng')))
    expect(readFileSync(saved).equals(readFileSync(long))).toBe(true)
    recording.close()
  })

  it('packed and damaged in the middle is shown up to there, and says so', async () => {
    const packed = gzipSync(readFileSync(long), { level: 1 })
    const half = Math.floor(packed.length / 2)
    packed.fill(0xff, half, half + 64)
    const path = join(folder, 'damaged.pcapng.gz')
    writeFileSync(path, packed)
    const recording = must(await openRecording(path))
    await recording.loaded
    expect(recording.capture.connection(1).rowCount).toBeGreaterThan(1000)
    expect([...recording.troubles, ...recording.capture.problems]).toEqual([
      expect.stringMatching(/^Could not unpack .*damaged\.pcapng\.gz: .+\.$/),
      // What comes out behind the damage may be cut off, or be no block.
      expect.stringMatching(/^The file is (cut short|damaged)/),
    ])
    recording.close()
  })

  it('that becomes shorter while it is read says so, and what was read stays', async () => {
    const path = join(folder, 'shrinking.pcapng')
    writeFileSync(path, readFileSync(long))
    const recording = must(await openRecording(path))
    truncateSync(path, 5 * 1024 * 1024)
    await recording.loaded
    expect(recording.troubles).toEqual([expect.stringContaining('has become shorter than it was')])
    expect(recording.capture.connection(1).rowCount).toBeGreaterThan(1000)
    recording.close()
  })
})

describe('a file in which nothing was found yet', () => {
  it('says how far it is, and is given up when that is cancelled', async () => {
    const told: unknown[] = []
    const stop = new AbortController()
    const path = join(folder, 'nothing.pcapng.gz')
    // A section's block, and then a block of an unknown kind as long as it takes.
    const section = readFileSync(long).subarray(0, 28 + readFileSync(long).readUInt32LE(4) - 28)
    const block = Buffer.alloc(64)
    block.writeUInt32LE(0x7777, 0)
    block.writeUInt32LE(64, 4)
    block.writeUInt32LE(64, 60)
    writeFileSync(path, gzipSync(Buffer.concat([section, ...Array<Buffer>(1_000_000).fill(block)]), { level: 1 }))
    const opened = await openRecording(path, {
      signal: stop.signal,
      onProgress: (loading) => {
        told.push(loading)
        stop.abort()
      },
    })
    expect(opened).toEqual({ ok: false, error: `${path}: opening it was given up.` })
    expect(told).toEqual([{ bytes: expect.any(Number), of: expect.any(Number) }])
  })
})
