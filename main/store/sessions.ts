// Where recordings go, how they are called, and how a copy leaves the house.
import { closeSync, existsSync, openSync, realpathSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ByteStore, Time } from '../../shared/capture/record.ts'
import { failure, type Result, success } from '../../shared/ipc/result.ts'
import { fileError } from './fileErrors.ts'
import { createFileStore, createUnwrittenStore, type FileStore, inMemoryFrom } from './fileStore.ts'
import { replaceFile } from './replaceFile.ts'

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
  const path = freePath(folder, `${name} ${localTime(now)}`)
  const store = createFileStore(path, { onTrouble })
  if (store.ok) return store.value
  onTrouble(inMemoryFrom(store.error))
  return createUnwrittenStore(path, { onTrouble })
}

function freePath(folder: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${name}${number === 1 ? '' : ` (${number})`}.pcapng`)
    if (!existsSync(path)) return path
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

/**
 * Copies a recording, with everything appended so far, to `target`. The copy takes the target's place only when it is
 * whole; the file the session is recorded to is never replaced.
 */
export function saveRecordingAs(store: ByteStore & { readonly path: string }, target: string): Result<string> {
  if (isSameFile(store.path, target)) {
    return failure(`${target} is the file this session is recorded to already: choose another name.`)
  }
  try {
    replaceFile(target, (temporary) => copyTo(temporary, store))
    return success(target)
  } catch (error) {
    return failure(fileError('save to', target, error))
  }
}

function copyTo(path: string, store: ByteStore): void {
  const file = openSync(path, 'w')
  try {
    const { size } = store
    for (let at = 0; at < size; at += copyLength) writeAll(file, store.read(at, Math.min(copyLength, size - at)))
  } finally {
    closeSync(file)
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}

function isSameFile(a: string, b: string): boolean {
  return existsSync(a) && existsSync(b) && realpathSync(a) === realpathSync(b)
}
