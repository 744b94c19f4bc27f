// Files that a benchmark writes, in a folder that goes with it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { FileStore } from '../../main/store/fileStore.ts'
import { loadSubject } from './measure.ts'

/** A folder of this benchmark's own. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wirestep-bench-'))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A new file for a recording; trouble with the disk ends the benchmark. */
export async function newStore(path: string): Promise<FileStore> {
  const { createFileStore } = await loadSubject()
  const created = createFileStore(path, {
    onTrouble: (sentence) => {
      throw new Error(sentence)
    },
  })
  if (!created.ok) throw new Error(created.error)
  return created.value
}
