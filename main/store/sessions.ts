// Where recordings go, how they are called, and how a copy leaves the house.
import { existsSync, realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { newProgress } from '../../shared/bytes/steps.ts'
import type { ByteStore, Time } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'
import { createFileStore, createUnwrittenStore, type FileStore, inMemoryFrom } from './fileStore.ts'
import { beginReplacing } from './replaceFile.ts'
import { createTurns, GivenUp, type Turns } from './turns.ts'

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
export function* piecesOf(store: ByteStore, progress = newProgress()): Pieces {
  const { size } = store
  progress.of = size
  for (let at = 0; at < size; at += copyLength) {
    progress.done = at
    yield store.read(at, Math.min(copyLength, size - at))
  }
}

/**
 * Saves a session that is recorded at `path` to `target` too. What is saved takes the target's place only when it is
 * whole; the file the session is recorded to is never replaced.
 */
export async function saveRecordingAs(
  path: string,
  pieces: Pieces,
  target: string,
  turns?: Turns,
): Promise<Result<string>> {
  if (isSameFile(path, target)) {
    return failure(`${target} is the file this session is recorded to already: choose another name.`)
  }
  return writeWhole(target, pieces, turns)
}

/**
 * Writes a file; what was at its place stays until the new one is whole. Answers its path. What is no file yet when it is
 * given up leaves none.
 */
export async function writeWhole(
  target: string,
  pieces: Pieces,
  turns = createTurns(newProgress()),
): Promise<Result<string>> {
  try {
    const replacement = beginReplacing(target)
    try {
      await writePieces(replacement.temporary, pieces, turns)
      replacement.keep()
    } catch (error) {
      replacement.drop()
      throw error
    }
    return success(target)
  } catch (error) {
    if (error instanceof GivenUp) throw error
    return failure(fileError('save to', target, error))
  }
}

/** On the disk when it settles: a name is only given to what will be there after a crash too. */
async function writePieces(path: string, pieces: Pieces, turns: Turns): Promise<void> {
  const file = await open(path, 'wx')
  const waiting: Uint8Array[] = []
  let length = 0
  async function write(): Promise<void> {
    const bytes = Buffer.concat(waiting.splice(0))
    length = 0
    await file.writeFile(bytes)
  }
  try {
    for (const piece of pieces) {
      waiting.push(piece)
      length += piece.length
      if (length >= copyLength) await write()
      if (turns.isDue) await turns.pass()
    }
    await write()
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Whether both paths lead to one file that exists. */
export function isSameFile(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b)
}
