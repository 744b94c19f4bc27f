// Exports of long sessions: they go on beside other things, say how far they are, and can be given up.
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportSession } from '../../../main/lab/exporting.ts'
import { openRecording } from '../../../main/lab/recording.ts'
import type { Run } from '../../../main/lab/types.ts'
import { until } from '../net/sockets.ts'
import { must, openWorkspace } from './labs.ts'
import { writeLongSession } from './longSession.ts'

const frames = 5_000
let session = ''
beforeAll(() => {
  session = join(mkdtempSync(join(tmpdir(), 'wirestep-long-')), 'long.pcapng')
  writeLongSession(session, frames)
})

async function opened(): Promise<{
  readonly run: Run
  readonly to: (name: string) => string
  readonly folder: string
}> {
  const folder = mkdtempSync(join(tmpdir(), 'wirestep-exported-'))
  const run = must(await openWorkspace().openFile(session))
  await until(() => run.view().loading === undefined)
  return { run, folder, to: (name) => join(folder, name) }
}

const wishes = [
  ['pcapng', {}],
  ['har', {}],
  ['jsonl', {}],
  ['html', { filter: 'size > 100000' }],
  ['jsonl', { filter: 'size > 100000' }],
  ['pcapng', { redact: ['header:cookie'] }],
  ['pcapng', { filter: 'opcode text' }],
] as const

describe.each(wishes)('an export as %s with %j', (ending, more) => {
  it('that is given up leaves no file', async () => {
    const recording = must(await openRecording(session))
    await recording.loaded
    const folder = mkdtempSync(join(tmpdir(), 'wirestep-exported-'))
    const wish = { to: join(folder, `a.${ending}`), redact: [], ...more }
    expect(await exportSession(recording, wish, { signal: AbortSignal.abort() })).toEqual({
      ok: false,
      error: 'The export was given up: no file was written.',
    })
    expect(readdirSync(folder)).toEqual([])
    recording.close()
  })
})

describe('while an export goes on', () => {
  it('its run says how far it is, other commands are done, and cancel gives it up', async () => {
    const { run, folder, to } = await opened()
    const done = run.exportTo({ to: to('a.jsonl'), redact: [] })
    await until(() => (run.view().exporting?.done ?? 0) > 0)
    expect(run.view().exporting).toMatchObject({ path: to('a.jsonl'), stage: 'writing', of: frames + 2 })
    must(await run.start())
    expect(run.view().cursor.record).toBe(0)
    expect(await run.exportTo({ to: to('b.jsonl'), redact: [] })).toMatchObject({
      ok: false,
      error: expect.stringContaining('is still being written'),
    })
    expect(run.cancelExport()).toBe(true)
    expect(await done).toMatchObject({ ok: false, error: 'The export was given up: no file was written.' })
    expect([readdirSync(folder), run.view().exporting, run.cancelExport()]).toEqual([[], undefined, false])
  })

  it('closing its run gives it up', async () => {
    const { run, folder, to } = await opened()
    const done = run.exportTo({ to: to('a.jsonl'), redact: [] })
    await until(() => (run.view().exporting?.done ?? 0) > 0)
    await run.close()
    expect(await done).toMatchObject({ ok: false })
    expect(readdirSync(folder)).toEqual([])
  })

  it('it comes to its end by itself, all of it', async () => {
    const { run, to } = await opened()
    must(await run.exportTo({ to: to('a.jsonl'), redact: [] }))
    expect(readFileSync(to('a.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(frames + 2)
    must(await run.exportTo({ to: to('a.har'), redact: [] }))
    const [entry] = JSON.parse(readFileSync(to('a.har'), 'utf8')).log.entries
    expect(entry._webSocketMessages).toHaveLength(frames)
    const again = must(await openWorkspace().openFile(to('a.har')))
    await until(() => again.view().loading === undefined)
    expect(again.capture.length).toBe(run.capture.length)
    expect(existsSync(to('a.har'))).toBe(true)
  })
})
