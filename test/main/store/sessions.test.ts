import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FileStore, openFileStore } from '../../../main/store/fileStore.ts'
import { createRecording, piecesOf, saveRecordingAs } from '../../../main/store/sessions.ts'
import { createCapture } from '../../../shared/capture/capture.ts'
import type { LogRecord } from '../../../shared/capture/record.ts'
import { openCapture } from '../../shared/capture/opened.ts'
import { topologyOf } from '../../shared/capture/topology.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirestep-sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = new Date(2026, 10, 2, 9, 5, 3).getTime()
const record = () => createRecording(join(folder, 'data'), 'hello-00', now, (sentence) => expect.unreachable(sentence))

describe('a new recording', () => {
  it('is called after its dialect and the local time, and never takes the place of another', () => {
    const stores = [record(), record(), record()]
    expect(readdirSync(join(folder, 'data')).sort()).toEqual([
      'hello-00 2026-11-02 09.05.03 (2).pcapng',
      'hello-00 2026-11-02 09.05.03 (3).pcapng',
      'hello-00 2026-11-02 09.05.03.pcapng',
    ])
    for (const store of stores) store.close()
  })
})

describe('a data folder that cannot be written', () => {
  it('is told once, and the session goes on in memory', async () => {
    writeFileSync(join(folder, 'data'), 'in the way')
    const told: string[] = []
    const store = createRecording(join(folder, 'data'), 'rfc6455', now, (sentence) => told.push(sentence))
    const open: LogRecord = { kind: 'open', time: now, connection: 1, topology: topologyOf(1), dialect: 'rfc6455' }
    const capture = createCapture(store)
    capture.append(open)
    store.flush()
    expect(capture.record(0)).toEqual(open)
    expect(told).toEqual([
      expect.stringMatching(
        /^Could not record to .*\.pcapng: .+\. The session goes on in memory only, up to 256 MiB: .+\.$/,
      ),
    ])
    expect((await save(store, join(folder, 'saved.pcapng'))).ok).toBe(true)
    expect(readFileSync(join(folder, 'saved.pcapng'))).toHaveLength(store.size)
    store.close()
  })
})

function save(store: FileStore, target: string) {
  return saveRecordingAs(store.path, piecesOf(store), target)
}

describe('saving a session elsewhere', () => {
  function session() {
    const store = record()
    const capture = createCapture(store)
    capture.append({ kind: 'open', time: now, connection: 1, topology: topologyOf(1), dialect: 'hello-00' })
    return { store, capture }
  }

  it('copies everything so far, written to disk or not, and the recording goes on', async () => {
    const { store, capture } = session()
    const target = join(folder, 'kept', 'mine.pcapng')
    expect(await save(store, target)).toEqual({ ok: true, value: target })
    capture.append({ kind: 'note', time: now, connection: 1, text: 'later' })
    store.close()
    const copy = openFileStore(target)
    if (!copy.ok) throw new Error(copy.error)
    const opened = openCapture(copy.value)
    expect(opened.ok && [opened.value.length, opened.value.problems]).toEqual([1, []])
    copy.value.close()
    expect(readdirSync(join(folder, 'kept'))).toEqual(['mine.pcapng'])
  })

  it('refuses to replace the file it is recorded to, by whatever name', async () => {
    const { store } = session()
    const link = join(folder, 'link')
    symlinkSync(join(folder, 'data'), link)
    const before = readFileSync(store.path)
    for (const target of [store.path, join(link, 'hello-00 2026-11-02 09.05.03.pcapng')]) {
      expect(await save(store, target)).toEqual({
        ok: false,
        error: `${target} is the file this session is recorded to already: choose another name.`,
      })
    }
    expect(readFileSync(store.path)).toEqual(before)
    store.close()
  })

  it('follows a link to the file that is to be replaced', async () => {
    const { store } = session()
    const file = join(folder, 'kept.pcapng')
    const link = join(folder, 'latest')
    writeFileSync(file, 'before')
    symlinkSync(file, link)
    expect((await save(store, link)).ok).toBe(true)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    store.flush()
    expect(readFileSync(file).equals(readFileSync(store.path))).toBe(true)
    store.close()
  })

  it.skipIf(process.platform === 'win32')('takes the place of nothing that is no file, such as a pipe', async () => {
    const { store } = session()
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await save(store, pipe)).toEqual({
      ok: false,
      error: `Could not save to ${pipe}: it is not a file; give the name of one.`,
    })
    expect(lstatSync(pipe).isFIFO()).toBe(true)
    store.close()
  })

  it('leaves what was there when it fails, and nothing half-written', async () => {
    const { store } = session()
    const target = join(folder, 'taken')
    mkdirSync(target)
    writeFileSync(join(target, 'inside'), 'kept')
    expect(await save(store, target)).toEqual({
      ok: false,
      error: expect.stringMatching(/^Could not save to .*taken: .+\.$/),
    })
    expect(readdirSync(folder).sort()).toEqual(['data', 'taken'])
    expect(readdirSync(target)).toEqual(['inside'])
    store.close()
  })
})
