import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createFileStore,
  createUnwrittenStore,
  type FileStoreOptions,
  openFileStore,
} from '../../../main/store/fileStore.ts'
import { openCapture } from '../../shared/capture/opened.ts'
import { disk } from './fullDisk.ts'

vi.mock('node:fs', async (original) => (await import('./fullDisk.ts')).fsOfDisk(original))

let folder: string
beforeEach(() => {
  disk.room = Number.POSITIVE_INFINITY
  folder = mkdtempSync(join(tmpdir(), 'wirestep-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Until all that was appended must be in the file. */
const written = () => new Promise((resolve) => setTimeout(resolve, 200))
const none = { onTrouble: (sentence: string) => expect.unreachable(sentence) }
const path = () => join(folder, 'deeper', 'one.pcapng')
function newStore(file: string, options: FileStoreOptions) {
  const store = createFileStore(file, options)
  if (!store.ok) throw new Error(store.error)
  return store.value
}
const bytes = (...values: number[]) => Uint8Array.from(values)

describe('a recording on disk', () => {
  it('reads back what was appended at once, and writes it within 200 ms', async () => {
    const store = newStore(path(), none)
    store.append(bytes(1, 2, 3))
    store.append(bytes(4, 5))
    expect(store.size).toBe(5)
    expect(store.read(1, 3)).toEqual(bytes(2, 3, 4))
    expect(statSync(path()).size).toBe(0)
    await written()
    expect(readFileSync(path())).toEqual(Buffer.of(1, 2, 3, 4, 5))
    store.append(bytes(6))
    expect(store.read(3, 99)).toEqual(bytes(4, 5, 6))
    store.close()
    expect(readFileSync(path())).toEqual(Buffer.of(1, 2, 3, 4, 5, 6))
  })

  it('keeps no reference to the bytes it is given', () => {
    const store = newStore(path(), none)
    const given = bytes(1, 2, 3)
    store.append(given)
    given.fill(9)
    expect(store.read(0, 3)).toEqual(bytes(1, 2, 3))
    store.close()
  })

  it('is written to in place as well: what is filled in behind the end is read back and reaches the file', async () => {
    const store = newStore(path(), none)
    const expected = Buffer.alloc(90 * 10_000)
    for (let count = 0; count < 90; count += 1) {
      const { bytes: into, view, at } = store.extend(10_000)
      into.fill(count, at, at + 10_000)
      view.setUint32(at + 4, 0x01020304)
      expected.fill(count, count * 10_000, (count + 1) * 10_000).writeUInt32BE(0x01020304, count * 10_000 + 4)
    }
    expect(Buffer.from(store.read(0, store.size)).equals(expected)).toBe(true)
    await written()
    expect(readFileSync(path()).equals(expected)).toBe(true)
    store.close()
  })

  it('is written without waiting when much is appended, in whole blocks of the file', async () => {
    const store = newStore(path(), none)
    store.append(bytes(1))
    await written()
    for (let count = 0; count < 30; count += 1) store.append(new Uint8Array(100_000).fill(count))
    const { size } = statSync(path())
    expect(size).toBeGreaterThan(2_500_000)
    expect(size % 262_144).toBe(0)
    expect(store.read(size - 1, 3)).toEqual(bytes(...Array(3).fill(Math.floor((size - 2) / 100_000))))
    store.close()
    expect(statSync(path()).size).toBe(3_000_001)
  })

  it('is in the file as a whole once it is closed, and nothing waits any more', () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const before = timers()
    const store = newStore(path(), none)
    store.append(bytes(1, 2))
    store.close()
    expect(readFileSync(path())).toEqual(Buffer.of(1, 2))
    expect(timers()).toBe(before)
  })

  it('never touches a file that exists', () => {
    const existing = join(folder, 'mine.txt')
    writeFileSync(existing, 'mine')
    expect(createFileStore(existing, none)).toEqual({
      ok: false,
      error: `Could not record to ${existing}: it exists already; choose another name.`,
    })
    expect(readFileSync(existing, 'utf8')).toBe('mine')
  })

  it('cannot be begun where no file can be made', () => {
    writeFileSync(join(folder, 'file'), '')
    for (const path of [join(folder, 'file', 'one.pcapng'), join(folder, 'file', 'below', 'one.pcapng')]) {
      expect(createFileStore(path, none)).toEqual({
        ok: false,
        error: `Could not record to ${path}: part of the path is not a folder; check the path.`,
      })
    }
  })
})

describe('a process killed while it records', () => {
  it('leaves a file with everything it appended up to 200 ms before', async () => {
    const file = join(folder, 'killed.pcapng')
    // The child is this project's own code, bundled by the test runner's bundler.
    const child = fork(await bundle(), [file], { stdio: 'inherit' })
    const exited = once(child, 'exit')
    const [written] = (await once(child, 'message')) as [number]
    child.kill('SIGKILL')
    await exited
    const store = openFileStore(file)
    if (!store.ok) throw new Error(store.error)
    const capture = openCapture(store.value)
    if (!capture.ok) throw new Error(capture.error)
    expect(capture.value.length).toBeGreaterThanOrEqual(written)
    expect(capture.value.record(written - 1)).toMatchObject({ kind: 'note', text: `note ${written - 2}` })
    store.value.close()
  })

  async function bundle(): Promise<string> {
    const { build } = await import('vite')
    const entry = fileURLToPath(new URL('./recorder.ts', import.meta.url))
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        ssr: entry,
        outDir: folder,
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: 'recorder.mjs' } },
      },
      ssr: { noExternal: true },
    })
    return join(folder, 'recorder.mjs')
  }
})

describe('a disk that fails', () => {
  it('in the middle of a recording loses nothing that was appended', async () => {
    const told: string[] = []
    const store = newStore(path(), { onTrouble: (sentence) => told.push(sentence) })
    store.append(bytes(1, 2))
    await written()
    // The first byte still fits on the disk, then it is full.
    disk.room = 1
    store.append(bytes(3, 4))
    store.append(bytes(5))
    await written()
    store.append(bytes(6))
    await written()
    expect(told).toEqual([
      `Could not record to ${path()}: the disk is full; make room or choose another place. The session goes on in memory only, up to 256 MiB: save it elsewhere before closing it.`,
    ])
    expect(readFileSync(path())).toEqual(Buffer.of(1, 2, 3))
    expect(store.size).toBe(6)
    expect(store.read(1, 9)).toEqual(bytes(2, 3, 4, 5, 6))
    store.close()
  })

  it('goes on in the file with all of it when there is room again, and says so', async () => {
    const told: string[] = []
    const store = newStore(path(), { onTrouble: (sentence) => told.push(sentence) })
    disk.room = 1
    store.append(bytes(1, 2))
    await written()
    store.append(bytes(3))
    await written()
    expect(readFileSync(path())).toEqual(Buffer.of(1))
    disk.room = Number.POSITIVE_INFINITY
    store.append(bytes(4))
    await written()
    expect(readFileSync(path())).toEqual(Buffer.of(1, 2, 3, 4))
    expect(told).toEqual([
      expect.stringContaining('goes on in memory only, up to 256 MiB'),
      `${path()} can be written again: the session is in it as a whole.`,
    ])
    store.close()
  })

  it('is told again when the memory is used up, and what comes later reads as zeros', () => {
    const told: string[] = []
    const store = createUnwrittenStore(path(), { onTrouble: (sentence) => told.push(sentence), memoryLimit: 4 })
    store.append(bytes(1, 2, 3))
    store.append(bytes(4, 5))
    const { bytes: into, at } = store.extend(1)
    into[at] = 6
    expect(store.size).toBe(6)
    expect(store.read(0, 9)).toEqual(bytes(1, 2, 3, 0, 0, 0))
    expect(told).toEqual([expect.stringContaining("from here on the session's bytes are not kept.")])
  })
})

describe('a file opened for reading', () => {
  it('cannot be appended to', () => {
    const file = join(folder, 'a')
    writeFileSync(file, 'abc')
    const store = openFileStore(file)
    if (!store.ok) throw new Error(store.error)
    expect(store.value.read(1, 9)).toEqual(new TextEncoder().encode('bc'))
    expect(() => store.value.append(bytes(1))).toThrow('open for reading only')
    store.value.close()
  })

  it('that does not exist or is no file is a failure in one sentence', () => {
    expect(openFileStore(join(folder, 'none'))).toEqual({
      ok: false,
      error: `Could not open ${join(folder, 'none')}: there is no such file or folder.`,
    })
    expect(openFileStore(folder)).toEqual({ ok: false, error: `Could not open ${folder}: it is not a file.` })
  })

  it('says so when it has become shorter', () => {
    const file = join(folder, 'a')
    writeFileSync(file, 'abcdef')
    const store = openFileStore(file)
    if (!store.ok) throw new Error(store.error)
    truncateSync(file, 2)
    expect(() => store.value.read(0, 6)).toThrow(`${file} has become shorter than it was: it ends at byte 2`)
    store.value.close()
  })
})
