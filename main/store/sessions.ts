// Where recordings go, how they are called, and how a copy leaves the house.
import { existsSync, realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteStore, Time } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'
import { createFileStore, createUnwrittenStore, type FileStore, inMemoryFrom } from './fileStore.ts'
import { beginReplacing } from './replaceFile.ts'

/**
 * Starts a recording in a file of its own in `folder`, named `name` and the local time. Never touches a
 * file that exists. Trouble with the disk is told through `onTrouble`; the session goes on in memory then.
 */
export function createRecording(
  folder: string,
  name: string,
  now: Time,
  onTrouble: (sentence: string) => void,
): FileStore {
  const dated = `${name} ${localTime(now)}`
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${dated}${number === 1 ? '' : ` (${number})`}.pcapng`)
    if (existsSync(path)) continue
    const store = createFileStore(path, { onTrouble })
    if (store.ok) return store.value
    if (existsSync(path)) continue // another Wirestep has just taken the name
    onTrouble(inMemoryFrom(store.error))
    return createUnwrittenStore(path, { onTrouble })
  }
}

/** `2026-11-22 20.15.03`: sorts by time, and no file system objects to it. */
function localTime(time: Time): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('.')}`
}

const copyLength = 1024 * 1024

/** Hands out what is to be saved, piece by piece. Other things may be done between two pieces. */
export type Pieces = Iterable<Uint8Array>

/** All that is in a store now, piece by piece. */
export function* piecesOf(store: ByteStore): Pieces {
  const { size } = store
  for (let at = 0; at < size; at += copyLength) yield store.read(at, Math.min(copyLength, size - at))
}

/**
 * Saves a session that is recorded at `path` to `target` too. What is saved takes the target's place only when it is
 * whole; the file the session is recorded to is never replaced.
 */
export async function saveRecordingAs(path: string, pieces: Pieces, target: string): Promise<Result<string>> {
  if (isSameFile(path, target)) {
    return failure(`${target} is the file this session is recorded to already: choose another name.`)
  }
  return writeWhole(target, pieces)
}

/** Writes a file; what was at its place stays until the new one is whole. Answers its path. */
export async function writeWhole(target: string, pieces: Pieces): Promise<Result<string>> {
  try {
    const replacement = beginReplacing(target)
    try {
      await writePieces(replacement.temporary, pieces)
      replacement.keep()
    } catch (error) {
      replacement.drop()
      throw error
    }
    return success(target)
  } catch (error) {
    return failure(fileError('save to', target, error))
  }
}

/** On the disk when it settles: a name is only given to what will be there after a crash too. */
async function writePieces(path: string, pieces: Pieces): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for (const piece of pieces) await file.writeFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Whether both paths lead to one file that exists. */
export function isSameFile(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b)
}
